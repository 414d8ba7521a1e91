from django.urls import URLPattern, URLResolver, include, path

import netwerk.urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((netwerk.urls.publiek, "netwerk"))),
]
