from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from tests.conftest import ROOT
from tests.vault.conftest import write_letter
from tests.vault.letters import Letter
from weerbaar.audit.api import AccessLog, Purpose, Result
from weerbaar.vault import api as vault
from weerbaar.vault import fresh
from weerbaar.vault.keys import keyring
from weerbaar.vault.models import Lockbox
from weerbaar.vault.rotation import rotate

TEAM = "team:ondersteuning"


def add_key(settings, reader=TEAM):
    public, private = fresh.pair(reader)
    settings.VAULT_PUBLIC_KEYS = [public, *settings.VAULT_PUBLIC_KEYS]
    settings.VAULT_PRIVATE_KEYS = [private, *settings.VAULT_PRIVATE_KEYS]


def drop_old_keys(settings, reader=TEAM):
    for name in ("VAULT_PUBLIC_KEYS", "VAULT_PRIVATE_KEYS"):
        entries = getattr(settings, name)
        newest = next(entry for entry in entries if entry.startswith(reader))
        kept = [entry for entry in entries if entry == newest or not entry.startswith(reader)]
        setattr(settings, name, kept)


def read(letter, handler):
    with vault.open(letter, by=handler, purpose=Purpose.HANDLE) as content:
        return content.body


def test_after_a_rotation_the_old_key_is_not_needed(settings, handler):
    letters = [write_letter(vault.new_access_code(), f"brief {number}") for number in range(7)]
    add_key(settings)
    newer = write_letter(vault.new_access_code(), "nieuwe sleutel")
    assert read(letters[0], handler) == "brief 0"
    done = rotate(TEAM)
    assert (done.resealed, done.left) == (7 * 3, 0)
    drop_old_keys(settings)
    assert [read(letter, handler) for letter in letters] == [f"brief {number}" for number in range(7)]
    assert read(newer, handler) == "nieuwe sleutel"
    assert rotate(TEAM).resealed == 0


def test_a_rotation_that_was_stopped_goes_on_where_it_was(settings, handler, monkeypatch):
    from weerbaar.vault import rotation

    monkeypatch.setattr(rotation, "BATCH", 2)
    letters = [write_letter(vault.new_access_code()) for _ in range(5)]
    add_key(settings)
    newest = keyring().public(TEAM).fingerprint
    seen = 0

    def stop_halfway(box, to, reseal=rotation._reseal):
        nonlocal seen
        seen += 1
        if seen == 10:
            raise KeyboardInterrupt
        return reseal(box, to)

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_reseal", stop_halfway)
        with pytest.raises(KeyboardInterrupt):
            rotate(TEAM)
    kept = Lockbox.objects.filter(key=newest).count()
    assert kept == 6  # the first batch of two dossiers, whole
    assert all(read(letter, handler) for letter in letters)
    assert rotate(TEAM).resealed == 15 - kept


def test_a_rotation_without_the_old_key_says_so(settings, letter):
    add_key(settings)
    drop_old_keys(settings)
    with pytest.raises(CommandError):
        call_command("rotate_keys", TEAM)
    assert (rotate(TEAM).resealed, rotate(TEAM).left) == (0, 3)


def test_each_process_gets_only_its_share_of_the_keys():
    whole = fresh.environment()
    shares = {process: fresh.share(whole, process) for process in fresh.PROCESSES}
    assert shares["publiek"]["VAULT_PRIVATE_KEYS"] == ""
    assert "team:" not in shares["mijn"]["VAULT_PRIVATE_KEYS"]
    assert "zone:mijn" not in shares["beheer"]["VAULT_PRIVATE_KEYS"]
    assert {process for process, share in shares.items() if "AUDIT_SEAL_KEY" in share} == {"worker"}
    assert {process for process, share in shares.items() if "VAULT_INDEX_KEY" in share} == {
        "beheer",
        "worker",
    }
    for process, share in shares.items():
        assert [name for name in share if name.startswith("SECRET_KEY")] == [f"SECRET_KEY_{process.upper()}"]


def test_keys_are_written_for_their_owner_only_and_never_over_others(tmp_path):
    call_command("make_keys", folder=tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    with pytest.raises(FileExistsError):
        call_command("make_keys", folder=tmp_path)


@pytest.mark.parametrize(
    "entry", ["team:ondersteuning", "team:ondersteuning:x", ":" + "A" * 43 + "=", "QUJD"]
)
def test_an_unreadable_key_stops_with_a_clear_line(settings, entry):
    settings.VAULT_PUBLIC_KEYS = [entry]
    with pytest.raises(ImproperlyConfigured, match="onleesbaar") as stopped:
        keyring()
    assert entry not in str(stopped.value)


def test_a_key_never_shows():
    pair = next(iter(keyring().pairs.values()))
    assert "private" not in repr(pair)
    assert bytes(pair.private).hex() not in repr(vars(pair))


PROBE = """
import django; django.setup()
from tests.vault.letters import Letter
from weerbaar.audit.api import Actor, Purpose
from weerbaar.vault import api as vault

assert vault.Compartment  # the whole vault is there; only the keys are not
opened = refused = 0
for letter in Letter.objects.all():
    try:
        with vault.open(letter, by=Actor.service("inbraak"), purpose=Purpose.CHECK) as content:
            opened += bool(content.body)
    except vault.NoKey:
        refused += 1
opened += len(list(vault.open_many(Letter.objects.all(), by=Actor.service("inbraak"), purpose=Purpose.CHECK)))
code = vault.new_access_code()
mine = vault.new(Letter, readers=[vault.Team.ONDERSTEUNING, code], content={"body": "van de melder"})
with vault.open(mine, code=code, purpose=Purpose.FOLLOW) as content:
    print(opened, refused, content.body)
"""


def test_a_process_with_the_public_zones_keys_writes_but_opens_no_case(own_database, handler):
    for number in range(3):
        write_letter(vault.new_access_code(), f"brief {number}")
    share = fresh.share(
        {name: value for name, value in os.environ.items() if name.split("_")[0] in ("VAULT", "SECRET")},
        "publiek",
    )
    base = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    url = base["DATABASE_URL"].rpartition("/")[0] + "/" + own_database
    result = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={**base, **share, "DATABASE_URL": url, "ZONES": "publiek", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stdout.strip() == "0 3 van de melder", result.stderr[-2000:]
    assert AccessLog.objects.filter(result=Result.NO_KEY, actor_name="inbraak").count() == 6
    assert read(Letter.objects.latest("pk"), handler)  # the team opens it all
