from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from netwerk import views

app_name = "netwerk"
publiek: list[URLPattern | URLResolver] = [
    path("organisaties/zoeken/", views.organisation_search, name="organisation_search"),
]
mijn: list[URLPattern | URLResolver] = [
    path("mijn/account/aanvragen/", views.ask_account, name="ask_account"),
    path("mijn/account/aanvragen/verstuurd/", views.account_asked, name="account_asked"),
    path("mijn/organisatie/uitnodigen/", views.invite_member, name="invite_member"),
    path("mijn/organisatie/aanvragen/", views.account_requests, name="account_requests"),
    path("mijn/organisatie/aanvragen/<uuid:request_id>/", views.decide_request, name="decide_request"),
]
beheer: list[URLPattern | URLResolver] = []
