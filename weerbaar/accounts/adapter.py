"""What allauth asks of us: closed to strangers, calm in its words, silent in its mails."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weerbaar.zones import Zone

from . import devices
from .models import User
from .requests import ZonedRequest
from .sealing import seal, unseal
from .tasks import notify_later

WRONG = _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Controleer ze en probeer het opnieuw.")
WRONG_CODE = _("Deze code klopt niet, of is al gebruikt. Wacht op een nieuwe code en probeer het opnieuw.")
TOO_OFTEN = _("U hebt het te vaak geprobeerd. Wacht 5 minuten en probeer het opnieuw.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only. What goes wrong says nothing about who has one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "account_inactive": WRONG,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("Dit wachtwoord klopt niet. Probeer het opnieuw."),
        "enter_current_password": _("Dit is niet uw huidige wachtwoord."),
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: ZonedRequest) -> bool:
        return False

    def pre_login(self, request: ZonedRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse, whatever the way in, who is switched off or belongs to the other zone."""
        if user.is_active and user.zone == request.zone:
            return None
        clear_login(request)
        messages.error(request, WRONG)
        return redirect("account_login")

    def login(self, request: ZonedRequest, user: User) -> None:
        """Tell who signs in when that was done before, so that a stranger's visit is noticed."""
        before = user.last_login
        super().login(request, user)
        if before:
            moment = date(timezone.localtime(before), "l j F Y, H:i")
            text = gettext("U bent aangemeld. De vorige keer was op %s uur.") % moment
            messages.info(request, text)

    def post_login(self, request: ZonedRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(response, email=user.email, zone=request.zone)
        return response

    def _get_login_attempts_cache_key(self, request: ZonedRequest, **credentials: Any) -> str:
        """What wrong passwords are counted by: the account, and a device that it signed in with before."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return key + devices.known(request, credentials.get("email", ""))

    def is_safe_url(self, url: str) -> bool:
        """Back to a page of this site: allauth also follows an address to any other of ALLOWED_HOSTS."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: ZonedRequest) -> str:
        return f"/{request.zone}/"

    def get_logout_redirect_url(self, request: ZonedRequest) -> str:
        return reverse("account_login")

    get_password_change_redirect_url = get_login_redirect_url

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail of allauth's own ever leaves: they name the browser and the address on the network."""

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Something of the account's security changed; the mail says no more than that."""
        notify_later(user)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Who has a second factor shows that one again: a password alone is not enough."""
        return not is_mfa_enabled(user) and super().reauthenticate(user, password)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [way for way in methods if way["id"] != "reauthenticate"] or methods

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who signed in less than five minutes ago need not do it again."""
        method = "mfa" if is_mfa_enabled(self.request.user) else None
        latest = latest_proof(self.request, method)
        return latest is None or time.time() - latest > app_settings.REAUTHENTICATION_TIMEOUT


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are sealed for the zone; nobody is left without one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _(
            "Zonder tweede stap kunt u niet aanmelden. Voeg eerst een andere toe."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal_secret(_zone(), text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(_zone(), b64decode(encrypted_text), about="second factor").decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Sleutel %d") % number


def seal_secret(zone: Zone, text: str) -> str:
    """A TOTP secret or the seed of recovery codes, as the database may hold it."""
    return b64encode(seal(zone, text.encode(), about="second factor")).decode()


def latest_proof(request: ZonedRequest, method: str | None = "mfa") -> float | None:
    """When (seconds since 1970) this session last showed its second factor; None: never."""
    records = get_authentication_records(request, request.user)
    return max((record["at"] for record in records if method in (None, record["method"])), default=None)


def _zone() -> Zone:
    return context.request.zone
