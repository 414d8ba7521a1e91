// A visit lasts half an hour: say so three minutes before it ends, and let who is still there stay.
// Without JavaScript the button does the same, and a message that was typed too late is kept.
(() => {
  "use strict";
  const visit = document.querySelector("[data-bezoek]");
  if (!visit) return;
  const text = visit.querySelector("[data-bezoek-tekst]");
  const form = visit.querySelector("form");
  const WARNING = 180; // seconds
  let timer;

  const plan = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      text.setAttribute("role", "alert");
      text.textContent = text.dataset.bijna;
      visit.classList.add("bezoek--bijna");
    }, Math.max(0, seconds - WARNING) * 1000);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    }).catch(() => null);
    if (answer?.status !== 204) {
      form.submit();
      return;
    }
    text.setAttribute("role", "status");
    text.textContent = text.dataset.langer;
    visit.classList.remove("bezoek--bijna");
    plan(1800);
  });

  plan(Number(visit.dataset.bezoek));
})();
