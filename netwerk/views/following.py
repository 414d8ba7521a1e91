"""/mijn/toolkit/: what somebody follows, and what is new about it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netwerk import actions
from netwerk.forms import FollowForm
from netwerk.models import Digest, Follow, Item
from netwerk.models.following import new_for
from netwerk.vocabulary import Topic
from weerbaar.accounts.requests import SignedInRequest

MOST = 50  # lines of news


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def followed(request: SignedInRequest) -> HttpResponse:
    """The own list: topics and mail in one form, items with a button each."""
    own = Follow.objects.visible_to(request.user).select_related("item")
    rhythm = Digest.objects.filter(user=request.user).values_list("rhythm", flat=True).first()
    topics = [one.topic for one in own if one.topic]
    initial = {"topics": topics, "rhythm": rhythm or Digest.Rhythm.WEEKLY}
    form = FollowForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.follow_topics([Topic(topic) for topic in form.cleaned_data["topics"]], by=request.user)
        actions.choose_digest(Digest.Rhythm(form.cleaned_data["rhythm"]), by=request.user)
        messages.success(request, _("Uw keuze is bewaard."))
        return redirect("netwerk:followed")
    context = {"form": form, "items": [one.item for one in own if one.item]}
    return render(request, "netwerk/followed.html", context, status=422 if form.is_bound else 200)


@require_safe
def news(request: SignedInRequest) -> HttpResponse:
    """What is new about what the reader follows, of what they may see now."""
    items = new_for(request.user).select_related("partner").order_by("-new_at", "-pk")[:MOST]
    follows = Follow.objects.filter(user=request.user).exists()
    return render(request, "netwerk/news.html", {"items": items, "follows": follows})


@require_POST
def follow_item(request: SignedInRequest, slug: str) -> HttpResponse:
    """Follow an item, or no longer (`stop`)."""
    item = get_object_or_404(Item.objects.visible_to(request.user), slug=slug)
    if "stop" in request.POST:
        actions.unfollow_item(item, by=request.user)
        messages.success(request, _("U volgt dit hulpmiddel niet meer."))
        return redirect("netwerk:followed")
    actions.follow_item(item, by=request.user)
    messages.success(request, _("U volgt dit hulpmiddel. Bij een nieuwe versie hoort u het."))
    return redirect("netwerk:item", slug=slug)


@require_POST
def follow_topic(request: SignedInRequest, topic: str) -> HttpResponse:
    """Follow a topic beside the others, or no longer (`stop`)."""
    if topic not in Topic.values:
        raise Http404
    own = Follow.objects.filter(user=request.user, item=None).values_list("topic", flat=True)
    topics = {Topic(each) for each in own} - {Topic(topic)}
    if "stop" not in request.POST:
        topics.add(Topic(topic))
    actions.follow_topics(sorted(topics), by=request.user)
    messages.success(request, _("Uw keuze is bewaard."))
    return redirect("netwerk:followed")
