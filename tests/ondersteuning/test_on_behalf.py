"""Who reports for somebody else: consent, and handing over with a new code that kills the old one."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from ondersteuning import actions
from ondersteuning.actions import Contactable
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case
from weerbaar.audit.api import AccessLog, Result
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment
from weerbaar.vault.models import Lockbox

PAGE = "/volgen/melding/"
CONSENT = f"{PAGE}namens/"
OVER = f"{PAGE}namens/overdragen/"
STORY = "Er stond een man bij mijn hek."


@pytest.fixture
def case(make_case, first_line):
    return make_case(
        status=Status.IN_GUIDANCE,
        handler=first_line,
        on_behalf="other",
        consent="asked",
        people="R.",
    )


@pytest.fixture
def visitor(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    return client


def text(response, status=200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def shown(page: str) -> tuple[str, str]:
    """The new code on the page, and the seed that its form sends."""
    code = re.search(r'class="code">([^<]+)<', page)[1]
    return code, re.search(r'name="seed"[^>]*value="([^"]+)"', page)[1]


def opens(code) -> bool:
    return Client().post("/volgen/", {"code": str(code)}).headers.get("Location") == PAGE


def contact_of(case, first_line):
    with vault.open(Case.objects.get(pk=case.pk), by=first_line, purpose=vault.Purpose.HANDLE) as content:
        return content.contact


# --- consent ----------------------------------------------------------------------------------------


def test_consent_is_shown_as_it_is_and_can_change(visitor, case):
    assert 'value="asked" checked' in text(visitor.get(CONSENT))
    assert visitor.post(CONSENT, {"consent": "given"})["Location"] == f"{PAGE}?gedaan=toestemming"
    case.refresh_from_db()
    assert case.consent == "given"
    assert "De toestemming is gewijzigd." in text(visitor.get(f"{PAGE}?gedaan=toestemming"))
    assert Job.objects.filter(name__endswith="tell_handler", key__startswith="consent:").count() == 1


def test_the_same_consent_again_tells_nobody(visitor, case):
    visitor.post(CONSENT, {"consent": "asked"})
    assert not case.timeline_events.exists()


def test_a_handler_writes_down_what_was_said_on_the_phone(case, first_line, colleague, client, sign_in):
    sign_in(client, first_line)
    page = text(client.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))
    assert "Ik heb het gevraagd en wacht op antwoord" in page
    path = f"/beheer/ondersteuning/case/{case.pk}/toestemming/"
    version = Case.objects.get(pk=case.pk).version
    assert client.post(path, {"version": version, "consent": "given"}).status_code == 302
    case.refresh_from_db()
    assert case.consent == "given"
    with pytest.raises(PermissionDenied):
        actions.change_consent(case, "asked", by=colleague)


def test_who_reports_for_themselves_is_not_asked(client, make_case, first_line, code):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line)
    client.post("/volgen/", {"code": str(code)})
    assert "overdragen" not in text(client.get(PAGE))
    assert client.get(CONSENT)["Location"] == PAGE
    assert client.get(OVER)["Location"] == PAGE
    with pytest.raises(ValidationError):
        actions.change_consent(case, "given", by=first_line)


# --- handing over -----------------------------------------------------------------------------------


def hand_over(visitor, **changes):
    new, seed = shown(text(visitor.get(OVER)))
    return new, visitor.post(OVER, {"seed": seed, "written": "on", "keep_phone": "no"} | changes)


def test_the_report_goes_to_the_person_concerned_and_the_old_code_dies(visitor, case, code):
    elsewhere = Client()
    elsewhere.post("/volgen/", {"code": str(code)})
    new, answer = hand_over(visitor)
    assert answer["Location"] == "/volgen/?overgedragen"
    assert "U hebt de melding overgedragen." in text(visitor.get("/volgen/?overgedragen"))
    assert not opens(code)
    assert opens(new)
    for browser in (visitor, elsewhere):  # every visit with the old code ended too
        assert browser.get(PAGE).status_code == 303
    person = Client()
    person.post("/volgen/", {"code": new})
    page = text(person.get(PAGE))
    assert STORY in page
    assert "overgedragen aan degene om wie het gaat" in page
    case.refresh_from_db()
    assert case.consent == "given"


def test_a_code_that_is_only_shown_opens_nothing_and_each_showing_has_another(visitor, code):
    first, _seed = shown(text(visitor.get(OVER)))
    second, _seed = shown(text(visitor.get(OVER)))
    assert first != second
    assert not opens(first)
    assert opens(code)


def test_nothing_is_handed_over_before_the_person_has_the_code(visitor, code):
    new, seed = shown(text(visitor.get(OVER)))
    page = text(visitor.post(OVER, {"seed": seed}), 422)
    assert "Geef eerst de code door." in page
    assert shown(page) == (new, seed)  # the code that was passed on already stays the same
    assert opens(code)


def test_a_seed_that_is_not_ours_is_replaced(visitor, code):
    page = text(visitor.post(OVER, {"seed": "kort", "written": "on", "keep_phone": "no"}))
    assert shown(page)[1] != "kort"
    assert opens(code)


@pytest.mark.parametrize(
    ("keep", "phone", "email"), [("no", "", ""), ("yes", "0612345678", "")], ids=["nothing", "telephone"]
)
def test_how_the_first_reporter_was_reached_goes_with_them(visitor, case, first_line, keep, phone, email):
    hand_over(visitor, keep_phone=keep)
    contact = contact_of(case, first_line)
    assert (contact["phone"], contact["email"]) == (phone, email)
    assert ("van wie de melding deed" in contact["remark"]) == (keep == "yes")
    assert not Job.objects.filter(name__endswith="tell_reporter", key__startswith="handed").exists()


def test_who_left_no_number_is_not_asked_whether_it_stays(client, make_case, code):
    make_case(on_behalf="other", consent="given", contact=Contactable(name="Sam"))
    client.post("/volgen/", {"code": str(code)})
    page = text(client.get(OVER))
    assert "keep_phone" not in page
    _code, seed = shown(page)
    assert client.post(OVER, {"seed": seed, "written": "on"})["Location"] == "/volgen/?overgedragen"


def test_it_is_handed_over_once(visitor, case):
    new, _answer = hand_over(visitor)
    visitor.post("/volgen/", {"code": new})
    assert "overdragen aan" not in text(visitor.get(CONSENT))
    assert visitor.get(OVER)["Location"] == PAGE
    visit = vault.start_visit(case, vault.AccessCode.parse(new))
    with pytest.raises(ValidationError):
        actions.hand_over_report(case, new=vault.new_access_code(), keep_phone=False, visit=visit)


def test_a_report_for_a_whole_council_is_not_handed_to_one(client, make_case, code):
    make_case(on_behalf="several", consent="given")
    client.post("/volgen/", {"code": str(code)})
    assert client.get(OVER)["Location"] == PAGE


def test_the_handler_hears_it_and_the_log_tells_it(visitor, case):
    hand_over(visitor)
    assert Job.objects.filter(name__endswith="tell_handler", key__startswith="handed-over:").count() == 1
    row = AccessLog.objects.get(dossier=case.pk, result=Result.DONE)
    assert (row.role, row.actor_id, row.detail) == ("melder", None, "overgedragen")
    assert [event.what for event in case.timeline_events.all()] == ["handed_over"]


def test_what_is_shared_with_the_organisation_goes_along(client, make_case, first_line, griffier, code):
    case = make_case(
        wish="both", contacts=[griffier], on_behalf="other", consent="given", handler=first_line,
        status=Status.IN_TRIAGE,
    )  # fmt: skip
    client.post("/volgen/", {"code": str(code)})
    new, _answer = hand_over(client)
    boxes = Lockbox.objects.filter(dossier=case.pk, compartment=Compartment.ORGANISATION)
    assert {box.reader.partition(":")[0] for box in boxes} == {"zone", "code"}
    client.post("/volgen/", {"code": new})
    assert "Berichten met uw organisatie" in text(client.get(PAGE))


def test_only_who_follows_it_hands_it_over(case, make_case):
    other = vault.new_access_code()
    stranger = vault.start_visit(make_case(access_code=other), other)
    with pytest.raises(PermissionDenied):
        actions.hand_over_report(case, new=vault.new_access_code(), keep_phone=False, visit=stranger)
