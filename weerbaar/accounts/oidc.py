"""An organisation's own sign-in (OpenID Connect): for who has an account here, known by a checked address."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class OidcAdapter(DefaultSocialAccountAdapter):
    """No account comes into being this way, and the second factor still follows."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """An organisation vouches for its own people (OIDC_DOMAINS): not for those of another, whose accounts
        are here too."""
        domain = email.rpartition("@")[2].lower()
        return domain in settings.OIDC_DOMAINS and super().can_authenticate_by_email(login, email)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mail of allauth names browser and address; the account page says what is connected."""
