"""Pages of the support team's app, a list a zone; the roof (`weerbaar/urls`) puts them in place."""

from django.urls import URLPattern, URLResolver, include, path

from weerbaar.audit.site import beheer as site

from .admin.figures import team_figures
from .flows import CALLBACK, REPORT, SIGNAL
from .views import (
    account,
    afterwards,
    evidence,
    figures,
    follow,
    home,
    law,
    organisation,
    referral,
    related,
    rights,
    visits,
)

publiek: list[URLPattern | URLResolver] = [
    path("melden/", include(REPORT.urls())),
    path("bel-mij/", include(CALLBACK.urls())),
    path("signaal/", include(SIGNAL.urls())),
    path("cijfers/meldingen/", figures.year_figures, name="year_figures"),
    path("volgen/melding/verband/", related.links, name="volgen_verband"),
    path("hulp/online/", law.online_help, name="hulp_online"),
    path("volgen/", visits.enter, name="volgen"),
    path("volgen/nieuwe-code/", visits.renew, name="volgen_nieuwe_code"),
    path("volgen/langer/", visits.stay, name="volgen_langer"),
    path("volgen/stoppen/", visits.stop, name="volgen_stoppen"),
    path("volgen/melding/", follow.report, name="volgen_melding"),
    path("volgen/melding/bericht/", follow.message, name="volgen_bericht"),
    path("volgen/melding/contact/", follow.contact, name="volgen_contact"),
    path("volgen/melding/overdracht/<uuid:pk>/", follow.handover, name="volgen_overdracht"),
    path("volgen/melding/hulp/<uuid:pk>/", referral.referral, name="volgen_hulp"),
    path("volgen/melding/meelezer/<int:pk>/", follow.withdraw_contact, name="volgen_meelezer"),
    path("volgen/melding/intrekken/", follow.withdraw, name="volgen_intrekken"),
    path("volgen/melding/bewijs/", evidence.evidence, name="volgen_bewijs"),
    path("volgen/melding/bewijs/<uuid:pk>/", evidence.evidence_copy, name="volgen_bewijs_weergave"),
    path(
        "volgen/melding/bewijs/<uuid:pk>/origineel/",
        evidence.evidence_original,
        name="volgen_bewijs_origineel",
    ),
    path("volgen/melding/namens/", rights.on_behalf, name="volgen_namens"),
    path("volgen/melding/namens/overdragen/", rights.hand_over, name="volgen_overdragen"),
    path("volgen/melding/account/", rights.own_account, name="volgen_account"),
    path("volgen/melding/wissen/", rights.erase, name="volgen_wissen"),
    path("volgen/melding/gegevens/", rights.data, name="volgen_gegevens"),
    path("volgen/melding/gegevens/json/", rights.data_json, name="volgen_json"),
    path("volgen/melding/hoe-gaat-het/", afterwards.check_in, name="volgen_hoe_gaat_het"),
    path("volgen/melding/weer-begonnen/", afterwards.again, name="volgen_weer_begonnen"),
    path("volgen/melding/oordeel/", afterwards.rate, name="volgen_oordeel"),
    path("volgen/melding/aangifte/", law.law, name="volgen_aangifte"),
    path("volgen/melding/aangifte/maken/", law.ask_file, name="volgen_aangifte_maken"),
    path("volgen/melding/aangifte/pdf/", law.download_file, name="volgen_aangifte_pdf"),
    path("volgen/melding/aangifte/manifest/", law.download_manifest, name="volgen_aangifte_manifest"),
    path("volgen/melding/document/", follow.ask_document, name="volgen_document"),
    path("volgen/melding/document/pdf/", follow.download, name="volgen_pdf"),
]
mijn: list[URLPattern] = [
    path("mijn/", home.home, name="mijn"),
    path("mijn/meldingen/", account.reports, name="mijn_meldingen"),
    path("mijn/meldingen/<uuid:pk>/volgen/", account.follow, name="mijn_volgen"),
    path("mijn/meldingen/<uuid:pk>/losmaken/", account.leave, name="mijn_losmaken"),
    path("mijn/gegevens/", account.data, name="mijn_gegevens"),
    path("mijn/gegevens/json/", account.data_json, name="mijn_gegevens_json"),
    path("mijn/organisatie/", organisation.desk, name="desk"),
    path("mijn/organisatie/<uuid:report_id>/", organisation.shared_report, name="shared_report"),
    path("mijn/organisatie/<uuid:report_id>/bewijs/<uuid:pk>/", evidence.shared_copy, name="shared_copy"),
    path(
        "mijn/organisatie/<uuid:report_id>/bewijs/<uuid:pk>/origineel/",
        evidence.shared_original,
        name="shared_original",
    ),
]
beheer: list[URLPattern] = [
    path("beheer/cijfers/", site.admin_view(team_figures), name="team_figures"),
]
