"""Transaction numbers: row ids are given out before the commit, so batches are cut by transaction."""

from __future__ import annotations

from typing import Any

from django.db import models


class CurrentTransaction(models.Func):
    """The number of the transaction that writes the row, as a bigint (64 bits, never reused)."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field: Any = models.BigIntegerField()
