"""What a colleague fills in: shape and cleaning only. What may happen is decided by the actions."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ondersteuning import matching
from ondersteuning.matching import colleagues as colleagues
from ondersteuning.models import AftercareStep, MessageTemplate
from ondersteuning.urgency import Urgency
from ondersteuning.vocabulary import Expertise, Kind, Outcome
from weerbaar.accounts.models import User
from weerbaar.pages.forms import DayField

from .desk import Desk

CHOOSE = {"required": _("Kies een naam."), "invalid_choice": _("Kies een naam uit de lijst.")}
LONGEST = 10_000  # characters of one message, note or assessment
SUGGESTED = 5  # colleagues who suit a case
OTHER = ("other", _("Iemand anders"))


class DeskForm(forms.Form):
    """A form about one case; `version` says which state of the case the colleague had on screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, desk: Desk, data: Any = None, *, auto_id: str = "id_%s", **initial: Any) -> None:
        initial.setdefault("version", desk.case.version)
        super().__init__(data, initial=initial, label_suffix="", auto_id=auto_id)
        self.desk = desk
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def shown_again(self, desk: Desk) -> None:
        """The typed words stay; the version becomes that of what the colleague sees beside them now."""
        self.desk = desk
        data: Any = self.data
        self.data = data.copy()
        self.data["version"] = str(desk.case.version)  # type: ignore[index]  # a QueryDict


class TextForm(DeskForm):
    text = forms.CharField(
        label=_("Tekst"), widget=forms.Textarea, error_messages={"required": _("Schrijf eerst een tekst.")}
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > LONGEST:
            raise ValidationError(_("Uw tekst is te lang. Er passen %(limit)s tekens.") % {"limit": LONGEST})
        return text


class NoteForm(TextForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Nieuwe notitie")
        self.fields["text"].help_text = _("Alleen het team leest dit.")


class MessageForm(TextForm):
    """A message, and what it may begin with."""

    template = forms.ModelChoiceField(
        label=_("Begin met een sjabloon"),
        queryset=MessageTemplate.objects.filter(is_active=True),
        empty_label=_("Kies een situatie"),
        required=False,
    )
    submission = forms.CharField(widget=forms.HiddenInput, max_length=64)

    field_order = ["version", "submission", "template", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("submission", secrets.token_urlsafe(24))
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Bericht aan de melder")
        self.fields["text"].help_text = _(
            "De melder leest dit in het portaal. Met een e-mailadres volgt een mail dat er iets klaarstaat."
        )

    def filled_in(self) -> MessageForm:
        """The same form with the text of the chosen template below what was typed already."""
        template = self.cleaned_data.get("template")
        texts = [self.data.get("text", "").strip(), template.text if template else ""]
        text = "\n\n".join(text for text in texts if text)
        return MessageForm(self.desk, text=text, submission=self.data.get("submission", ""))


class AssessmentForm(TextForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Inschatting van het team")
        self.fields["text"].help_text = _("Alleen het team leest dit.")


class TemporaryCodeForm(TextForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Hoe hebt u gecontroleerd dat dit de melder is?")
        self.fields["text"].help_text = _("Dit komt als notitie in de zaak. Alleen het team leest dit.")


class TriageForm(DeskForm):
    urgency = forms.TypedChoiceField(
        label=_("Hoe dringend is het?"), choices=Urgency.choices, coerce=int, widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label=_("Wat is er gebeurd?"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één soort.")},
    )

    def __init__(self, desk: Desk, data: Any = None, **initial: Any) -> None:
        super().__init__(desk, data, urgency=desk.case.urgency, kinds=desk.case.kinds, **initial)


class WaitForm(DeskForm):
    until = DayField(
        label=_("Wachten tot en met"),
        help_text=_("Daarna gaat de termijn weer lopen en krijgt u een seintje."),
    )


class HandoverForm(DeskForm):
    expertise = forms.ChoiceField(label=_("Welke kennis is nodig?"), choices=Expertise.choices)
    to = forms.ChoiceField(
        label=_("Naar wie?"),
        help_text=_("Bij elke naam staat wat iemand weet."),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    reason = forms.CharField(
        label=_("Waarom?"),
        help_text=_("De melder leest dit, en de tweede lijn nadat die de zaak heeft overgenomen."),
        error_messages={"required": _("Schrijf waarom de tweede lijn nodig is.")},
        widget=forms.Textarea,
    )
    reporter_agreed = forms.BooleanField(
        label=_("De melder stemde telefonisch in"),
        help_text=_("Niet aangevinkt? Dan vraagt het portaal het eerst aan de melder."),
        required=False,
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(desk, *args, **kwargs)
        people = matching.second_line_for(desk.case, without=desk.user)
        self.people = {str(one.user.pk): one for one in people}
        offer(self.fields["to"], people)

    def clean_to(self) -> User:
        return self.people[self.cleaned_data["to"]].user


class AssignForm(DeskForm):
    """Those who suit the case as choices to press, all others in a list."""

    to = forms.ChoiceField(label=_("Wie behandelt deze zaak?"), error_messages=CHOOSE)
    other = forms.ChoiceField(label=_("Iemand anders, namelijk"), required=False, error_messages=CHOOSE)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(desk, *args, **kwargs)
        people = matching.first_line_for(desk.case)
        self.people = {str(one.user.pk): one for one in people}
        best = [one for one in people if one.is_suggested][:SUGGESTED]
        rest = [one for one in people if one not in best]
        offer(self.fields["to"], people)
        if not best or not rest:
            del self.fields["other"]
        if best:
            to: Any = self.fields["to"]
            to.help_text = _("Bovenaan staat wie het beste past. U beslist.")
            to.widget = forms.RadioSelect(choices=as_choices(best))
        if best and rest:
            to.choices = [*to.choices, OTHER]
            to.widget.choices = [*as_choices(best), OTHER]
            self.fields["other"].choices = [("", _("Kies een naam")), *as_choices(rest)]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        chosen = answers.get("to") or ""
        if chosen == OTHER[0]:
            chosen = answers.get("other") or ""
            if not chosen:
                self.add_error("other", CHOOSE["required"])
        if chosen:
            answers["to"] = self.people[chosen].user
        return answers


def offer(field: Any, people: list[matching.Candidate]) -> None:
    """These colleagues as the choices of a field."""
    first = [] if isinstance(field.widget, forms.RadioSelect) else [("", _("Kies een naam"))]
    field.choices = [*first, *as_choices(people)]


def as_choices(people: list[matching.Candidate]) -> list[tuple[str, str]]:
    return [(str(one.user.pk), f"{one.user.name}: {one.words}") for one in people]


class AftercareForm(DeskForm):
    start = DayField(
        label=_("Vanaf welke dag tellen we?"), help_text=_("Meestal de dag van het eerste gesprek.")
    )

    def __init__(self, desk: Desk, data: Any = None, **initial: Any) -> None:
        super().__init__(desk, data, start=timezone.localdate().isoformat(), **initial)


class StepForm(TextForm):
    step = forms.ModelChoiceField(queryset=AftercareStep.objects.none(), widget=forms.HiddenInput)

    def __init__(self, desk: Desk, data: Any = None, **initial: Any) -> None:
        steps = {str(step.pk): step for step in desk.aftercare}
        if step := steps.get(desk.chosen, desk.next_step):
            initial.setdefault("step", step.pk)
        super().__init__(desk, data, **initial)
        self.fields["step"].queryset = desk.case.aftercare.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["text"].label = _("Kort verslag van het gesprek")
        if step := steps.get(str(self["step"].value())):
            self.fields["text"].label = _("Kort verslag van het gesprek: %(who)s, %(moment)s") % {
                "who": str(step.person or _("melder")).lower(),
                "moment": step.get_moment_display().lower(),
            }
        self.fields["text"].help_text = _("Alleen het team leest dit.")


class CloseForm(DeskForm):
    outcome = forms.ChoiceField(
        label=_("Hoe liep het af?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
