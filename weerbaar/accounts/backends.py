from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from .models import User


class ByEmail(ModelBackend):
    """Sign in with an e-mail address, in the zone that the account belongs to.

    An unknown address, a wrong password, an account that is off and one of the other zone cost the same
    time and give the same answer.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        user = super().authenticate(request, username=username or kwargs.get("email"), password=password)
        fits = user and request and user.zone == getattr(request, "zone", None)
        return user if fits else None
