"""A small flow of its own, so that the engine is tested without any app."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.urls import include, path

from weerbaar.pages import urls as pages
from weerbaar.pages.flow import Flow, Step
from weerbaar.pages.forms import DayField, LongText, StepForm
from weerbaar.pages.urls import handler400, handler403, handler404, handler500  # noqa: F401
from weerbaar.vault.codes import AccessCode

SENT: list[dict] = []


class Who(forms.Form):
    who = forms.ChoiceField(
        label="Voor wie meldt u?",
        choices=[("self", "Voor mijzelf"), ("other", "Voor iemand anders")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies voor wie u meldt."},
    )


class OnBehalf(forms.Form):
    name = forms.CharField(label="Hoe heet diegene?", max_length=50)


class What(StepForm):
    kinds = forms.MultipleChoiceField(
        label="Wat gebeurde er?",
        choices=[("threat", "Bedreiging"), ("stalking", "Stalking")],
        widget=forms.CheckboxSelectMultiple,
    )
    story = LongText(label="Vertel wat er gebeurde", maximum=100, help_text="In uw eigen woorden.")
    day = DayField(label="Wanneer was het?", rough=True, required=False)


def send(draft, answers):
    if "weiger" in answers["wat"]["story"]:
        raise ValidationError("Dit kan niet verstuurd worden.")
    SENT.append(answers)
    return {"reference": f"WB-{len(SENT)}", "code": str(AccessCode.derive(draft.secret))}


FLOW = Flow(
    "proef",
    title="Proefmelding",
    cookie="proef",
    done=send,
    steps=[
        Step("wie", Who),
        Step("namens", OnBehalf, when=lambda answers: answers.get("wie", {}).get("who") == "other"),
        Step("wat", What, title="Wat is er gebeurd?"),
    ],
)

urlpatterns = [
    path("proef/", include(FLOW.urls())),
    path("", include((pages.publiek, "pages"))),
]
