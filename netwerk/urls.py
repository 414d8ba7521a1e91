from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from netwerk.views import organisation, people

app_name = "netwerk"
publiek: list[URLPattern | URLResolver] = [
    path("organisaties/zoeken/", organisation.organisation_search, name="organisation_search"),
]
mijn: list[URLPattern | URLResolver] = [
    path("mijn/account/aanvragen/", people.ask_account, name="ask_account"),
    path("mijn/account/aanvragen/verstuurd/", people.account_asked, name="account_asked"),
    path("mijn/organisatie/uitnodigen/", people.invite_member, name="invite_member"),
    path("mijn/organisatie/aanvragen/", people.account_requests, name="account_requests"),
    path("mijn/organisatie/aanvragen/<uuid:request_id>/", people.decide_request, name="decide_request"),
]
beheer: list[URLPattern | URLResolver] = []
