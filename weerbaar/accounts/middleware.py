from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from weerbaar.zones import Zone

from .adapter import latest_proof
from .requests import ZonedRequest
from .sessions import STORES, NoSession, ZoneStore, cookie_name, cookie_options

GetResponse = Callable[[ZonedRequest], HttpResponse]


class ZoneSessions(SessionMiddleware):
    """A session cookie, table and key for each zone; the public zone has no session at all."""

    def process_request(self, request: HttpRequest) -> None:
        zone: Zone = request.zone  # type: ignore[attr-defined]  # Zones has set it
        store = STORES.get(zone)
        request.session = store(request.COOKIES.get(cookie_name(zone))) if store else NoSession()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        if not isinstance(session, ZoneStore):
            return response
        name, options = cookie_name(session.zone), cookie_options(session.zone)
        if session.is_empty():
            if name in request.COOKIES:
                response.delete_cookie(name, path=options["path"], samesite=options["samesite"])
                patch_vary_headers(response, ("Cookie",))
        elif session.modified and response.status_code < 500:
            try:
                session.save()
            except UpdateError as error:
                raise SessionInterrupted("The session ended during the request.") from error
            response.set_cookie(name, session.session_key or "", **options)  # gone when the browser closes
        elif session.accessed:
            session.touch()
        if session.accessed:
            patch_vary_headers(response, ("Cookie",))
        return response


class SecondFactor:
    """Every page of mijn and beheer asks for a sign-in with a second factor, in this very session.

    Closed unless a view says otherwise with Django's `login_not_required`. Whatever the way in was
    (password, passkey, another organisation's sign-in, a cookie from elsewhere), it ends here.
    """

    ALWAYS = frozenset({"account_logout", "mfa_login_webauthn"})
    SET_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
    SHOW_AGAIN = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ZonedRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: ZonedRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        name = _page(request)
        is_open = not getattr(view, "login_required", True) or name in self.ALWAYS
        if request.zone == Zone.PUBLIEK or is_open:
            return None
        user = request.user
        if user.is_authenticated and user.zone != request.zone:
            logout(request)  # request.user is nobody from here on
        if not request.user.is_authenticated:
            return _redirect(request, "account_login")
        if latest_proof(request) is not None:
            return None
        here = self.SHOW_AGAIN if is_mfa_enabled(user) else self.SET_UP
        if name in here:
            return None
        return _redirect(request, "mfa_reauthenticate" if here is self.SHOW_AGAIN else "mfa_activate_totp")


class WrongInput:
    """A form of allauth that comes back with errors says so in its status too, as ours do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ZonedRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(
        self, request: ZonedRequest, response: TemplateResponse
    ) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        ours = _page(request).startswith(("account_", "mfa_"))
        if ours and request.method == "POST" and form is not None and form.errors:
            response.status_code = 422
        return response


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _redirect(request: ZonedRequest, name: str) -> HttpResponse:
    """To a page on the way in; only a page that was asked for is come back to."""
    query = "?" + urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return HttpResponseRedirect(reverse(name) + query)
