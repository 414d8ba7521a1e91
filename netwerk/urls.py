from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from netwerk import views

app_name = "netwerk"
publiek: list[URLPattern | URLResolver] = [
    path("organisaties/zoeken/", views.organisation_search, name="organisation_search"),
]
mijn: list[URLPattern | URLResolver] = []
beheer: list[URLPattern | URLResolver] = []
