"""Inzage (AVG art. 15 and 20): everything of a report that its reporter can open, for a machine to read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from weerbaar.audit import api as audit
from weerbaar.vault.api import Compartment, Content

from .evidence import pieces
from .flows import told
from .forms.related import questions
from .law import for_reporter, who_of
from .models import Case, OrganisationReport
from .words import role_in_words, status_in_words, timeline

NOT_IN_IT = _(
    "Aantekeningen die het team voor zichzelf maakt. U kunt er het team om vragen: stuur een bericht."
)


def own_data(case: Case, content: Content) -> dict[str, Any]:
    """All that the reporter told and was told, and who looked. Moments in UTC (ISO 8601); values that have
    words are given in words. What the team keeps for itself is named, not given: the reporter has no key."""
    return {
        "melding": {
            "kenmerk": case.reference,
            "ontvangen": moment(case.received_at),
            "stand": status_in_words(case),
            "uitkomst": case.get_outcome_display(),
            "urgentie": case.get_urgency_display(),
            "contact_uiterlijk": moment(case.contact_due_at),
            "eerste_contact": moment(case.contacted_at),
            "afgesloten": moment(case.closed_at),
            "toestemming": case.get_consent_display(),
            "staat_in_een_account": bool(case.owner),
        },
        "antwoorden": [
            {"vraag": question, "antwoord": answer}
            for question, answer in told(
                case, narrative=content.narrative, people=content.people, contact=content.contact
            )
        ],
        "bewijs": [_piece(piece) for piece in pieces(case.evidence.with_file(), content)],
        "berichten": _messages(case.messages.all(), content),
        "verloop": [
            {"wanneer": moment(at), "wat": what, "door": role}
            for at, what, role in timeline(case, for_reporter=True)
        ],
        "overdrachten": [
            {
                "gevraagd": moment(row.asked_at),
                "kennis": row.get_expertise_display(),
                "stand": row.get_status_display(),
                "waarom": opened.reason,
            }
            for row, opened in content.rows(case.handovers.all())
        ],
        "hulp_van_anderen": [
            {
                "organisatie": str(row.partner),
                "gevraagd": moment(row.asked_at),
                "stand": row.get_status_display(),
                "u_stemde_in": moment(row.consented_at),
                "wat_wij_vertellen": opened.shares,
            }
            for row, opened in content.rows(case.referrals.select_related("partner"))
        ],
        "aangifte_en_maatregelen": _law(case, content),
        "verband_met_andere_zaken": [
            {"vraag": str(asked["text"]), "antwoord": _("nog geen") if asked["is_open"] else _("ja")}
            for asked in questions(case)
        ],
        "nazorg": [
            {
                "voor": who_of(step, content) or _("u"),
                "moment": step.get_moment_display(),
                "uiterlijk": moment(step.due_on),
                "gedaan": moment(step.done_at),
                "vervallen": moment(step.cancelled_at),
            }
            for step in case.aftercare.of_reporter()
        ],
        "hoe_het_daarna_ging": [
            {"gevraagd_op": moment(row.due_on), "antwoord": row.get_answer_display()}
            for row in case.check_ins.all()
        ],
        "oordeel": _feedback(case, content),
        "verzoek_om_te_wissen": _erasure(case, content),
        "organisatie": _organisation(case, content),
        "wie_keek": [
            {
                "dag": moment(row.day),
                "wie": role_in_words(row.role),
                "waarvoor": str(row.purpose.label),
                "keer": row.count,
            }
            for row in audit.overview(case.pk)
        ],
        "staat_er_niet_in": [str(NOT_IN_IT)],
    }


def moment(value: datetime | date | None) -> str | None:
    """ISO 8601; None for what did not happen."""
    return value.isoformat() if value else None


def _piece(piece: Any) -> dict[str, Any]:
    found = {"wat": piece.name, "soort": piece.kind, "bij_ons_sinds": moment(piece.row.at)}
    if piece.facts:
        found |= {"bytes": piece.facts.size, "sha256": piece.facts.sha256}
    return found


def _law(case: Case, content: Content) -> dict[str, Any]:
    """What the reporter reads at "Aangifte, datums en maatregelen", and the dates that are over."""
    found = for_reporter(case, content)
    return {
        "aangiften": [
            {
                "stand": str(one["stand"]),
                "gedaan_op": one["filed"],
                "afgesproken": one["agreed"],
                "schade": one["claim"],
                "nummer_bij_de_politie": one["number"],
                "contact_bij_politie_of_om": one["contact"],
            }
            for one in found["aangiften"]
        ],
        "procedures": [
            {
                "soort": one["kind"],
                "stand": str(one["stand"]),
                "waar_het_om_gaat": one["text"],
                "steun": one["support"],
            }
            for one in found["procedures"]
        ],
        "datums": [
            {"soort": row.get_kind_display(), "wanneer": moment(row.at), "waar_en_waarover": opened.remark}
            for row, opened in content.rows(case.legal_dates.filter(cancelled_at=None))
        ],
        "maatregelen": [
            {
                "wat": one["what"],
                "stand": str(one["stand"]),
                "wie": str(one["owner"]),
                "uiterlijk": one["due"],
                "klaar": one["done"],
                "waarom_niet": one["why_not"],
            }
            for one in found["measures"]
        ],
    }


def _messages(rows: Any, content: Content) -> list[dict[str, Any]]:
    return [
        {
            "wanneer": moment(row.at),
            "van": _("U") if row.side == row.Side.REPORTER else str(row.get_side_display()),
            "tekst": opened.text,
        }
        for row, opened in content.rows(rows)
    ]


def _feedback(case: Case, content: Content) -> dict[str, Any] | None:
    row = getattr(case, "feedback", None)
    if row is None:
        return None
    remark = content.of(row).remark
    return {"wanneer": moment(row.at), "geholpen": row.get_helped_display(), "toelichting": remark}


def _erasure(case: Case, content: Content) -> dict[str, Any] | None:
    row = getattr(case, "erasure_request", None)
    if row is None:
        return None
    return {
        "gevraagd": moment(row.asked_at),
        "antwoord_uiterlijk": moment(row.answer_due_on),
        "beantwoord": moment(row.answered_at),
        "waarom_niet": content.of(row).why_not,
    }


def _organisation(case: Case, content: Content) -> dict[str, Any] | None:
    """The part for the own organisation; its messages only with a code that opens them."""
    part = OrganisationReport.objects.select_related("organisation").filter(case=case).first()
    if part is None:
        return None
    found: dict[str, Any] = {
        "organisatie": part.organisation.label,
        "reactie": moment(part.reacted_at),
        "aangifte": part.get_aangifte_display(),
        "teruggekoppeld": moment(part.feedback_at),
        "ingetrokken": moment(part.withdrawn_at),
        "wie_mag_meelezen": [
            {
                "wie": share.contact.label,
                "opende": moment(share.opened_at),
                "leest_niet_meer_mee_sinds": moment(share.withdrawn_at),
            }
            for share in part.shares.select_related("contact")
        ],
    }
    if content.may_read(Compartment.ORGANISATION):
        copy = content.of(part)
        found |= {
            "wat_zij_lezen": copy.narrative,
            "hoe_zij_u_bereiken": copy.contact,
            "berichten": _messages(part.messages.all(), content),
        }
    return found
