from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from ondersteuning.lifecycle import Status
from ondersteuning.models import Case
from weerbaar.vault import api as vault


@pytest.fixture
def embedded(settings, tmp_path, monkeypatch):
    settings.EMBEDDED = True
    monkeypatch.setenv("VAR", str(tmp_path))
    return tmp_path


def test_the_demo_shows_every_status_line_and_wish_and_is_safe_to_run_again(embedded):
    call_command("demo", verbosity=0)
    count = Case.objects.count()
    assert set(Case.objects.values_list("status", flat=True)) == set(Status)
    assert set(Case.objects.values_list("line", flat=True)) == {"first", "second"}
    assert {"team", "organisation"} <= set(Case.objects.values_list("wish", flat=True))
    call_command("demo", verbosity=0)
    assert Case.objects.count() == count


def test_the_codes_of_the_demo_reporters_open_their_cases(embedded):
    call_command("demo", verbosity=0)
    for reference, code in json.loads((embedded / "demo-codes.json").read_text()).items():
        found = vault.find_by_code(Case, vault.AccessCode.parse(code))
        assert found is not None
        assert found.reference == reference


def test_the_demo_is_refused_where_real_people_may_be(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError):
        call_command("demo", verbosity=0)
