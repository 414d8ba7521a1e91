"""Who has an account is nobody's business: not by words, status, headers, cookies or time."""

from __future__ import annotations

import re
import statistics
import time

import pytest
from django.test import Client

from tests.accounts.conftest import give_password
from weerbaar.accounts.models import PasswordLink
from weerbaar.accounts.roles import Role
from weerbaar.jobs.models import Job
from weerbaar.zones import Zone


def seen(response) -> tuple:
    """Everything that a stranger can tell answers apart by, but for what is random in every answer."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
    body = re.sub(rb'value="[^"@]+@[^"]+"', b"", body)  # what they typed themselves
    random = {"Expires", "Content-Length"}  # the clock, and the length of what they typed
    headers = {name: value for name, value in response.items() if name not in random}
    cookies = {name: (morsel["path"], morsel["samesite"]) for name, morsel in response.cookies.items()}
    return response.status_code, headers, cookies, body


@pytest.fixture
def addresses(make_user) -> dict[str, str]:
    """One address of each kind that a stranger could try at /beheer/."""
    return {
        "an account": make_user(Role.EERSTE_LIJN).email,
        "an account that is off": make_user(Role.EERSTE_LIJN, is_active=False).email,
        "an account of the other zone": make_user(Role.AMBTSDRAGER).email,
        "an account without a password yet": make_user(Role.EERSTE_LIJN, password=None).email,
        "no account": "niemand@test.invalid",
    }


class Typed:
    zone = Zone.BEHEER

    def __init__(self, email: str) -> None:
        self.email = email


def test_a_wrong_password_gives_every_address_the_same_answer(addresses):
    answers = {kind: seen(give_password(Client(), Typed(email), "fout")) for kind, email in addresses.items()}
    assert answers["no account"][0] == 422
    for kind, answer in answers.items():
        assert answer == answers["no account"], kind


def test_the_right_password_of_an_account_that_cannot_enter_gives_the_same_answer(addresses):
    wrong = seen(give_password(Client(), Typed(addresses["no account"]), "geheim"))
    for kind in ("an account that is off", "an account of the other zone"):
        assert seen(give_password(Client(), Typed(addresses[kind]), "geheim")) == wrong, kind


def test_too_many_tries_are_refused_alike(addresses):
    series = {
        kind: [seen(give_password(Client(REMOTE_ADDR=ip), Typed(addresses[kind]), "fout")) for _ in range(7)]
        for kind, ip in [("an account", "192.0.2.1"), ("no account", "192.0.2.2")]
    }
    assert series["an account"] == series["no account"]
    assert series["no account"][-1] != series["no account"][0]


def ask(email: str):
    return Client().post("/beheer/account/password/reset/", {"email": email})


def test_a_forgotten_password_gives_every_address_the_same_answer(addresses):
    answers = {kind: seen(ask(email)) for kind, email in addresses.items()}
    assert answers["no account"][0] == 302
    for kind, answer in answers.items():
        assert answer == answers["no account"], kind
    assert Job.objects.filter(name="weerbaar.accounts.send_password_link").count() == len(addresses)


def test_only_an_account_that_may_enter_gets_a_link(addresses):
    for email in addresses.values():
        ask(email)
    links = PasswordLink.objects.filter(user__isnull=False).values_list("user__email", flat=True)
    assert set(links) == {addresses["an account"], addresses["an account without a password yet"]}


@pytest.mark.promises
@pytest.mark.parametrize("what", ["sign-in", "forgotten"])
def test_nobody_learns_it_from_the_clock(addresses, settings, what):
    """P11: medians within 5 % over 200 tries each, taken in turn so that the machine's moods even out."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    known = addresses["an account"]
    from weerbaar.accounts.models import User

    user = User.objects.get(email=known)
    user.set_password("geheim")
    user.save()
    tries = {"sign-in": 200, "forgotten": 200}[what]
    do = {
        "sign-in": lambda email: give_password(Client(), Typed(email), "fout"),
        "forgotten": ask,
    }[what]
    times: dict[str, list[float]] = {known: [], "niemand@test.invalid": []}
    for _ in range(tries):
        for email, spent in times.items():
            begun = time.process_time() if what == "sign-in" else time.perf_counter()
            do(email)
            spent.append((time.process_time() if what == "sign-in" else time.perf_counter()) - begun)
    with_account, without = (statistics.median(spent) for spent in times.values())
    print(f"P11 {what}: {with_account * 1000:.2f} ms with, {without * 1000:.2f} ms without an account")
    assert abs(with_account / without - 1) <= 0.05
