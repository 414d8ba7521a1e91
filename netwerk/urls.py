from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from netwerk.views import (
    basis,
    key_figure,
    norm,
    organisation,
    partner,
    people,
    protocol,
    referral,
    reporting_point,
)

app_name = "netwerk"
publiek: list[URLPattern | URLResolver] = [
    path("organisaties/zoeken/", organisation.organisation_search, name="organisation_search"),
    path("partners/", partner.partners, name="partners"),
    path("partners/<slug:slug>/", partner.partner, name="partner"),
    path("hulp/", referral.help_page, name="help"),
    path("hulp/meldpunten/", referral.reporting_points, name="reporting_points"),
    path("cijfers/", key_figure.key_figures, name="key_figures"),
    path("norm/", norm.norm, name="norm"),
]
mijn: list[URLPattern | URLResolver] = [
    path("mijn/account/aanvragen/", people.ask_account, name="ask_account"),
    path("mijn/account/aanvragen/verstuurd/", people.account_asked, name="account_asked"),
    path("mijn/organisatie/uitnodigen/", people.invite_member, name="invite_member"),
    path("mijn/organisatie/aanvragen/", people.account_requests, name="account_requests"),
    path("mijn/organisatie/aanvragen/<uuid:request_id>/", people.decide_request, name="decide_request"),
    path("mijn/organisatie/meldpunt/", reporting_point.own_points, name="own_points"),
    path("mijn/organisatie/meldpunt/nieuw/", reporting_point.own_point, name="new_point"),
    path("mijn/organisatie/meldpunt/<int:point_id>/", reporting_point.own_point, name="own_point"),
    path(
        "mijn/organisatie/meldpunt/<int:point_id>/besluit/", reporting_point.decide_point, name="decide_point"
    ),
    path("mijn/basisprogramma/", basis.programme, name="programme"),
    path("mijn/basisprogramma/stap/<slug:slug>/", basis.tick_step, name="tick_step"),
    path("mijn/basisprogramma/noodkaart/", basis.emergency_card, name="emergency_card"),
    path("mijn/starterspakket/", basis.starter_package, name="starter_package"),
    path("mijn/starterspakket/intrekken/", basis.withdraw_talk, name="withdraw_talk"),
    path("mijn/organisatie/norm/", norm.own_norms, name="own_norms"),
    path("mijn/organisatie/norm/<int:organisation_id>/<slug:kind>/", norm.sign_norm, name="sign_norm"),
    path(
        "mijn/organisatie/norm/<int:organisation_id>/<slug:kind>/intrekken/",
        norm.withdraw_norm,
        name="withdraw_norm",
    ),
    path("mijn/organisatie/agressieprotocol/", protocol.protocols, name="protocols"),
    path(
        "mijn/organisatie/agressieprotocol/<int:organisation_id>/",
        protocol.make_protocol,
        name="make_protocol",
    ),
    path("mijn/organisatie/agressieprotocol/versie/<uuid:pk>/", protocol.protocol, name="protocol"),
    path(
        "mijn/organisatie/agressieprotocol/versie/<uuid:pk>/pdf/", protocol.protocol_pdf, name="protocol_pdf"
    ),
]
beheer: list[URLPattern | URLResolver] = []
