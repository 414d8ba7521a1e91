"""Aangifte, procedures and their dates at the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ondersteuning import aangiftedossier, actions
from ondersteuning.lifecycle import (
    AANGIFTE_FILED,
    AANGIFTE_FIRST,
    AANGIFTE_NEXT,
    PROCEDURE_FIRST,
    PROCEDURE_NEXT,
    AangifteStatus,
    ProcedureStatus,
)
from ondersteuning.models import Aangifte, LegalDate, Procedure
from ondersteuning.models.legal import moment_of
from ondersteuning.views.law import manifest_response
from ondersteuning.vocabulary import DamageClaim, FiledBy, LegalMoment, PressureKind
from weerbaar.documents import api as documents
from weerbaar.pages.forms import DayField
from weerbaar.vault import api as vault
from weerbaar.vault.api import Content, Purpose

from .desk import Desk
from .forms import DeskForm
from .verb import Answers, Group, Verb, handles

if TYPE_CHECKING:
    from .case import CaseAdmin

BACK = "recht"


def one_of(statuses: Any, allowed: Any) -> list[tuple[str, Any]]:
    """The choices of a lifecycle that are possible here, in the order of its table."""
    return [(status.value, status.label) for status in statuses if status in allowed]


class RowForm(DeskForm):
    """A form about one row of the case: the one on screen (`?bij=`), or the one that was sent."""

    row = forms.UUIDField(widget=forms.HiddenInput)
    rows = ""  # the name of the case's related manager

    def __init__(self, desk: Desk, data: Any = None, *, row: Any = None, **kwargs: Any) -> None:
        self.known = row
        super().__init__(desk, data, **kwargs)
        if self.chosen:
            self.fields["row"].initial = self.chosen.pk

    @cached_property
    def chosen(self) -> Any:
        """The row, if it is one of this case."""
        if self.known is not None:
            return self.known
        sent = self.data.get("row") if self.is_bound else self.desk.chosen
        try:
            return next((one for one in rows_of(self.desk, self.rows) if str(one.pk) == sent), None)
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        if self.chosen is None:
            raise forms.ValidationError(_("Kies eerst in de zaak wat u wilt wijzigen."))
        return {**self.cleaned_data, "row": self.chosen}


def rows_of(desk: Desk, name: str) -> list[Any]:
    """The rows of a noun of this case; each keeps the case that is on the desk."""
    prefetch_related_objects([desk.case], name)  # asked for by buttons and sections: once a page
    return list(getattr(desk.case, name).all())


def chosen_in(name: str) -> Any:
    """Whether the address names a row of this case; without one there is nothing to ask."""

    def fits(desk: Desk) -> bool:
        return handles(desk) and any(str(one.pk) == desk.chosen for one in rows_of(desk, name))

    return fits


def _never(desk: Desk) -> bool:
    """For a form that stands on the page of the case, with what is known filled in."""
    return False


# --- aangifte ---------------------------------------------------------------------------------------


class Filing(forms.Form):
    filed_by = forms.ChoiceField(
        label=_("Wie doet aangifte?"),
        choices=[("", _("Dat is nog niet bekend")), *FiledBy.choices],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Doet de werkgever aangifte, dan is de melder getuige."),
    )
    filed_on = DayField(
        label=_("Op welke dag is aangifte gedaan?"),
        help_text=_("Alleen nodig als de aangifte is gedaan."),
        required=False,
        future=False,
    )

    def clean_filed_on(self) -> date | None:
        day = self.cleaned_data["filed_on"]
        return date.fromisoformat(day) if day else None


class Agreed(forms.Form):
    domicilie = forms.BooleanField(
        label=_("Domicilie gekozen: in het strafdossier staat het adres van het werk of de advocaat"),
        required=False,
    )
    under_number = forms.BooleanField(
        label=_("Aangifte onder nummer: helpt alleen als de verdachte de naam niet kent"),
        required=False,
    )
    vpt_code_asked = forms.BooleanField(
        label=_("Om de VPT-code gevraagd: politie en OM geven de zaak dan voorrang"),
        required=False,
    )
    damage_claim = forms.ChoiceField(label=_("Schade verhalen"), choices=DamageClaim.choices)
    number = forms.CharField(label=_("Nummer bij de politie"), required=False, max_length=100)
    contact = forms.CharField(
        label=_("Contact bij politie of OM"),
        help_text=_("Naam, functie en nummer. De melder leest dit ook."),
        required=False,
        max_length=500,
    )
    remark = forms.CharField(
        label=_("Opmerking van het team"),
        help_text=_("Alleen het team leest dit."),
        widget=forms.Textarea,
        required=False,
        max_length=10_000,
    )

    def clean_remark(self) -> str:
        return str(self.cleaned_data["remark"]).replace("\r\n", "\n")


class AangifteForm(Agreed, Filing, DeskForm):
    status = forms.ChoiceField(
        label=_("Hoe staat het ervoor?"),
        choices=one_of(AangifteStatus, AANGIFTE_FIRST),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies hoe het ervoor staat.")},
    )
    field_order = ["version", "status", "filed_by", "filed_on"]


class AangifteMoveForm(Filing, RowForm):
    rows = "aangiften"
    status = forms.ChoiceField(
        label=_("Wat is de nieuwe stand?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies de nieuwe stand.")},
    )
    field_order = ["version", "row", "status", "filed_by", "filed_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        aangifte = self.chosen
        old = AangifteStatus(aangifte.status) if aangifte else None
        possible = AANGIFTE_NEXT[old] if old else set()
        self.fields["status"].choices = one_of(AangifteStatus, possible)  # type: ignore[attr-defined]
        if not possible & AANGIFTE_FILED or old in AANGIFTE_FILED:  # by whom and when is known, or not yet
            del self.fields["filed_by"], self.fields["filed_on"]
        else:
            self.fields["filed_by"].initial = aangifte.filed_by


class AangifteChangeForm(Agreed, RowForm):
    rows = "aangiften"


# --- procedures -------------------------------------------------------------------------------------


class Support(forms.Form):
    has_lawyer = forms.BooleanField(label=_("Er is een advocaat geregeld"), required=False)
    costs_covered = forms.BooleanField(label=_("De organisatie betaalt de kosten"), required=False)


class ProcedureForm(Support, DeskForm):
    kind = forms.ChoiceField(label=_("Wat voor procedure is het?"), choices=PressureKind.choices)
    status = forms.ChoiceField(
        label=_("Hoe staat het ervoor?"), choices=one_of(ProcedureStatus, PROCEDURE_FIRST)
    )
    description = forms.CharField(
        label=_("Waar gaat het om?"),
        help_text=_("De melder leest dit ook."),
        widget=forms.Textarea,
        max_length=10_000,
        error_messages={"required": _("Schrijf kort waar het om gaat.")},
    )
    field_order = ["version", "kind", "status", "description"]


class ProcedureMoveForm(Support, RowForm):
    rows = "procedures"
    status = forms.ChoiceField(label=_("Hoe staat het ervoor?"), widget=forms.RadioSelect)
    field_order = ["version", "row", "status"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if procedure := self.chosen:
            old = ProcedureStatus(procedure.status)
            possible = {old} | PROCEDURE_NEXT[old]
            self.fields["status"].choices = one_of(ProcedureStatus, possible)  # type: ignore[attr-defined]
            for name in ("status", "has_lawyer", "costs_covered"):
                self.fields[name].initial = getattr(procedure, name)


# --- dates ------------------------------------------------------------------------------------------


class Moment(forms.Form):
    day = DayField(label=_("Op welke dag?"))
    hour = forms.TimeField(
        label=_("Hoe laat?"),
        help_text=_("Bijvoorbeeld 13.30. Leeg laten kan ook."),
        input_formats=["%H.%M", "%H:%M", "%H"],
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        required=False,
        error_messages={"invalid": _("Vul een tijd in, zoals 13.30.")},
    )
    remark = forms.CharField(
        label=_("Waar en waarover?"),
        help_text=_("De melder leest dit ook."),
        widget=forms.Textarea,
        required=False,
        max_length=1000,
    )

    def moment(self) -> datetime:
        return moment_of(date.fromisoformat(self.cleaned_data["day"]), self.cleaned_data["hour"])


class DateForm(Moment, DeskForm):
    part_of = forms.ChoiceField(label=_("Waar hoort deze datum bij?"))
    kind = forms.ChoiceField(label=_("Wat is het?"), choices=LegalMoment.choices)
    field_order = ["version", "part_of", "kind", "day", "hour", "remark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: dict[str, Aangifte | Procedure] = {str(one.pk): one for one in parts_of(self.desk)}
        choices = [(pk, f"{one._meta.verbose_name}: {one}") for pk, one in self.parts.items()]
        self.fields["part_of"].choices = choices  # type: ignore[attr-defined]
        self.fields["part_of"].initial = self.desk.chosen

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if not self.errors:
            answers |= {"part_of": self.parts[answers["part_of"]], "at": self.moment()}
        return answers


class DateChangeForm(Moment, RowForm):
    rows = "legal_dates"

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        return answers if self.errors else answers | {"at": self.moment()}


class RowOnlyForm(RowForm):
    rows = "legal_dates"


def parts_of(desk: Desk) -> list[Any]:
    return [*rows_of(desk, "aangiften"), *rows_of(desk, "procedures")]


# --- what the buttons do ------------------------------------------------------------------------------


def _open_aangifte(desk: Desk, answers: Answers) -> object:
    return actions.open_aangifte(desk.case, by=desk.user, **answers)


def _move_aangifte(desk: Desk, answers: Answers) -> object:
    return actions.move_aangifte(answers.pop("row"), answers.pop("status"), by=desk.user, **answers)


def _change_aangifte(desk: Desk, answers: Answers) -> object:
    return actions.change_aangifte(answers.pop("row"), by=desk.user, **answers)


def _open_procedure(desk: Desk, answers: Answers) -> object:
    return actions.open_procedure(desk.case, by=desk.user, **answers)


def _change_procedure(desk: Desk, answers: Answers) -> object:
    return actions.change_procedure(answers.pop("row"), by=desk.user, **answers)


def _set_date(desk: Desk, answers: Answers) -> object:
    return actions.set_date(
        answers["part_of"],
        kind=answers["kind"],
        at=answers["at"],
        remark=answers["remark"],
        by=desk.user,
        version=answers["version"],
    )


def _move_date(desk: Desk, answers: Answers) -> object:
    return actions.move_date(
        answers["row"],
        at=answers["at"],
        remark=answers["remark"],
        by=desk.user,
        version=answers["version"],
    )


def _cancel_date(desk: Desk, answers: Answers) -> object:
    return actions.cancel_date(answers["row"], by=desk.user, version=answers["version"])


def _print(desk: Desk, answers: Answers) -> object:
    return documents.request(desk.case, aangiftedossier.KIND, audience=aangiftedossier.AUDIENCE, by=desk.user)


VERBS = [
    Verb(
        "aangifte",
        _("Aangifte bijhouden"),
        fits=handles,
        do=_open_aangifte,
        done=_("De aangifte staat in de zaak. De melder ziet hoe het ervoor staat."),
        group=Group.LAW,
        form=AangifteForm,
        explain=_(
            "De melder beslist. Bespreek eerst wie aangifte doet, en of een ander adres (domicilie) of een "
            "nummer in plaats van een naam nodig is."
        ),
        back_to=BACK,
    ),
    Verb(
        "procedure",
        _("Juridische druk bijhouden"),
        fits=handles,
        do=_open_procedure,
        done=_("De procedure staat in de zaak. De melder ziet haar ook."),
        group=Group.LAW,
        form=ProcedureForm,
        explain=_("Voor een procedure of een dreigbrief die bedoeld is om de melder onder druk te zetten."),
        back_to=BACK,
    ),
    Verb(
        "datum",
        _("Datum toevoegen"),
        fits=lambda desk: handles(desk) and bool(parts_of(desk)),
        do=_set_date,
        done=_("De datum staat in de zaak. U en de melder krijgen 14, 3 en 1 dag ervoor een herinnering."),
        group=Group.LAW,
        form=DateForm,
        back_to=BACK,
    ),
    Verb(
        "aangifte-stand",
        _("Stand van de aangifte wijzigen"),
        fits=chosen_in("aangiften"),
        do=_move_aangifte,
        done=_("De stand is gewijzigd. De melder ziet dat in het portaal."),
        form=AangifteMoveForm,
        on_page=True,
        back_to=BACK,
    ),
    Verb(
        "aangifte-afspraken",
        _("Afspraken opslaan"),
        fits=_never,
        do=_change_aangifte,
        done=_("De afspraken zijn opgeslagen."),
        form=AangifteChangeForm,
        on_page=True,
        back_to=BACK,
    ),
    Verb(
        "procedure-stand",
        _("Procedure wijzigen"),
        fits=chosen_in("procedures"),
        do=_change_procedure,
        done=_("De wijziging is opgeslagen."),
        form=ProcedureMoveForm,
        on_page=True,
        back_to=BACK,
    ),
    Verb(
        "datum-wijzigen",
        _("Datum wijzigen"),
        fits=_never,
        do=_move_date,
        done=_("De datum is gewijzigd. De herinneringen gaan mee."),
        form=DateChangeForm,
        on_page=True,
        back_to=BACK,
    ),
    Verb(
        "datum-vervalt",
        _("Datum laten vervallen"),
        fits=_never,
        do=_cancel_date,
        done=_("De datum is vervallen. Niemand krijgt er nog een herinnering van."),
        form=RowOnlyForm,
        on_page=True,
        back_to=BACK,
    ),
    Verb(
        "aangiftedossier",
        _("Aangiftedossier maken"),
        fits=lambda desk: desk.may_open,
        do=_print,
        done=_("Het aangiftedossier wordt gemaakt. Dat duurt meestal minder dan een minuut."),
        at_once=True,
        on_page=True,
        back_to=BACK,
    ),
]


# --- the part of the page -----------------------------------------------------------------------------


def section(desk: Desk, content: Content) -> dict[str, Any]:
    """Each aangifte and procedure with its dates, opened, and the forms to change what is known."""
    aangiften, procedures = rows_of(desk, "aangiften"), rows_of(desk, "procedures")
    dates = rows_of(desk, "legal_dates")
    may_change = handles(desk)
    of: dict[Any, list[dict[str, Any]]] = {}
    for row in dates:
        opened = content.of(row)
        of.setdefault(row.aangifte_id or row.procedure_id, []).append(
            {
                "row": row,
                "remark": opened.remark,
                "form": _date_form(desk, row, opened.remark)
                if may_change and not (row.cancelled_at or row.is_past)
                else None,
            }
        )
    return {
        "aangiften": [_shown(desk, content, row, of, may_change) for row in aangiften],
        "procedures": [
            {"row": row, "text": content.of(row).description, "dates": of.get(row.pk, [])}
            for row in procedures
        ],
        "aangiftedossier": documents.latest(
            desk.case, aangiftedossier.KIND, audience=aangiftedossier.AUDIENCE
        ),
    }


def _shown(
    desk: Desk, content: Content, row: Aangifte, dates: dict[Any, Any], may_change: bool
) -> dict[str, Any]:
    opened = content.of(row)
    texts = {name: getattr(opened, name) or "" for name in ("number", "contact", "remark")}
    marks = [
        str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a plain field
        for name in ("domicilie", "under_number", "vpt_code_asked")
        if getattr(row, name)
    ]
    form = AangifteChangeForm(
        desk,
        row=row,
        auto_id=f"a{row.pk.hex[:6]}_%s",
        **texts,
        **{name: getattr(row, name) for name in ("domicilie", "under_number", "vpt_code_asked")},
        damage_claim=row.damage_claim,
    )
    return {
        "row": row,
        **texts,
        "marks": marks,
        "dates": dates.get(row.pk, []),
        "form": form if may_change else None,
        "may_move": bool(AANGIFTE_NEXT[AangifteStatus(row.status)]),
    }


def _date_form(desk: Desk, row: LegalDate, remark: str | None) -> DateChangeForm:
    local = row.local
    return DateChangeForm(
        desk,
        row=row,
        auto_id=f"d{row.pk.hex[:6]}_%s",
        day=local.date().isoformat(),
        hour=f"{local:%H.%M}" if row.has_time else "",
        remark=remark or "",
    )


# --- the aangifte file and its manifest -----------------------------------------------------------------


def urls(admin: CaseAdmin) -> list[Any]:
    """The two downloads, for CaseAdmin.get_urls; who may not open the case gets 404 and a log line."""
    view = admin.admin_site.admin_view

    def download(request: HttpRequest, pk: UUID) -> HttpResponse:
        desk = _opened(admin, request, pk)
        rendering = documents.latest(desk.case, aangiftedossier.KIND, audience=aangiftedossier.AUDIENCE)
        if rendering is None or not rendering.is_ready:
            raise admin.refused(request, "aangiftedossier", desk.case)
        with vault.open(desk.case, by=desk.user, purpose=Purpose.PDF, detail="aangiftedossier") as content:
            return documents.download(rendering, content)

    def manifest(request: HttpRequest, pk: UUID) -> HttpResponse:
        desk = _opened(admin, request, pk)
        with vault.open(desk.case, by=desk.user, purpose=Purpose.PDF, detail="manifest") as content:
            return manifest_response(aangiftedossier.manifest(desk.case, content))

    return [
        path(
            "<uuid:pk>/aangiftedossier.pdf",
            view(require_GET(download)),
            name="ondersteuning_case_aangiftedossier",
        ),
        path("<uuid:pk>/manifest.sha256", view(require_GET(manifest)), name="ondersteuning_case_manifest"),
    ]


def _opened(admin: CaseAdmin, request: HttpRequest, pk: UUID) -> Desk:
    desk = admin.desk(request, pk, "aangiftedossier")
    if not desk.may_open:
        raise admin.refused(request, "aangiftedossier", desk.case)
    return desk
