from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weerbaar.vault.codes import AccessCode, new_access_code
from weerbaar.vault.keys import secret
from weerbaar.vault.sealed import decrypt, derive, encrypt

KEPT = timedelta(days=7)


class Draft(models.Model):
    """What somebody has filled in and not yet sent. Only the resume code opens it; the row tells nothing.

    The row is found by, and sealed under, keys that follow from the code. So a stolen table gives no words,
    no flow, no person, and does not tell a sent draft from a waiting one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    sealed = models.BinaryField(_("verzegelde inhoud"))
    expires_at = models.DateTimeField(_("vervalt op"), db_index=True)

    code: AccessCode  # the resume code: what the cookie holds
    secret: (
        bytes  # 32 bytes that follow from the code; AccessCode.derive(draft.secret) is the report's own code
    )
    answers: dict[str, dict[str, Any]]  # by step, as cleaned
    typed: dict[str, dict[str, Any]]  # by step, saved before it was right
    result: dict[str, Any] | None  # what `done` gave back: the draft was sent

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepten")

    def __str__(self) -> str:
        return "•••"

    @classmethod
    def begin(cls, flow: str, code: AccessCode | None = None) -> Draft:
        """An empty draft, in memory: `store` puts it in the database."""
        code = code or new_access_code()
        own = _secret(flow, code)
        draft = cls(id=_row_id(own))
        draft.code, draft.secret = code, own
        draft.answers, draft.typed, draft.result = {}, {}, None
        return draft

    @classmethod
    def find(cls, flow: str, code: AccessCode, *, lock: bool = False) -> Draft | None:
        """The draft that this code opens; None when there is none (any more). `lock` needs a transaction."""
        own = _secret(flow, code)
        rows = cls.objects.select_for_update() if lock else cls.objects
        draft = rows.filter(pk=_row_id(own), expires_at__gt=timezone.now()).first()
        if draft is None:
            return None
        draft.code, draft.secret = code, own
        content = json.loads(decrypt(_key(own), bytes(draft.sealed), _place(draft.pk)))
        draft.answers, draft.typed, draft.result = content["answers"], content["typed"], content["result"]
        return draft

    def store(self) -> None:
        """Seal and save, for another seven days."""
        content = {"answers": self.answers, "typed": self.typed, "result": self.result}
        text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
        self.sealed = encrypt(_key(self.secret), text.encode(), _place(self.pk))
        self.expires_at = timezone.now() + KEPT
        new = self._state.adding
        self.save(force_insert=new, update_fields=None if new else ["sealed", "expires_at"])


def _secret(flow: str, code: AccessCode) -> bytes:
    return derive(secret("VAULT_CODE_KEY"), b"draft secret", flow.encode(), code.digits.encode())


def _row_id(own: bytes) -> uuid.UUID:
    return uuid.UUID(bytes=derive(own, b"draft row", size=16))


def _key(own: bytes) -> bytes:
    return derive(own, b"draft key")


def _place(row: uuid.UUID) -> bytes:
    return b"pages.Draft:" + row.bytes
