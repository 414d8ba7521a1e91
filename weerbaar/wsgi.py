import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weerbaar.settings")
application = get_wsgi_application()
for zone in settings.ZONES:
    import_module(zone.urlconf)  # a mistake in a page stops the start, and never meets the first visitor
