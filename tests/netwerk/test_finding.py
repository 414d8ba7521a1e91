"""What is found by which words, and what a misspelling leads to."""

from __future__ import annotations

import csv
from pathlib import Path

from django.contrib.auth.models import AnonymousUser

from netwerk.finding import Search
from tests.netwerk.test_items import make_item

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def search(text: str, **asked) -> Search:
    return Search(AnonymousUser(), text, **{"only_public": True} | asked)


def test_every_inflection_own_word_and_compound_of_the_list_is_found():
    measured = lines("found.csv")
    for number, line in enumerate(measured):
        make_item(f"regel-{number}", title="Iets", summary=f"Over {line['stands']} en meer.")
    missed = [
        line
        for number, line in enumerate(measured)
        if not search(line["typed"]).items().filter(slug=f"regel-{number}").exists()
    ]
    assert not missed
    assert len(measured) >= 60
    assert not search("fiets").items().exists()


def test_every_misspelling_of_the_list_suggests_the_word_that_was_meant():
    measured = lines("misspelled.csv")
    meant = sorted({line["meant"] for line in measured} | {line["stands"] for line in lines("found.csv")})
    for number, words in enumerate(meant):
        make_item(f"woord-{number}", title="Iets", summary=f"Over {words} en meer.")
    wrong = [
        (line["typed"], line["meant"], found)
        for line in measured
        if (found := search(line["typed"]).suggestion()) != line["meant"]
    ]
    assert not wrong
    assert len(measured) >= 30
