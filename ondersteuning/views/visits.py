"""Following a report: whoever typed the access code may look for half an hour, by a cookie."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST

from ondersteuning import actions
from ondersteuning.forms.follow import CodeForm, RenewForm
from ondersteuning.models import Case, ErasureRequest
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result
from weerbaar.pages.errors import DATABASE_GONE, error_page
from weerbaar.pages.leave import on_leave
from weerbaar.vault import api as vault
from weerbaar.vault.api import AccessCode
from weerbaar.zones import Zone, zone_url

COOKIE = "__Host-volgen" if settings.SECURE else "volgen"
STAYS = 30 * 60  # seconds; the lockbox of the visit lives as long
WRONG_A_MINUTE = 60
KEPT = ("text", "to", "form", "name", "phone", "moment", "voicemail", "email", "remark", "share")
Words = dict[str, str]

View = Callable[..., HttpResponse]


def needs_log(view: View) -> View:
    """Decorator: without an access log nothing opens; the page says so, and nothing is lost."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except audit.AuditUnavailable:
            return error_page(request, 503)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@needs_log
@transaction.atomic
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the access code; with the right one somebody may look and write."""
    if request.method != "POST":
        token = request.COOKIES.get(COOKIE, "")
        context = {
            "is_over": "voorbij" in request.GET,
            "has_left": "gestopt" in request.GET,
            "has_handed_over": "overgedragen" in request.GET,
            "is_visiting": bool(token) and vault.visit_ends_at(token) is not None,
        }
        return ask_code(request, CodeForm(), **context)
    form = CodeForm(request.POST)
    words = kept(request)
    if not form.is_valid():
        return ask_code(request, form, status=422, kept=words)
    code = vault.recognise(form.cleaned_data["code"])
    case = vault.find_by_code(Case, code)
    if case is None and (erased := ErasureRequest.objects.filter(was_reader=code.reader).first()):
        return render(request, "ondersteuning/volgen_gewist.html", {"erased": erased}, status=410)
    if case is None:
        return _refuse(request, form, CodeForm.UNKNOWN)
    if isinstance(code, vault.TemporaryCode):
        return _show_new_code(request, code, words)
    return _let_in(request, case, code, words)


def _let_in(request: HttpRequest, case: Case, code: AccessCode, words: Words, done: str = "") -> HttpResponse:
    """Begin a visit. What was typed before it stands ready again; nothing of it was sent."""
    from . import follow  # noqa: PLC0415 - the page and its door know each other

    token = vault.start_visit(case, code)
    response: HttpResponse
    if words.get("form") == "contact":
        response = follow.ask_contact(request, case, token, typed=words)
    elif words.get("text"):
        response = follow.show(request, case, token, typed=words["text"], to=words.get("to", "team"))
    else:
        address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_melding")
        response = HttpResponseRedirect(address + (f"?gedaan={done}" if done else ""), status=303)
    remember(response, token)
    return response


def _show_new_code(request: HttpRequest, temporary: vault.TemporaryCode, words: Words) -> HttpResponse:
    """Show the new code before it counts, to be written down first: a page that is lost on the way costs
    nothing. Each showing has another code, so who looked along before holds one that opens nothing."""
    seed = secrets.token_urlsafe(32)
    new = AccessCode.derive(seed.encode())
    return render(
        request,
        "ondersteuning/volgen_nieuwe_code.html",
        {"temporary": str(temporary), "seed": seed, "code": str(new), "kept": words},
    )


@require_POST
@needs_log
@transaction.atomic
def renew(request: HttpRequest) -> HttpResponse:
    """Exchange a temporary code for the new one that was shown with it. Sent twice, it is done once."""
    form = RenewForm(request.POST)
    if not form.is_valid():
        return HttpResponseRedirect(zone_url(Zone.PUBLIEK, "ondersteuning:volgen"), status=303)
    temporary, new = form.cleaned_data["code"], AccessCode.derive(form.cleaned_data["seed"].encode())
    words = kept(request)
    try:
        if case := vault.find_by_code(Case, temporary):
            actions.renew_code(case, temporary, new=new)
    except vault.NoKey:  # used in another window just now
        pass
    if case := vault.find_by_code(Case, new):
        return _let_in(request, case, new, words, done="code")
    asked = CodeForm(request.POST)
    asked.full_clean()
    return _refuse(request, asked, CodeForm.USED)


def _refuse(request: HttpRequest, form: CodeForm, why: str | Promise) -> HttpResponse:
    """Say no. A code of 100 bits is not guessed, so a flood of wrong ones only wastes time: beyond a number a
    minute they leave no log row. The right code goes on opening, so nobody can lock out a reporter."""
    form.add_error("code", why)  # type: ignore[arg-type]  # a lazy text is a text
    if is_flood():
        return ask_code(request, form, status=429, kept=kept(request))
    audit.log(Actor.reporter(), dossier=None, purpose=Purpose.FOLLOW, result=Result.REFUSED)
    return ask_code(request, form, status=422, kept=kept(request))


def is_flood() -> bool:
    """Whether more wrong codes came in this minute than people type: over the whole site, by no address."""
    key = f"volgen:{timezone.now():%H%M}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > WRONG_A_MINUTE
    except ValueError:  # gone between the two
        return False


def ask_code(request: HttpRequest, form: CodeForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "ondersteuning/volgen.html", {"form": form, **context}, status=status)


def following(view: View) -> View:
    """Decorator: the view gets the case that this visitor follows, and the visit's token. Without a (living)
    visit it asks for the code. What was being sent is kept, also when the database is away."""

    @wraps(view)
    @needs_log
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.COOKIES.get(COOKIE, "")
        try:
            with transaction.atomic():  # what the visit shows to the database, holds as long as this
                case = vault.find_by_visit(Case, token) if token else None
                if case is not None:
                    return view(request, case, token, *args, **kwargs)
        except vault.NoKey:  # the half hour was over just now
            pass
        except DATABASE_GONE:
            if not has_words(request):
                raise
            return ask_code(request, CodeForm(), status=503, kept=kept(request), is_down=True)
        if has_words(request):
            return ask_code(request, CodeForm(), status=422, kept=kept(request))
        address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen")
        return HttpResponseRedirect(f"{address}?voorbij" if token else address, status=303)

    return guarded


def kept(request: HttpRequest) -> Words:
    """A message or a change that could not be sent yet: its words go along with the code."""
    if not has_words(request):
        return {}
    return {name: value for name in KEPT if (value := request.POST.get(name))}


def has_words(request: HttpRequest) -> bool:
    return bool(request.POST.get("text") or request.POST.get("form"))


@require_POST
@following
def stay(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Another half hour, for who is still there; a script asks for it without leaving the page."""
    token = vault.start_visit(case, visit)
    vault.end_visit(visit)
    response: HttpResponse
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_melding")
        response = HttpResponseRedirect(f"{address}?gedaan=langer", status=303)
    remember(response, token)
    return response


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop following: what the cookie opened is closed at once. Words that were typed when the time was over
    (volgen.js sends them here) wait for the code."""
    end_visit(request)
    response: HttpResponse
    if has_words(request):
        response = ask_code(request, CodeForm(), kept=kept(request))
    else:
        address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen")
        response = HttpResponseRedirect(f"{address}?gestopt", status=303)
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


@on_leave
def end_visit(request: HttpRequest) -> None:
    """Close what this visitor's cookie opens; also when they leave the site by the exit."""
    if token := request.COOKIES.get(COOKIE, ""):
        vault.end_visit(token)


def remember(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE, token, max_age=STAYS, path="/", secure=settings.SECURE, httponly=True, samesite="Strict"
    )
