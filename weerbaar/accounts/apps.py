from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from .later import load_when_used
from .roles import sync_roles


class AccountsConfig(AppConfig):
    name = "weerbaar.accounts"
    verbose_name = _("Mensen en rollen")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from weerbaar import demo  # noqa: PLC0415 - models are not ready before
        from weerbaar.audit.history import spare  # noqa: PLC0415

        from .models import BeheerSession, CacheRow, MijnSession, UsedCode  # noqa: PLC0415

        spare(CacheRow, UsedCode, MijnSession, BeheerSession)
        load_when_used("allauth.mfa.webauthn.internal.auth")  # fido2 and cryptography: for passkeys alone
        demo.register("weerbaar.accounts.demo.make_accounts")
        post_migrate.connect(sync_roles, sender=self)
