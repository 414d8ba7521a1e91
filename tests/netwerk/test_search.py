"""Finding an organisation: by typing, and without JavaScript by asking back."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO

import pytest
from django import forms
from django.core.management import call_command
from django.utils import timezone

from netwerk.forms import OrganisationField
from netwerk.models import Organisation


@pytest.fixture(autouse=True)
def shipped(db):
    call_command("import_organisations", stdout=StringIO())


class AskForm(forms.Form):
    where = OrganisationField(label="Organisatie")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("den haag", "GM0518"),
        ("DEN BOSCH", "GM0796"),
        ("friesland", "PV21"),
        ("ede", "GM0228"),
        ("sudwest", "GM1900"),
        ("Súdwest-Fryslân", "GM1900"),
        ("’s-grav", "GM0518"),
        ("'s gravenhage", "GM0518"),
        ("hertogenb", "GM0796"),
        ("amsterdm", "GM0363"),
        ("rotterdan", "GM0599"),
        ("hhnk", "WS0651"),
        ("st. eustatius", "COL02"),
        ("utrecht (provincie)", "PV26"),
        ("bergen (nh.)", "GM0373"),
    ],
)
def test_what_is_typed_finds_what_is_meant(typed, first):
    assert Organisation.objects.current().search(typed)[0].code == first


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "|", "()", "(gemeente)", "qqqq", "\x00", "x" * 100_000])
def test_what_means_nothing_finds_nothing(typed):
    assert not Organisation.objects.search(typed).exists()


def test_the_type_ahead_answers_in_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/organisaties/zoeken/", {"q": "utr"})
    assert response.json()["results"][:2] == [
        {"code": "GM0344", "name": "Utrecht", "layer": "gemeente", "label": "Utrecht (gemeente)"},
        {"code": "PV26", "name": "Utrecht", "layer": "provincie", "label": "Utrecht (provincie)"},
    ]
    assert len(client.get("/organisaties/zoeken/", {"q": "noord"}).json()["results"]) == 10
    assert client.get("/organisaties/zoeken/").json() == {"results": []}
    assert client.post("/organisaties/zoeken/").status_code == 405


@pytest.mark.parametrize(
    "typed", ["Almere", "almere", "Almere (gemeente)", " ALMERE ", "Den Haag", "Bergen (L.)"]
)
def test_a_whole_name_is_taken_as_it_is(typed, django_assert_num_queries):
    form = AskForm({"where": typed})
    with django_assert_num_queries(1):
        assert form.is_valid(), form.errors
    assert Organisation.objects.search(typed)[0].code == form.cleaned_data["where"]


def test_a_name_that_fits_several_is_asked_back_and_then_taken():
    form = AskForm({"where": "utrecht"})
    assert form.errors == {"where": ["Kies hieronder de organisatie die u bedoelt."]}
    html = str(form["where"])
    assert 'value="utrecht"' in html
    assert 'name="where-keuze" value="PV26"' in html
    assert "Utrecht (provincie)" in html
    chosen = AskForm({"where": "utrecht", "where-keuze": "PV26"})
    assert chosen.is_valid()
    assert chosen.cleaned_data["where"] == "PV26"


def test_a_misspelling_is_asked_back_and_never_guessed():
    form = AskForm({"where": "rotterdan"})
    assert not form.is_valid()
    assert 'value="GM0599"' in str(form["where"])


def test_a_choice_that_no_longer_fits_what_is_typed_does_not_count():
    form = AskForm({"where": "Almere", "where-keuze": "PV26"})
    assert form.is_valid()
    assert form.cleaned_data["where"] == "GM0034"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Vul de naam van de organisatie in."),
        ("qqqq", "Wij kennen deze organisatie niet. Controleer de naam, of typ alleen het begin."),
    ],
)
def test_nothing_and_nonsense_get_a_clear_answer(typed, error):
    form = AskForm({"where": typed})
    assert form.errors == {"where": [error]}
    assert "where-keuze" not in str(form["where"])


def test_one_form_asking_back_leaves_the_next_form_clean():
    assert not AskForm({"where": "utrecht"}).is_valid()
    assert "where-keuze" not in str(AskForm()["where"])


def test_what_is_typed_is_escaped():
    form = AskForm({"where": '"><script>'})
    assert not form.is_valid()
    assert "<script>" not in str(form["where"])


def test_an_earlier_answer_is_shown_by_its_name():
    assert 'value="Utrecht (gemeente)"' in str(AskForm(initial={"where": "GM0344"})["where"])
    assert not AskForm({"where": "Utrecht (gemeente)"}, initial={"where": "GM0344"}).has_changed()


def test_who_names_a_former_organisation_is_offered_its_successor(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2027, 1, 1))
    form = AskForm({"where": "Wijdemeren"})
    assert form.errors == {"where": ["Deze organisatie bestaat niet meer. Kies hieronder de opvolger."]}
    assert 'value="GM0402"' in str(form["where"])
    picked = AskForm({"where": "Wijdemeren", "where-keuze": "GM0402"})
    assert picked.is_valid(), picked.errors
    assert picked.cleaned_data["where"] == "GM0402"


def test_an_optional_organisation_may_stay_empty():
    class Optional(forms.Form):
        where = OrganisationField(required=False)

    form = Optional({"where": ""})
    assert form.is_valid()
    assert form.cleaned_data["where"] == ""


def test_hint_and_error_are_tied_to_the_box(db):
    class Hinted(forms.Form):
        where = OrganisationField(label="Organisatie", help_text="Typ het begin van de naam.")

    form = Hinted({"where": "utrecht"})
    assert not form.is_valid()
    html = form["where"].as_field_group()
    (described_by,) = re.findall(r'aria-describedby="([^"]+)"', html)
    assert len(described_by.split()) == 2
    assert all(f'id="{one}"' in html for one in described_by.split())
    assert 'aria-invalid="true"' in html
    assert '<label class="utrecht-form-label" for="id_where">' in html
    assert 'name="where-keuze" value="PV26"' in html
