from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "weerbaar.pages"
    verbose_name = "Pagina's"
    default_auto_field = "django.db.models.BigAutoField"
