// A text input with `data-search-url` shows what fits while one types (an ARIA combobox with a listbox).
// Without this file the form asks back what was meant.
(() => {
  "use strict";
  const REST = 150; // ms of quiet before asking

  for (const input of document.querySelectorAll("input[data-search-url]")) {
    const list = document.createElement("ul");
    list.id = `${input.id}_lijst`;
    list.className = "zoek__lijst";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`)?.textContent ?? "");
    list.hidden = true;

    const status = document.createElement("p");
    status.className = "alleen-voorlezen";
    status.setAttribute("role", "status");

    const holder = document.createElement("div");
    holder.className = "zoek";
    input.before(holder);
    holder.append(input, list, status);

    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }

    let timer;
    let asked;
    let active = -1;

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const mark = (index) => {
      const options = [...list.children];
      active = options.length ? (index + options.length) % options.length : -1;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
      if (active < 0) return;
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    };

    const choose = (option) => {
      input.value = option.textContent;
      status.textContent = `${option.textContent} gekozen`;
      close();
    };

    const show = (results) => {
      list.replaceChildren(
        ...results.map((result, place) => {
          const option = document.createElement("li");
          option.id = `${list.id}_${place}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.textContent = result.label;
          return option;
        }),
      );
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = results.length === 0;
      input.setAttribute("aria-expanded", String(results.length > 0));
      status.textContent = results.length
        ? `${results.length} gevonden. Kies met de pijltjestoetsen.`
        : "Niets gevonden. Controleer de naam.";
    };

    const ask = async () => {
      asked?.abort();
      const typed = input.value.trim();
      if (typed.length < 2) return close();
      asked = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.searchUrl}?q=${encodeURIComponent(typed)}`, {
          signal: asked.signal,
        });
        if (answer.ok && document.activeElement === input) show((await answer.json()).results);
      } catch {
        close(); // offline, or asked again: typing simply goes on
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, REST);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(active + 1);
      else if (event.key === "ArrowUp") mark(active < 0 ? -1 : active - 1);
      else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", () => {
      clearTimeout(timer);
      close();
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the focus stays in the box
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  }
})();
