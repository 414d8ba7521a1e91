// A visit lasts half an hour: say so three minutes before it ends, and let who is still there stay. Whoever is
// typing then stays by the next key. When it is over nothing is left to read on the screen.
// Without JavaScript the button does the same, and a message that was typed too late is kept.
(() => {
  "use strict";
  const visit = document.querySelector("[data-bezoek]");
  if (!visit) return;
  const text = visit.querySelector("[data-bezoek-tekst]");
  const form = visit.querySelector("form");
  const WARNING = 180; // seconds
  const OVER = 5; // seconds later, so that the server agrees
  let timers = [];
  let isWarned = false;
  let typed; // the form that was typed in last

  const plan = (seconds) => {
    timers.forEach(clearTimeout);
    timers = [setTimeout(warn, Math.max(0, seconds - WARNING) * 1000), setTimeout(leave, (seconds + OVER) * 1000)];
  };

  const warn = () => {
    isWarned = true;
    text.setAttribute("role", "alert");
    text.textContent = text.dataset.bijna;
    visit.classList.add("bezoek--bijna");
  };

  const leave = () => {
    const isKept = typed?.elements.text?.value.trim() || typed?.elements.form;
    if (!isKept) {
      location.replace(visit.dataset.voorbij);
      return;
    }
    typed.action = visit.dataset.stop; // there it is kept and not sent
    typed.submit();
  };

  const stay = async () => {
    isWarned = false; // once is enough, while the answer is on its way
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    }).catch(() => null);
    if (answer?.status !== 204) {
      isWarned = true; // the next key tries again; leaving the page would lose what is being typed
      text.textContent = text.dataset.mislukt;
      return;
    }
    text.setAttribute("role", "status");
    text.textContent = text.dataset.langer;
    visit.classList.remove("bezoek--bijna");
    plan(1800);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  document.addEventListener("input", (event) => {
    typed = event.target.form ?? typed;
    if (isWarned) stay();
  });

  form.hidden = false;
  plan(Number(visit.dataset.bezoek));
})();
