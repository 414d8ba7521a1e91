// What forms gain from JavaScript: focus on the error summary, and a count that follows the typing.
(() => {
  "use strict";
  document.querySelector("[data-foutmelding]")?.focus(); // not every browser heeds `autofocus` on a block

  for (const text of document.querySelectorAll("textarea[data-maximum]")) {
    const maximum = Number(text.dataset.maximum);
    const shown = document.getElementById(`${text.id}_teller`);
    if (!shown) continue;
    const said = document.createElement("p"); // the screen reader hears it only when the typing rests
    said.className = "alleen-voorlezen";
    said.setAttribute("role", "status");
    shown.after(said);
    const number = new Intl.NumberFormat("nl-NL");
    let rest;

    const count = () => {
      const left = maximum - [...text.value].length;
      const message =
        left < 0 ? shown.dataset.over.replace("0", number.format(-left)) : shown.dataset.nog.replace("0", number.format(left));
      shown.textContent = message;
      shown.classList.toggle("teller--over", left < 0);
      clearTimeout(rest);
      rest = setTimeout(() => {
        if (left < maximum / 10) said.textContent = message;
      }, 1000);
    };
    text.addEventListener("input", count);
    if (text.value) count();
  }
})();
