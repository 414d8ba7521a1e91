from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "weerbaar.files"
    verbose_name = "Bestanden"
    default_auto_field = "django.db.models.BigAutoField"
