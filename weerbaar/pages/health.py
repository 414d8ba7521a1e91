"""/livez: the process is alive. /readyz: it can take a report. Redis and the backlog do not count."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from weerbaar.vault.keys import keyring, secret
from weerbaar.vault.sealed import new_key
from weerbaar.zones import Zone

from .models import Draft

log = logging.getLogger(__name__)

NEEDS = {  # the readers that a zone must be able to be
    Zone.PUBLIEK: set(),
    Zone.MIJN: {"zone:mijn"},
    Zone.BEHEER: {"team:ondersteuning"},
}


def livez(request: HttpRequest) -> HttpResponse:
    return _answer(True)


def readyz(request: HttpRequest) -> HttpResponse:
    """`ok` or `nee`; the reason goes to the log, not to the world."""
    for check in (is_writable, is_migrated, keys_open):
        try:
            is_good = check()
        except Exception as error:  # whatever is wrong, the answer is no
            is_good = False
            log.warning("readyz: %s gave %s", check.__name__, type(error).__name__)
        if not is_good:
            log.warning("readyz: not %s", check.__name__)
            return _answer(False)
    return _answer(True)


def is_writable() -> bool:
    """A row can be written; it is taken back at once."""
    with transaction.atomic():
        row = Draft(sealed=b"", expires_at=timezone.now() - timedelta(days=1))
        row.pk = Draft._meta.pk.to_python(new_key()[:16].hex())
        row.save(force_insert=True)
        transaction.set_rollback(True)
    return True


def is_migrated() -> bool:
    """Every migration of this code has run; asked until it is so, and then remembered."""
    if not _migrated_once():
        _migrated_once.cache_clear()
        return False
    return True


@cache
def _migrated_once() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def keys_open() -> bool:
    """The keys of the served zones are here, and open what is sealed for them."""
    secret("VAULT_CODE_KEY")
    ring = keyring()
    needed = set().union(*(NEEDS[zone] for zone in settings.ZONES))
    pairs = ring.pairs.values()
    return (
        bool(ring.newest)
        and needed <= {pair.reader for pair in pairs}
        and all(pair.unseal(pair.seal(b"ok")) == b"ok" for pair in pairs)
    )


def _answer(good: bool) -> HttpResponse:
    return HttpResponse("ok" if good else "nee", status=200 if good else 503, content_type="text/plain")


PROBES = {"/livez": livez, "/readyz": readyz}
