from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ondersteuning.actions.evidence import MOST_FILES, links_in, too_many_links
from ondersteuning.evidence import size_in_words
from weerbaar.files import api as files
from weerbaar.pages.forms import LongText, StepForm
from weerbaar.pages.models import KEPT

HINT = _(
    "Een foto, schermafdruk, pdf, document, mail, geluid, video of zip van een chat. "
    "Eén bestand tegelijk, hoogstens 25 MB."
)
LINKS_HINT = _("Zet elke link op een nieuwe regel. Wij openen de link niet vanzelf.")


@dataclass(frozen=True)
class Held:
    """A file in a draft, for the list on the page."""

    facts: files.Facts
    row: files.StoredFile | None

    @property
    def size(self) -> str:
        return size_in_words(self.facts.size)


class EvidenceForm(StepForm):
    """Files one by one, and links; nothing is asked for. The files that are there already stay."""

    slug = "bewijs"
    file = files.UploadField(required=False, help_text=HINT, button=_("Bestand toevoegen"))
    links = LongText(maximum=5000, required=False, label=_("Links"), help_text=LINKS_HINT)

    @property
    def stored(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.answers.get(self.slug, {}).get("files", [])
        return found

    @property
    def held(self) -> list[Held]:
        """What was added so far, and how far each file is (one query)."""
        facts = [files.Facts.of(one) for one in self.stored]
        rows = files.rows(one.id for one in facts) if facts else {}
        return [Held(one, rows.get(one.id)) for one in facts]

    @property
    def is_full(self) -> bool:
        return len(self.stored) >= MOST_FILES

    @property
    def _removed(self) -> str:
        return str(self.data.get("verwijder", ""))

    @property
    def stays(self) -> bool:
        return bool(self._removed or "toevoegen" in self.data)

    def clean_file(self) -> files.Examined | None:
        found: files.Examined | None = self.cleaned_data["file"]
        if found is None and "toevoegen" in self.data:
            raise ValidationError(files.REASONS["missing"], code="missing")
        if found and (self.is_full or self._removed):
            found.upload.discard()
            if self.is_full and not self._removed:
                raise ValidationError(files.REASONS["too_many"], code="too_many")
            return None
        return found

    def clean_links(self) -> str:
        links = str(self.cleaned_data["links"])
        if too_many := too_many_links(links):
            raise ValidationError(too_many, code="too_many")
        return links

    def answer(self) -> dict[str, Any]:
        kept = [one for one in self.stored if one["id"] != self._removed]
        files.drop(UUID(one["id"]) for one in self.stored if one["id"] == self._removed)
        if found := self.cleaned_data["file"]:
            kept.append(files.take_in(found, expires_at=timezone.now() + KEPT).sealed())
        return {"files": kept, "links": self.cleaned_data["links"]}

    def summary(self) -> list[tuple[str, str]]:
        names = [f"{held.facts.name} ({held.size})" for held in self.held]
        links = links_in(str(self.initial.get("links", "")))
        return [(gettext("Bewijs"), "\n".join([*names, *links]))]


class AddEvidenceForm(forms.Form):
    """Somebody who follows a report adds a file, links, or both."""

    file = files.UploadField(required=False, help_text=HINT)
    links = LongText(maximum=5000, required=False, label=_("Links"), help_text=LINKS_HINT)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("file") and not cleaned.get("links"):
            self.add_error("file", _("Kies een bestand, of vul een link in."))
        return cleaned


class OriginalForm(forms.Form):
    """Why a colleague takes the original: the access log keeps it."""

    reason = forms.ChoiceField(
        label=_("Waarom hebt u het origineel nodig?"),
        choices=[
            ("beoordelen", _("Om de melding te beoordelen")),
            ("aangifte", _("Voor de aangifte of de politie")),
            ("hulp", _("Voor hulp aan de melder, zoals verwijderen van beelden")),
            ("verzoek", _("Omdat de melder erom vroeg")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waarom."), "invalid_choice": _("Kies waarom.")},
    )


class AddByTeamForm(forms.Form):
    file = files.UploadField(help_text=HINT)
