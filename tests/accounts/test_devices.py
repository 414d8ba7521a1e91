"""A stranger who guesses does not keep an account's owner out, and gets no more guesses for it."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.accounts.conftest import code_now, give_code, give_password
from weerbaar.accounts import devices
from weerbaar.accounts.models import CacheRow
from weerbaar.accounts.roles import Role
from weerbaar.zones import Zone

HOME, ELSEWHERE = "192.0.2.7", "203.0.113.9"


@pytest.fixture
def user(make_user):
    return make_user(Role.EERSTE_LIJN)


@pytest.fixture
def secret(user, with_app):
    return with_app(user)


@pytest.fixture
def laptop(user, secret):
    """A browser that this account signed in with, and signed out of again."""
    browser = Client(REMOTE_ADDR=HOME)
    give_password(browser, user)
    assert give_code(browser, user, code_now(secret, step=-1)).status_code == 302
    assert browser.cookies["toestel_beheer"]["httponly"]
    browser.post("/beheer/account/logout/")
    return browser


def keep_guessing(user, browser=None, number: int = 7):
    browser = browser or Client(REMOTE_ADDR=ELSEWHERE)
    return [b"te vaak" in give_password(browser, user, "fout").content for _ in range(number)]


def test_the_owner_comes_in_while_a_stranger_goes_on_guessing(user, secret, laptop):
    assert keep_guessing(user) == [False] * 5 + [True] * 2
    assert give_password(Client(REMOTE_ADDR=HOME), user).status_code == 422  # a new device waits
    assert give_password(laptop, user).status_code == 302
    assert give_code(laptop, user, code_now(secret)).status_code == 302


def test_a_known_device_has_five_guesses_too(user, laptop):
    assert keep_guessing(user, laptop) == [False] * 5 + [True] * 2
    assert give_password(laptop, user).status_code == 422
    assert give_password(Client(REMOTE_ADDR=ELSEWHERE), user).status_code == 302  # nobody else was counted


def made_up(user) -> dict[str, str]:
    long = int(time.time()) + 10**6
    return {
        "not signed": f"naam.{long}.{'0' * 64}",
        "nothing": "",
        "half": "naam",
        "no number": "naam.x.y",
        "strange signs": "naam.²é.ü",
        "of the other zone": f"naam.{long}.{devices._proof(Zone.MIJN, user.email, 'naam', long)}",
        "of another account": f"naam.{long}.{devices._proof(Zone.BEHEER, 'a@b.nl', 'naam', long)}",
        "renamed": f"anders.{long}.{devices._proof(Zone.BEHEER, user.email, 'naam', long)}",
        "too old": f"naam.1000.{devices._proof(Zone.BEHEER, user.email, 'naam', 1000)}",
    }


def test_a_made_up_device_gives_no_tries_of_its_own(user):
    assert keep_guessing(user, number=5) == [False] * 5
    for number, (kind, cookie) in enumerate(made_up(user).items()):
        browser = Client(REMOTE_ADDR=f"203.0.113.{100 + number}")
        browser.cookies["toestel_beheer"] = cookie
        assert keep_guessing(user, browser, 1) == [True], kind


def test_a_device_is_known_for_ninety_days(user, laptop, monkeypatch):
    keep_guessing(user)
    later = time.time() + timedelta(days=90, minutes=1).total_seconds()
    monkeypatch.setattr(devices, "time", SimpleNamespace(time=lambda: later))  # the limits' clock stays
    assert keep_guessing(user, laptop, 1) == [True]


def test_leaving_forgets_the_device(laptop):
    answer = laptop.get("/beheer/verlaten/")
    assert answer.cookies["toestel_beheer"]["max-age"] == 0


def test_a_password_alone_makes_no_device_known(user, secret):
    browser = Client()
    assert give_password(browser, user).status_code == 302
    assert "toestel_beheer" not in browser.cookies


def test_the_counts_are_rows_in_the_database(user, laptop):
    CacheRow.objects.all().delete()
    keep_guessing(user, laptop, 1)
    assert CacheRow.objects.filter(cache_key__contains="login_failed").count() == 2  # by address, by device
