from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from netwerk import actions
from netwerk.forms import SignForm
from netwerk.functions import Layer
from netwerk.models import Contact, Declaration, NormSignature, Organisation
from weerbaar.accounts.models import User
from weerbaar.accounts.requests import SignedInRequest

KINDS = {  # as the address says it
    "norm": Declaration.NORM,
    "gedragscode": Declaration.CODE,
    "agressieprotocol": Declaration.PROTOCOL,
}
SLUGS = {kind: slug for slug, kind in KINDS.items()}


@require_safe
def norm(request: HttpRequest) -> HttpResponse:
    """The norm, and who signed what, by layer. What a merged organisation signed is history. One query."""
    columns = {
        "organisation": "organisation_id",
        "name": "organisation__name",
        "layer": "organisation__layer",
        "until": "organisation__valid_until",
        "successor": "organisation__successor__name",
    }
    signatures = (
        NormSignature.objects.standing()
        .filter(is_public=True)
        .order_by("organisation__sort_key", "organisation_id")
        .values(*columns.values(), "kind", "signed_on")
    )
    today = timezone.localdate()
    found: dict[int, dict[str, Any]] = {}
    for one in signatures:
        row = found.setdefault(
            one["organisation_id"], {name: one[column] for name, column in columns.items()}
        )
        row[one["kind"]] = one["signed_on"]
    rows = list(found.values())
    gone = [row for row in rows if row["until"] and row["until"] <= today]
    there = [row for row in rows if row not in gone]
    layers = [(layer.label, [row for row in there if row["layer"] == layer]) for layer in Layer]
    context = {"layers": [(label, part) for label, part in layers if part], "gone": gone, "count": len(there)}
    return render(request, "netwerk/norm.html", context)


def own_organisations(user: User) -> Any:
    """Where somebody is a contact now, of what exists now."""
    contacts = Contact.objects.current().filter(user=user).values("organisation")
    return Organisation.objects.current().filter(pk__in=contacts)


@require_GET
def own_norms(request: SignedInRequest) -> HttpResponse:
    """What the own organisations signed, and what there is to sign. The same queries for one or for ten."""
    organisations = list(own_organisations(request.user))
    if not organisations:
        raise Http404
    signed = {
        (one.organisation_id, one.kind): one
        for one in NormSignature.objects.filter(organisation__in=organisations, ended_at=None)
    }
    # what a predecessor signed is no signature of the successor, but worth renewing
    before = NormSignature.objects.standing().filter(organisation__successor__in=organisations)
    inherited = {(one.organisation.successor_id, one.kind) for one in before.select_related("organisation")}
    parts = [
        (
            organisation,
            [
                (kind, SLUGS[kind], signed.get((organisation.pk, kind)), (organisation.pk, kind) in inherited)
                for kind in Declaration
            ],
        )
        for organisation in organisations
    ]
    return render(request, "netwerk/norm_eigen.html", {"parts": parts})


@require_http_methods(["GET", "POST"])
def sign_norm(request: SignedInRequest, organisation_id: int, kind: str) -> HttpResponse:
    """Read what is declared, agree, look at it once more, and sign."""
    organisation, declaration = _which(request.user, organisation_id, kind)
    form = SignForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "organisation": organisation,
        "kind": declaration,
        "standing": NormSignature.objects.filter(
            organisation=organisation, kind=declaration, ended_at=None
        ).first(),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "netwerk/norm_tekenen.html", context, status=422 if form.errors else 200)
    if "sure" not in request.POST:
        return render(request, "netwerk/norm_controleren.html", context)
    try:
        actions.sign_norm(
            organisation, declaration, is_public=form.cleaned_data["is_public"] == "yes", by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Ondertekend namens %(name)s.") % {"name": organisation.name})
    return redirect("netwerk:own_norms")


@require_http_methods(["GET", "POST"])
def withdraw_norm(request: SignedInRequest, organisation_id: int, kind: str) -> HttpResponse:
    """Take a signature back, after a second look."""
    organisation, declaration = _which(request.user, organisation_id, kind)
    standing = get_object_or_404(NormSignature, organisation=organisation, kind=declaration, ended_at=None)
    if request.method == "POST":
        actions.withdraw_norm(organisation, declaration, by=request.user)
        messages.success(request, _("De ondertekening is ingetrokken."))
        return redirect("netwerk:own_norms")
    context = {"organisation": organisation, "kind": declaration, "standing": standing}
    return render(request, "netwerk/norm_intrekken.html", context)


def _which(user: User, organisation_id: int, kind: str) -> tuple[Organisation, Declaration]:
    if kind not in KINDS:
        raise Http404
    return get_object_or_404(own_organisations(user), pk=organisation_id), KINDS[kind]
