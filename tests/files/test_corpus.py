"""Exactly the right files are taken in, and each of the others hears why."""

from __future__ import annotations

import pytest

from weerbaar.files import checks
from weerbaar.files.words import REASONS

from .corpus import CORPUS


def reason_of(one) -> str | None:
    try:
        found = checks.format_of(one.name, one.declared, len(one.data))
        checks.examine(found, [one.data])
    except checks.Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: ascii(one.name))
def test_a_file_is_taken_in_or_refused_for_the_right_reason(one):
    assert reason_of(one) == one.reason


def test_the_corpus_is_large_and_its_names_differ():
    assert len(CORPUS) >= 60
    assert len({one.name for one in CORPUS}) == len(CORPUS)
    assert {one.reason for one in CORPUS if one.reason} <= set(REASONS)
