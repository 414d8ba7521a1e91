from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "weerbaar.audit"
    verbose_name = "Logboek"
    default_auto_field = "django.db.models.BigAutoField"
