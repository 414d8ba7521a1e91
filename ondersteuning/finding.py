"""Finding cases: by the name or address of a reporter, by words in one's own cases, and by saved views."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from netwerk.names import plain
from weerbaar.accounts.models import User
from weerbaar.audit.api import Purpose
from weerbaar.vault import api as vault

from .models import Case, SavedView

PARTICLES = {
    "van", "von", "de", "den", "der", "het", "'t", "ter", "ten", "te", "op", "in", "'s", "la", "le", "du",
    "el", "al", "aan", "bij", "en", "mr", "mr.", "dr", "dr.", "ir", "ir.", "drs", "drs.", "prof", "prof.",
    "dhr", "dhr.", "mw", "mw.", "mevrouw", "meneer", "heer",
}  # fmt: skip
MOST_WORDS = 5
CAP = 200  # cases that one search in the text opens, newest first
AROUND = 60  # characters shown on either side of what was found


class Hit(NamedTuple):
    case: Case
    where: str | Promise
    before: str
    found: str
    after: str


def names_of(contact: Mapping[str, Any]) -> list[str]:
    """What a case is found by: each word of the name, and the e-mail address. Goes into the blind index."""
    return [*_name_words(contact.get("name", "")), contact.get("email", "").strip()]


def by_person(cases: Any, typed: str) -> Any:
    """Of these cases (start from visible_to) those of a reporter with this surname or e-mail address."""
    words = [typed.strip()] if "@" in typed else _name_words(typed)[:MOST_WORDS]
    if not words:
        return cases.none()
    for word in words:
        cases = vault.find_by_person(cases, word)
    return cases


def _name_words(name: str) -> list[str]:
    words = re.split(r"[\s,]+|(?<=\w)-(?=\w)", name.strip().lower())
    return [word for word in words if len(word.strip(".")) > 1 and word not in PARTICLES]


class Looked(NamedTuple):
    hits: list[Hit]
    cases: int  # that were opened to see it
    has_more: bool  # that were not


def by_words(user: User, typed: str) -> Looked:
    """Where all these words stand in the user's own cases.

    Opens the newest 200; each leaves a log row. A fixed number of queries, however many rows there are.
    """
    words = plain(typed).split()
    own = Case.objects.openable_by(user).select_related("handler", "organisation")
    cases = list(own.prefetch_related("notes", "messages").order_by("-received_at", "pk")[: CAP + 1])
    hits, looked = [], 0
    for case, content in vault.open_many(cases[:CAP], by=user, purpose=Purpose.SEARCH):
        looked += 1
        if hit := _look_in(case, list(_texts(case, content)), words):
            hits.append(hit)
    return Looked(hits, looked, has_more=len(cases) > CAP)


def _texts(case: Case, content: vault.Content) -> Iterator[tuple[str | Promise, str]]:
    yield _("in wat er is gebeurd"), content.narrative or ""
    yield _("bij om wie het gaat"), content.people or ""
    yield _("in de inschatting"), content.assessment or ""
    for _message, opened in content.rows(case.messages.all()):
        yield _("in een bericht"), opened.text or ""
    for _note, opened in content.rows(case.notes.all()):
        yield _("in een notitie"), opened.text or ""


def _look_in(case: Case, texts: Iterable[tuple[str | Promise, str]], words: list[str]) -> Hit | None:
    """The first text with the first word, when every word stands somewhere in the case."""
    plains = [(where, text, plain(text)) for where, text in texts]
    if not words or not all(any(word in searched for _w, _t, searched in plains) for word in words):
        return None
    where, text, searched = next(one for one in plains if words[0] in one[2])
    at = searched.index(words[0])  # an accent may move it by a letter or so
    found = text[at : at + len(words[0])]
    before, after = text[max(0, at - AROUND) : at], text[at + len(words[0]) : at + len(words[0]) + AROUND]
    return Hit(case, where, before, found, after)


# --- saved views ----------------------------------------------------------------------------------


def cases_in(view: SavedView) -> set[UUID]:
    """The cases in a saved view as its owner sees it; of a long list the newest."""
    from .admin.listing import FILTERS  # noqa: PLC0415 - the meaning of a filter stands with the list

    request = HttpRequest()
    request.user = view.owner
    asked = dict(QueryDict(view.query).lists())
    cases: Any = Case.objects.visible_to(view.owner)
    for kind in FILTERS:
        cases = kind(request, asked, Case, None).queryset(request, cases)
    newest = cases.order_by("-received_at", "pk").values_list("pk", flat=True)
    return set(newest[: SavedView.KNOWN])


def watch(view: SavedView) -> bool:
    """Whether a case is in the view that was not when it was last looked at; forgets those that left it."""
    now, before = cases_in(view), set(view.known)
    if before - now:
        view.known = sorted(before & now)
        view.save(update_fields=["known"])
    return bool(now - before)


def remember(view: SavedView, now: datetime) -> None:
    """From here on only what comes in later is new."""
    view.known, view.alerted_until = sorted(cases_in(view)), now
    view.save(update_fields=["known", "alerted_until"])
