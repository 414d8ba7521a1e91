from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from netwerk import actions, certificates
from netwerk.calendars import calendar_file
from netwerk.forms import EvaluationForm
from netwerk.lifecycle import STANDS, SignupStatus
from netwerk.models import Signup, Training, TrainingEdition
from netwerk.vocabulary import Topic
from weerbaar.accounts.models import User
from weerbaar.accounts.requests import SignedInRequest
from weerbaar.documents import api as documents

from .signup import act, standing


@require_GET
def training_list(request: HttpRequest) -> HttpResponse:
    """What can be learned, perhaps about one subject, with when it is given."""
    published = Training.objects.published()
    used = set(published.order_by().values_list("topic", flat=True).distinct())
    topic = request.GET.get("onderwerp", "")
    trainings = published.filter(topic=topic) if topic in used else published
    context = {
        "trainings": trainings.with_coming_editions(),
        "topics": [(one.value, one.label) for one in Topic if one in used],
        "topic": topic if topic in used else "",
    }
    return render(request, "netwerk/training_list.html", context)


@require_GET
def training_page(request: HttpRequest, slug: str) -> HttpResponse:
    trainings = Training.objects.published().with_coming_editions().select_related("provider")
    return render(
        request, "netwerk/training_page.html", {"training": get_object_or_404(trainings, slug=slug)}
    )


@require_GET
def my_trainings(request: SignedInRequest) -> HttpResponse:
    """The trainings of this account: offered, signed up, waiting, followed; and what else there is."""
    own = _own(request.user)
    now = timezone.now()
    over = [one for one in own if one.edition and one.edition.is_over(now)]
    coming = [one for one in own if one not in over and one.status in STANDS]
    known = {one.edition_id for one in coming}
    context = {
        "offered": [one for one in coming if one.status == SignupStatus.OFFERED],
        "placed": [one for one in coming if one.status == SignupStatus.PLACED],
        "waiting": [one for one in coming if one.status == SignupStatus.WAITING],
        "followed": [one for one in over if one.status == SignupStatus.PLACED],
        "others": [one for one in _announced().coming().filter(sign_up_until__gt=now) if one.pk not in known],
    }
    return render(request, "netwerk/my_trainings.html", context)


@require_http_methods(["GET", "POST"])
def my_edition(request: SignedInRequest, edition_id: int) -> HttpResponse:
    """Sign up, take what was offered, or leave."""
    edition = get_object_or_404(_announced(), pk=edition_id)
    if request.method == "POST":
        act(request, edition)
        return redirect("netwerk:my_edition", edition_id)
    result = next((one for one in _own(request.user) if one.edition_id == edition.pk), None)
    context = standing(edition, request.user) | {"edition": edition, "result": result}
    if result and result.earned_certificate:
        context["order"] = documents.last_order(certificates.KIND, result.pk)
    return render(request, "netwerk/my_edition.html", context)


@require_GET
def my_edition_calendar(request: SignedInRequest, edition_id: int) -> HttpResponse:
    """Every session, for who has a place."""
    edition = _with_place(request.user, edition_id).edition
    assert edition
    return calendar_file((f"s{one.pk}", one.begins_at, one.ends_at) for one in edition.sessions.all())


@require_http_methods(["GET", "POST"])
def certificate(request: SignedInRequest, edition_id: int) -> HttpResponse:
    """Ask for the certificate, and fetch it once a worker has made it."""
    own = _with_place(request.user, edition_id)
    if not own.earned_certificate:
        raise Http404
    if request.method == "POST":
        documents.order_paper(certificates.KIND, own.pk)
        return redirect("netwerk:my_edition", edition_id)
    order = documents.last_order(certificates.KIND, own.pk)
    if order is None or not order.is_ready:
        raise Http404
    return documents.fetch_paper(order, by=request.user)


@require_http_methods(["GET", "POST"])
def evaluation(request: SignedInRequest, edition_id: int) -> HttpResponse:
    """A few questions after the last session, once, kept apart from who answers."""
    own = _with_place(request.user, edition_id)
    edition = own.edition
    if edition is None or own.has_evaluated or not edition.takes_evaluations():
        raise Http404
    form = EvaluationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.evaluate(own, form.cleaned_data)
        except ValidationError as error:  # sent twice
            messages.error(request, error.message)
        else:
            messages.success(request, _("Dank u wel voor uw oordeel."))
        return redirect("netwerk:my_edition", edition_id)
    context = {"form": form, "edition": edition}
    return render(request, "netwerk/evaluation.html", context, status=422 if form.is_bound else 200)


def _announced() -> Any:
    editions = TrainingEdition.objects.announced().select_related("training__provider")
    return editions.prefetch_related("sessions")


def _own(user: User) -> list[Signup]:
    signups = Signup.objects.filter(user=user, edition__in=TrainingEdition.objects.announced())
    return list(
        signups.with_attendance().select_related("edition__training").prefetch_related("edition__sessions")
    )


def _with_place(user: User, edition_id: int) -> Signup:
    """The sign-up of who has a place there; nobody else finds anything."""
    announced = TrainingEdition.objects.announced()
    placed = Signup.objects.placed().filter(user=user, edition__in=announced)
    found: Signup = get_object_or_404(
        placed.with_attendance().select_related("edition__training"), edition=edition_id
    )
    return found
