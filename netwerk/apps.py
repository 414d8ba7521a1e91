from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetwerkConfig(AppConfig):
    name = "netwerk"
    verbose_name = "Netwerk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from netwerk import basis, certificates, protocol  # noqa: PLC0415 - models are not ready before
        from weerbaar import demo  # noqa: PLC0415 - settings are not ready before
        from weerbaar.documents import api as documents  # noqa: PLC0415

        demo.register("netwerk.demo.fill")
        basis.register_own()
        documents.register_paper(
            "aggression_protocol",
            template="netwerk/agressieprotocol_pdf.html",
            context=protocol.context,
            title=_("Agressieprotocol"),
            filename="agressieprotocol",
        )
        documents.register_paper(
            certificates.KIND,
            template="netwerk/deelnamebewijs.html",
            context=certificates.context,
            title=_("Deelnamebewijs"),
            filename="deelnamebewijs",
        )
