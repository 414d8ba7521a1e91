"""Asking for an account: the organisation's contact confirms function and term; a stranger learns nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from netwerk.models import AccountRequest, Contact, Membership, Organisation
from netwerk.tasks.people import clear_old_requests
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due

PATH = "/mijn/account/aanvragen/"
DESK = "/mijn/organisatie/aanvragen/"


@pytest.fixture
def gemeente():
    return Organisation.objects.get_or_create(
        code="GM0363", defaults={"name": "Amsterdam", "layer": "gemeente", "province_code": "PV27"}
    )[0]


@pytest.fixture
def elsewhere():
    return Organisation.objects.get_or_create(
        code="GM0518", defaults={"name": "'s-Gravenhage", "layer": "gemeente", "province_code": "PV28"}
    )[0]


def contact_of(organisation, make_user) -> User:
    user = make_user(Role.ORGANISATIECONTACT)
    Contact.objects.create(organisation=organisation, user=user, function="griffier", label="de griffier")
    return user


@pytest.fixture
def griffier(gemeente, make_user):
    return contact_of(gemeente, make_user)


def answers(**changes) -> dict[str, str]:
    return {
        "name": "Rosa van Dalen",
        "email": "R.vanDalen@amsterdam.invalid",
        "organisation": "Amsterdam",
        "function": "raadslid",
        "valid_until_dag": "30",
        "valid_until_maand": "maart",
        "valid_until_jaar": str(timezone.localdate().year + 2),
        **changes,
    }


@pytest.fixture
def mails(settings, tmp_path):
    settings.MAIL_DIR = str(tmp_path)

    def sent() -> list[str]:
        run_due()
        return [path.read_text() for path in sorted(tmp_path.glob("*.eml"))]

    return sent


def test_the_contact_confirms_and_the_account_is_invited(client, griffier, gemeente, sign_in, mails):
    assert client.post(PATH, answers())["Location"] == f"{PATH}verstuurd/"
    (mail,) = mails()
    assert f"To: {griffier.email}" in mail
    assert "Rosa" not in mail
    assert not User.objects.filter(email="r.vandalen@amsterdam.invalid").exists()

    desk = Client()
    sign_in(desk, griffier)
    assert "Rosa van Dalen" in desk.get(DESK).content.decode()
    asked = AccountRequest.objects.get()
    assert desk.post(f"{DESK}{asked.pk}/", {"confirm": "1"})["Location"] == DESK
    user = User.objects.get(email="r.vandalen@amsterdam.invalid")
    assert user.roles == {Role.AMBTSDRAGER}
    membership = Membership.objects.current().get(user=user)
    assert (membership.organisation, membership.function) == (gemeente, "raadslid")
    assert membership.valid_until == date(timezone.localdate().year + 2, 3, 30)
    assert membership.confirmed_by == griffier
    assert "To: r.vandalen@amsterdam.invalid" in mails()[-1]
    assert desk.post(f"{DESK}{asked.pk}/", {"confirm": "1"}).status_code == 404


def test_everybody_gets_the_same_answer(client, griffier, elsewhere, make_user):
    known = make_user(Role.AMBTSDRAGER)
    kinds = {
        "new": answers(),
        "asked before": answers(),
        "has an account": answers(email=known.email),
        "is staff": answers(email=make_user(Role.EERSTE_LIJN).email),
        "nobody to confirm": answers(organisation="'s-Gravenhage"),
    }
    seen = {kind: (r := client.post(PATH, data)).status_code and (r.status_code, r["Location"], r.content)
            for kind, data in kinds.items()}  # fmt: skip
    assert set(seen.values()) == {(302, f"{PATH}verstuurd/", b"")}
    assert AccountRequest.objects.count() == 4


def test_a_refused_request_is_gone_and_nobody_is_mailed(client, griffier, sign_in, mails):
    client.post(PATH, answers())
    before = len(mails())
    sign_in(client, griffier)
    client.post(f"{DESK}{AccountRequest.objects.get().pk}/", {"refuse": "1"})
    assert not AccountRequest.objects.exists()
    assert not User.objects.filter(email__startswith="r.vandalen").exists()
    assert len(mails()) == before


def test_a_stranger_finds_nothing(client, griffier, elsewhere, make_user, sign_in):
    client.post(PATH, answers())
    asked = AccountRequest.objects.get()
    former = contact_of(asked.organisation, make_user)
    Contact.objects.filter(user=former).update(valid_from=date(2020, 1, 1), valid_until=timezone.localdate())
    for user in (contact_of(elsewhere, make_user), former, make_user(Role.AMBTSDRAGER)):
        sign_in(client, user)
        assert "Rosa" not in client.get(DESK).content.decode()
        assert client.post(f"{DESK}{asked.pk}/", {"confirm": "1"}).status_code == 404
    assert AccountRequest.objects.exists()


def test_nobody_confirms_the_own_request(client, griffier, sign_in):
    client.post(PATH, answers(email=griffier.email))
    sign_in(client, griffier)
    assert client.post(f"{DESK}{AccountRequest.objects.get().pk}/", {"confirm": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("email", "geen adres"),
        ("organisation", "Nergenshuizen"),
        ("function", "dijkgraaf"),
        ("function", "griffier"),
        ("valid_until_jaar", "2020"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, gemeente, field, typed):
    response = client.post(PATH, answers(**{field: typed}))
    assert response.status_code == 422
    page = response.content.decode()
    assert "<title>Fout:" in page
    if field != "name":
        assert "Rosa van Dalen" in page
    assert not AccountRequest.objects.exists()


def test_a_request_that_nobody_decides_about_goes(client, griffier):
    client.post(PATH, answers())
    AccountRequest.objects.update(asked_at=timezone.now() - timedelta(days=31))
    clear_old_requests(timezone.now())
    assert not AccountRequest.objects.exists()


def test_an_address_that_is_too_long_is_said_and_not_a_fault_of_ours(client, gemeente):
    response = client.post(PATH, answers(email="a" * 250 + "@amsterdam.invalid"))
    assert response.status_code == 422
    assert not AccountRequest.objects.exists()
