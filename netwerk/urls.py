from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from netwerk.views import (
    basis,
    bundle,
    card,
    finding,
    following,
    item,
    key_figure,
    meeting,
    norm,
    open_data,
    organisation,
    partner,
    people,
    policy,
    project,
    protocol,
    referral,
    release,
    reporting_point,
    story,
    theme,
    training,
)

app_name = "netwerk"


def toolkit(zone: str = "") -> list[URLPattern | URLResolver]:
    """The pages of an item, the same in every zone: a name leads to the page in the zone of the request."""
    with_account = [
        path(f"{zone}toolkit/bundel/", bundle.choose_bundle, name="choose_bundle"),
        path(f"{zone}toolkit/bundel/<uuid:bundle_id>/", bundle.bundle, name="bundle"),
        path(f"{zone}toolkit/bundel/<uuid:bundle_id>/download/", bundle.fetch_bundle, name="fetch_bundle"),
    ]
    return [
        *(with_account if zone else []),
        path(f"{zone}toolkit/<slug:slug>/", item.item_page, name="item"),
        path(f"{zone}toolkit/<slug:slug>/", item.item_page, name="item"),
        path(f"{zone}toolkit/<slug:slug>/download/", item.download, name="download"),
        path(f"{zone}toolkit/<slug:slug>/download/<int:number>/", item.download, name="download_version"),
    ]


publiek: list[URLPattern | URLResolver] = [
    path("organisaties/zoeken/", organisation.organisation_search, name="organisation_search"),
    path("partners/", partner.partners, name="partners"),
    path("partners/<slug:slug>/", partner.partner, name="partner"),
    path("hulp/", referral.help_page, name="help"),
    path("hulp/meldpunten/", referral.reporting_points, name="reporting_points"),
    path("cijfers/", key_figure.key_figures, name="key_figures"),
    path("cijfers/data.json", open_data.figures, name="figures"),
    path("cijfers/schema.json", open_data.schema, {"of": "figures"}, name="figures_schema"),
    path("norm/", norm.norm, name="norm"),
    path("agenda/", meeting.meeting_list, name="meeting_list"),
    path("agenda/<slug:slug>/", meeting.meeting_page, name="meeting_page"),
    path("themas/", theme.theme_list, name="theme_list"),
    path("themas/<slug:slug>/", theme.theme_page, name="theme_page"),
    path("trainingen/", training.training_list, name="training_list"),
    path("trainingen/<slug:slug>/", training.training_page, name="training_page"),
    path("projecten/", project.project_list, name="project_list"),
    path("projecten/<slug:slug>/", project.project_detail, name="project_detail"),
    path("dossiers/", policy.policy_list, name="policy_list"),
    path("dossiers/<slug:slug>/", policy.policy_detail, name="policy_detail"),
    path("verhalen/", story.story_list, name="story_list"),
    path("verhalen/<slug:slug>/", story.story_detail, name="story_detail"),
    path("signaalkaarten/", card.card_list, name="card_list"),
    path("signaalkaarten/<slug:slug>/", card.card_detail, name="card_detail"),
    path("toolkit/", finding.toolkit, name="toolkit"),
    path("toolkit/atom.xml", open_data.atom, name="atom"),
    path("toolkit/data.json", open_data.data, name="data"),
    path("toolkit/schema.json", open_data.schema, {"of": "toolkit"}, name="schema"),
    path("robots.txt", open_data.robots, name="robots"),
    path("sitemap.xml", open_data.sitemap, name="sitemap"),
    path("pagina-sitemap.xml", open_data.page_sitemap, name="page_sitemap"),
    path("diwoo-sitemap.xml", open_data.diwoo_sitemap, name="diwoo_sitemap"),
    *toolkit(),
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
    path("mijn/agenda/", meeting.my_meetings, name="my_meetings"),
    path("mijn/agenda/<slug:slug>/", meeting.my_meeting, name="my_meeting"),
    path("mijn/agenda/<slug:slug>/afspraak.ics", meeting.my_meeting_calendar, name="my_meeting_calendar"),
    path("mijn/themas/", theme.my_themes, name="my_themes"),
    path("mijn/themas/<slug:partner_slug>/voorstel/<int:year>/", theme.propose_theme, name="propose_theme"),
    path("mijn/themas/<slug:partner_slug>/<slug:slug>/", theme.decide_theme, name="decide_theme"),
    path("mijn/trainingen/", training.my_trainings, name="my_trainings"),
    path("mijn/trainingen/<int:edition_id>/", training.my_edition, name="my_edition"),
    path(
        "mijn/trainingen/<int:edition_id>/afspraken.ics",
        training.my_edition_calendar,
        name="my_edition_calendar",
    ),
    path("mijn/trainingen/<int:edition_id>/deelnamebewijs/", training.certificate, name="certificate"),
    path("mijn/trainingen/<int:edition_id>/oordeel/", training.evaluation, name="evaluation"),
    path("mijn/organisatie/uitgaven/", release.releases, name="releases"),
    path("mijn/organisatie/uitgaven/nieuw/", release.new_release, name="new_release"),
    path("mijn/organisatie/uitgaven/<slug:slug>/", release.release, name="release"),
    path("mijn/organisatie/uitgaven/<slug:slug>/wijzigen/", release.edit_release, name="edit_release"),
    path("mijn/organisatie/uitgaven/<slug:slug>/bestand/", release.send_release, name="send_release"),
    path(
        "mijn/organisatie/uitgaven/<slug:slug>/publiceren/", release.publish_release, name="publish_release"
    ),
    path("mijn/organisatie/uitgaven/<slug:slug>/terug/", release.take_back_release, name="take_back_release"),
    path(
        "mijn/organisatie/uitgaven/<slug:slug>/intrekken/", release.withdraw_release, name="withdraw_release"
    ),
    path("mijn/toolkit/", finding.toolkit, name="toolkit"),
    path("mijn/toolkit/volgen/", following.followed, name="followed"),  # before the items: else it is a slug
    path("mijn/toolkit/nieuw/", following.news, name="news"),
    path("mijn/toolkit/volgen/<slug:topic>/", following.follow_topic, name="follow_topic"),
    path("mijn/toolkit/<slug:slug>/volgen/", following.follow_item, name="follow_item"),
    *toolkit("mijn/"),
]
beheer: list[URLPattern | URLResolver] = [
    path("beheer/toolkit/", finding.toolkit, name="toolkit"),
    *toolkit("beheer/"),
]
