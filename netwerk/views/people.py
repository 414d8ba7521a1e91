from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from netwerk import actions
from netwerk.forms import AccountRequestForm, InviteMemberForm
from netwerk.models import AccountRequest, Contact
from weerbaar.accounts.requests import SignedInRequest


@login_not_required
@require_http_methods(["GET", "POST"])
def ask_account(request: HttpRequest) -> HttpResponse:
    """Ask for an account with a work address: the answer is always the same."""
    form = AccountRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if refused := ratelimit.consume_or_429(request, action="signup"):
            return refused
        actions.ask_account(**form.cleaned_data)
        return redirect("netwerk:account_asked")
    return render(request, "netwerk/ask_account.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_GET
def account_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "netwerk/account_asked.html")


@require_GET
def account_requests(request: SignedInRequest) -> HttpResponse:
    """Who asks for an account at the organisations of this contact."""
    asked = AccountRequest.objects.visible_to(request.user).select_related("organisation")
    return render(request, "netwerk/account_requests.html", {"asked": asked})


@require_http_methods(["GET", "POST"])
def invite_member(request: SignedInRequest) -> HttpResponse:
    """Invite somebody of the own organisation; who is no contact finds nothing here."""
    if not Contact.objects.current().filter(user=request.user).exists():
        raise Http404
    form = InviteMemberForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        if refused := ratelimit.consume_or_429(request, action="signup"):
            return refused
        try:
            actions.invite_member(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            messages.success(request, _("De uitnodiging is verstuurd."))
            return redirect("netwerk:invite_member")
    return render(request, "netwerk/invite_member.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def decide_request(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Confirm or refuse one request."""
    asked = get_object_or_404(AccountRequest.objects.visible_to(request.user), pk=request_id)
    if "confirm" in request.POST:
        actions.confirm_request(asked, by=request.user)
        messages.success(request, _("De functie is bevestigd. De aanvrager krijgt een uitnodiging."))
    else:
        actions.refuse_request(asked, by=request.user)
        messages.success(request, _("De aanvraag is weggehaald."))
    return redirect("netwerk:account_requests")
