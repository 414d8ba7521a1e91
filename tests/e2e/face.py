"""What axe cannot see: questions about a page, each answered with a list of what is wrong with it.

The names T2 to T18 are those of the accessibility tests in the promises.
"""

from __future__ import annotations

from itertools import pairwise
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
  return {
    name: (element.id || element.textContent || element.name).trim().slice(0, 40),
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
TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


def keyboard(page: Any, *, most: int = 150) -> list[str]:
    """T2, T5, T6: Tab reaches every stop and comes out again; each has a ring and is not covered."""
    page.evaluate(FROM_THE_TOP)
    wrong, names = [], []
    expected = page.evaluate(STOPS)
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        names.append(here["name"])
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
    return wrong


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


def all_of_it(page: Any) -> list[str]:
    """Everything that can be asked of a page that shows no error."""
    return [
        *structure(page),
        *targets(page),
        *skip_link(page),
        *keyboard(page),
        *stillness(page),
        *width(page),
    ]
