"""Change history by triggers, so that bulk updates count too; rows carry their own context and number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models
from pghistory import runtime
from pghistory.models import Event

from .log import Actor
from .transactions import CurrentTransaction

Tracked = TypeVar("Tracked", bound=type[models.Model])


class TrackedEvent(Event):
    """What every event table has beside the tracked columns."""

    pgh_transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        abstract = True


def track(*, exclude: list[str] | None = None) -> Callable[[Tracked], Tracked]:
    """Class decorator: `@track()` keeps every insert, update and delete of the model's rows.

    The event tables are append-only by trigger and by grant (see `grants.py`). Sealed columns stay sealed.
    """

    def keep(model: Tracked) -> Tracked:
        wrapped: Tracked = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=exclude,
            base_model=TrackedEvent,
            obj_field=pghistory.ObjForeignKey(related_name="events", db_constraint=False),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
        )(model)
        return wrapped

    return keep


def spare(*models_without_history: type[models.Model]) -> None:
    """Statements on these tables go without the context that pghistory puts in front of every other.

    They have no history, and are written at nearly every request. Raises ValueError for a tracked model.
    """
    for model in models_without_history:
        if hasattr(model, "pgh_event_model") or hasattr(model, "events"):
            raise ValueError(f"{model.__name__} is tracked")
        for verb in ("insert into", "update", "delete from"):
            runtime.IGNORED_SQL_PREFIXES += tuple(  # type: ignore[assignment]  # as long as its author made it
                f"{verb} {name} " for name in (model._meta.db_table, f'"{model._meta.db_table}"')
            )


def by(actor: Actor) -> Any:
    """Context manager: changes made inside it carry who made them."""
    return pghistory.context(actor=str(actor.id) if actor.id else None, role=actor.role)
