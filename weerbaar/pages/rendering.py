"""Forms in the look of the design system: one flat template a field, and nothing nested.

`{% include "forms/form.html" %}` shows the error summary and all fields of `form`;
`{{ field.as_field_group }}` shows one. A widget of our own names its template with `field_template`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.forms.widgets import Input

# The first that fits decides; a widget may also say `field_template` itself.
TEMPLATES: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "forms/hidden.html"),
    (forms.CheckboxSelectMultiple, "forms/choices.html"),
    (forms.RadioSelect, "forms/choices.html"),
    (forms.CheckboxInput, "forms/checkbox.html"),
    (forms.Select, "forms/select.html"),
    (forms.Textarea, "forms/textarea.html"),
    (Input, "forms/text.html"),
]
# A browser may not cut off what is typed, nor refuse it: the server says what is wrong, in words.
UNWANTED = {"maxlength", "minlength", "required", "cols", "rows", "aria-describedby"}


class Option(NamedTuple):
    id: str
    value: str
    label: str
    checked: bool


class Field(BoundField):
    """A field of a form, with what its template needs ready at hand."""

    is_heading = False  # the only question of a page: its label is the h1

    @property
    def template_name(self) -> str:
        """The template for this kind of widget."""
        widget = self.field.widget
        if own := getattr(widget, "field_template", None) or getattr(self.field, "template_name", None):
            return own
        for kind, template in TEMPLATES:
            if isinstance(widget, kind):
                return template
        return "forms/other.html"

    def get_context(self) -> dict[str, Any]:
        """What a field template knows."""
        identity = self.auto_id
        hint = self.help_text
        errors = self.errors
        maximum = getattr(self.field, "counted", None)
        parts = [
            f"{identity}_{part}"
            for part, shown in (("helptext", hint), ("error", errors), ("teller", maximum))
            if shown
        ]
        return {
            "field": self,
            "id": identity,
            "name": self.html_name,
            "label": self.label,
            "hint": hint,
            "errors": errors,
            "required": self.field.required,
            "is_heading": self.is_heading,
            "described_by": " ".join(parts),
            "maximum": maximum,
            "attributes": self.attributes,
            "type": getattr(self.field.widget, "input_type", ""),
            "size": getattr(self.field.widget, "size", ""),
            "several": self.several,
            "shown": lambda: self.shown,  # asked for by the templates that need it
            "options": lambda: self.options,
        }

    @cached_property
    def first_id(self) -> str:
        """The id of the control that a link in the error summary goes to."""
        if self.template_name == "forms/choices.html":
            return f"{self.auto_id}_0"
        return self.field.widget.id_for_label(self.auto_id) or self.auto_id

    @cached_property
    def attributes(self) -> str:
        """The widget's own attributes (autocomplete, inputmode, ...), ready for a tag."""
        return flatatt({key: value for key, value in self.field.widget.attrs.items() if key not in UNWANTED})

    @cached_property
    def shown(self) -> str:
        """The value in a text box, as the widget writes it; passwords are never sent back."""
        widget = self.field.widget
        if isinstance(widget, forms.PasswordInput) and not widget.render_value:
            return ""
        return widget.format_value(self.value()) or ""

    @cached_property
    def parts(self) -> dict[str, Any]:
        """The boxes of a widget that is made of several."""
        return self.field.widget.parts(self.value(), id_=self.auto_id, name=self.html_name)

    @property
    def several(self) -> bool:
        return bool(getattr(self.field.widget, "allow_multiple_selected", False))

    @property
    def options(self) -> list[Option]:
        """The choices, flat; a choice group counts as its choices."""
        value = self.value()
        if not isinstance(value, list | tuple | set):
            value = [] if value is None else [value]
        chosen = {str(one) for one in value}
        flat: list[tuple[Any, Any]] = []
        for key, label in self.field.widget.choices:
            flat += label if isinstance(label, list | tuple) else [(key, label)]
        return [
            Option(f"{self.auto_id}_{index}", str(key), label, str(key) in chosen)
            for index, (key, label) in enumerate(
                (key if key is not None else "", label) for key, label in flat
            )
        ]


class FormRenderer(TemplatesSetting):
    """Gives every field the classes of the design system."""

    form_template_name = "forms/fields.html"
    bound_field_class = Field
