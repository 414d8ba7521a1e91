// A passkey needs JavaScript, and a browser that knows passkeys: only then is there something to press.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-needs-js]")) part.hidden = false;
})();
