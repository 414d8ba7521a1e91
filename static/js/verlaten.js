// Leave at once: a click on the exit, or Shift three times within five seconds.
// The page goes blank first, and takes no place in the history. Without JavaScript the exit is a plain link.
(() => {
  "use strict";
  const exits = document.querySelectorAll("[data-verlaten]");
  if (!exits.length) return;

  const leave = () => {
    document.body.hidden = true;
    document.title = "";
    window.location.replace(exits[0].href);
  };

  for (const exit of exits) {
    exit.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }

  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = []; // Shift with a letter is typing
      return;
    }
    if (event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 5000), event.timeStamp];
    if (presses.length >= 3) leave();
  });

  // A page that comes back from the browser's memory is asked again: by then the draft may be gone.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
