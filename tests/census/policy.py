"""Who gets what at every address: the policy table. A route, list or verb without a line fails the suite.

A line gives the answers to GET and to an empty POST; a set where more than one will do. Who is not named gets
`others`. "owner", "handles" and "knows" are what somebody is to the thing that is asked for: see RELATIONS.
In mijn and beheer, who did not come in with a second factor is always sent to the way in (302).

- A new page:      one line in POLICY:  "/mijn/…/": signed_in("ambtsdrager", post=422),
- with an id in it: also its things in `ids` of scene.py, one's own and another's.
- A list of the admin: one line in LISTS; a row for it in `rows_of_lists` of scene.py.
- A verb of a case:    its slug in VERBS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Status = int | set[int]
Answer = tuple[Status, Status]  # to GET, to POST

TO_SIGN_IN: Answer = (302, 302)
FORM = {200, 302}  # Django's admin shows an empty form again, or saves what needs nothing filled in
LET_IN = {200, 302, 303, 422}

RELATIONS: dict[str, dict[str, str]] = {
    "own": {"reporter": "owner", "contact": "owner"},
    "other": {"contact_elsewhere": "owner"},
    "in an account": {"ambtsdrager": "owner"},
    "own view": {"first_line": "owner"},
    "own release": {"partner": "owner"},
    "bundle in mijn": {"ambtsdrager": "owner"},
    "bundle in beheer": {"first_line": "owner"},
    "key in mijn": {"contact_elsewhere": "owner"},
    "key in beheer": {"colleague": "owner"},
    # one of the first line withdrew from it, another's association has other functions
    "new": dict.fromkeys(("first_line", "colleague", "coordinator", "auditor"), "knows"),
    "taken": {"first_line": "handles", "coordinator": "knows", "auditor": "knows"},
    # second_line was offered it, and the coordinator broke its glass
    "elsewhere": {"colleague": "handles", "second_line": "knows", "coordinator": "knows", "auditor": "knows"},
    "followed": {"ambtsdrager": "owner"},  # a training
    "organisation": {},  # between a reporter and the own organisation: it is not there for the team
    "mixed": {},  # ids that do not belong together
}


class Line(NamedTuple):
    may: dict[str, Answer]
    others: Answer
    outside: Answer | None = TO_SIGN_IN  # None: as the others

    def expects(self, who: str, thing: str, *, is_outside: bool) -> Answer:
        relation = None if is_outside else RELATIONS.get(thing, {}).get(who)
        for name in (f"{who} of {thing}", relation, who):
            if name in self.may:
                return self.may[name]
        return self.outside if is_outside and self.outside else self.others


def _but_for_405(answer: Answer, status: Status) -> Answer:
    get, post = (405 if each == 405 else status for each in answer)
    return get, post


def everybody(get: Status = 200, post: Status = 405) -> Line:
    return Line({}, (get, post), outside=None)


def following(get: Status = 200, post: Status = 405) -> Line:
    """With an access code, at the own report; who has none is asked for it."""
    return Line({"reporter": (get, post)}, _but_for_405((get, post), 303), outside=None)


def following_own(get: Status = 200, post: Status = 405) -> Line:
    """The same, for one thing of a report: another's is not there."""
    answer = (get, post)
    may = {"owner": answer, "reporter": _but_for_405(answer, 404)}
    return Line(may, _but_for_405(answer, 303), outside=None)


def signed_in(*who: str, get: Status = 200, post: Status = 405, others: Status | Answer = 404) -> Line:
    """For these; for everybody of the zone when nobody is named."""
    answer = (get, post)
    if not who:
        return Line({}, answer)
    return Line(
        dict.fromkeys(who, answer), others if isinstance(others, tuple) else _but_for_405(answer, others)
    )


def way_in(outside: Answer, *, half: Answer, inside: Answer) -> Line:
    """A page of signing in itself; `half`: with a password, without the second factor."""
    return Line({"half_contact": half, "half_first_line": half}, inside, outside)


def of_case(handles: Answer = (404, 404), knows: Answer | None = None) -> Line:
    """A page of a case: for who handles it, for who knows its envelope; it is not there for the others."""
    kept_out = _but_for_405(handles, 404)
    return Line({"handles": handles, "knows": knows or kept_out}, kept_out)


def listed(
    view: list[str], add: Sequence[str] = (), change: Sequence[str] = (), delete: Sequence[str] = ()
) -> dict[str, Line]:
    """The pages of a list of the admin, by the end of their address."""
    no: Answer = (403, 403)
    looks = dict.fromkeys(view, (200, 403))
    return {
        "": Line(dict.fromkeys(view, (200, 200)), no),
        "add/": Line(dict.fromkeys(add, (200, FORM)), no),
        "<path:object_id>/history/": Line(dict.fromkeys(view, (200, 200)), no),
        "<path:object_id>/delete/": Line(dict.fromkeys(delete, (200, FORM)), no),
        "<path:object_id>/change/": Line(looks | dict.fromkeys(change, (200, FORM)), no),
        "<path:object_id>/": everybody(302, 302),
    }


FIRST = ("first_line", "colleague", "recused", "of_association")
SECOND = ("second_line", "second_colleague")
INVITERS = ("coordinator", "netwerkbeheer")
SEE_CASES = (*FIRST, *SECOND, "coordinator", "auditor")


ACCOUNT = {  # under /mijn/account/ and /beheer/account/ both
    "": signed_in(),
    "login/": way_in((200, 422), half=(302, 302), inside=(302, 302)),
    "logout/": way_in((302, 302), half=(200, 302), inside=(200, 302)),
    "reauthenticate/": way_in((302, 302), half=(200, 422), inside=(200, 422)),
    "password/change/": signed_in(post=422),
    "password/reset/": everybody(post=200),
    "password/reset/done/": everybody(),
    "wachtwoord/<slug:token>/": everybody(404, 404),  # the right one: tests/accounts/test_later.py
    "uitnodiging/<slug:token>/": everybody(404, 404),
    "overal-afmelden/": signed_in(get=405, post=302),
    "uitnodigen/": signed_in(*INVITERS, post=200, others=(403, 403)),
    "uitnodigen/<uuid:proposal_id>/": signed_in(*INVITERS, get=405, post=302, others=(403, 403)),
    "rol-intrekken/": signed_in(*INVITERS, "technisch_beheer", post=200, others=(403, 403)),
    "2fa/authenticate/": everybody(302, 302),  # halfway in only: tests/accounts/test_sign_in.py
    "2fa/": signed_in(),
    "2fa/reauthenticate/": everybody(302, 302),
    "2fa/totp/activate/": way_in((302, 302), half=(200, 422), inside=(200, 422)),
    "2fa/totp/deactivate/": signed_in(get=404, post=404),
    "2fa/recovery-codes/": signed_in(get=404),
    "2fa/recovery-codes/generate/": signed_in(post=422),
    "2fa/recovery-codes/download/": signed_in(get=404, post=404),
    "2fa/webauthn/": signed_in(),
    "2fa/webauthn/add/": way_in((302, 302), half=(200, 422), inside=(200, 422)),
    "2fa/webauthn/reauthenticate/": everybody(302, 302),
    "2fa/webauthn/keys/<int:pk>/remove/": signed_in("owner", post=302),
    "2fa/webauthn/keys/<int:pk>/edit/": signed_in("owner", post=422),
    "2fa/webauthn/login/": everybody(302, 302),
}

POLICY = {
    # --- everybody
    "/": everybody(),
    "/verlaten/": everybody(302),
    "/privacy/": everybody(),
    "/toegankelijkheid/": everybody(),
    "/over/": everybody(),
    "/.well-known/security.txt": everybody(),
    "/organisaties/zoeken/": everybody(),
    "/partners/": everybody(),
    "/partners/<slug:slug>/": everybody(404),  # none of that name: tests/netwerk/test_partner_pages.py
    "/hulp/": everybody(),
    "/hulp/meldpunten/": everybody(),
    "/cijfers/": everybody(),
    "/cijfers/data.json": everybody(),
    "/cijfers/schema.json": everybody(),
    "/norm/": everybody(),
    "/projecten/": everybody(),
    "/projecten/<slug:slug>/": everybody(404),  # what is there: tests/netwerk/test_pages.py
    "/dossiers/": everybody(),
    "/dossiers/<slug:slug>/": everybody(404),
    "/verhalen/": everybody(),
    "/verhalen/<slug:slug>/": everybody(404),
    "/signaalkaarten/": everybody(),
    "/signaalkaarten/<slug:slug>/": everybody(404),
    "/toolkit/<slug:slug>/": everybody(),
    "/toolkit/<slug:slug>/download/": everybody(),
    "/toolkit/<slug:slug>/download/<int:number>/": everybody(),
    "/toolkit/": everybody(),
    "/toolkit/atom.xml": everybody(),
    "/toolkit/data.json": everybody(),
    "/toolkit/schema.json": everybody(),
    "/robots.txt": everybody(),
    "/sitemap.xml": everybody(),
    "/pagina-sitemap.xml": everybody(),
    "/diwoo-sitemap.xml": everybody(),
    "/melden/": everybody(post=303),
    "/melden/hervatten/": everybody(post=422),
    "/melden/bewaard/": everybody(303),
    "/melden/controleren/": everybody(303, 303),
    "/melden/verstuurd/": everybody(303),
    "/melden/bewijs/": everybody(303, 409),
    "/melden/<slug:slug>/": everybody(post=422),
    "/bel-mij/": everybody(302, 303),
    "/bel-mij/hervatten/": everybody(post=422),
    "/bel-mij/bewaard/": everybody(303),
    "/bel-mij/controleren/": everybody(303, 303),
    "/bel-mij/verstuurd/": everybody(303),
    "/bel-mij/<slug:slug>/": everybody(404, 404),
    "/hulp/online/": everybody(),
    "/signaal/": everybody(post=303),
    "/signaal/hervatten/": everybody(post=422),
    "/signaal/bewaard/": everybody(303),
    "/signaal/controleren/": everybody(303, 303),
    "/signaal/verstuurd/": everybody(303),
    "/signaal/<slug:slug>/": everybody(404, 404),
    "/cijfers/meldingen/": everybody(),
    "/agenda/": everybody(),
    "/agenda/<slug:slug>/": everybody(404, 405),  # one that is there: tests/netwerk/test_meetings.py
    "/themas/": everybody(),
    "/themas/<slug:slug>/": everybody(404, 405),
    "/trainingen/": everybody(),
    "/trainingen/<slug:slug>/": everybody(404, 405),
    "/volgen/": everybody(post=422),
    "/volgen/nieuwe-code/": everybody(405, 303),
    "/volgen/stoppen/": everybody(405, 303),
    # --- who has an access code
    "/volgen/langer/": following(405, 303),
    "/volgen/melding/": following(),
    "/volgen/melding/bericht/": following(405, 422),
    "/volgen/melding/contact/": following(post=303),
    "/volgen/melding/overdracht/<uuid:pk>/": following_own(405, 422),
    "/volgen/melding/meelezer/<int:pk>/": following_own(post=303),
    "/volgen/melding/hulp/<uuid:pk>/": following_own(post=422),
    "/volgen/melding/intrekken/": following(post=422),
    "/volgen/melding/bewijs/": following(post=422),
    "/volgen/melding/bewijs/<uuid:pk>/": following_own(),
    "/volgen/melding/bewijs/<uuid:pk>/origineel/": following_own(),
    "/volgen/melding/aangifte/": following(),
    "/volgen/melding/aangifte/maken/": following(405, 404),  # there is no aangifte
    "/volgen/melding/aangifte/pdf/": following(404),
    "/volgen/melding/aangifte/manifest/": following(404),
    "/volgen/melding/namens/": following(303, 303),  # the reporter reported for herself
    "/volgen/melding/namens/overdragen/": following(303, 303),
    "/volgen/melding/account/": following(303, 303),  # it is in none
    "/volgen/melding/wissen/": following(post=422),
    "/volgen/melding/gegevens/": following(),
    "/volgen/melding/gegevens/json/": following(),
    "/volgen/melding/hoe-gaat-het/": following(303, 303),  # the case is open
    "/volgen/melding/weer-begonnen/": following(303, 303),
    "/volgen/melding/oordeel/": following(303, 303),
    "/volgen/melding/verband/": following(303, 303),  # nothing was asked
    "/volgen/melding/document/": following(405, 303),
    "/volgen/melding/document/pdf/": following(404),  # none was asked for
    # --- who has an account
    "/mijn/verlaten/": everybody(302),
    "/mijn/account/aanvragen/": everybody(post=200),
    "/mijn/account/aanvragen/verstuurd/": everybody(),
    "/mijn/": signed_in(),
    "/mijn/meldingen/": signed_in(post=422),
    "/mijn/meldingen/<uuid:pk>/volgen/": signed_in("owner", get=405, post=303),
    "/mijn/meldingen/<uuid:pk>/losmaken/": signed_in("owner", post=302),
    "/mijn/gegevens/": signed_in(),
    "/mijn/gegevens/json/": signed_in(),
    "/mijn/basisprogramma/": signed_in(),
    "/mijn/basisprogramma/stap/<slug:slug>/": signed_in(get=405, post=404),  # no such step
    "/mijn/basisprogramma/noodkaart/": signed_in(post=200),
    "/mijn/starterspakket/": signed_in("ambtsdrager", post=422, others=(200, 404)),
    "/mijn/starterspakket/intrekken/": signed_in("ambtsdrager", get=405, post=302),
    "/mijn/organisatie/norm/": signed_in("contact", "contact_elsewhere"),
    "/mijn/organisatie/norm/<int:organisation_id>/<slug:kind>/": signed_in("owner", post=422),
    "/mijn/organisatie/norm/<int:organisation_id>/<slug:kind>/intrekken/": signed_in("owner", post=302),
    "/mijn/organisatie/agressieprotocol/": signed_in("contact", "contact_elsewhere", "ambtsdrager"),
    "/mijn/organisatie/agressieprotocol/<int:organisation_id>/": signed_in("owner", post=422),
    "/mijn/organisatie/agressieprotocol/versie/<uuid:pk>/": signed_in(
        "owner", "ambtsdrager of own", post=302
    ),
    "/mijn/organisatie/agressieprotocol/versie/<uuid:pk>/pdf/": signed_in(get=404),  # none was made
    "/mijn/toolkit/": signed_in(),
    "/mijn/toolkit/volgen/": signed_in(post=422),
    "/mijn/toolkit/nieuw/": signed_in(),
    "/mijn/toolkit/volgen/<slug:topic>/": signed_in(get=405, post=302),
    "/mijn/toolkit/<slug:slug>/volgen/": signed_in(get=405, post=302),
    "/mijn/organisatie/": signed_in(),
    "/mijn/organisatie/uitnodigen/": signed_in("contact", "contact_elsewhere", post=200),
    "/mijn/organisatie/aanvragen/": signed_in(),
    "/mijn/organisatie/aanvragen/<uuid:request_id>/": signed_in("owner", get=405, post=302),
    "/mijn/organisatie/meldpunt/": signed_in("contact", "contact_elsewhere"),
    "/mijn/organisatie/meldpunt/nieuw/": signed_in("contact", "contact_elsewhere", post=422),
    "/mijn/organisatie/meldpunt/<int:point_id>/": signed_in("owner", post=422),
    "/mijn/organisatie/meldpunt/<int:point_id>/besluit/": signed_in("owner", get=405, post=302),
    "/mijn/organisatie/<uuid:report_id>/": signed_in("owner", post=422),
    "/mijn/organisatie/<uuid:report_id>/bewijs/<uuid:pk>/": signed_in("owner"),
    "/mijn/organisatie/<uuid:report_id>/bewijs/<uuid:pk>/origineel/": signed_in("owner"),
    "/mijn/agenda/": signed_in(),
    "/mijn/agenda/<slug:slug>/": signed_in(get=404, post=404),  # as above
    "/mijn/agenda/<slug:slug>/afspraak.ics": signed_in(get=404),
    "/mijn/trainingen/": signed_in(),
    "/mijn/trainingen/<int:edition_id>/": signed_in(post=302),
    "/mijn/trainingen/<int:edition_id>/afspraken.ics": signed_in("owner"),
    "/mijn/trainingen/<int:edition_id>/deelnamebewijs/": signed_in("owner", get=404, post=302),
    "/mijn/trainingen/<int:edition_id>/oordeel/": signed_in("owner", post=422),
    "/mijn/themas/": signed_in("partner"),
    "/mijn/themas/<slug:partner_slug>/voorstel/<int:year>/": signed_in("partner", post=422),
    "/mijn/themas/<slug:partner_slug>/<slug:slug>/": signed_in(
        get=405, post=404
    ),  # tests/netwerk/test_themes.py
    "/mijn/organisatie/uitgaven/": signed_in("partner"),
    "/mijn/organisatie/uitgaven/nieuw/": signed_in("partner", post=422),
    "/mijn/organisatie/uitgaven/<slug:slug>/": signed_in("owner"),
    "/mijn/organisatie/uitgaven/<slug:slug>/wijzigen/": signed_in("owner", post=422),
    "/mijn/organisatie/uitgaven/<slug:slug>/bestand/": signed_in("owner", post=422),
    "/mijn/organisatie/uitgaven/<slug:slug>/publiceren/": signed_in("owner", post={302, 422}),
    "/mijn/organisatie/uitgaven/<slug:slug>/terug/": signed_in("owner", post=422),  # it is out already
    "/mijn/organisatie/uitgaven/<slug:slug>/intrekken/": signed_in("owner", post=422),
    **{
        f"/{zone}/toolkit/{path}": line
        for zone in ("mijn", "beheer")
        for path, line in {
            "<slug:slug>/": signed_in(),
            "<slug:slug>/download/": signed_in(),
            "<slug:slug>/download/<int:number>/": signed_in(),
            "bundel/": signed_in(post=422),
            "bundel/<uuid:bundle_id>/": signed_in("owner"),
            "bundel/<uuid:bundle_id>/download/": signed_in("owner"),
        }.items()
    },
    # --- the staff
    "/beheer/netwerk/item/inlezen/": signed_in("netwerkbeheer", post=422, others=(403, 403)),
    "/beheer/netwerk/item/exporteren/": signed_in("netwerkbeheer", post=422, others=(403, 403)),
    "/beheer/netwerk/item/<int:pk>/versie/": signed_in("netwerkbeheer", post=422, others=(403, 403)),
    "/beheer/netwerk/item/<int:pk>/publiceren/": signed_in("netwerkbeheer", post=422, others=(403, 403)),
    "/beheer/netwerk/item/<int:pk>/terug/": signed_in("netwerkbeheer", post=422, others=(403, 403)),
    "/beheer/netwerk/item/<int:pk>/intrekken/": signed_in("netwerkbeheer", post=422, others=(403, 403)),
    "/beheer/netwerk/item/<int:pk>/toegang/": signed_in("netwerkbeheer", post=200, others=(403, 403)),
    "/beheer/netwerk/item/<int:pk>/downloads/": signed_in("netwerkbeheer", others=403),
    "/beheer/verlaten/": everybody(302),
    "/beheer/": signed_in(post=200),
    "/beheer/login/": everybody(302, 302),
    "/beheer/logout/": everybody(302, 302),
    "/beheer/password_change/": everybody(302, 302),
    "/beheer/password_change/done/": signed_in(),
    "/beheer/autocomplete/": signed_in(get=403),
    "/beheer/jsi18n/": signed_in(),
    "/beheer/(?P<app_label>…)/": signed_in(*SEE_CASES, "netwerkbeheer", post=200),
    "/beheer/(?P<url>.*)": signed_in(get=404, post=404),
    "/beheer/ondersteuning/case/": signed_in(*SEE_CASES, post=200),
    "/beheer/ondersteuning/case/<uuid:pk>/change/": of_case(handles=(200, 405), knows=(200, 405)),
    "/beheer/ondersteuning/case/aannemen/": signed_in(*FIRST, "coordinator", post=422),
    "/beheer/ondersteuning/case/inlezen/": signed_in("coordinator", post=422),
    "/beheer/ondersteuning/case/zoeken/": signed_in(*FIRST, *SECOND, "coordinator", post=422),
    "/beheer/ondersteuning/case/samen/": signed_in(*FIRST, *SECOND, "coordinator", get=302, post=302),
    "/beheer/ondersteuning/case/samen/<uuid:pk>/terug/": signed_in("coordinator", get=405, post=302),
    "/beheer/ondersteuning/case/<uuid:pk>/bericht/": of_case(handles=(200, 422)),
    "/beheer/ondersteuning/case/<uuid:pk>/zaakdossier.pdf": of_case(handles=(404, 405)),  # none was made
    "/beheer/ondersteuning/case/<uuid:pk>/aangiftedossier.pdf": of_case(handles=(404, 405)),  # none was made
    "/beheer/ondersteuning/case/<uuid:pk>/manifest.sha256": of_case(handles=(200, 405)),
    "/beheer/ondersteuning/case/<uuid:pk>/bewijs/": of_case(handles=(200, 422)),
    "/beheer/ondersteuning/case/<uuid:pk>/bewijs/<uuid:evidence>/": Line(
        {"handles": (200, 405), "coordinator of elsewhere": (200, 405)}, (404, 405)
    ),
    "/beheer/ondersteuning/case/<uuid:pk>/bewijs/<uuid:evidence>/origineel/": of_case(handles=(200, 422)),
    "/beheer/ondersteuning/case/<uuid:pk>/noodtoegang/lezen/": Line(
        {"coordinator of elsewhere": (200, 405)}, (404, 405)
    ),
    "/beheer/ondersteuning/export/": signed_in("coordinator", "auditor", post=200, others=(403, 403)),
    "/beheer/ondersteuning/export/add/": signed_in("coordinator", post=422),
    "/beheer/ondersteuning/export/<uuid:pk>/change/": Line(  # who asked for it does not agree to it
        {"coordinator": (200, 404), "auditor": (200, 302)}, (404, 404)
    ),
    "/beheer/ondersteuning/export/<uuid:pk>/ophalen/": signed_in("coordinator", get=405, post=200),
    "/beheer/ondersteuning/breakglass/": signed_in("coordinator", "auditor", post=200, others=(403, 403)),
    "/beheer/ondersteuning/breakglass/<uuid:pk>/change/": signed_in("coordinator", "auditor", post=422),
    "/beheer/ondersteuning/erasurerequest/": signed_in("coordinator", post=200, others=(403, 403)),
    "/beheer/ondersteuning/erasurerequest/<uuid:pk>/change/": signed_in(
        "coordinator", post=422, others=(403, 403)
    ),
    "/beheer/ondersteuning/case/<uuid:pk>/<slug:slug>/": of_case(),  # each verb: see VERBS
    "/beheer/toolkit/": signed_in(),
    "/beheer/cijfers/": signed_in(*FIRST, "coordinator", "auditor"),
    "/beheer/ondersteuning/signal/": signed_in(*FIRST, "coordinator", post=200, others=(403, 403)),
    "/beheer/ondersteuning/signal/<uuid:pk>/change/": signed_in(*FIRST, "coordinator"),
    "/beheer/ondersteuning/signal/<uuid:pk>/gelezen/": signed_in(*FIRST, get=405, post=302),
    "/beheer/ondersteuning/signal/<uuid:pk>/thema/": signed_in(*FIRST, get=405, post=422),
    "/beheer/ondersteuning/signal/<uuid:pk>/zaak/": signed_in(*FIRST, get=405, post=422),
    "/beheer/ondersteuning/tourvisit/bereik/": signed_in(
        *FIRST, "coordinator", "netwerkbeheer", post=405, others=403
    ),
    "/beheer/ondersteuning/countedreport/": signed_in(*INVITERS, post=200),
    **{f"/{zone}/account/{path}": line for zone in ("mijn", "beheer") for path, line in ACCOUNT.items()},
}

RELATIONS["shared view"] = dict.fromkeys(SEE_CASES, "knows") | {"colleague": "owner"}

# A saved view is its owner's; a shared one is seen by colleagues, each with the cases of their own.
VIEWS = {
    path: Line({"owner": owner, "knows": knows} | dict.fromkeys(SEE_CASES, colleague), (403, 403))
    for path, owner, knows, colleague in [
        ("", (200, 200), (200, 200), (200, 200)),
        ("add/", (200, 200), (200, 200), (200, 200)),
        ("<path:object_id>/history/", (200, 200), (200, 200), (404, 404)),
        ("<path:object_id>/delete/", (200, FORM), (403, 403), (404, 404)),
        ("<path:object_id>/change/", (200, FORM), (200, 403), (404, 404)),
    ]
} | {"<path:object_id>/": everybody(302, 302)}

# What editors write, with a look at it as a visitor sees it. Nothing is removed: it is taken off the site.
PAGES = {
    **listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "<path:object_id>/voorbeeld/": Line({"netwerkbeheer": (200, 405)}, (403, 405)),
}

# A track with an organisation under pressure is there for who was let in, and for nobody else of that role.
TRACKS = {
    "": Line(dict.fromkeys(INVITERS, (200, 200)), (403, 403)),
    "add/": Line({"netwerkbeheer": (200, FORM)}, (403, 403)),
    "<path:object_id>/history/": Line({"netwerkbeheer": (200, 200), "coordinator": (404, 404)}, (403, 403)),
    "<path:object_id>/delete/": Line({"coordinator": (404, 404)}, (403, 403)),
    "<path:object_id>/change/": Line({"netwerkbeheer": (200, FORM), "coordinator": (404, 404)}, (403, 403)),
    "<path:object_id>/": everybody(302, 302),
}

# The lists of the admin that are Django's own: who looks, who adds, who changes, who removes. Others: 403.
LISTS = {
    "audit/accesslog": listed(view=["auditor"]),
    "audit/seal": listed(view=["auditor"]),
    "accounts/user": listed(view=["technisch_beheer"], change=["technisch_beheer"]),
    "jobs/job": listed(view=["technisch_beheer"]),
    "netwerk/item": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "netwerk/organisation": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "netwerk/contact": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "netwerk/membership": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "netwerk/reportingpoint": listed(*[["netwerkbeheer"]] * 4),
    "netwerk/keyfigure": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "ondersteuning/messagetemplate": listed(["coordinator"], add=["coordinator"], change=["coordinator"]),
    "ondersteuning/savedview": VIEWS,
    "netwerk/normsignature": listed(["netwerkbeheer"]),
    "netwerk/startertalk": listed([*FIRST, "coordinator"], change=[*FIRST, "coordinator"]),
    "netwerk/partner": listed([*FIRST, *SECOND, *INVITERS], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    "netwerk/synonym": listed(
        ["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"], delete=["netwerkbeheer"]
    ),
    "netwerk/partnermember": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"]),
    **{
        f"netwerk/{name}": listed(["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"])
        for name in ("meeting", "theme", "themeround", "training", "trainingedition")
    },
    "netwerk/trainingsession": listed(["netwerkbeheer"], change=["netwerkbeheer"]),
    "netwerk/signup": listed(["netwerkbeheer"], change=["netwerkbeheer"]),
    **dict.fromkeys(
        ("netwerk/project", "netwerk/policydossier", "netwerk/story", "netwerk/signalcard"), PAGES
    ),
    "netwerk/intervention": TRACKS,
    "netwerk/budget": listed(
        ["netwerkbeheer"], add=["netwerkbeheer"], change=["netwerkbeheer"], delete=["netwerkbeheer"]
    ),
    "ondersteuning/tourvisit": listed([*FIRST, *INVITERS], add=["coordinator"], change=["coordinator"]),
    "ondersteuning/teammember": listed(
        [*FIRST, *SECOND, "coordinator"], add=["coordinator"], change=["coordinator"], delete=["coordinator"]
    ),
    "ondersteuning/dutyshift": listed([*FIRST, "coordinator"], add=["coordinator"], change=["coordinator"]),
}
POLICY |= {f"/beheer/{name}/{path}": line for name, lines in LISTS.items() for path, line in lines.items()}

# The lists that are read from a file and written to one.
SHEETS = ("netwerk/organisation", "netwerk/partner", "netwerk/keyfigure")
POLICY |= {
    f"/beheer/{name}/{path}/": signed_in("netwerkbeheer", post=422, others=(403, 403))
    for name in SHEETS
    for path in ("inlezen", "exporteren")
}

# What is done with a case: who is let in. Whether it fits now, is a test of the verb itself.
HANDLER, ENVELOPE = {"handles"}, {"handles", "knows"}
VERBS = {
    "nemen": ENVELOPE | {"colleague nothing"},  # a colleague was first, or there is no such case: told alike
    **dict.fromkeys(("gezien", "overnemen", "niet-overnemen", "toewijzen"), ENVELOPE),
    **dict.fromkeys(("hervatten", "triage", "begeleiding", "nazorg", "nazorgmoment", "afsluiten"), HANDLER),
    **dict.fromkeys(("heropenen", "contact", "urgentie", "wachten", "overdragen", "instemming"), HANDLER),
    **dict.fromkeys(("overdracht-intrekken", "doorverwijzen", "intrekken", "tijdelijke-code"), HANDLER),
    **dict.fromkeys(
        ("hulp-vragen", "hulp-instemming", "hulp-loopt", "hulp-klaar", "hulp-vervallen"), HANDLER
    ),
    "terugtrekken": ENVELOPE,
    "noodtoegang": {"coordinator knows"},
    **dict.fromkeys(("aangifte", "aangifte-stand", "aangifte-afspraken", "aangiftedossier"), HANDLER),
    **dict.fromkeys(("procedure", "procedure-stand", "datum", "datum-wijzigen", "datum-vervalt"), HANDLER),
    **dict.fromkeys(("maatregel", "maatregel-stand", "online-haat", "naaste"), HANDLER),
    "toestemming": HANDLER,
    **dict.fromkeys(("personen", "verband", "verband-antwoord", "verband-verbreken"), HANDLER),
    "verband-leggen": {"coordinator knows"},
    **dict.fromkeys(("inschatting", "notitie", "zaakdossier"), HANDLER),
}
