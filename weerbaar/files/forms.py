"""A field for one file. Cleaning it is the whole examination; the value is a file that may be taken in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import checks
from .cell.formats import BY_EXTENSION, Format
from .uploads import SealedUpload
from .words import REASONS


class Examined(NamedTuple):
    """A file that was looked into, and lies in the quarantine."""

    upload: SealedUpload
    format: Format


class FileInput(forms.FileInput):
    """A plain file input; the chosen file cannot be shown again."""

    field_template = "files/file.html"


class UploadField(forms.FileField):
    """One file. What may not come in is gone at once, and the error says what to do."""

    widget = FileInput

    def __init__(self, *, button: Any = "", **kwargs: Any) -> None:
        self.button = button  # a submit button of its own beside it, for a page with more on it
        accept = ",".join(sorted(f".{extension}" for extension in BY_EXTENSION))
        kwargs.setdefault("label", _("Kies een bestand"))
        super().__init__(max_length=None, allow_empty_file=True, **kwargs)
        self.widget.attrs["accept"] = accept
        self.error_messages["required"] = REASONS["missing"]

    def clean(self, data: Any, initial: Any = None) -> Examined | None:
        if not isinstance(data, SealedUpload):
            if self.required:
                raise ValidationError(REASONS["missing"], code="missing")
            return None
        try:
            if data.problem:
                raise checks.Refused(data.problem)
            found = checks.format_of(data.name, data.content_type or "", data.size or 0)
            checks.examine(found, data.chunks())
        except checks.Refused as refused:
            data.discard()
            raise ValidationError(REASONS[refused.reason], code=refused.reason) from None
        return Examined(data, found)
