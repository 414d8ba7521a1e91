from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "weerbaar.vault"
    verbose_name = "Kluis"
    default_auto_field = "django.db.models.BigAutoField"
