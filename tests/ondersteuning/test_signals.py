"""Signaal delen: a light flow in, a desk that reads, and what becomes of a signal."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from netwerk.models import Organisation
from ondersteuning import actions
from ondersteuning.lifecycle import SIGNAL_NEXT, SignalStatus, Status
from ondersteuning.models import Case, Signal
from ondersteuning.vocabulary import Source
from tests.ondersteuning.test_related import as_public
from tests.ondersteuning.test_writing import unsafe_now
from weerbaar.accounts.roles import Role
from weerbaar.audit.api import AccessLog
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault
from weerbaar.vault.api import Purpose

TEXT = "Een ondernemer nodigt mij steeds uit op zijn boot."
ANSWERS = {
    "wat": {"kinds": ["charm", "money"], "text": TEXT},
    "waar": {"function": "wethouder", "organisation": "Testdam"},
    "bereiken": {},
}
CONTACT = {"name": "Noor", "phone": "06 12345678", "moment": "evening", "email": "noor@voorbeeld.invalid"}


def walk(client, **changes):
    """A whole signal, first page to confirmation."""
    assert client.get("/signaal/").status_code == 200
    place = "/signaal/wat/"
    while (slug := place.strip("/").split("/")[-1]) != "controleren":
        assert client.get(place).status_code == 200, place
        answer = client.post(place, (ANSWERS | changes)[slug])
        assert answer.status_code == 303, answer.content.decode()
        place = answer["Location"]
    assert client.get(place).status_code == 200
    sent = client.post(place)
    assert (sent.status_code, sent["Location"]) == (303, "/signaal/verstuurd/")
    return client.get("/signaal/verstuurd/").content.decode()


def share(status=SignalStatus.NEW, **fields) -> Signal:
    given = {"kinds": ["charm"], "text": TEXT} | fields
    actions.share_signal(actions.Shared(**given), submission=f"{Signal.objects.count()}-{id(fields)}")
    signal = Signal.objects.latest("received_at")
    return put_in(signal, status)


def put_in(signal, status):
    ways = {
        SignalStatus.NEW: [],
        SignalStatus.READ: [{}],
        SignalStatus.THEME: [{}, {"theme": "integrity"}],
        SignalStatus.CASE: [{}, {"case": "own"}],
    }
    steps = {1: SignalStatus.READ, 2: status}
    for number, more in enumerate(ways[status], 1):
        if more.get("case"):
            more = {"case": _any_case()}
        Signal.objects.filter(pk=signal.pk).update(status=steps[number], **more)
    signal.refresh_from_db()
    return signal


def _any_case():
    contact = actions.Contactable(phone="+31600000000", moment="any")
    code = vault.new_access_code()
    return actions.request_callback(contact, submission=code.reader[:64], code=code)


# --- sharing ----------------------------------------------------------------------------------------


def test_a_signal_is_shared_in_three_pages_without_name_or_code(client, organisation):
    shown = walk(client)
    assert "Uw signaal is gedeeld" in shown
    assert "toegangscode" not in shown
    assert "U hoort er dus niets van terug" in shown
    signal = Signal.objects.get()
    assert (signal.status, signal.kinds, signal.function) == ("new", ["charm", "money"], "wethouder")
    assert signal.organisation == organisation


def test_who_leaves_a_number_hears_that_we_may_call(client, organisation, first_line):
    assert "nemen wij contact met u op" in walk(client, bereiken=CONTACT)
    with vault.open(Signal.objects.get(), by=first_line, purpose=Purpose.TRIAGE) as content:
        assert (content.text, content.contact["phone"]) == (TEXT, "+31612345678")


def test_sent_twice_it_is_one_signal(client, organisation):
    walk(client)
    client.post("/signaal/controleren/")
    assert Signal.objects.count() == 1
    actions.share_signal(
        actions.Shared(kinds=["charm"], text=TEXT), submission=Signal.objects.get().submission
    )
    assert Signal.objects.count() == 1


def test_the_team_hears_that_something_came_and_not_what(client, organisation, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    walk(client)
    run_due()
    (mail,) = [path.read_text() for path in tmp_path.glob("*.eml")]
    assert "boot" not in mail
    assert "signaal" not in mail.lower()


def test_a_signal_that_was_read_in_the_meantime_sends_no_mail(first_line, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    actions.read_signal(share(), by=first_line)
    run_due()
    assert not list(tmp_path.glob("*.eml"))


def test_with_the_public_role_a_signal_goes_in_and_no_signal_comes_out(own_database, client):
    Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")
    with as_public(own_database):
        walk(client)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Signal.objects.count()
    assert Signal.objects.count() == 1
    assert Job.objects.filter(name="ondersteuning.tell_team_of_signal").count() == 1


# --- the way of a signal ----------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), list(product(SignalStatus, SignalStatus)))
def test_only_listed_moves_are_possible(old, new, first_line):
    signal = share(old)
    do = {
        SignalStatus.READ: lambda: actions.read_signal(signal, by=first_line),
        SignalStatus.THEME: lambda: actions.put_signal_in_theme(signal, theme="unrest", by=first_line),
        SignalStatus.CASE: lambda: actions.make_case_of_signal(
            signal, kinds=["bribery"], urgency=2, by=first_line
        ),
    }
    if new in SIGNAL_NEXT[old]:
        do[new]()
        signal.refresh_from_db()
        assert signal.status == new
    elif new in do:
        with pytest.raises(ValidationError):
            do[new]()
        signal.refresh_from_db()
        assert signal.status == old


@pytest.mark.parametrize(("old", "new"), list(product(SignalStatus, SignalStatus)))
def test_the_database_refuses_the_other_moves_too(old, new):
    if new in SIGNAL_NEXT[old] or old == new:
        return
    signal = share(old)
    with pytest.raises(DatabaseError), transaction.atomic():
        Signal.objects.filter(pk=signal.pk).update(status=new, theme="unrest")


def test_a_signal_that_becomes_a_case_takes_its_words_along(first_line, organisation, settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)
    contact = actions.Contactable(name="Noor", phone="+31612345678", email="noor@voorbeeld.invalid")
    signal = share(SignalStatus.READ, organisation=organisation, function="wethouder", contact=contact)
    case = actions.make_case_of_signal(signal, kinds=["bribery"], urgency=1, by=first_line)
    assert (case.source, case.status, case.kinds) == (Source.SIGNAL, Status.IN_TRIAGE, ["bribery"])
    assert Case.objects.openable_by(first_line).get() == case
    with vault.open(case, by=first_line, purpose=Purpose.HANDLE) as content:
        assert (content.narrative, content.contact["phone"]) == (TEXT, "+31612345678")
    actions.move_case(case, Status.IN_GUIDANCE, by=first_line)
    run_due()
    mails = [path.read_text() for path in tmp_path.glob("*.eml")]
    assert not any("noor@" in mail for mail in mails)  # who has no code is not sent to /volgen/


def test_who_shared_it_gets_in_with_a_temporary_code(first_line, client):
    case = actions.make_case_of_signal(share(SignalStatus.READ), kinds=["other"], urgency=3, by=first_line)
    temporary = actions.give_temporary_code(case, checked="Gebeld.", by=first_line, version=case.version)
    assert client.post("/volgen/", {"code": str(temporary)}).status_code == 200


# --- who sees it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sees", "reads"),
    [
        (Role.EERSTE_LIJN, True, True),
        (Role.COORDINATOR, True, False),
        (Role.TWEEDE_LIJN, False, False),
        (Role.AUDITOR, False, False),
        (Role.NETWERKBEHEER, False, False),
        (Role.TECHNISCH_BEHEER, False, False),
    ],
)
def test_who_sees_a_signal_and_who_reads_it(role, sees, reads, make_user, sign_in, client):
    signal = share()
    sign_in(client, make_user(role))
    address = f"/beheer/ondersteuning/signal/{signal.pk}/"
    listed, page = client.get("/beheer/ondersteuning/signal/"), client.get(f"{address}change/")
    assert page.status_code == (200 if sees else 404)
    assert listed.status_code == (200 if sees else 403)
    assert (TEXT in page.content.decode()) == reads
    assert TEXT not in listed.content.decode()
    assert AccessLog.objects.filter(dossier=signal.pk, result="opened").exists() == reads
    assert client.post(f"{address}gelezen/").status_code == (302 if reads else 404)
    assert Signal.objects.get().status == ("read" if reads else "new")


def test_the_desk_reads_themes_and_makes_a_case(first_line, sign_in, client):
    signal = share()
    sign_in(client, first_line)
    address = f"/beheer/ondersteuning/signal/{signal.pk}/"
    client.post(f"{address}gelezen/")
    assert client.post(f"{address}thema/").status_code == 422
    client.post(f"{address}thema/", {"theme": "integrity"})
    assert Signal.objects.get().theme == "integrity"
    refused = client.post(f"{address}zaak/", {"urgency": 1})
    assert "Kies ten minste één soort." in refused.content.decode()
    made = client.post(f"{address}zaak/", {"urgency": 1, "kinds": ["bribery"]})
    assert made["Location"] == f"/beheer/ondersteuning/case/{Case.objects.get().pk}/change/"
    again = client.post(f"{address}zaak/", {"urgency": 1, "kinds": ["bribery"]}, follow=True)
    assert "Een collega was u voor" in again.content.decode()
    assert Case.objects.count() == 1


def test_what_became_a_case_is_read_by_who_handles_the_case(first_line, colleague, sign_in):
    """Not any more by all of the first line, nor by who withdrew; and who comes second hears so."""
    signal = share(SignalStatus.READ)
    address = f"/beheer/ondersteuning/signal/{signal.pk}/"
    hers, his = Client(), Client()
    sign_in(hers, first_line)
    sign_in(his, colleague)
    assert TEXT in his.get(f"{address}change/").content.decode()
    case = actions.make_case_of_signal(signal, kinds=["bribery"], urgency=1, by=first_line)
    page = his.get(f"{address}change/").content.decode()
    assert TEXT not in page
    assert "Alleen wie de zaak behandelt, leest wat er staat." in page
    late = his.post(f"{address}zaak/", {"urgency": 1, "kinds": ["bribery"]}, follow=True)
    assert "Een collega was u voor" in late.content.decode()
    assert TEXT in hers.get(f"{address}change/").content.decode()
    actions.recuse(case, reason="Ik ken deze persoon.", by=first_line)
    assert TEXT not in hers.get(f"{address}change/").content.decode()


def test_who_calls_about_a_signal_sees_whether_now_is_safe(first_line, sign_in, client):
    sign_in(client, first_line)
    signal = share(contact=actions.Contactable(phone="+31612345678", moment=unsafe_now()))
    page = client.get(f"/beheer/ondersteuning/signal/{signal.pk}/change/").content.decode()
    assert "Bel nu niet" in page


def test_who_may_not_read_it_may_not_move_it_either(coordinator, make_user):
    for user in (coordinator, make_user(Role.TWEEDE_LIJN)):
        with pytest.raises(PermissionDenied):
            actions.read_signal(share(), by=user)


def test_the_start_page_counts_what_nobody_read(first_line, sign_in, client):
    share()
    share(SignalStatus.READ)
    sign_in(client, first_line)
    page = client.get("/beheer/")
    (tile,) = [tile for tile in page.context["tiles"] if tile.label == "Nieuwe signalen"]
    assert tile.count == 1


@pytest.mark.parametrize("filters", ["", "?status=new", "?kind=charm", "?theme=integrity"])
def test_the_list_asks_as_much_for_many_as_for_few(filters, first_line, organisation, sign_in):
    client = Client()
    sign_in(client, first_line)
    counts = []
    for number in (10, 1000):
        template = share(organisation=organisation)
        Signal.objects.bulk_create(
            Signal(
                submission=f"{number}-{one}", kinds=["charm"], text=template.text, organisation=organisation
            )
            for one in range(number)
        )
        address = f"/beheer/ondersteuning/signal/{filters}"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
