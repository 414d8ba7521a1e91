"""What a verb is: one thing that a colleague can do with a case, with its words, its form and its action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from . import forms
from .desk import Desk

Words = Any  # text that is translated when it is shown
Answers = dict[str, Any]


class Group(TextChoices):
    """Under which heading a button stands. Those of the first group are always in sight."""

    PROGRESS = "progress", _("Verloop")
    HELP = "help", _("Hulp en maatregelen")
    LAW = "law", _("Aangifte en procedures")
    REPORTER = "reporter", _("Voor de melder")
    CASE = "case", _("Dossier")


@dataclass(frozen=True)
class Verb:
    slug: str
    label: Words
    fits: Callable[[Desk], bool]  # whether the button is shown
    do: Callable[[Desk, Answers], object]
    done: Words
    group: Group = Group.PROGRESS
    form: type[forms.DeskForm] = forms.DeskForm
    explain: Words = ""
    reads_content: bool = True  # only for who may open the case; else for everybody who sees the envelope
    right: str = ""  # a permission that goes with it; who lacks it does not see that there is such a page
    calls: bool = False  # the reporter is called for it: its page says how to do so safely
    needs_proof: bool = False  # the second factor is shown again first
    at_once: bool = False  # one press, without a page of its own
    on_page: bool = False  # its form stands on the page of the case
    back_to: str = ""  # the part of the page to come back to
    shown_once: str = ""  # a template that shows what came of it, in place of going back to the case


def handles(desk: Desk) -> bool:
    """Whether this colleague handles the case, and it is open."""
    return desk.may_open and desk.case.is_open
