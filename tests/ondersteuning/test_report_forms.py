"""What the fields of the report understand."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ondersteuning.forms.fields import PhoneField, readable_phone
from ondersteuning.forms.follow import CodeForm
from weerbaar.vault.api import new_access_code


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("0612345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("06 1234 5678", "+31612345678"),
        ("+31 6 1234 5678", "+31612345678"),
        ("+31 (0)6 1234 5678", "+31612345678"),
        ("+31 06 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("(070) 373 83 14", "+31703738314"),
        ("717 1234", "+5997171234"),
        ("+599 416 3214", "+5994163214"),
        ("00599 318 2211", "+5993182211"),
        ("+49 30 123456", "+4930123456"),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed, dialled):
    assert PhoneField().clean(typed) == dialled


@pytest.mark.parametrize("typed", ["112", "06 1234", "bel mij", "061234567890", "+31 6 123", "06 1234 567O"])
def test_a_number_that_cannot_be_dialled_is_refused(typed):
    with pytest.raises(ValidationError, match="Dit nummer klopt niet"):
        PhoneField().clean(typed)


@pytest.mark.parametrize(
    ("dialled", "shown"),
    [("+31612345678", "06 12 34 56 78"), ("+31703738314", "070 373 8314"), ("+5997171234", "+599 717 1234")],
)
def test_a_number_is_shown_as_people_write_it(dialled, shown):
    assert readable_phone(dialled) == shown
    assert PhoneField().clean(shown) == dialled


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code}. "]
)
def test_a_code_is_understood_however_it_is_typed_over(change):
    code = new_access_code()
    form = CodeForm({"code": change(str(code))})
    assert form.is_valid()
    assert form.cleaned_data["code"] == code


def test_a_code_that_is_too_short_is_told_apart_from_an_unknown_one():
    form = CodeForm({"code": "ABCD-1234"})
    assert not form.is_valid()
    assert "20 letters en cijfers" in str(form.errors)
