from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "weerbaar.jobs"
    verbose_name = "Opdrachten"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know every app's jobs in every process: whoever enqueues, and whoever runs."""
        autodiscover_modules("tasks")
