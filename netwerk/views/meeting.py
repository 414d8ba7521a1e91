from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from netwerk.calendars import calendar_file
from netwerk.lifecycle import SignupStatus
from netwerk.models import AgendaItem, Decision, Item, Meeting, MeetingDocument, Signup
from weerbaar.accounts.requests import SignedInRequest

from .signup import act, standing

MOST = 30  # meetings that are over, on one page


@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The meetings that everybody may know about."""
    meetings = Meeting.objects.for_the_public()
    context = {"coming": meetings.coming(), "past": meetings.past()[:MOST]}
    return render(request, "netwerk/meeting_list.html", context)


@require_GET
def meeting_page(request: HttpRequest, slug: str) -> HttpResponse:
    meeting = get_object_or_404(_with_contents(Meeting.objects.visible_to(AnonymousUser())), slug=slug)
    return render(request, "netwerk/meeting_page.html", {"meeting": meeting})


@require_GET
def my_meetings(request: SignedInRequest) -> HttpResponse:
    """The meetings for this account, and for which it signed up."""
    meetings = Meeting.objects.visible_to(request.user)
    own = {one.meeting_id: one for one in Signup.objects.filter(user=request.user, meeting__isnull=False)}
    context = {
        "coming": [(meeting, own.get(meeting.pk)) for meeting in meetings.coming()],
        "past": meetings.past()[:MOST],
    }
    return render(request, "netwerk/my_meetings.html", context)


@require_http_methods(["GET", "POST"])
def my_meeting(request: SignedInRequest, slug: str) -> HttpResponse:
    """Sign up, take what was offered, or leave."""
    meeting = get_object_or_404(_with_contents(Meeting.objects.visible_to(request.user)), slug=slug)
    if request.method == "POST":
        act(request, meeting)
        return redirect("netwerk:my_meeting", slug)
    papers = MeetingDocument.objects.filter(meeting=meeting).values("item")
    context = {"meeting": meeting, "items": Item.objects.visible_to(request.user).filter(pk__in=papers)}
    return render(request, "netwerk/my_meeting.html", standing(meeting, request.user) | context)


@require_GET
def my_meeting_calendar(request: SignedInRequest, slug: str) -> HttpResponse:
    """For who has a place."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    if not meeting.signups.filter(user=request.user, status=SignupStatus.PLACED).exists():
        raise Http404
    return calendar_file([(f"b{meeting.pk}", meeting.begins_at, meeting.ends_at)])


def _with_contents(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    decisions = Decision.objects.select_related("partner")
    return meetings.prefetch_related(
        Prefetch("agenda", AgendaItem.objects.all()), Prefetch("decisions", decisions)
    )
