from __future__ import annotations

from typing import Any

from django.core.checks import Error, register


@register("admin")
def admins_are_audited(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start when an admin class leaves no trail (also a bare registration)."""
    from .admin import AuditedAdmin  # noqa: PLC0415  needs the models
    from .site import beheer  # noqa: PLC0415

    return [
        Error(f"{model_admin} must inherit from AuditedAdmin.", id="weerbaar.E001")
        for model_admin in beheer._registry.values()
        if not isinstance(model_admin, AuditedAdmin)
    ]
