"""P10 on four real processes of the web server, and no Redis at all."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests
from django.contrib.auth.hashers import Argon2PasswordHasher

from tests.accounts.conftest import code_now
from weerbaar.accounts.roles import Role

WORKERS = 4
ACCOUNT = "/beheer/account"


@pytest.fixture
def server(own_database):
    """The address of a web server with four processes on the test's database."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    env = os.environ | {
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{own_database}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "REDIS_URL": "redis+socket:///nowhere.sock",
    }
    command = ["gunicorn", "weerbaar.wsgi:application", "-b", f"127.0.0.1:{port}", "-w", str(WORKERS)]
    command += ["--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen([sys.executable, "-m", *command], env=env, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                requests.get(url + ACCOUNT + "/login/", timeout=30)
                break
            except requests.RequestException:
                time.sleep(0.5)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


class Browser:
    """One browser half-way: the password was right, a code is asked for."""

    def __init__(self, url: str, email: str) -> None:
        self.url, self.session = url, requests.Session()
        self.send("/login/", login=email, password="geheim geheim")

    def send(self, page: str, **fields: str) -> requests.Response:
        token = re.search(
            r'csrfmiddlewaretoken" value="([^"]+)', self.session.get(self.url + ACCOUNT + page).text
        )
        fields["csrfmiddlewaretoken"] = token.group(1)
        return self.session.post(self.url + ACCOUNT + page, data=fields, allow_redirects=False)

    def is_in(self) -> bool:
        return self.session.get(f"{self.url}{ACCOUNT}/", allow_redirects=False).status_code == 200


@pytest.mark.promises
def test_one_code_on_four_workers_lets_one_in(server, make_user, with_app):
    for number in range(2):
        user = make_user(Role.EERSTE_LIJN)
        user.password = Argon2PasswordHasher().encode("geheim geheim", "zout" * 4)
        user.save(update_fields=["password"])
        secret = with_app(user)
        browsers = [Browser(server, user.email) for _ in range(WORKERS)]
        code, ready = code_now(secret, step=1), Barrier(WORKERS)

        def give(browser, code=code, ready=ready):
            ready.wait()
            return browser.send("/2fa/authenticate/", code=code).status_code

        with ThreadPoolExecutor(WORKERS) as pool:
            answers = sorted(pool.map(give, browsers))
        assert answers == [302, 422, 422, 422], (number, answers)
        assert sum(browser.is_in() for browser in browsers) == 1
        late = Browser(server, user.email)
        assert late.send("/2fa/authenticate/", code=code).status_code == 422
    print("P10: 2 codes, each given 4 times at once on 4 workers and once more later: 2 let in")
