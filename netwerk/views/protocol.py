from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from netwerk import actions
from netwerk.forms import ProtocolForm
from netwerk.forms.norm import GROUPS
from netwerk.models import AggressionProtocol
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.documents import api as documents

from .norm import own_organisations

KIND = "aggression_protocol"


@require_GET
def protocols(request: SignedInRequest) -> HttpResponse:
    """The versions of every protocol that is for this reader; a contact can make a new one."""
    own = list(own_organisations(request.user))
    versions = list(AggressionProtocol.objects.visible_to(request.user).select_related("organisation"))
    if not own and not versions:
        raise Http404
    organisations = {one.pk: one for one in own} | {one.organisation_id: one.organisation for one in versions}
    contact_of = {one.pk for one in own}
    parts = [
        (organisation, pk in contact_of, [one for one in versions if one.organisation_id == pk])
        for pk, organisation in organisations.items()
    ]
    return render(request, "netwerk/protocollen.html", {"parts": parts})


@require_http_methods(["GET", "POST"])
def make_protocol(request: SignedInRequest, organisation_id: int) -> HttpResponse:
    """Fill in who does what, look at it once more, and let it be made. Begins with the version before."""
    organisation = get_object_or_404(own_organisations(request.user), pk=organisation_id)
    last = AggressionProtocol.objects.filter(organisation=organisation).order_by("-version").first()
    changes = "change" in request.POST  # back from the check page: all is still there, and nothing is wrong
    if request.method == "POST" and not changes:
        form = ProtocolForm(request.POST)
        if form.is_valid():
            if "sure" not in request.POST:
                return _check(request, organisation, form)
            try:
                protocol = actions.make_protocol(organisation, form.cleaned_data, by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
                return redirect("netwerk:protocols")
            documents.order_paper(KIND, protocol.pk)
            return redirect("netwerk:protocol", protocol.pk)
    else:
        before = {name: getattr(last, name) for name in ProtocolForm.base_fields} if last else {}
        form = ProtocolForm(initial=before | (request.POST.dict() if changes else {}))
    groups = [(title, [form[name] for name in names]) for title, names in GROUPS]
    context = {"form": form, "groups": groups, "organisation": organisation, "last": last}
    return render(request, "netwerk/protocol_maken.html", context, status=422 if form.errors else 200)


def _check(request: SignedInRequest, organisation: object, form: ProtocolForm) -> HttpResponse:
    words = form.cleaned_data | {
        "aftercare_within": AggressionProtocol.Within(form.cleaned_data["aftercare_within"]).label
    }
    groups = [(title, [(form[name].label, words[name]) for name in names]) for title, names in GROUPS]
    context = {"form": form, "groups": groups, "organisation": organisation}
    return render(request, "netwerk/protocol_controleren.html", context)


@require_http_methods(["GET", "POST"])
def protocol(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One version: how far its PDF is; a POST asks for the PDF."""
    found = _protocol(request, pk)
    if request.method == "POST":
        documents.order_paper(KIND, found.pk)
        return redirect("netwerk:protocol", found.pk)
    words = {name: getattr(found, name) for name in ProtocolForm.base_fields}
    words["aftercare_within"] = found.get_aftercare_within_display()
    labels = {name: field.label for name, field in ProtocolForm.base_fields.items()}
    context = {
        "protocol": found,
        "is_contact": own_organisations(request.user).filter(pk=found.organisation_id).exists(),
        "groups": [(title, [(labels[name], words[name]) for name in names]) for title, names in GROUPS],
        "order": documents.last_order(KIND, found.pk),
    }
    return render(request, "netwerk/protocol.html", context)


@require_GET
def protocol_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The PDF, once it is made."""
    order = documents.last_order(KIND, _protocol(request, pk).pk)
    if order is None or not order.is_ready:
        raise Http404
    try:
        return documents.fetch_paper(order, by=request.user)
    except ObjectDoesNotExist:  # forgotten at this very moment
        raise Http404 from None


def _protocol(request: SignedInRequest, pk: UUID) -> AggressionProtocol:
    visible = AggressionProtocol.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(visible, pk=pk)
