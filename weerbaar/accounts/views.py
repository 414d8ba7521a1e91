from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import actions
from .forms import ForgottenForm, NewPasswordForm
from .models import PasswordLink, User
from .requests import SignedInRequest, ZonedRequest
from .sessions import STORES, end_sessions


@require_GET
def account(request: SignedInRequest) -> HttpResponse:
    """What somebody can arrange for the own account, and where it is signed in."""
    model = STORES[request.zone].model
    sessions = model.objects.filter(user=request.user, expires_at__gt=timezone.now()).order_by("-begun_at")
    here = getattr(request.session, "row", None)
    context = {"sessions": sessions, "here": here}
    return render(request, "account/account.html", context)


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End every session of this account, this one too."""
    end_sessions(request.user.pk)
    logout(request)
    return redirect("account_login")


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten(request: ZonedRequest) -> HttpResponse:
    """Ask for a link to choose a new password: always the same answer."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if refused := ratelimit.consume_or_429(request, action="reset_password", key=email.lower()):
            return refused
        actions.forgot_password(email, zone=request.zone)
        return redirect("account_reset_password_done")
    status = 422 if form.is_bound else 200
    return render(request, "account/forgotten.html", {"form": form}, status=status)


@login_not_required
@require_GET
def forgotten_done(request: ZonedRequest) -> HttpResponse:
    return render(request, "account/forgotten_done.html")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choose_password(request: ZonedRequest, token: str, kind: PasswordLink.Kind) -> HttpResponse:
    """Choose a password with the link from a mail. Only sending the form uses the link up."""
    if refused := ratelimit.consume_or_429(request, action="reset_password_from_key"):
        return refused
    link = actions.find_link(token, kind, zone=request.zone)
    if link is None or link.user is None:
        return render(request, "account/link_gone.html", status=404)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        user = actions.choose_password(link, form.cleaned_data["password"])
        if user is None:
            return render(request, "account/link_gone.html", status=404)
        return sign_in_with_new_password(request, user)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "account_email": link.user.email,
        "invited": kind == PasswordLink.Kind.INVITATION,
    }
    return render(request, "account/choose_password.html", context, status=status)


def sign_in_with_new_password(request: ZonedRequest, user: User) -> HttpResponse:
    """Go on as after a sign-in with the password: the second factor comes next."""
    logout(request)
    messages.success(request, _("Uw wachtwoord is bewaard."))
    record_authentication(request, user, "password_reset")
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email))
    return response
