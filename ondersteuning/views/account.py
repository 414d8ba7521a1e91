"""/mijn/meldingen/ and /mijn/gegevens/: reports that an account joined, and all that is kept of an account.

Reading them is done at /volgen/, with a visit as the code gives: this zone opens no report.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ondersteuning import actions
from ondersteuning.account_data import account_data
from ondersteuning.forms.rights import JoinForm
from ondersteuning.models import Case
from ondersteuning.words import moment_in_words, status_in_words
from weerbaar.accounts.models import User
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.audit import api as audit
from weerbaar.audit.api import Actor, Purpose, Result
from weerbaar.vault import api as vault
from weerbaar.zones import Zone, zone_url

from .visits import is_flood, needs_log, remember

MOST = 100  # reports on one page; nobody has more
TO = {"gegevens": "ondersteuning:volgen_gegevens"}  # where to go on, besides the report itself


@require_http_methods(["GET", "HEAD", "POST"])
@needs_log
@transaction.atomic
def reports(request: SignedInRequest) -> HttpResponse:
    """The reports in this account, and a form to add one with its code."""
    if request.method != "POST":
        return _show(request, JoinForm())
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    code = vault.recognise(form.cleaned_data["code"])
    if isinstance(code, vault.TemporaryCode):
        return _refuse(request, form, JoinForm.TEMPORARY)
    try:
        if actions.join_account(code, by=request.user) is None:
            return _refuse(request, form, JoinForm.UNKNOWN)
    except ValidationError as error:  # it is in another account
        return _refuse(request, form, error.messages[0])
    return redirect(f"{request.path}?toegevoegd")


def _refuse(request: SignedInRequest, form: JoinForm, why: str | Promise) -> HttpResponse:
    form.add_error("code", why)  # type: ignore[arg-type]  # a lazy text is a text
    if is_flood():
        return _show(request, form, status=429)
    audit.log(Actor.reporter(), dossier=None, purpose=Purpose.FOLLOW, result=Result.REFUSED)
    return _show(request, form)


def _show(request: SignedInRequest, form: JoinForm, status: int | None = None) -> HttpResponse:
    own = _all_of(request.user)[:MOST]
    context = {
        "form": form,
        "reports": [(case, status_in_words(case), moment_in_words(case.received_at)) for case in own],
        "is_joined": "toegevoegd" in request.GET,
        "has_left": "losgemaakt" in request.GET,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "ondersteuning/mijn_meldingen.html", context, status=status)


@require_POST
@needs_log
@transaction.atomic
def follow(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Begin a visit, without the code; it lasts half an hour, as with it."""
    case = _own(request, pk)
    try:
        token = actions.follow_from_account(case, by=request.user)
    except vault.NoKey:
        raise Http404 from None
    name = TO.get(request.POST.get("naar", ""), "ondersteuning:volgen_melding")
    response = HttpResponseRedirect(zone_url(Zone.PUBLIEK, name), status=303)
    remember(response, token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs_log
@transaction.atomic
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a report out of the account, after a question whether that is meant."""
    case = _own(request, pk)
    if request.method != "POST":
        return render(request, "ondersteuning/mijn_losmaken.html", {"case": case})
    actions.leave_account(case, by=request.user)
    return redirect(f"{zone_url(Zone.MIJN, 'ondersteuning:mijn_meldingen')}?losgemaakt")


def _all_of(user: User) -> QuerySet[Case]:
    return vault.owned_by(Case.objects.order_by("-received_at", "pk"), user)


def _own(request: SignedInRequest, pk: UUID) -> Case:
    case = vault.owned_by(Case.objects.filter(pk=pk), request.user).first()
    if case is None:
        raise Http404
    return case


@require_safe
@transaction.atomic
def data(request: SignedInRequest) -> HttpResponse:
    """All that is kept of this account, on one page."""
    context = {"data": account_data(request.user), "reports": list(_all_of(request.user)[:MOST])}
    return render(request, "ondersteuning/mijn_gegevens.html", context)


@require_safe
@transaction.atomic
def data_json(request: SignedInRequest) -> HttpResponse:
    """The same, for a machine to read."""
    response = JsonResponse(
        account_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="gegevens.json"'
    return response
