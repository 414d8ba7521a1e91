"""Aangifte, procedures, dates and measures as the reporter reads them, in calm words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weerbaar.vault.api import Content

from .lifecycle import AANGIFTE_FILED, AangifteStatus, MeasureStatus, ProcedureStatus
from .models import AftercareStep, Case, LegalDate
from .vocabulary import Owner
from .words import day_in_words, moment_in_full

AANGIFTE = {
    AangifteStatus.NOT_WANTED: gettext_lazy(
        "U doet nu geen aangifte. U kunt altijd van gedachten veranderen."
    ),
    AangifteStatus.CONSIDERED: gettext_lazy(
        "U denkt na over aangifte. U beslist zelf; wij helpen met de keus."
    ),
    AangifteStatus.POLICE_TOLD: gettext_lazy("De politie weet ervan. Er is nog geen aangifte gedaan."),
    AangifteStatus.FILED: gettext_lazy("Er is aangifte gedaan. De politie bekijkt wat zij ermee kan."),
    AangifteStatus.INVESTIGATION: gettext_lazy("De politie onderzoekt de aangifte."),
    AangifteStatus.PROSECUTION: gettext_lazy("De officier van justitie brengt de zaak voor de rechter."),
    AangifteStatus.DISMISSED: gettext_lazy(
        "Het Openbaar Ministerie gaat niet verder met de zaak. Bent u het daar niet mee eens, dan kunt u "
        "klagen bij het gerechtshof (artikel 12). Wij helpen u daarbij."
    ),
    AangifteStatus.CONVICTED: gettext_lazy("De rechter heeft de verdachte veroordeeld."),
    AangifteStatus.ACQUITTED: gettext_lazy(
        "De rechter heeft de verdachte vrijgesproken. Wij bespreken graag met u wat dat voor u betekent."
    ),
    AangifteStatus.UNKNOWN: gettext_lazy("Wij weten nu niet hoe het ervoor staat, en vragen het na."),
}
PROCEDURE = {
    ProcedureStatus.ANNOUNCED: gettext_lazy("Is aangekondigd. Er loopt nog niets."),
    ProcedureStatus.RUNNING: gettext_lazy("Loopt."),
    ProcedureStatus.APPEAL: gettext_lazy("Loopt in hoger beroep."),
    ProcedureStatus.ENDED: gettext_lazy("Is afgelopen."),
}
MEASURE = {
    MeasureStatus.SETTLED: gettext_lazy("afgesproken"),
    MeasureStatus.ORDERED: gettext_lazy("wordt uitgevoerd"),
    MeasureStatus.DONE: gettext_lazy("klaar"),
    MeasureStatus.NOT_DONE: gettext_lazy("gaat niet door"),
}
OWNER = {
    Owner.REPORTER: gettext_lazy("u zelf"),
    Owner.EMPLOYER: gettext_lazy("uw organisatie"),
    Owner.TEAM: gettext_lazy("het ondersteuningsteam"),
    Owner.POLICE: gettext_lazy("de politie"),
    Owner.OTHER: gettext_lazy("iemand anders"),
}


def for_reporter(case: Case, content: Content, *, all_dates: bool = False) -> dict[str, Any]:
    """What concerns the reporter: every aangifte and procedure, the dates to come (or all of them, for a
    document that must not depend on the moment of asking), the agreed measures."""
    aangiften = [_aangifte(row, content.of(row)) for row in case.aangiften.defer("remark")]
    procedures = [
        {
            "kind": row.get_kind_display(),
            "stand": PROCEDURE[ProcedureStatus(row.status)],
            "text": content.of(row).description,
            "support": _support(row),
        }
        for row in case.procedures.all()
    ]
    dates = [
        {"kind": row.get_kind_display(), "when": when(row), "remark": content.of(row).remark}
        for row in (
            case.legal_dates.filter(cancelled_at=None)
            if all_dates
            else case.legal_dates.coming(timezone.now())
        )
    ]
    measures = [
        {
            "what": opened.what,
            "stand": MEASURE[MeasureStatus(row.status)],
            "owner": OWNER[Owner(row.owner)],
            "due": day_in_words(row.due_on) if row.done_on is None else "",
            "done": day_in_words(row.done_on) if row.done_on else "",
            "why_not": opened.why_not or "",
            "is_open": row.status in (MeasureStatus.SETTLED, MeasureStatus.ORDERED),
        }
        for row, opened in content.rows(case.measures.agreed())
    ]
    return {
        "aangiften": aangiften,
        "procedures": procedures,
        "dates": dates,
        "measures": sorted(measures, key=lambda one: not one["is_open"]),
        "has_law": bool(aangiften or procedures or dates or measures),
    }


def for_team(case: Case, content: Content) -> list[tuple[str, list[tuple[str, Any]]]]:
    """All of it for the team's own case file: a heading and its rows, what is not known left out."""
    found = []
    for one in case.aangiften.all():
        opened = content.of(one)
        choices = ("domicilie", "under_number", "vpt_code_asked")
        marks = [str(one._meta.get_field(name).verbose_name) for name in choices if getattr(one, name)]  # type: ignore[union-attr]  # plain fields
        rows: list[tuple[str, Any]] = [
            (_("Stand"), one.get_status_display()),
            (_("Wie doet aangifte"), one.get_filed_by_display()),
            (_("Aangifte gedaan op"), one.filed_on),
            (_("Afgesproken"), ", ".join(marks)),
            (_("Schade verhalen"), one.get_damage_claim_display()),
            (_("Nummer bij de politie"), opened.number),
            (_("Contact bij politie of OM"), opened.contact),
            (_("Opmerking van het team"), opened.remark),
        ]
        found.append((_("Aangifte"), rows))
    for procedure in case.procedures.all():
        rows = [
            (_("Stand"), procedure.get_status_display()),
            (_("Waar het om gaat"), content.of(procedure).description),
            (_("Steun"), " ".join(_support(procedure))),
        ]
        found.append((procedure.get_kind_display(), rows))
    for moment in case.legal_dates.all():
        rows = [
            (_("Wanneer"), moment_in_full(moment.at) if moment.has_time else moment.local.date()),
            (_("Waar en waarover"), content.of(moment).remark),
            (_("Vervallen"), moment.cancelled_at),
        ]
        found.append((moment.get_kind_display(), rows))
    for measure in case.measures.all():
        opened = content.of(measure)
        rows = [
            (_("Wat er gebeurt"), opened.what),
            (_("Stand"), measure.get_status_display()),
            (_("Wie regelt het"), measure.get_owner_display()),
            (_("Uiterlijk op"), measure.due_on),
            (_("Klaar op"), measure.done_on),
            (_("Wie betaalt"), measure.get_payer_display()),
            (_("Kosten eenmalig, in euro"), measure.cost_once),
            (_("Kosten per jaar, in euro"), measure.cost_yearly),
            (_("Waarom niet"), opened.why_not),
        ]
        found.append((f"{measure._meta.verbose_name}: {measure.get_kind_display()}".capitalize(), rows))
    return [(title, [(label, value) for label, value in rows if value]) for title, rows in found]


def when(row: LegalDate) -> str:
    """ "dinsdag 24 november 2026 om 13.30 uur", or the day alone when the hour is not known."""
    day = date_format(row.local, "l j F Y")
    return _("%(day)s om %(time)s uur") % {"day": day, "time": f"{row.local:%H.%M}"} if row.has_time else day


def who_of(step: AftercareStep, content: Content) -> str:
    """For whom a moment of aftercare is: "" for the reporter, else "Partner (Lotte)"."""
    if step.person is None:
        return ""
    name = content.of(step.person).name
    return f"{step.person} ({name})" if name else str(step.person)


def _aangifte(row: Any, opened: Any) -> dict[str, Any]:
    agreed = [
        (row.domicilie, _("In het strafdossier staat een ander adres dan uw woonadres (domicilie).")),
        (row.under_number, _("In het strafdossier staat een nummer in plaats van uw naam.")),
        (row.vpt_code_asked, _("Wij vroegen politie en justitie om de zaak voorrang te geven (VPT-code).")),
    ]
    return {
        "stand": AANGIFTE[AangifteStatus(row.status)],
        "filed": date_format(row.filed_on, "j F Y") if row.status in AANGIFTE_FILED and row.filed_on else "",
        "by_employer": row.filed_by == "employer",
        "agreed": [text for is_so, text in agreed if is_so],
        "claim": row.get_damage_claim_display() if row.damage_claim != "none" else "",
        "number": opened.number or "",
        "contact": opened.contact or "",
    }


def _support(row: Any) -> list[str]:
    lawyer = _("Er is een advocaat.") if row.has_lawyer else _("Wij zoeken met u een advocaat.")
    costs = _("Uw organisatie betaalt de kosten.") if row.costs_covered else ""
    return [text for text in (lawyer, costs) if text]
