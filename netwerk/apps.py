from django.apps import AppConfig


class NetwerkConfig(AppConfig):
    name = "netwerk"
    verbose_name = "Netwerk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from weerbaar import demo  # noqa: PLC0415 - settings are not ready before

        demo.register("netwerk.demo.fill")
