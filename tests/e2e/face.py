"""What axe cannot see: questions about a page, each answered with a list of what is wrong with it.

The names T2 to T26 are those of the accessibility tests in the promises.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Error

STOPS = """
() => {
  const seen = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({visibilityProperty: true});
  };
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(element => !element.disabled && element.type !== 'hidden')
    .filter(element => element.tabIndex >= 0 && seen(element))
    .filter(element => element.type !== 'radio' || element.checked
      || ![...document.getElementsByName(element.name)].some(one => one.checked)
         && document.getElementsByName(element.name)[0] === element)
    .length;
}
"""
HERE = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const after = getComputedStyle(element, '::after');
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const label = element.getAttribute('aria-label') || element.labels?.[0]?.innerText || element.innerText;
  return {
    name: (label || element.name || element.id).trim().replace(/\\s+/g, ' ').slice(0, 60),
    place: [...document.querySelectorAll('*')].indexOf(element),
    ring: Math.max(parseFloat(style.outlineWidth) * (style.outlineStyle !== 'none'),
                   parseFloat(after.outlineWidth) * (after.outlineStyle !== 'none'), 0),
    covered: !(element.contains(top) || top?.contains(element) || [...(element.labels ?? [])].includes(top)),
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}
"""
SMALL = """
least => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .map(element => [element, element.getBoundingClientRect()])
  .filter(([element, box]) => box.width > 1 && box.height > 1)
  .filter(([element]) => !(element.matches('a') && element.closest('p, li, td, dd') &&
    getComputedStyle(element).display === 'inline'))  // a link in a sentence is exempt
  .filter(([element]) => !element.classList.contains('nl-skip-link'))
  .filter(([element, box]) => {
    const label = element.labels && element.labels[0] && element.labels[0].getBoundingClientRect();
    const height = Math.max(box.height, element.closest('.keuze')?.getBoundingClientRect().height ?? 0);
    return Math.min(Math.max(box.width, label ? label.width : 0), height) < least;
  })
  .map(([element, box]) =>
    `${element.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))"
SPACED = """
() => {
  for (const element of document.querySelectorAll('body *')) {
    element.style.setProperty('line-height', '1.5', 'important');
    element.style.setProperty('letter-spacing', '0.12em', 'important');
    element.style.setProperty('word-spacing', '0.16em', 'important');
  }
  for (const p of document.querySelectorAll('p')) p.style.setProperty('margin-bottom', '2em', 'important');
}
"""
CLIPPED = """
() => [...document.querySelectorAll('body *')]
  .filter(element => !element.closest('.alleen-voorlezen, .visually-hidden'))
  .filter(element => getComputedStyle(element).overflow === 'hidden')
  .filter(element => element.scrollWidth > element.clientWidth + 1
    || element.scrollHeight > element.clientHeight + 1)
  .map(element => element.outerHTML.slice(0, 100))
"""
MOVING = """
() => [...document.querySelectorAll('*')].filter(element => {
  const style = getComputedStyle(element);
  return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
}).map(element => element.outerHTML.slice(0, 80))
"""
FROM_THE_TOP = """
() => {
  const start = document.createElement('span');
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();  // the next Tab goes on from where it stood
  window.scrollTo(0, 0);
}
"""
UNREACHABLE = """
function () {
  const known = this.matches('a[href], button, input, select, textarea, summary, html, body');
  return known || this.tabIndex >= 0 ? '' : this.outerHTML.slice(0, 80);
}
"""
CONTROLS = """
[...document.querySelectorAll(
    'input:not([type=hidden]), select, textarea, button, a[href], fieldset.veld, fieldset:has(legend)')]
  .filter(element => element.checkVisibility({visibilityProperty: true}))
"""
CHOOSES_A_ROW = "function () { return this.type === 'checkbox' && !!this.closest('tbody tr') }"
SEEN = """
function () {
  const words = element => (element?.innerText ?? '').trim().replace(/\\s+/g, ' ');
  if (this.matches('a, button, [type=submit], [type=button]'))
    return {name: words(this) || this.value || '', told: [], part: true};
  const group = this.closest('fieldset.veld');
  const field = this.matches('fieldset') ? this : this.closest('.veld, .form-row');
  const own = this.matches('fieldset') || !group;  // in a group, the group tells the hint and the error
  const told = own && field ? [...field.querySelectorAll('[id$=_helptext], [id$=_error]')].map(words) : [];
  return {name: words(this.matches('fieldset') ? this.querySelector('legend') : this.labels?.[0]), told};
}
"""
FAINT = """
() => {
  const channels = color => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = color => channels(color).slice(0, 3).map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = element => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      const color = getComputedStyle(up).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const filled = 'input:not([type=hidden], [type=submit], [type=button]), select, textarea';
  return [...document.querySelectorAll(filled)]
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .filter(element => !element.matches('[type=radio], [type=checkbox]')
      || getComputedStyle(element).appearance === 'none')  // what the browser draws itself is dark enough
    .filter(element => {
      const style = getComputedStyle(element);
      const [low, high] = [light(style.borderBottomColor), light(ground(element))].sort((a, b) => a - b);
      return style.borderBottomStyle === 'none' || (high + 0.05) / (low + 0.05) < 3;
    })
    .map(element => element.outerHTML.slice(0, 80));
}
"""
BORDERLESS = """
() => [...document.querySelectorAll(
    'button, input:not([type=hidden]), select, textarea, .knop, .utrecht-button, .utrecht-button-link')]
  .filter(element => element.checkVisibility({visibilityProperty: true}))
  .filter(element => getComputedStyle(element).appearance === 'none' || !element.matches('input'))
  .filter(element => {
    const style = getComputedStyle(element);
    const line = style.borderBottomStyle !== 'none' && parseFloat(style.borderBottomWidth) >= 1;
    return !line && !style.textDecorationLine.includes('underline');  // or it looks like a link
  })
  .map(element => element.outerHTML.slice(0, 80))
"""
GOLDEN = Path(__file__).parent / "snapshots"
MONTH = "(jan|feb|m(aa)?rt|apr|mei|ju[nl]i?|aug|sep|okt|nov|dec)"
RANDOM = [  # what differs from one portal to the next
    (r"WB-\w{4}-\w{4}", "WB-…"),
    (r"\w{4}(-\w{4}){4}\b", "…code…"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…id…"),
    (r"((maan|dins|woens|donder|vrij|zater|zon)dag )?\d{1,2} " + MONTH + r"[a-z]*( 20\d\d)?", "…dag…"),
    (r"\b\d{1,2}[.:]\d\d\b", "…uur…"),
]
TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


def keyboard(page: Any, *, most: int = 150) -> list[str]:
    """T2, T4 to T6: Tab reaches every stop, in the order of the page, and comes out again; each has a ring
    and is not covered."""
    page.evaluate(FROM_THE_TOP)
    wrong, names, last, first = [], [], -1, None
    expected = page.evaluate(STOPS)
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (names and here["place"] == first):
            break  # out of the page, or round to its beginning
        names.append(here["name"])
        first = here["place"] if first is None else first
        if here["place"] < last:
            wrong.append(f"the focus goes back to {here['name']}")
        last = here["place"]
        if here["ring"] < 2:
            wrong.append(f"no focus ring on {here['name']}")
        if here["covered"] or not here["inside"]:
            wrong.append(f"focus out of sight on {here['name']}")
    else:
        wrong.append(f"a keyboard trap: {names[-3:]}")
    if len(names) < expected:
        wrong.append(f"{len(names)} stops by Tab, {expected} controls on the page: {names}")
    return wrong


def skip_link(page: Any) -> list[str]:
    """T7: the first Tab is the skip link, and Enter moves the focus to the content."""
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    if not page.evaluate("() => document.activeElement.matches('a[href=\"#main\"], .skip-to-content-link')"):
        return ["the first Tab is not the skip link"]
    page.keyboard.press("Enter")
    landed = page.evaluate("() => document.activeElement.tagName")
    return [] if landed == "MAIN" else [f"the skip link leads to {landed}"]


def error_summary(page: Any) -> list[str]:
    """T8: after an error the summary has the focus, and each of its links goes to its field."""
    wrong = []
    if not page.title().startswith("Fout:"):
        wrong.append(f"title {page.title()!r}")
    try:
        page.wait_for_function("() => document.activeElement.id === 'foutmelding'", timeout=5000)
    except Error:
        wrong.append("the focus is not on the summary")
    links = page.locator("#foutmelding a")
    if links.count() == 0:
        wrong.append("no links in the summary")
    for place in range(links.count()):
        link = links.nth(place)
        target = link.get_attribute("href").removeprefix("#")
        link.click()
        if page.evaluate("() => document.activeElement.id") != target:
            wrong.append(f"the link to {target} does not go there")
        if page.locator("main").inner_text().count(link.inner_text()) < 2:
            wrong.append(f"the field does not say {link.inner_text()!r}")
    return wrong + spoken(page)


def structure(page: Any) -> list[str]:
    """T18: Dutch, one h1, no heading level skipped."""
    levels = page.evaluate(HEADINGS)
    wrong = [] if levels.count(1) == 1 else [f"{levels.count(1)} h1"]
    wrong += [f"h{high} after h{low}" for low, high in pairwise(levels) if high > low + 1]
    if page.evaluate("() => document.documentElement.lang") != "nl":
        wrong.append("not marked as Dutch")
    return wrong


def width(page: Any) -> list[str]:
    """T10, T11, T12: it fits at 400 %, with letters twice as large, and with wide text spacing."""
    wrong = []
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 256})
    if page.evaluate(TOO_WIDE) > 0:
        wrong.append("too wide at 320x256")
    page.set_viewport_size({"width": 1280, "height": 1024})
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
    if page.evaluate(TOO_WIDE) > 0:
        wrong.append("too wide with letters of 200 %")
    wrong += [f"clipped at 200 %: {one}" for one in page.evaluate(CLIPPED)]
    page.evaluate("() => document.documentElement.style.removeProperty('font-size')")
    page.evaluate(SPACED)
    wrong += [f"clipped with text spacing: {one}" for one in page.evaluate(CLIPPED)]
    page.set_viewport_size(size)
    page.reload()
    return wrong


def targets(page: Any, *, least: int = 24) -> list[str]:
    """T14: nothing to press is smaller than this many pixels (links in a sentence excepted)."""
    return [f"small: {one}" for one in page.evaluate(SMALL, least)]


def stillness(page: Any) -> list[str]:
    """T15: nothing moves for who asks for stillness."""
    page.emulate_media(reduced_motion="reduce")
    wrong = [f"moves: {one}" for one in page.evaluate(MOVING)]
    page.emulate_media(reduced_motion="no-preference")
    return wrong


def objects(client: Any, expression: str) -> Iterator[str]:
    """The elements of a list in the page, as the protocol of the browser names them."""
    found = client.send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
    own = client.send("Runtime.getProperties", {"objectId": found, "ownProperties": True})["result"]
    return (one["value"]["objectId"] for one in own if one["name"].isdecimal())


def ask(client: Any, element: str, function: str) -> Any:
    """What a function in the page says of one element."""
    call = {"objectId": element, "functionDeclaration": function, "returnByValue": True}
    return client.send("Runtime.callFunctionOn", call)["result"]["value"]


def clickable(page: Any) -> list[str]:
    """T3: whatever listens to a click can be reached by keyboard."""
    client = page.context.new_cdp_session(page)
    root = client.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
    heard = client.send("DOMDebugger.getEventListeners", {"objectId": root, "depth": -1})["listeners"]
    wrong = []
    for node in {one["backendNodeId"] for one in heard if one["type"] == "click"}:
        element = client.send("DOM.resolveNode", {"backendNodeId": node})["object"]
        if element.get("subtype") == "node" and element["className"] != "HTMLDocument":
            wrong.append(ask(client, element["objectId"], UNREACHABLE))
    client.detach()
    return [f"a click without a keyboard: {one}" for one in wrong if one]


def spoken(page: Any) -> list[str]:
    """T9: a screen reader says the label that is seen, the hint and the error; a group says its legend.

    A box that chooses the row it stands in (a case) needs no label in sight: the row is one.
    """
    client = page.context.new_cdp_session(page)
    wrong = []
    for element in objects(client, CONTROLS):
        seen = ask(client, element, SEEN)
        reply = client.send("Accessibility.getPartialAXTree", {"objectId": element, "fetchRelatives": False})
        node = reply["nodes"][0]
        if node["ignored"]:
            wrong.append(f"not spoken at all: {seen['name']}")
            continue
        name, description = (
            " ".join(node.get(part, {}).get("value", "").split()) for part in ("name", "description")
        )
        fits = seen["name"].casefold() in name.casefold() if seen.get("part") else seen["name"] == name
        chooses_its_row = not seen["name"] and ask(client, element, CHOOSES_A_ROW)
        if not name or not (fits or chooses_its_row):
            wrong.append(f"seen {seen['name']!r}, spoken {name!r}")
        wrong += [f"{name!r} does not say {told!r}" for told in seen["told"] if told not in description]
    client.detach()
    return wrong


def borders(page: Any) -> list[str]:
    """T13, T17: what is filled in or pressed has an edge that is seen, also in the colours of the reader."""
    wrong = [f"faint border: {one}" for one in page.evaluate(FAINT)]
    page.emulate_media(forced_colors="active")
    wrong += [f"no edge in forced colours: {one}" for one in page.evaluate(BORDERLESS)]
    page.emulate_media(forced_colors="none")
    return wrong


def choices(page: Any) -> list[str]:
    """T17: a choice that is made looks different, also in the colours of the reader."""
    page.emulate_media(forced_colors="active")
    wrong = []
    for kind in ("radio", "checkbox"):
        box = page.locator(f"input[type={kind}]").last
        if box.count():
            before = box.screenshot()
            box.check()
            page.locator("h1").first.click()  # the ring of the focus is no sign of a choice
            if box.screenshot() == before:
                wrong.append(f"a {kind} looks the same when it is chosen")
    page.emulate_media(forced_colors="none")
    return wrong


def stops(page: Any) -> list[str]:
    """The names of what Tab stops at, in order."""
    page.evaluate(FROM_THE_TOP)
    names: list[str] = []
    places: list[int] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or here["place"] in places[:1]:
            break
        names.append(here["name"])
        places.append(here["place"])
    return names


def golden(page: Any, name: str) -> list[str]:
    """T4, T26: what a screen reader meets, and where Tab stops, is as in the file of this page.

    Run with GOLDEN=1 to write the files anew; then read the difference as a reviewer would.
    """
    now = page.locator("body").aria_snapshot() + "\n# Tab\n" + "\n".join(stops(page)) + "\n"
    for pattern, word in RANDOM:
        now = re.sub(pattern, word, now)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN"):
        path.write_text(now)
    was = path.read_text()
    return list(unified_diff(was.splitlines(), now.splitlines(), n=1, lineterm=""))[2:]


def all_of_it(page: Any) -> list[str]:
    """Everything that can be asked of a page that shows no error."""
    return [
        *structure(page),
        *targets(page),
        *skip_link(page),
        *keyboard(page),
        *stillness(page),
        *clickable(page),
        *spoken(page),
        *borders(page),
        *width(page),
    ]
