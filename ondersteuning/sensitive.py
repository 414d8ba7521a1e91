"""Words in a message that could harm when somebody else reads along: pointed out before it is sent.

Only ever a warning: whether it must be said is up to who writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from netwerk.models import Organisation
from weerbaar.vault.api import AccessCode

STREETS = "straat|laan|weg|plein|gracht|kade|dijk|singel|hof|steeg|pad|dreef|plantsoen|wal|haven|ring|baan"
ADDRESS = re.compile(
    rf"\b[^\W\d_][\w'’-]{{0,60}}(?:{STREETS})[ ]{{1,3}}\d{{1,4}}[ ]?[a-zA-Z]?\b", re.IGNORECASE
)
POSTCODE = re.compile(r"\b[1-9]\d{3}[ ]?(?!SA|SD|SS)[A-Z]{2}\b")
MAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,190}\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?<![\d+])(?:(?:\+|00)[1-9](?:[ .()-]{0,2}\d){7,13}|0[1-9](?:[ .-]?\d){8})(?!\d)")
NUMBER = re.compile(r"(?<!\d)\d(?:[ .]?\d){7,8}(?!\d)")
ACCOUNT = re.compile(r"\bNL\d{2}[ ]?[A-Z]{4}(?:[ ]?\d){10}\b", re.IGNORECASE)
PLATE = re.compile(r"\b(?:[A-Z]{1,3}|\d{1,3})(?:-(?:[A-Z]{1,3}|\d{1,3})){2}\b")
REFERENCE = re.compile(r"\bWB-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)
CODE = re.compile(r"\b[0-9A-Z]{4}(?:[ -]?[0-9A-Z]{4}){4}\b", re.IGNORECASE)
NAME = re.compile(
    r"(?:'s-)?[^\W\d_a-z][\w'’-]*(?:[ ](?:[^\W\d_a-z][\w'’-]*|aan|den|de|der|van|bij|en|op|het)){0,4}"
)
AFTER_IN = re.compile(
    r"\b(?:in|te|uit|naar|nabij) ((?:'s-|Den |De |Het )?[A-Z][^\W\d_]+(?:-[A-Z][^\W\d_]+)*)"
)
NO_PLACE = {"Nederland", "Europa", "Den", "De", "Het"}


class Found(NamedTuple):
    what: str | Promise
    words: list[str]


def sensitive(text: str) -> list[Found]:
    """What stands in a text that may be better left out, kind by kind, in its own words. One query."""
    rest = ACCOUNT.sub(" ", text)  # its digits are no telephone number as well
    found = [
        Found(_("Een adres"), _matches(ADDRESS, text)),
        Found(_("Een postcode"), _matches(POSTCODE, text)),
        Found(_("Een plaats of organisatie"), _places(text)),
        Found(_("Een telefoonnummer"), [one for one in _matches(PHONE, rest) if not _is_ours(one)]),
        Found(_("Een e-mailadres"), [one for one in _matches(MAIL, text) if one != settings.TEAM_EMAIL]),
        Found(_("Een nummer dat een BSN kan zijn"), [one for one in _matches(NUMBER, rest) if _is_bsn(one)]),
        Found(_("Een rekeningnummer"), _matches(ACCOUNT, text)),
        Found(_("Een kenteken"), [one for one in _matches(PLATE, text) if _is_plate(one)]),
        Found(_("Het kenmerk van een zaak"), _matches(REFERENCE, text)),
        Found(_("Een toegangscode"), [one for one in _matches(CODE, text) if _is_code(one)]),
    ]
    return [one for one in found if one.words]


def _matches(pattern: re.Pattern[str], text: str) -> list[str]:
    return _once(match.group().strip() for match in pattern.finditer(text))


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_ours(number: str) -> bool:
    """Whether it is the team's own number, with or without the country code."""
    return _digits(number)[-9:] == _digits(settings.TEAM_PHONE)[-9:]


def _is_bsn(number: str) -> bool:
    """Eight or nine digits that pass the check of a burgerservicenummer (elfproef)."""
    digits = [int(digit) for digit in _digits(number).zfill(9)]
    weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
    return any(digits) and sum(a * b for a, b in zip(digits, weights, strict=True)) % 11 == 0


def _is_plate(words: str) -> bool:
    """Letters and digits both: a date or an abbreviation is no number plate."""
    return any(part.isdigit() for part in words.split("-")) and any(
        part.isalpha() for part in words.split("-")
    )


def _is_code(words: str) -> bool:
    """Five words of four letters are no code: one with no digit at all is made once in two thousand times."""
    try:
        AccessCode.parse(words)
    except ValueError:
        return False
    return any(letter.isdigit() for letter in words)


def _places(text: str) -> list[str]:
    """Names of organisations, which are those of their places, and what follows "in" with a capital."""
    names = _once(_names(text))
    known = set(Organisation.objects.filter(name__in=names).values_list("name", flat=True))
    after_in = [match.group(1) for match in AFTER_IN.finditer(text) if match.group(1) not in NO_PLACE]
    return _once([name for name in names if name in known] + after_in)


def _names(text: str) -> Iterator[str]:
    """Each run of words that may be a name, whole and in parts: "Alphen aan den Rijn", "Alphen"."""
    for match in NAME.finditer(text):
        words = match.group().split(" ")
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                yield " ".join(words[start:end])
