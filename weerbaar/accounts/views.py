from __future__ import annotations

from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import actions
from .forms import ForgottenForm, InviteForm, NewPasswordForm, RevokeForm
from .models import PasswordLink, Proposal, User
from .requests import SignedInRequest, ZonedRequest
from .roles import Role
from .sessions import STORES, end_sessions


class SecondStep(AuthenticateView):
    """Ask for a code, and for a passkey only who has one: making a challenge for nobody is work."""

    webauthn_form: Form | None

    def _build_forms(self) -> Form | None:
        posted: Form | None = super()._build_forms()
        is_asked = posted is not None and posted is self.webauthn_form
        if not is_asked and not is_mfa_enabled(self.stage.login.user, [Authenticator.Type.WEBAUTHN]):
            self.webauthn_form = None
        return posted


second_step = SecondStep.as_view()


@require_GET
def account(request: SignedInRequest) -> HttpResponse:
    """What somebody can arrange for the own account, and where it is signed in."""
    model = STORES[request.zone].model
    sessions = model.objects.filter(user=request.user, expires_at__gt=timezone.now()).order_by("-begun_at")
    here = getattr(request.session, "row", None)
    context = {"sessions": sessions, "here": here}
    return render(request, "account/account.html", context)


@permission_required("accounts.invite_user", raise_exception=True)
@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest) -> HttpResponse:
    """Invite somebody, and see which invitations wait for a second person."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.propose(
                form.cleaned_data["email"],
                form.cleaned_data["name"],
                Role(form.cleaned_data["role"]),
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sent = _("De uitnodiging is verstuurd.")
            messages.success(request, sent if invited else _("Een tweede persoon moet dit nog bevestigen."))
            return redirect("account_invite")
    proposals = Proposal.objects.select_related("proposed_by")
    status = 422 if form.is_bound else 200
    return render(request, "account/invite.html", {"form": form, "proposals": proposals}, status=status)


@permission_required("accounts.invite_user", raise_exception=True)
@require_POST
def decide_proposal(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm somebody else's proposal, or drop one."""
    proposal = get_object_or_404(Proposal.objects.select_related("proposed_by"), pk=proposal_id)
    if "confirm" not in request.POST:
        proposal.delete()
        messages.success(request, _("Het voorstel is weggehaald."))
        return redirect("account_invite")
    try:
        actions.confirm(proposal, by=request.user)
        messages.success(request, _("De uitnodiging is verstuurd."))
    except ValidationError as error:
        messages.error(request, error.message)
    return redirect("account_invite")


@permission_required("accounts.revoke_role", raise_exception=True)
@require_http_methods(["GET", "POST"])
def revoke(request: SignedInRequest) -> HttpResponse:
    """Take a role away from an account: what it may do is gone, and its sessions end, at once."""
    form = RevokeForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            if actions.withdraw_role(email, role, by=request.user):
                messages.success(request, _("De rol is ingetrokken en het account is overal afgemeld."))
                return redirect("account_revoke")
            form.add_error("email", _("Geen account met dit adres heeft deze rol. Controleer beide."))
        except ValidationError as error:
            form.add_error("email", error)
    return render(request, "account/revoke.html", {"form": form}, status=422 if form.is_bound else 200)


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
