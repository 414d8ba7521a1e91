from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from netwerk import intake
from netwerk.functions import Function
from netwerk.models import Item, Partner
from netwerk.models.item import PAGES
from netwerk.uploads import ReceivedFile
from netwerk.vocabulary import Access, Phase, Topic
from weerbaar.files.checks import Refused
from weerbaar.files.forms import FileInput
from weerbaar.pages.forms import DayField, LongText

KEPT_TO_THEMSELVES = [Access.PUBLIC, Access.NETWORK]  # what a partner chooses from; the rest is the editors'


class ReleaseField(forms.FileField):
    """One file for the library. Its name is looked at here; a worker looks into it."""

    widget = FileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=None, allow_empty_file=True, **kwargs)
        self.widget.attrs["accept"] = ",".join(f".{extension}" for extension in intake.CONTENT_TYPES)

    def clean(self, data: Any, initial: Any = None) -> ReceivedFile:
        if not isinstance(data, ReceivedFile):
            raise ValidationError(intake.REASONS["missing"], code="missing")
        try:
            if data.problem:
                raise Refused(data.problem)
            intake.format_of(data.name, data.size or 0)
        except Refused as refused:
            raise ValidationError(intake.REASONS[refused.reason], code=refused.reason) from None
        return data


class ReleaseForm(forms.Form):
    """A new version of an item."""

    file = ReleaseField(
        label=_("Kies een bestand"),
        help_text=_("Pdf, document, afbeelding, tekst, csv, geluid, film of zip; hooguit 100 MB."),
    )
    note = forms.CharField(label=_("Wat is er nieuw?"), max_length=300, required=False)


class PublishForm(forms.Form):
    """From when readers find it; nothing filled in is now. Dutch time, to the minute."""

    day = DayField(label=_("Vanaf welke dag?"), required=False)
    time = forms.TimeField(
        label=_("Vanaf hoe laat?"),
        required=False,
        help_text=_("Nederlandse tijd, bijvoorbeeld 9:00. Laat dag en tijd leeg om nu te publiceren."),
        input_formats=["%H:%M", "%H.%M", "%H"],
        error_messages={"invalid": _("Vul een tijd in zoals 9:00.")},
    )
    time.widget.attrs["class"] = "utrecht-textbox--kort"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, hour = cleaned.get("day"), cleaned.get("time")
        cleaned["at"] = None
        if hour and not day and not self.errors:
            self.add_error("day", _("Vul ook de dag in."))
        elif day and not self.errors:
            cleaned["at"] = self._moment(datetime.date.fromisoformat(day), hour or datetime.time(0, 0))
        return cleaned

    def _moment(self, day: datetime.date, hour: datetime.time) -> datetime.datetime | None:
        """The hour that the clock skips in March is not there; what it repeats in October is there twice."""
        try:
            return from_current_timezone(datetime.datetime.combine(day, hour))
        except ValidationError:
            self.add_error("time", _("Die nacht gaat de klok om. Kies een tijd voor 2:00 of vanaf 3:00 uur."))
            return None


class WithdrawForm(forms.Form):
    because = LongText(
        label=_("Waarom trekt u dit in?"),
        maximum=300,
        help_text=_("Wie het adres opent, leest dit. Noem geen namen."),
        error_messages={"required": _("Schrijf op waarom u dit intrekt. Lezers zien dat.")},
    )


class OwnReleaseForm(forms.ModelForm):
    """What a partner's officer fills in about a release of their own."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(), label=_("Namens welke partner?"), empty_label=None
    )
    summary = LongText(label=_("Samenvatting"), maximum=600)
    body = LongText(label=_("Toelichting"), maximum=10_000, required=False)
    functions = forms.MultipleChoiceField(
        label=_("Voor wie?"), choices=Function.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    phases = forms.MultipleChoiceField(
        label=_("Wanneer helpt het?"),
        choices=Phase.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    topics = forms.MultipleChoiceField(
        label=_("Waarover gaat het?"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    access = forms.ChoiceField(
        label=_("Wie mag het vinden en downloaden?"),
        choices=[(access.value, access.label) for access in KEPT_TO_THEMSELVES],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Item
        fields = [
            "partner",
            "title",
            "kind",
            "summary",
            "body",
            "functions",
            "phases",
            "topics",
            "year",
            "source_url",
        ]

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]  # a choice of rows
        if self.instance.pk or partners.count() == 1:
            del self.fields["partner"]
            self.only_partner = None if self.instance.pk else partners.first()
        if self.instance.pk:
            self.initial["access"] = self.instance.record_access
            is_one = self.instance.record_access == self.instance.file_access
            if not is_one or self.instance.record_access not in KEPT_TO_THEMSELVES:
                del self.fields["access"]  # the editors chose something narrower, for the file at least

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if access := cleaned.get("access"):
            self.instance.record_access = self.instance.file_access = access
        partner = cleaned.get("partner") or getattr(self, "only_partner", None)
        if partner and not self.instance.pk:
            self.instance.partner = partner
            self.instance.slug = free_slug(f"{partner.slug} {cleaned.get('title', '')}")
        return cleaned


def free_slug(words: str) -> str:
    """An address made of these words that no other item has.

    It begins with the partner: so a number behind it tells of a release of theirs, and never that there is
    something of this name which they may not see.
    """
    base = slugify(words)[:70]
    taken = set(Item.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | set(PAGES)
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
