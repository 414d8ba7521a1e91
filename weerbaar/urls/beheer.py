from django.urls import URLPattern, URLResolver, include, path

import netwerk.urls
import ondersteuning.urls
import weerbaar.pages.urls
from weerbaar.audit.site import beheer
from weerbaar.pages.urls import handler400, handler403, handler404, handler500  # noqa: F401

urlpatterns: list[URLPattern | URLResolver] = [
    path("beheer/account/", include("weerbaar.accounts.urls")),
    path("", include((weerbaar.pages.urls.beheer, "pages"))),
    path("", include((netwerk.urls.beheer, "netwerk"))),
    path("", include((ondersteuning.urls.beheer, "ondersteuning"))),
    path("beheer/", beheer.urls),  # last: it answers for every other path under /beheer/
]
