"""Every field has its label, its hint and its error in one flat template."""

from __future__ import annotations

import pytest
from django import forms

from weerbaar.pages.forms import DayField, LongText

CHOICES = [("a", "Eerste"), ("b", "Tweede")]


class Every(forms.Form):
    text = forms.CharField(label="Tekst", max_length=10, help_text="Een hint.")
    password = forms.CharField(label="Wachtwoord", widget=forms.PasswordInput)
    long = LongText(label="Lang", maximum=500, required=False)
    radio = forms.ChoiceField(label="Een", choices=CHOICES, widget=forms.RadioSelect)
    ticks = forms.MultipleChoiceField(label="Meer", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    select = forms.ChoiceField(label="Lijst", choices=CHOICES)
    tick = forms.BooleanField(label="Akkoord", required=False)
    day = DayField(label="Dag", rough=True)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="x")


FIELDS = [name for name in Every.base_fields if name != "hidden"]
TYPED = {"text": "<b>", "password": "geheim", "long": "regel", "radio": "b", "ticks": ["a"], "select": "b"}


@pytest.mark.parametrize("name", FIELDS)
def test_a_label_belongs_to_its_control(name):
    field = Every()[name]
    group = field.as_field_group()
    assert f'for="{field.first_id}"' in group
    assert f'id="{field.first_id}"' in group
    assert str(field.label) in group


def test_nothing_keeps_the_browser_from_sending():
    page = "".join(field.as_field_group() for field in Every())
    for attribute in ("maxlength", "minlength", " required", "*"):
        assert attribute not in page


def test_what_need_not_be_filled_in_says_so():
    form = Every()
    assert "(niet verplicht)" in form["long"].as_field_group()
    assert "(niet verplicht)" not in form["text"].as_field_group()


def test_hint_error_and_count_are_read_with_the_control():
    form = Every({"long": "x" * 501})
    assert 'aria-describedby="id_text_helptext id_text_error"' in form["text"].as_field_group()
    long = form["long"].as_field_group()
    assert 'aria-describedby="id_long_error id_long_teller"' in long
    assert 'data-maximum="500"' in long
    assert "U kunt hier 500 tekens typen." in long


def test_what_was_typed_comes_back_and_cannot_break_out():
    form = Every(TYPED)
    assert 'value="&lt;b&gt;"' in form["text"].as_field_group()
    assert 'value="b" checked' in form["radio"].as_field_group()
    assert 'value="a" checked' in form["ticks"].as_field_group()
    assert 'value="b" selected' in form["select"].as_field_group()
    assert "geheim" not in form["password"].as_field_group()


def test_the_only_question_of_a_page_is_its_heading():
    field = Every()["radio"]
    field.is_heading = True
    assert '<legend class="utrecht-form-fieldset__legend"><h1' in field.as_field_group()


def test_a_widget_may_have_a_template_of_its_own():
    class Own(forms.TextInput):
        field_template = "forms/hidden.html"

    class Form(forms.Form):
        one = forms.CharField(widget=Own)

    assert 'type="hidden"' in Form()["one"].as_field_group()
