"""The case as a document: the team's case file, and the reporter's own report.

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

from .evidence import pieces
from .flows import told
from .forms.fields import readable_phone
from .law import for_reporter, for_team, who_of
from .models import Case, Feedback, Message, OrganisationReport
from .vocabulary import Channel, OnBehalf, SafeMoment, Target
from .words import moment_in_words, role_in_words, timeline

KIND = "zaakdossier"
TEAM = "team"
OWN = "mijn-melding"
# The reporter's own, of what they share with the team, or with the organisation alone: sealed in the
# compartment that it was written in, so nobody can read in the PDF what they could not read before.
REPORTER, REPORTER_ALONE = "melder", "melder-organisatie"


def register() -> None:
    """Make the documents known; called from AppConfig.ready."""
    documents.register(
        KIND,
        model=Case,
        template="ondersteuning/zaakdossier.html",
        context=context,
        title="Zaakdossier",
        audiences={TEAM: Compartment.INTERNAL},
    )
    documents.register(
        OWN,
        model=Case,
        template="ondersteuning/mijn_melding.html",
        context=own_context,
        title="Mijn melding",
        audiences={REPORTER: Compartment.SHARED, REPORTER_ALONE: Compartment.ORGANISATION},
    )


def own_edition(case: Case) -> str:
    """Which edition of their own report a reporter gets."""
    return REPORTER if case.is_for_team else REPORTER_ALONE


def own_context(case: Case, content: vault.Content, audience: str) -> dict[str, Any]:
    """The reporter's own report, as they told it and what came of it; it names nobody.

    What only the organisation reads along is told from its copy: that is what the worker has a key to.
    """
    found = {
        "reference": case.reference,
        "received": moment_in_words(case.received_at),
        "changes": [(moment_in_words(at), what) for at, what, _r in timeline(case, for_reporter=True)],
        "looked": looked(case),
    }
    if audience == REPORTER:
        return found | {
            "told": told(case, narrative=content.narrative, people=content.people, contact=content.contact),
            "messages": _own_messages(content, case.messages.all()),
            "aftercare": [(who_of(step, content), step) for step in case.aftercare.of_reporter()],
            "pieces": pieces(case.evidence.with_file(), content),
            "handovers": [
                (moment_in_words(row.asked_at), row.get_expertise_display(), row.get_status_display())
                for row in case.handovers.all()
            ],
            "referrals": _referrals(case, content),
            "law": for_reporter(case, content, all_dates=True),
            "check_ins": list(case.check_ins.exclude(answer="")),
            "feedback": _own_feedback(case, content),
            "left_out": [_("Berichten met uw organisatie")] if case.is_for_organisation else [],
        }
    part = OrganisationReport.objects.get(case=case)
    copy = content.of(part)
    return found | {
        "told": told(case, narrative=copy.narrative, contact=copy.contact),
        "messages": _own_messages(content, part.messages.select_related("contact")),
        "left_out": [_("Wat u schreef bij ‘Om wie gaat het?’")] if case.on_behalf != OnBehalf.SELF else [],
    }


def _own_feedback(case: Case, content: vault.Content) -> tuple[str, str] | None:
    feedback = Feedback.objects.filter(case=case).first()
    return (str(feedback.get_helped_display()), content.of(feedback).remark) if feedback else None


def _referrals(case: Case, content: vault.Content) -> list[tuple[str, str, Any, str]]:
    return [
        (str(row.partner), row.get_status_display(), row.asked_at, opened.shares)
        for row, opened in content.rows(case.referrals.select_related("partner"))
    ]


def _own_messages(content: vault.Content, rows: Any) -> list[tuple[str, str, str]]:
    return [
        (
            moment_in_words(row.at),
            _("U") if row.side == row.Side.REPORTER else str(row.get_side_display()),
            opened.text,
        )
        for row, opened in content.rows(rows)
    ]


def context(case: Case, content: vault.Content, audience: str) -> dict[str, Any]:
    """What the team's template prints: all of it."""
    return {
        "reference": case.reference,
        "facts": facts(case),
        "contact": contact_facts(content.contact or {}),
        "narrative": content.narrative,
        "people": content.people,
        "changes": timeline(case, for_reporter=False),
        "messages": [
            (message.at, sender(message), opened.text)
            for message, opened in content.rows(case.messages.select_related("author"))
        ],
        "pieces": pieces(case.evidence.with_file(), content),
        "referrals": _referrals(case, content),
        "check_ins": list(case.check_ins.exclude(answer="")),
        "feedback": _own_feedback(case, content),
        "law": for_team(case, content),
        "aftercare": [(who_of(step, content), step) for step in case.aftercare.select_related("person")],
        "looked": looked(case),
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


def sender(message: Message) -> str:
    """Who wrote it, by name for the team."""
    return message.author.name if message.author else str(message.get_side_display())


def looked(case: Case) -> list[tuple[Any, str, str]]:
    """Day, role and purpose of every look, without those for a document."""
    return [
        (row.day, role_in_words(row.role), str(row.purpose.label))
        for row in audit.overview(case.pk)
        if row.purpose != audit.Purpose.PDF
    ]
