"""A contact invites for the own organisation: nobody elsewhere, nobody of the staff, no weightier role."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from netwerk.actions import invite_member
from netwerk.functions import Function
from netwerk.models import AccountRequest, Contact, Membership
from tests.netwerk.test_account_requests import answers as asked
from tests.netwerk.test_account_requests import contact_of, elsewhere, gemeente, griffier, mails  # noqa: F401
from weerbaar.accounts.models import RoleGrant, User
from weerbaar.accounts.roles import Role

PATH = "/mijn/organisatie/uitnodigen/"


def answers(organisation, **changes) -> dict[str, str]:
    return asked(organisation=str(organisation.pk), **changes)


def test_a_contact_invites_a_council_member(client, griffier, gemeente, sign_in, mails):  # noqa: F811
    sign_in(client, griffier)
    assert client.get(PATH).status_code == 200
    assert client.post(PATH, answers(gemeente, role="coordinator"))["Location"] == PATH
    user = User.objects.get(email="r.vandalen@amsterdam.invalid")
    assert user.roles == {Role.AMBTSDRAGER}
    membership = Membership.objects.current().get(user=user)
    assert (membership.organisation, membership.confirmed_by) == (gemeente, griffier)
    (mail,) = mails()
    assert f"To: {user.email}" in mail
    assert "Rosa" not in mail


def test_nobody_invites_to_another_organisation(client, griffier, elsewhere, sign_in):  # noqa: F811
    sign_in(client, griffier)
    assert client.post(PATH, answers(elsewhere)).status_code == 422
    assert "'s-Gravenhage" not in client.get(PATH).content.decode()
    with pytest.raises(PermissionDenied):
        invite_member(
            email="x@y.invalid",
            name="X",
            organisation=elsewhere,
            function=Function.RAADSLID,
            valid_until=None,
            by=griffier,
        )
    assert not Membership.objects.exists()


def test_staff_are_not_invited_and_the_answer_is_the_same(client, griffier, gemeente, make_user, sign_in):  # noqa: F811
    colleague = make_user(Role.EERSTE_LIJN)
    before = RoleGrant.objects.count()
    sign_in(client, griffier)
    new = client.post(PATH, answers(gemeente), follow=True)
    same = client.post(PATH, answers(gemeente, email=colleague.email), follow=True)
    assert "De uitnodiging is verstuurd." in new.content.decode()
    assert "De uitnodiging is verstuurd." in same.content.decode()
    assert User.objects.get(pk=colleague.pk).roles == {Role.EERSTE_LIJN}
    assert not Membership.objects.filter(user=colleague).exists()
    assert RoleGrant.objects.count() == before + 1


@pytest.mark.parametrize("role", [Role.AMBTSDRAGER, Role.PARTNER, Role.ORGANISATIECONTACT])
def test_who_is_no_contact_finds_nothing(client, gemeente, make_user, sign_in, role):  # noqa: F811
    sign_in(client, make_user(role))
    assert client.get(PATH).status_code == 404
    assert client.post(PATH, answers(gemeente)).status_code == 404
    assert not User.objects.filter(email__startswith="r.vandalen").exists()


def test_a_contact_that_nobody_confirmed_invites_nobody(client, griffier, gemeente, sign_in):  # noqa: F811
    Contact.objects.update(confirmed_at=None)
    sign_in(client, griffier)
    assert client.post(PATH, answers(gemeente)).status_code == 404


def test_nobody_invites_oneself(client, griffier, gemeente, sign_in):  # noqa: F811
    sign_in(client, griffier)
    assert client.post(PATH, answers(gemeente, email=griffier.email)).status_code == 422
    assert not Membership.objects.exists()


def test_inviting_answers_a_waiting_request_too(client, griffier, gemeente, sign_in):  # noqa: F811
    client.post("/mijn/account/aanvragen/", asked())
    sign_in(client, griffier)
    client.post(PATH, answers(gemeente))
    assert not AccountRequest.objects.exists()
    assert Membership.objects.current().count() == 1


def test_what_is_wrong_is_said(client, griffier, gemeente, sign_in):  # noqa: F811
    sign_in(client, griffier)
    response = client.post(PATH, answers(gemeente, function="dijkgraaf"))
    assert response.status_code == 422
    assert "<title>Fout:" in response.content.decode()
