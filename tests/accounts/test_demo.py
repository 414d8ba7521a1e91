"""Demo accounts: one a role, for ./portaal alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.accounts.conftest import code_now, give_code, give_password
from weerbaar.accounts.demo import make_accounts
from weerbaar.accounts.models import User
from weerbaar.accounts.roles import Role


@pytest.fixture
def var(monkeypatch, tmp_path):
    monkeypatch.setenv("VAR", str(tmp_path / "een map"))
    return tmp_path / "een map"


def test_each_role_gets_an_account_that_can_sign_in(client, var, settings):
    settings.EMBEDDED = True
    make_accounts()
    file = var / "demo-accounts.json"
    assert file.stat().st_mode & 0o777 == 0o600
    accounts = json.loads(file.read_text())
    assert [account["role"] for account in accounts] == list(Role.values)
    for number, account in enumerate(accounts):
        browser = type(client)(REMOTE_ADDR=f"192.0.2.{number}")
        user = User.objects.get(email=f"{account['role']}@demo.invalid")
        assert user.roles == {account["role"]}
        assert give_password(browser, user, account["password"]).status_code == 302
        answer = give_code(browser, user, code_now(account["totp_secret"]))
        assert answer["Location"] == f"/{user.zone}/", account["role"]


def test_a_second_run_changes_nothing(var, settings):
    settings.EMBEDDED = True
    make_accounts()
    before = (var / "demo-accounts.json").read_text(), list(User.objects.order_by("pk").values())
    make_accounts()
    assert before == ((var / "demo-accounts.json").read_text(), list(User.objects.order_by("pk").values()))


def test_a_lost_file_gives_new_passwords(var, settings):
    settings.EMBEDDED = True
    make_accounts()
    (var / "demo-accounts.json").unlink()
    make_accounts()
    account = json.loads((var / "demo-accounts.json").read_text())[0]
    assert User.objects.get(email=account["email"]).check_password(account["password"])
    assert User.objects.count() == len(Role)


def test_there_are_no_demo_accounts_elsewhere(var, settings):
    settings.EMBEDDED = False
    with pytest.raises(ImproperlyConfigured):
        make_accounts()
    assert not User.objects.exists()


def test_a_site_on_https_never_has_demo_accounts():
    env = os.environ | {"EMBEDDED": "1", "SITE_URL": "https://portaal.example.nl"}
    done = subprocess.run(
        [sys.executable, "-c", "import weerbaar.settings"], env=env, capture_output=True, text=True
    )
    assert done.returncode
    assert done.stderr.startswith("EMBEDDED=1")
