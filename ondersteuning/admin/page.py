"""The page of one case: the envelope for who may know of it, the content for who handles it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from ondersteuning import actions
from ondersteuning.evidence import pieces
from ondersteuning.forms.fields import readable_phone
from ondersteuning.models import Case, Message
from ondersteuning.safe_contact import whether_to_call
from ondersteuning.vocabulary import Channel, SafeMoment, Target
from ondersteuning.words import role_in_words, timeline
from ondersteuning.zaakdossier import KIND, TEAM
from weerbaar.audit import api as audit
from weerbaar.documents import api as documents
from weerbaar.vault import api as vault

from . import aftercare, forms, legal, measure, referral, related, rights, verbs
from .desk import Desk


def labels(case: Case) -> dict[str, list[str]]:
    """The words for what is stored as lists."""
    return {
        "kinds": case.kind_labels,
        "channels": [str(Channel(channel).label) for channel in case.channels],
        "targets": [str(Target(target).label) for target in case.targets],
    }


def envelope(desk: Desk) -> dict[str, Any]:
    """What everybody sees who may know of the case. No content, no names of reporters."""
    primary, others = verbs.fitting(desk)
    in_sight = others.pop(verbs.Group.PROGRESS, [])
    return {
        "desk": desk,
        "case": desk.case,
        "labels": labels(desk.case),
        "primary": primary,
        "verbs": in_sight,
        "groups": list(others.items()),
        "form": forms.DeskForm(desk),
        "changes": timeline(desk.case, for_reporter=False),
    }


def opened(desk: Desk, content: vault.Content) -> dict[str, Any]:
    """What a handler sees on top of the envelope. Holds lazily opened rows: render it before closing."""
    case = desk.case
    messages = list(case.messages.select_related("author"))
    unread = any(message.side == Message.Side.REPORTER and not message.read_at for message in messages)
    if unread and desk.may_open:  # who reads under a break-glass changes nothing
        actions.read_messages(case, by=desk.user)
    return safe_contact(content) | {
        "messages_both_ways": content.rows(messages),
        "pieces": pieces(case.evidence.with_file(), content),
        "notes": content.rows(case.notes.select_related("author")),
        "aftercare": aftercare.shown(desk, content),
        **legal.section(desk, content),
        **measure.section(desk, content),
        "handovers": content.rows(desk.handovers),
        "links": related.links_of(desk),
        **rights.section(desk, content),
        **referral.section(desk, content),
        "looked": [(row, role_in_words(row.role)) for row in audit.overview(case.pk)],
        "document": documents.latest(case, KIND, audience=TEAM),
        "shared_with": _organisation_part(case),
        "message_form": forms.MessageForm(desk, auto_id="bericht_%s"),
        "note_form": forms.NoteForm(desk, auto_id="notitie_%s"),
        "assessment_form": forms.AssessmentForm(
            desk, auto_id="inschatting_%s", text=content.assessment or ""
        ),
    }


def safe_contact(content: vault.Content) -> dict[str, Any]:
    """How the reporter can be reached without danger, and whether a call is safe now."""
    contact = content.contact or {}
    moment = contact.get("moment", "")
    return {
        "content": content,
        "contact": contact,
        "phone": readable_phone(contact.get("phone", "")),
        "moment": SafeMoment(moment).label if moment else "",
        "whether_to_call": whether_to_call(contact, timezone.now()),
    }


def _organisation_part(case: Case) -> Any:
    """How far the own organisation is; what they write to each other is not the team's to read."""
    return getattr(case, "organisation_report", None) if case.is_for_organisation else None
