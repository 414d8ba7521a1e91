"""Stories. The public zone reads none of what says whose story it is (see weerbaar/audit/grants.py)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from netwerk.models import Story

from .page import find, gone

READ = [
    "slug", "title", "summary", "body", "status", "published_at", "kind", "function", "shown_as",
    "is_composed", "consent_until",
]  # fmt: skip


@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    stories = Story.objects.told(timezone.localdate()).only(*READ)
    return render(request, "netwerk/verhalen.html", {"stories": stories})


@require_safe
def story_detail(request: HttpRequest, slug: str) -> HttpResponse:
    story = find(Story.objects.only(*READ), slug)
    return show_story(request, story) if story.is_told else gone(request, "/verhalen/")


def show_story(request: HttpRequest, story: Story, *, is_preview: bool = False) -> HttpResponse:
    """A story as a visitor sees it; an editor sees it so before it is published."""
    return render(request, "netwerk/verhaal.html", {"story": story, "is_preview": is_preview})
