"""Cases that belong together: by hand, with the consent of both; and one incident with many persons."""

from __future__ import annotations

import secrets

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from ondersteuning import actions
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, CaseLink
from ondersteuning.vocabulary import Relation, Source
from tests.audit.test_grants import ROLES
from tests.conftest import owner_connection, point_at
from weerbaar.accounts.roles import Role
from weerbaar.audit import grants
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import Purpose
from weerbaar.vault.lockboxes import present


@pytest.fixture
def other_code():
    return vault.new_access_code()


@pytest.fixture
def pair(make_case, first_line, colleague, other_code):
    """A case of Femke and a case of Karim."""
    return (
        make_case(status=Status.IN_TRIAGE, handler=first_line),
        make_case(status=Status.IN_TRIAGE, handler=colleague, access_code=other_code),
    )


def visit_to(case, code):
    with transaction.atomic():
        return vault.start_visit(case, code)


def on_the_phone(case, handler, agrees=True, relation="same_incident"):
    """As in a request of its own: nobody's code was presented in it."""
    present("nobody")
    actions.answer_link(case, relation=relation, agrees=agrees, by=handler)


def page(case, user, sign_in, path="change"):
    browser = Client()
    sign_in(browser, user)
    return browser.get(f"/beheer/ondersteuning/case/{case.pk}/{path}/").content.decode()


# --- linking ----------------------------------------------------------------------------------------


def test_handlers_know_of_each_others_case_only_once_both_reporters_said_yes(
    pair, coordinator, first_line, colleague, code, other_code, sign_in
):
    one, other = pair
    actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    assert other.reference not in page(one, first_line, sign_in)
    assert "Gevraagd aan de melder" in page(one, first_line, sign_in)

    actions.answer_link(one, relation="same_incident", agrees=True, visit=visit_to(one, code))
    assert other.reference not in page(one, first_line, sign_in)
    assert one.reference not in page(other, colleague, sign_in)

    on_the_phone(other, colleague)
    shown = page(one, first_line, sign_in)
    assert other.reference in shown
    assert "Karim Collega" in shown
    assert one.reference in page(other, colleague, sign_in)
    told = Job.objects.filter(name="ondersteuning.tell_handler").values_list("kwargs", flat=True)
    assert {kwargs["case_id"] for kwargs in told} == {str(one.pk), str(other.pk)}


def test_knowing_of_a_case_is_not_reading_it(pair, coordinator, first_line, colleague, sign_in):
    one, other = pair
    actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    for case, handler in zip(pair, (first_line, colleague), strict=True):
        on_the_phone(case, handler)
    browser = Client()
    sign_in(browser, first_line)
    assert browser.get(f"/beheer/ondersteuning/case/{other.pk}/change/").status_code == 404


def test_one_no_undoes_the_link_also_after_a_yes(pair, coordinator, code, other_code):
    one, other = pair
    link = actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    actions.answer_link(one, relation="same_incident", agrees=True, visit=visit_to(one, code))
    actions.answer_link(other, relation="same_incident", agrees=True, visit=visit_to(other, other_code))
    link.refresh_from_db()
    assert link.is_agreed
    actions.answer_link(one, relation="same_incident", agrees=False, visit=visit_to(one, code))
    assert not CaseLink.objects.of(one).exists()
    with pytest.raises(ValidationError):
        actions.answer_link(one, relation="same_incident", agrees=True, visit=visit_to(one, code))


def test_a_reporter_never_learns_whether_there_is_another_case(pair, coordinator, client, code):
    one, other = pair
    client.post("/volgen/", {"code": str(code)})
    assert client.get("/volgen/melding/verband/").status_code == 303
    assert 'id="verband"' not in client.get("/volgen/melding/").content.decode()
    actions.link_cases(one, other, relation=Relation.SAME_ORGANISATION, by=coordinator)
    assert "Bekijk de vraag en uw antwoord" in client.get("/volgen/melding/").content.decode()
    asked = client.get("/volgen/melding/verband/").content.decode()
    assert "Meldde iemand anders van uw organisatie ook iets?" in asked
    assert other.reference not in asked
    refused = client.post("/volgen/melding/verband/", {"relation": "same_organisation"})
    assert refused.status_code == 422
    assert "Kies ja of nee" in refused.content.decode()
    answer = client.post("/volgen/melding/verband/", {"relation": "same_organisation", "agrees": "yes"})
    assert answer["Location"].endswith("/volgen/melding/?gedaan=verband")
    assert "U zei eerder ja" in client.get("/volgen/melding/verband/").content.decode()


def test_only_who_handles_a_case_or_follows_it_answers(pair, coordinator, colleague, other_code):
    one, other = pair
    actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    for who in ({"by": colleague}, {"by": coordinator}, {"visit": visit_to(other, other_code)}):
        with pytest.raises(PermissionDenied):
            actions.answer_link(one, relation="same_incident", agrees=True, **who)


def test_the_database_lets_no_reporter_say_yes_for_the_other(pair, coordinator, code):
    one, other = pair
    link = actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    theirs = "consent_other_at" if link.one_id == one.pk else "consent_one_at"
    present(code.reader)
    with pytest.raises(DatabaseError, match="own case only"), transaction.atomic():
        CaseLink.objects.filter(pk=link.pk).update(**{theirs: link.at})


def test_a_case_that_a_colleague_cannot_see_cannot_be_linked_and_sounds_like_one_that_is_not_there(
    pair, first_line, sign_in
):
    one, other = pair
    with pytest.raises(PermissionDenied):
        actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=first_line)
    browser = Client()
    sign_in(browser, first_line)
    address = f"/beheer/ondersteuning/case/{one.pk}/verband/"
    answers = [
        browser.post(address, {"version": one.version, "reference": reference, "relation": "same_incident"})
        for reference in (other.reference, "WB-2222-2222")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    wrong = [answer.context["form"].errors["reference"] for answer in answers]
    assert wrong[0] == wrong[1]


def test_the_same_reporter_is_only_said_by_who_handles_both_and_asks_nobody(
    make_case, pair, first_line, coordinator
):
    one, other = pair
    with pytest.raises(ValidationError, match="beide zaken"):
        actions.link_cases(one, other, relation=Relation.SAME_REPORTER, by=coordinator)
    second = make_case(status=Status.IN_TRIAGE, handler=first_line, access_code=vault.new_access_code())
    before = Job.objects.count()
    link = actions.link_cases(one, second, relation=Relation.SAME_REPORTER, by=first_line)
    assert link.is_agreed
    assert not CaseLink.objects.asked_of(one).exists()
    assert Job.objects.count() == before


def test_a_pair_is_linked_once_whichever_way_round_and_again_after_it_was_undone(pair, coordinator):
    one, other = pair
    link = actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    with pytest.raises(ValidationError, match="al met elkaar verbonden"):
        actions.link_cases(other, one, relation=Relation.SAME_ORGANISATION, by=coordinator)
    actions.undo_link(link, by=coordinator)
    assert actions.link_cases(other, one, relation=Relation.SAME_ORGANISATION, by=coordinator)


def test_only_who_handles_one_of_the_two_or_coordinates_undoes(pair, coordinator, make_user):
    link = actions.link_cases(*pair, relation=Relation.SAME_INCIDENT, by=coordinator)
    with pytest.raises(PermissionDenied):
        actions.undo_link(link, by=make_user(Role.EERSTE_LIJN))


def test_a_case_for_the_organisation_alone_is_no_bodys_to_link(make_case, pair, griffier, coordinator):
    hidden = make_case(wish="organisation", contacts=[griffier], access_code=vault.new_access_code())
    with pytest.raises(PermissionDenied):
        actions.link_cases(pair[0], hidden, relation=Relation.SAME_INCIDENT, by=coordinator)


# --- one incident, many persons ---------------------------------------------------------------------


@pytest.fixture
def incident(make_case, first_line):
    """The griffier reported a threat against a whole council."""
    return make_case(
        status=Status.IN_TRIAGE, handler=first_line, on_behalf="several", consent="asked", kinds=["threat"]
    )


def people(*names):
    return [actions.Person(name, actions.Contactable(name=name)) for name in names]


def make(incident, by, names=("Ada", "Bram", "Cees"), **given):
    given = {"mine": True, "submission": secrets.token_urlsafe(32)} | given
    return actions.make_cases_for(
        incident, people(*names), narrative="Er kwam een dreigbrief voor de hele raad.", by=by, **given
    )


def test_each_person_gets_an_own_case_an_own_code_and_an_own_follow_up(incident, first_line, client):
    made = make(incident, first_line)
    assert len({str(one.code) for one in made}) == 3
    assert Case.objects.filter(source=Source.GROUP, handler=first_line, status=Status.IN_TRIAGE).count() == 3
    for one in made:
        browser = Client()
        browser.post("/volgen/", {"code": str(one.code)})
        seen = browser.get("/volgen/melding/").content.decode()
        assert one.case.reference in seen
        assert "dreigbrief voor de hele raad" in seen
        assert "Het team maakte deze zaak voor u" in seen
        assert not any(other.person.name in seen for other in made if other is not one)
        assert "man bij mijn hek" not in seen  # what the first reporter told stays there
    actions.close_case(made[0].case, outcome="advice", by=first_line)
    assert Case.objects.get(pk=made[1].case.pk).status == Status.IN_TRIAGE


def test_the_cases_are_linked_and_every_reporter_is_asked_themselves(incident, first_line, code, client):
    made = make(incident, first_line)
    assert CaseLink.objects.of(incident).count() == 3
    assert not any(link.is_agreed for link in CaseLink.objects.all())
    client.post("/volgen/", {"code": str(code)})
    assert client.get("/volgen/melding/verband/").content.decode().count("<form") >= 1
    client.post("/volgen/melding/verband/", {"relation": "same_incident", "agrees": "yes"})
    on_the_phone(made[0].case, first_line)
    assert [link.is_agreed for link in CaseLink.objects.of(made[0].case)] == [True]
    assert [link.is_agreed for link in CaseLink.objects.of(made[1].case)] == [False]


def test_a_form_that_is_sent_twice_shows_the_same_codes_and_makes_nothing_again(incident, first_line):
    submission = secrets.token_urlsafe(32)
    first = make(incident, first_line, submission=submission)
    again = make(incident, first_line, submission=submission)
    assert [str(one.code) for one in first] == [str(one.code) for one in again]
    assert Case.objects.filter(source=Source.GROUP).count() == 3


def test_they_may_wait_in_the_queue_and_wake_nobody(incident, first_line, colleague):
    before = set(Job.objects.values_list("pk", flat=True))
    made = make(incident, first_line, mine=False)
    assert set(Case.objects.visible_to(colleague).unclaimed()) == {one.case for one in made}
    jobs = Job.objects.exclude(pk__in=before)
    assert sorted(jobs.values_list("name", flat=True)) == [
        "ondersteuning.tell_reporter",
        "ondersteuning.tell_team",
    ]
    actions.take_case(made[0].case, by=colleague)


def test_only_who_handles_the_first_case_makes_the_others(incident, colleague, coordinator):
    for who in (colleague, coordinator):
        with pytest.raises(PermissionDenied):
            make(incident, who)


def test_the_desk_makes_them_and_shows_the_codes_once(incident, first_line, sign_in):
    browser = Client()
    sign_in(browser, first_line)
    address = f"/beheer/ondersteuning/case/{incident.pk}/personen/"
    form = browser.get(address).context["form"]
    sent = {
        "version": incident.version,
        "submission": form["submission"].value(),
        "people": "Ada Voorbeeld; 06 12345678; ada@voorbeeld.invalid\n\nBram Voorbeeld",
        "function": "raadslid",
        "text": "Er kwam een dreigbrief.",
        "mine": "yes",
    }
    shown = browser.post(address, sent).content.decode()
    assert "Er zijn 2 zaken gemaakt" in shown
    assert shown.count('class="eenmalig"') == 2
    (ada,) = Case.objects.filter(function="raadslid", source=Source.GROUP).order_by("received_at", "pk")[:1]
    names = set()
    for case in Case.objects.filter(source=Source.GROUP):
        with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
            names.add((content.people, content.contact["phone"], content.contact["email"]))
    assert names == {("Ada Voorbeeld", "+31612345678", "ada@voorbeeld.invalid"), ("Bram Voorbeeld", "", "")}
    assert ada.organisation == incident.organisation
    refused = browser.post(address, sent | {"people": "Ada; 12"})
    assert refused.status_code == 422
    assert "Regel 1 klopt niet" in refused.content.decode()
    assert "dreigbrief" in refused.content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_the_case_page_asks_no_more_for_many_links_than_for_one(
    number, incident, first_line, sign_in, django_assert_num_queries, client
):
    make(incident, first_line, names=[f"Persoon {one}" for one in range(number)])
    sign_in(client, first_line)
    address = f"/beheer/ondersteuning/case/{incident.pk}/change/"
    client.get(address)
    COUNTS.setdefault("first", _queries(client, address))
    assert _queries(client, address) == COUNTS["first"]


COUNTS: dict[str, int] = {}


def _queries(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# --- with the rights of production ------------------------------------------------------------------


def test_with_the_public_role_a_reporter_sees_and_answers_the_own_question_only(
    own_database, make_case, first_line, colleague, coordinator, code, other_code
):
    one = make_case(status=Status.IN_TRIAGE, handler=first_line)
    other = make_case(status=Status.IN_TRIAGE, handler=colleague, access_code=other_code)
    third = make_case(status=Status.IN_TRIAGE, handler=colleague, access_code=vault.new_access_code())
    actions.link_cases(one, other, relation=Relation.SAME_INCIDENT, by=coordinator)
    actions.link_cases(other, third, relation=Relation.SAME_INCIDENT, by=coordinator)
    with as_public(own_database):
        assert CaseLink.objects.values("pk").count() == 0
        with transaction.atomic():
            present(code.reader)
            assert CaseLink.objects.values("pk").count() == 1
        browser = Client()
        browser.post("/volgen/", {"code": str(code)})
        assert browser.get("/volgen/melding/verband/").status_code == 200
        answer = browser.post("/volgen/melding/verband/", {"relation": "same_incident", "agrees": "yes"})
        assert answer.status_code == 303, answer.content.decode()
    assert CaseLink.objects.unanswered_by(one).count() == 0
    assert CaseLink.objects.unanswered_by(other).count() == 2


class as_public:
    """Go on as a process of the public zone, with its database role."""

    def __init__(self, database):
        self.database = database

    def __enter__(self):
        from django.db import connection

        with owner_connection(self.database) as owner, owner.cursor() as cursor:
            known = {row[0] for row in cursor.execute("SELECT rolname FROM pg_roles").fetchall()}
            if missing := set(ROLES.values()) - known:
                pytest.skip(f"this cluster has no roles {', '.join(sorted(missing))}")
            grants.apply(cursor, ROLES | {"alles": connection.settings_dict["USER"]})
        self.app = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
        point_at(self.database, ROLES["publiek"], "")

    def __exit__(self, *error):
        point_at(self.database, *self.app)
