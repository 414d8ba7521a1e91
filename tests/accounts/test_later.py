"""What only passkeys need is loaded when one is used, whole, by one thread."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from weerbaar.accounts.later import load_when_used

START = """
import sys
from weerbaar.wsgi import application
heavy = {"fido2", "cryptography", "weasyprint", "celery", "hypothesis", "import_export", "holidays"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
from allauth.mfa.webauthn.forms import auth
assert auth.STATE_SESSION_KEY and "fido2" in sys.modules
"""


def test_a_web_process_starts_without_what_few_requests_need():
    subprocess.run([sys.executable, "-c", START], check=True, timeout=120)


@pytest.fixture
def slow_module(tmp_path, monkeypatch):
    (tmp_path / "slow_package").mkdir()
    (tmp_path / "slow_package" / "__init__.py").touch()
    text = "import time\nfirst = 1\ntime.sleep(0.2)\nlast = 2\n"
    (tmp_path / "slow_package" / "slow.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "slow_package.slow"
    for name in ("slow_package.slow", "slow_package"):
        sys.modules.pop(name, None)


def test_nobody_sees_a_module_half_loaded(slow_module):
    load_when_used(slow_module)
    from slow_package import slow  # type: ignore[import-not-found]

    assert "first" not in slow.__dict__
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: (slow.last, slow.first), range(4))) == [(2, 1)] * 4
    with pytest.raises(AttributeError):
        slow.nothing  # noqa: B018


def test_a_module_that_fails_to_load_fails_again(tmp_path, monkeypatch):
    (tmp_path / "bad_package").mkdir()
    (tmp_path / "bad_package" / "__init__.py").touch()
    (tmp_path / "bad_package" / "bad.py").write_text("raise RuntimeError\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    load_when_used("bad_package.bad")
    from bad_package import bad  # type: ignore[import-not-found]

    for _ in range(2):
        with pytest.raises(RuntimeError):
            bad.anything  # noqa: B018
