"""What must hold when several workers are asked at the same moment. Real connections, real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connections
from django.test import Client, RequestFactory

from tests.accounts.conftest import code_now, give_code, give_password
from tests.conftest import Granter
from weerbaar.accounts.actions import choose_password, find_link, grant_role, invite
from weerbaar.accounts.adapter import seal_secret
from weerbaar.accounts.models import PasswordLink, RoleGrant, UsedCode
from weerbaar.accounts.roles import Role
from weerbaar.accounts.tasks import hash_token
from weerbaar.zones import Zone

WORKERS = 4


def all_at_once(number: int, do) -> list:
    """The answers of `do(0)` … `do(number - 1)`, begun together, each on a connection of its own."""
    ready = Barrier(number)

    def one(index: int):
        try:
            ready.wait()
            return do(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.fixture
def half_way(own_database, make_user, with_app):
    """An account, its secret, and four browsers that gave the password and are asked for a code."""
    user = make_user(Role.EERSTE_LIJN)
    secret = with_app(user)
    clients = [Client() for _ in range(WORKERS)]
    for client in clients:
        assert give_password(client, user).status_code == 302
    return user, secret, clients


@pytest.mark.parametrize("attempt", range(3))
def test_one_code_on_four_connections_lets_one_in(half_way, attempt):
    user, secret, clients = half_way
    code = code_now(secret)
    answers = all_at_once(WORKERS, lambda n: give_code(clients[n], user, code).status_code)
    assert sorted(answers) == [302, 422, 422, 422]
    inside = [client for client in clients if client.get("/beheer/account/").status_code == 200]
    assert len(inside) == 1
    assert UsedCode.objects.count() == 1


def test_one_recovery_code_on_four_connections_lets_one_in(half_way):
    user, _secret, clients = half_way
    seed = seal_secret(user.zone, "ab" * 40)
    row = Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": seed, "used_mask": 0})
    request = RequestFactory().get("/")
    request.zone = user.zone
    with context.request_context(request):
        code = RecoveryCodes(row).generate_codes()[0]
    answers = all_at_once(WORKERS, lambda n: give_code(clients[n], user, code).status_code)
    assert sorted(answers) == [302, 422, 422, 422]


def test_five_guesses_of_a_code_and_no_more(half_way):
    """Twelve guesses at once: five are looked at, and the right code does not help after that."""
    user, secret, clients = half_way
    guesses = [f"{n:06}" for n in range(12)]
    answers = all_at_once(12, lambda n: give_code(clone(clients[n % WORKERS]), user, guesses[n]))
    looked_at = [answer for answer in answers if b"klopt niet" in answer.content]
    refused = [answer for answer in answers if b"te vaak" in answer.content]
    assert (len(looked_at), len(refused)) == (5, 7)
    assert give_code(clients[0], user, code_now(secret)).status_code == 422


@pytest.mark.parametrize("known", [True, False])
def test_five_guesses_of_a_password_and_no_more(own_database, make_user, known):
    user = make_user(Role.EERSTE_LIJN)
    if not known:
        user.email = "niemand@test.invalid"
    answers = all_at_once(12, lambda n: give_password(Client(), user, f"fout{n}"))
    looked_at = [answer for answer in answers if b"horen niet bij elkaar" in answer.content]
    refused = [answer for answer in answers if b"te vaak" in answer.content]
    assert (len(looked_at), len(refused)) == (5, 7)


def test_one_invitation_on_four_connections_makes_one_password(own_database):
    user = invite("nieuw@test.invalid", "Nieuw", Role.EERSTE_LIJN, by=Granter())
    PasswordLink.objects.filter(user=user).update(token_hash=hash_token("token"))
    link = find_link("token", PasswordLink.Kind.INVITATION, zone=Zone.BEHEER)
    answers = all_at_once(WORKERS, lambda n: choose_password(link, f"wachtwoord van {n} tekens"))
    assert sum(answer is not None for answer in answers) == 1


def test_two_grants_at_once_never_join_technical_and_content(own_database, make_user):
    user = make_user()
    roles = [Role.TECHNISCH_BEHEER, Role.AUDITOR, Role.EERSTE_LIJN, Role.TOETSADVISEUR]

    def grant(index: int) -> bool:
        try:
            grant_role(user, roles[index], by=Granter())
        except Exception:
            return False
        return True

    all_at_once(WORKERS, grant)
    held = set(RoleGrant.objects.filter(user=user).values_list("role_id", flat=True))
    assert held in (
        {"technisch_beheer"},
        {"auditor"},
        {"eerste_lijn"},
        {"toetsadviseur"},
        {"eerste_lijn", "toetsadviseur"},
    )


def clone(client: Client) -> Client:
    """Another worker's view of the same browser."""
    other = Client()
    other.cookies.update(client.cookies)
    return other
