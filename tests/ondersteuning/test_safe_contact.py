"""The reporter reads back what was reported, and says anew how to be reached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import timezone

from ondersteuning import actions
from ondersteuning.actions import Contactable
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.models import Lockbox

PAGE = "/volgen/melding/"
FORM = f"{PAGE}contact/"
NEW = {
    "form": "contact",
    "name": "M.",
    "phone": "06 87 65 43 21",
    "moment": "evening",
    "email": "veilig@voorbeeld.invalid",
    "remark": "Niet op dinsdag.",
}


@pytest.fixture
def case(make_case, first_line):
    return make_case(
        status=Status.IN_TRIAGE,
        handler=first_line,
        channels=["home"],
        targets=["family"],
        frequency="once",
        occurred_on="2026-11",
        on_behalf="other",
        consent="given",
        people="Een collega uit mijn fractie",
    )


@pytest.fixture
def visitor(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    return client


def contact_of(case, by=None, **who):
    who = who or {"by": by}
    case = Case.objects.get(pk=case.pk)
    with vault.open(case, purpose=vault.Purpose.HANDLE, **who) as content:
        return content.contact


def text(response, status=200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_all_that_was_answered_is_shown_as_it_was_asked(visitor):
    lines = dict(visitor.get(PAGE).context["told"])
    assert lines["Wat is er gebeurd?"] == "Bedreiging"
    assert lines["Hoe of waar gebeurde het?"] == "Thuis"
    assert lines["Tegen wie of wat was het gericht?"] == "Het gezin of de familie"  # it is about another
    assert lines["Wanneer gebeurde het?"] == "november 2026"
    assert lines["Organisatie"] == "Testdam (gemeente)"
    assert lines["Om wie gaat het?"] == "Een collega uit mijn fractie"
    assert lines["Vertel in uw eigen woorden wat er is gebeurd"] == "Er stond een man bij mijn hek."
    assert lines["E-mailadres"] == "mila@voorbeeld.invalid"
    assert lines["Waardoor komt het, denkt u?"] == ""
    page = text(visitor.get(PAGE))
    assert "Wat u hebt gemeld" in page
    assert "Niet ingevuld" in page


def test_a_callback_is_shown_by_its_own_questions(client):
    code = vault.new_access_code()
    contact = Contactable(name="Sam", phone="+31612345678", moment="office_hours")
    actions.request_callback(contact, submission="x", code=code)
    client.post("/volgen/", {"code": str(code)})
    lines = dict(client.get(PAGE).context["told"])
    assert lines["Op welk nummer kunnen wij u veilig bellen?"] == "06 12 34 56 78"
    assert lines["Mogen wij een bericht inspreken als u niet opneemt?"] == "Nee"
    assert "Wat is er gebeurd?" not in lines


def test_the_reporter_says_anew_how_to_be_reached(visitor, case, first_line):
    assert "mila@voorbeeld.invalid" in text(visitor.get(FORM))
    assert visitor.post(FORM, NEW)["Location"] == f"{PAGE}?gedaan=gegevens"
    assert contact_of(case, first_line) == {
        "name": "M.",
        "phone": "+31687654321",
        "moment": "evening",
        "voicemail": False,
        "email": "veilig@voorbeeld.invalid",
        "remark": "Niet op dinsdag.",
    }
    page = text(visitor.get(f"{PAGE}?gedaan=gegevens"))
    assert "Uw gegevens zijn gewijzigd." in page
    assert "U wijzigde hoe u te bereiken bent" in page
    assert Job.objects.filter(name__endswith="tell_handler", key__startswith="contact:").count() == 1


def test_the_handler_sees_that_it_changed_and_never_what_it_was(visitor, case, first_line, client, sign_in):
    visitor.post(FORM, NEW)
    sign_in(client, first_line)
    page = text(client.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))
    assert "De melder wijzigde de contactgegevens" in page
    assert "06 87 65 43 21" in page
    assert "mila@voorbeeld.invalid" not in page


def test_saving_without_a_change_tells_nobody(visitor, case):
    visitor.post(FORM, NEW)
    visitor.post(FORM, NEW)
    assert case.timeline_events.count() == 1


def test_a_number_that_is_wrong_is_said_and_every_word_stays(visitor, case, code):
    page = text(visitor.post(FORM, NEW | {"phone": "12"}), 422)
    assert "<title>Fout:" in page
    for words in ("Dit nummer klopt niet.", "Niet op dinsdag.", 'value="12"', "veilig@voorbeeld.invalid"):
        assert words in page
    assert contact_of(case, code=code)["email"] == "mila@voorbeeld.invalid"


def test_what_was_filled_in_when_the_visit_was_over_is_kept(visitor, case, code):
    Lockbox.objects.filter(reader__startswith="visit:").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    page = text(visitor.post(FORM, NEW | {"voicemail": "on"}), 422)
    assert "Uw wijziging is nog niet opgeslagen." in page
    assert 'name="remark" value="Niet op dinsdag."' in page
    page = text(visitor.post("/volgen/", NEW | {"voicemail": "on", "code": str(code)}))
    assert "Hoe u veilig te bereiken bent" in page
    assert "Niet op dinsdag.</textarea>" in page
    assert contact_of(case, code=code)["email"] == "mila@voorbeeld.invalid"  # nothing was saved yet
    assert visitor.post(FORM, NEW).status_code == 303


def test_what_was_filled_in_is_kept_when_the_database_is_away(visitor, monkeypatch):
    from ondersteuning.views import follow

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(follow.actions, "change_contact", away)
    assert 'value="Niet op dinsdag."' in text(visitor.post(FORM, NEW), 503)


def test_words_that_were_typed_when_the_time_was_over_are_kept_and_not_sent(visitor, case):
    page = text(visitor.post("/volgen/stoppen/", {"text": "Hij was er weer.", "to": "team"}))
    assert 'value="Hij was er weer."' in page
    assert not case.messages.exists()
    assert visitor.get(PAGE).status_code == 303


def test_a_report_that_was_taken_back_changes_no_more(visitor, case):
    visitor.post(f"{PAGE}intrekken/", {"sure": "on"})
    assert visitor.get(FORM)["Location"] == PAGE
    visitor.post(FORM, NEW)
    assert not case.timeline_events.exists()


def test_only_who_follows_the_case_changes_it(case, make_case):
    code = vault.new_access_code()
    stranger = vault.start_visit(make_case(access_code=code), code)
    with pytest.raises(PermissionDenied):
        actions.change_contact(case, Contactable(name="X"), visit=stranger)


# --- the own organisation ---------------------------------------------------------------------------


def organisation_sees(case) -> str:
    case = Case.objects.get(pk=case.pk)
    with vault.open(case, by=_griffier(case), purpose=vault.Purpose.SHARED) as content:
        return content.of(case.organisation_report).contact["name"]


def _griffier(case):
    return case.organisation_report.shares.get().contact.user


@pytest.mark.parametrize(("ticked", "seen"), [({}, "Mila"), ({"share": "on"}, "M.")])
def test_the_organisation_sees_the_change_only_when_the_reporter_says_so(
    client, make_case, first_line, griffier, code, ticked, seen
):
    case = make_case(wish="both", contacts=[griffier], status=Status.IN_TRIAGE, handler=first_line)
    client.post("/volgen/", {"code": str(code)})
    assert "Uw organisatie ziet nog wat u eerder doorgaf" in text(client.get(FORM))
    assert client.post(FORM, NEW | ticked).status_code == 303
    assert contact_of(case, first_line)["name"] == "M."
    assert organisation_sees(case) == seen
    told = Job.objects.filter(name__endswith="tell_contact", key__startswith="contact:").count()
    assert told == len(ticked)


def test_for_the_organisation_alone_the_page_says_that_it_will_see_it(client, make_case, griffier, code):
    case = make_case(wish="organisation", contacts=[griffier])
    client.post("/volgen/", {"code": str(code)})
    page = text(client.get(FORM))
    assert "Wie van uw organisatie meeleest, krijgt bericht en ziet deze gegevens." in page
    assert 'name="share"' not in page
    assert client.post(FORM, NEW)["Location"] == f"{PAGE}?gedaan=organisatiegegevens"
    assert organisation_sees(case) == "M."
    assert not Job.objects.filter(name__endswith="tell_handler").exists()


def test_who_leaves_out_the_last_contact_is_told_that_nobody_reads_any_more(
    client, make_case, griffier, code
):
    case = make_case(wish="organisation", contacts=[griffier])
    client.post("/volgen/", {"code": str(code)})
    path = f"{PAGE}meelezer/{case.organisation_report.shares.get().pk}/"
    assert "Daarna leest niemand uw melding meer" in text(client.get(path))
    client.post(path)
    page = text(client.get(PAGE))
    assert "Niemand leest uw melding nu." in page
    assert 'value="organisation"' not in page  # no message to nobody


def test_a_contact_who_left_the_post_is_not_shown_as_a_reader(client, make_case, griffier, code):
    make_case(wish="organisation", contacts=[griffier])
    griffier.user.is_active = False
    griffier.user.save(update_fields=["is_active"])
    client.post("/volgen/", {"code": str(code)})
    page = text(client.get(PAGE))
    assert "heeft deze functie niet meer" in page
    assert "Niemand leest uw melding nu." in page
