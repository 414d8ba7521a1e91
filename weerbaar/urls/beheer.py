from django.urls import URLPattern, URLResolver, include, path

import weerbaar.pages.urls
from weerbaar.pages.urls import handler400, handler403, handler404, handler500  # noqa: F401

urlpatterns: list[URLPattern | URLResolver] = [
    path("beheer/account/", include("weerbaar.accounts.urls")),
    path("", include((weerbaar.pages.urls.beheer, "pages"))),
]
