from django.apps import AppConfig


class OndersteuningConfig(AppConfig):
    name = "ondersteuning"
    verbose_name = "Ondersteuning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from weerbaar import demo  # noqa: PLC0415 - models are not ready before

        from . import zaakdossier  # noqa: PLC0415

        demo.register("ondersteuning.demo.fill")
        zaakdossier.register()
