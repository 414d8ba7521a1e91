from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "weerbaar.accounts"
    verbose_name = "Mensen en rollen"
    default_auto_field = "django.db.models.BigAutoField"
