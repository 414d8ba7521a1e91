"""The first page after signing in at /mijn/."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from netwerk.models import Contact
from weerbaar.accounts.requests import SignedInRequest


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """What this account can do here: a contact finds the shared reports, everybody their own account."""
    is_contact = Contact.objects.current().filter(user=request.user).exists()
    return render(request, "ondersteuning/mijn.html", {"is_contact": is_contact})
