from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from .roles import sync_roles


class AccountsConfig(AppConfig):
    name = "weerbaar.accounts"
    verbose_name = _("Mensen en rollen")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from weerbaar import demo  # noqa: PLC0415 - models are not ready before

        from .demo import make_accounts  # noqa: PLC0415

        demo.register(make_accounts)
        post_migrate.connect(sync_roles, sender=self)
