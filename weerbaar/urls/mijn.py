from django.urls import URLPattern, URLResolver, include, path

import netwerk.urls
import ondersteuning.urls
import weerbaar.pages.urls
from weerbaar.pages.urls import handler400, handler403, handler404, handler500  # noqa: F401

urlpatterns: list[URLPattern | URLResolver] = [
    path("mijn/account/", include("weerbaar.accounts.urls")),
    path("", include((weerbaar.pages.urls.mijn, "pages"))),
    path("", include((netwerk.urls.mijn, "netwerk"))),
    path("", include((ondersteuning.urls.mijn, "ondersteuning"))),
]
