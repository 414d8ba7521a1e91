import gc
import os
from importlib import import_module

gc.disable()  # what is loaded here stays; looking through it for garbage is a quarter of the start
from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weerbaar.settings")
application = get_wsgi_application()
for zone in settings.ZONES:
    import_module(zone.urlconf)  # a mistake in a page stops the start, and never meets the first visitor
gc.freeze()
gc.enable()
