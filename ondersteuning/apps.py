from django.apps import AppConfig


class OndersteuningConfig(AppConfig):
    name = "ondersteuning"
    verbose_name = "Ondersteuning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from weerbaar import demo  # noqa: PLC0415 - models are not ready before

        from . import aangiftedossier, reminders, zaakdossier  # noqa: F401, PLC0415 - jobs are known by import

        demo.register("ondersteuning.demo.fill")
        aangiftedossier.register()
        zaakdossier.register()
