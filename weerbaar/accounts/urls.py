"""Signing in, at /mijn/account/ and /beheer/account/: allauth's pages that we use, and our own."""

from __future__ import annotations

from allauth.account import views as allauth
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from . import views
from .models import PasswordLink

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.account, name="account"),
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", views.forgotten, name="account_reset_password"),
    path("password/reset/done/", views.forgotten_done, name="account_reset_password_done"),
    path(
        "wachtwoord/<slug:token>/",
        views.choose_password,
        {"kind": PasswordLink.Kind.FORGOTTEN},
        name="account_new_password",
    ),
    path(
        "uitnodiging/<slug:token>/",
        views.choose_password,
        {"kind": PasswordLink.Kind.INVITATION},
        name="account_invitation",
    ),
    path("overal-afmelden/", views.sign_out_everywhere, name="account_sign_out_everywhere"),
    path("uitnodigen/", views.invite, name="account_invite"),
    path("uitnodigen/<uuid:proposal_id>/", views.decide_proposal, name="account_decide_proposal"),
    path("rol-intrekken/", views.revoke, name="account_revoke"),
    path("2fa/authenticate/", views.second_step, name="mfa_authenticate"),  # ahead of allauth's
    path("2fa/", include("allauth.mfa.urls")),
]
if settings.OIDC:
    urlpatterns += [
        path("3rdparty/", include("allauth.socialaccount.urls")),
        path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]
