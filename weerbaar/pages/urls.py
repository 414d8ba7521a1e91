from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import views
from .leave import leave

app_name = "pages"
publiek: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("verlaten/", leave, name="leave"),
    path("privacy/", views.privacy, name="privacy"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("over/", views.about, name="about"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
mijn: list[URLPattern | URLResolver] = [path("mijn/verlaten/", leave, name="leave")]
beheer: list[URLPattern | URLResolver] = [path("beheer/verlaten/", leave, name="leave")]

# Every zone's URLconf takes these over by name: Django looks for them there.
handler400 = "weerbaar.pages.errors.bad_request"
handler403 = "weerbaar.pages.errors.forbidden"
handler404 = "weerbaar.pages.errors.not_found"
handler500 = "weerbaar.pages.errors.server_error"
