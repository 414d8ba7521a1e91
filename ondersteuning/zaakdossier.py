"""The case as a document: everything for the team, the shared part for the reporter.

The same case gives the same page, so that the same input is printed once: nothing here depends on the
moment of asking, and looks for the sake of a PDF are left out of "wie keek".
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from weerbaar.audit import api as audit
from weerbaar.documents import api as documents
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment

from .forms.fields import readable_phone
from .models import Case, Message
from .vocabulary import Channel, SafeMoment, Target
from .words import role_in_words

KIND = "zaakdossier"
TEAM, REPORTER = "team", "melder"


def register() -> None:
    """Make the document known; called from AppConfig.ready."""
    documents.register(
        KIND,
        model=Case,
        template="ondersteuning/zaakdossier.html",
        context=context,
        title="Zaakdossier",
        audiences={TEAM: Compartment.INTERNAL, REPORTER: Compartment.SHARED},
    )


def context(case: Case, content: vault.Content, audience: str) -> dict[str, Any]:
    """What the template prints. The reporter's edition reads only the shared part, and names nobody."""
    is_for_team = audience == TEAM
    messages = case.messages.select_related("author") if is_for_team else case.messages.all()
    found = {
        "reference": case.reference,
        "facts": facts(case),
        "contact": contact_facts(content.contact or {}),
        "narrative": content.narrative,
        "people": content.people,
        "changes": [
            (change.at, change.get_new_display(), role_in_words(change.role))
            for change in case.status_changes.all()
        ],
        "messages": [
            (message.at, sender(message, named=is_for_team), opened.text)
            for message, opened in content.rows(messages)
        ],
        "aftercare": list(case.aftercare.all()),
        "looked": looked(case),
        "is_for_team": is_for_team,
    }
    return found | internal(case, content) if is_for_team else found


def internal(case: Case, content: vault.Content) -> dict[str, Any]:
    """What the team keeps to itself."""
    return {
        "assessment": content.assessment,
        "notes": [
            (note.at, str(note.author), opened.text)
            for note, opened in content.rows(case.notes.select_related("author"))
        ],
        "reports": [
            (step.get_moment_display(), step.done_at, opened.report)
            for step, opened in content.rows(case.aftercare.filter(done_at__isnull=False))
        ],
        "handlers": [
            (one.user.name, one.get_line_display(), one.started_at, one.ended_at)
            for one in case.assignments.select_related("user").order_by("started_at", "pk")
        ],
    }


def facts(case: Case) -> list[tuple[str, Any]]:
    """The envelope, row by row; what was not answered is left out."""
    rows = [
        (_("Status"), case.get_status_display()),
        (_("Uitkomst"), case.get_outcome_display()),
        (_("Urgentie"), case.get_urgency_display()),
        (_("In gevaar bij het melden"), _("Ja") if case.in_danger else ""),
        (_("Lijn"), case.get_line_display()),
        (_("Binnengekomen als"), case.get_source_display()),
        (_("Ontvangen"), case.received_at),
        (_("Contact uiterlijk"), case.contact_due_at),
        (_("Eerste contact"), case.contacted_at),
        (_("Organisatie"), str(case.organisation or "")),
        (_("Functie"), case.get_function_display()),
        (_("Voor wie"), case.get_on_behalf_display()),
        (_("Soort"), ", ".join(case.kind_labels)),
        (_("Waar"), ", ".join(str(Channel(channel).label) for channel in case.channels)),
        (_("Gericht op"), ", ".join(str(Target(target).label) for target in case.targets)),
        (_("Motief"), case.get_motive_display()),
        (_("Datum van het voorval"), case.occurred_text),
        (_("Hoe vaak"), case.get_frequency_display()),
        (_("Hoe ernstig voor de melder"), case.get_severity_display()),
        (_("Wie leest mee"), case.get_wish_display()),
    ]
    return [(label, value) for label, value in rows if value]


def contact_facts(contact: dict[str, Any]) -> list[tuple[str, str]]:
    """How to reach the reporter safely, row by row."""
    moment = contact.get("moment", "")
    voicemail = _("Ja") if contact.get("voicemail") else _("Nee")
    rows = [
        (_("Naam"), contact.get("name", "")),
        (_("Telefoon"), readable_phone(contact.get("phone", ""))),
        (_("E-mail"), contact.get("email", "")),
        (_("Veilig moment"), str(SafeMoment(moment).label) if moment else ""),
        (_("Voicemail inspreken"), voicemail if contact.get("phone") else ""),
        (_("Let op"), contact.get("remark", "")),
    ]
    return [(label, value) for label, value in rows if value]


def sender(message: Message, *, named: bool) -> str:
    """Who wrote it; to the reporter the team has no names."""
    return message.author.name if named and message.author else str(message.get_side_display())


def looked(case: Case) -> list[tuple[Any, str, str]]:
    """Day, role and purpose of every look, without those for a document."""
    return [
        (row.day, role_in_words(row.role), str(row.purpose.label))
        for row in audit.overview(case.pk)
        if row.purpose != audit.Purpose.PDF
    ]
