from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "weerbaar.audit"
    verbose_name = "Logboek"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, grants  # noqa: F401, PLC0415  models are loaded now, not before
        from .site import beheer  # noqa: PLC0415

        post_migrate.connect(grants.grant, sender=self, dispatch_uid="weerbaar.audit.grants")
        autodiscover_modules("admin", register_to=beheer)
