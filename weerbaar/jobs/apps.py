from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "weerbaar.jobs"
    verbose_name = "Opdrachten"
    default_auto_field = "django.db.models.BigAutoField"
