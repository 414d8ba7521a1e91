from __future__ import annotations

from django.db.models import Model


class AuditRouter:
    """The access log goes over a connection of its own, so that a rollback does not erase it."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        return "audit" if (model._meta.app_label, model._meta.model_name) == ("audit", "accesslog") else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool | None:
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == "default"
