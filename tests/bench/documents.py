"""B7: what the press adds to bare WeasyPrint, how it scales, and whether it grows."""

from __future__ import annotations

import logging
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.template import engines

from .frame import Line, figure, scale

REPORT = """{% extends "documents/base_pdf.html" %}{% block content %}
<h2>De zaak</h2><table class="facts"><tbody>{% for i in facts %}<tr><th scope="row">Gegeven {{ i }}</th>
<td>Waarde van dit gegeven</td></tr>{% endfor %}</tbody></table>
<h2>Wat er gebeurde</h2><p class="text">{{ story }}</p>
{% if messages %}<h2>Berichten</h2>{% endif %}
{% for i in messages %}<article class="entry"><h3>Bericht {{ i }}</h3>
<p class="meta">13 november 2026, 09.12 uur</p><p class="text">Dank u voor uw melding. Wij bellen u vandaag,
op een moment dat voor u veilig is. Bewaar alle berichten en noteer wat u ziet.</p></article>{% endfor %}
{% endblock %}"""
STORY = "Na de vergadering stonden er drie mensen bij mijn auto. Een van hen zei dat hij wist waar ik woon. "


def html(*, facts: int, sentences: int, messages: int) -> str:
    template = engines["django"].from_string(REPORT)
    return template.render(
        {
            "title": "Zaakdossier",
            "reference": "WB-2026-0042",
            "made_on": datetime(2026, 11, 22, 14, 5),
            "facts": range(facts),
            "story": STORY * sentences,
            "messages": range(messages),
        }
    )


class Bare:
    """WeasyPrint with its fonts and style sheet kept, and nothing around it."""

    def __init__(self) -> None:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        from weerbaar.documents import press

        class Fonts(URLFetcher):
            def fetch(self, url, headers=None):
                return URLFetcherResponse(url, press.FONT_FILES[url].read_bytes())

        logging.disable(logging.WARNING)  # as in the press
        self.html, self.fonts = HTML, FontConfiguration()
        self.css = CSS(
            string=Path(press.__file__).with_name("print.css").read_text(),
            base_url="font:",
            font_config=self.fonts,
            url_fetcher=Fonts(),
        )

    def render(self, page: str) -> bytes:
        return self.html(string=page).write_pdf(
            stylesheets=[self.css], font_config=self.fonts, pdf_variant="pdf/ua-1"
        )


def processor_of(press) -> float:
    """Milliseconds of processor of a press and of ourselves, who wait for it."""
    return int(Path(f"/proc/{press.process.pid}/schedstat").read_text().split()[0]) / 1e6 + own()


def own() -> float:
    return time.process_time() * 1000


def took(clock: Callable[[], float], run: Callable[[], object]) -> float:
    before = clock()
    run()
    return clock() - before


def memory_of(press) -> float:
    lines = Path(f"/proc/{press.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@figure(
    "B7",
    what="the case's PDF",
    goal="≤ 1.05 × bare WeasyPrint; two presses ≥ 1.7 × one; ≤ 5 MB more after 200",
    peer="bare: 45–70 ms simple, 110–140 ms dense; 771 ms without harfbuzz-subset",
)
def pdf() -> Iterator[Line]:
    from weerbaar.documents.render import Press

    pages = {
        "a simple page": html(facts=8, sentences=10, messages=0),
        "a dense report, 20 messages": html(facts=14, sentences=40, messages=20),
    }
    press, bare = Press(), Bare()
    simple = pages["a simple page"]
    first = took(lambda: time.perf_counter() * 1000, lambda: press.render(simple))
    yield Line("the first in a process", first, None, "ms")
    maps = Path(f"/proc/{press.process.pid}/maps").read_text()
    has_subset = "libharfbuzz-subset" in maps
    yield Line("libharfbuzz-subset is loaded", float(has_subset), None, "yes", ok=has_subset)
    for name, page in pages.items():
        bare.render(page)
        press.render(page)
        ours, floor = [], []
        for _ in range(scale("PAGES", 30)):  # in turns, so that a busy machine troubles both alike
            ours.append(took(lambda page=page: processor_of(press), lambda page=page: press.render(page)))
            floor.append(took(own, lambda page=page: bare.render(page)))
        note = f"median {statistics.median(ours):.0f} against {statistics.median(floor):.0f}"
        yield Line(name, min(ours), min(floor), "ms", ok=min(ours) <= 1.05 * min(floor), note=note)

    before = memory_of(press)
    for _ in range(scale("PAGES_MEMORY", 200)):
        press.render(simple)
    grown = memory_of(press) - before
    yield Line("memory more after 200", grown, None, "MB", ok=grown <= 5, note=f"{before:.0f} MB before")

    second = Press()
    second.render(simple)
    dense = pages["a dense report, 20 messages"]
    one, two = speed([press], dense), speed([press, second], dense)
    yield Line("two presses beside one", two, one, "a second", ok=two >= 1.7 * one)
    for each in (press, second):
        each.close()


def speed(presses, page: str) -> float:
    """Pages a second of these presses at work together."""
    each = scale("PAGES", 30)
    began = time.perf_counter()
    threads = [
        threading.Thread(target=lambda press=press: [press.render(page) for _ in range(each)])
        for press in presses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(presses) * each / (time.perf_counter() - began)
