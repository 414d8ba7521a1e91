from django.apps import AppConfig


class NetwerkConfig(AppConfig):
    name = "netwerk"
    verbose_name = "Netwerk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from netwerk.demo import fill  # noqa: PLC0415 - models are not ready before
        from weerbaar import demo  # noqa: PLC0415

        demo.register(fill)
