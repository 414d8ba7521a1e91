"""Sessions in the database: a table and a key for each zone, the content encrypted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, Literal, TypedDict
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from weerbaar.zones import Zone

from .models import BeheerSession, MijnSession, ZoneSession
from .sealing import Unreadable, keyed_hash, seal, unseal

LONGEST = timedelta(hours=12)  # after this one signs in again, however busy
TOUCH_AFTER = timedelta(minutes=1)  # write "still there" no more often than this


class NoSession(SessionBase):
    """The public zone remembers nobody: what is put in this session is gone after the request."""

    def load(self) -> dict[str, object]:
        return {}

    def save(self, must_create: bool = False) -> None:
        pass

    def delete(self, session_key: str | None = None) -> None:
        pass

    def create(self) -> None:
        pass

    def exists(self, session_key: str) -> bool:
        return False


class ZoneStore(SessionBase):
    """A session of one zone. Whoever lacks the zone's secret can neither read nor make one."""

    zone: ClassVar[Zone]
    model: ClassVar[type[ZoneSession]]
    idle: ClassVar[timedelta]
    row: ZoneSession | None = None
    _get_session: Callable[..., dict[str, object]]  # Django's own

    def _row_key(self, session_key: str) -> str:
        return keyed_hash(self.zone, session_key, about="session")

    def _seal(self, key_hash: str, data: dict[str, object]) -> bytes:
        return seal(self.zone, json.dumps(data).encode(), about=f"session:{key_hash}")

    def _expiry(self, begun: datetime) -> datetime:
        return min(timezone.now() + self.idle, begun + LONGEST)

    def load(self) -> dict[str, object]:
        key_hash = self._row_key(self.session_key or "")
        self.row = self.model.objects.filter(pk=key_hash, expires_at__gt=timezone.now()).first()
        if self.row:
            try:
                data: dict[str, object] = json.loads(
                    unseal(self.zone, bytes(self.row.data), about=f"session:{key_hash}")
                )
                return data
            except Unreadable:
                self.row = None
        self._session_key = None
        return {}

    def _get_new_session_key(self) -> str:
        return get_random_string(32)  # 160 bits and more: nobody has it yet; the database would refuse

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(pk=self._row_key(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        key_hash = self._row_key(self.session_key)
        values = {"data": self._seal(key_hash, data), "user_id": data.get(SESSION_KEY)}
        if must_create:
            now = timezone.now()
            self.row = self.model(key_hash=key_hash, begun_at=now, expires_at=self._expiry(now), **values)
            try:
                with transaction.atomic():
                    self.row.save(force_insert=True)
            except IntegrityError as error:
                raise CreateError from error
        elif not self.model.objects.filter(pk=key_hash).update(**values):
            raise UpdateError
        return None

    def touch(self) -> None:
        """Note that this session is in use; at most one write a minute."""
        if self.row and self.row.expires_at < self._expiry(self.row.begun_at) - TOUCH_AFTER:
            self.model.objects.filter(pk=self.row.pk).update(expires_at=self._expiry(self.row.begun_at))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(pk=self._row_key(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        cls.model.objects.filter(expires_at__lte=timezone.now()).delete()


class MijnStore(ZoneStore):
    zone, model, idle = Zone.MIJN, MijnSession, timedelta(hours=2)


class BeheerStore(ZoneStore):
    zone, model, idle = Zone.BEHEER, BeheerSession, timedelta(minutes=30)


STORES: dict[Zone, type[ZoneStore]] = {Zone.MIJN: MijnStore, Zone.BEHEER: BeheerStore}
SessionStore = NoSession  # what Django takes when it does not know the zone


def cookie_name(zone: Zone) -> str:
    """The name of the zone's session cookie; its path is the zone's folder."""
    return f"sessie_{zone}"


class CookieOptions(TypedDict):
    path: str
    secure: bool
    httponly: bool
    samesite: Literal["Strict", "Lax"]


def cookie_options(zone: Zone) -> CookieOptions:
    """`__Host-` needs Path=/, which would hand each zone's cookie to the others: plain names."""
    return {
        "path": f"/{zone}/",
        "secure": settings.SECURE,
        "httponly": True,
        # coming back from an organisation's own sign-in starts elsewhere: Strict would lose its state
        "samesite": "Lax" if settings.OIDC else "Strict",
    }


def end_sessions(user_id: UUID) -> None:
    """Sign an account out everywhere. A process of mijn alone has no business in the staff's table."""
    for zone, store in STORES.items():
        if zone == Zone.MIJN or {Zone.MIJN} != settings.ZONES:
            store.model.objects.filter(user_id=user_id).delete()
