"""B1 and B14: one step of a form, and a page without one.

formtools is not installed here. Its step is stood in for by a bare view with Django's own widget templates
and one row in clear: less than formtools does (it keeps a session and walks its storage).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from unittest.mock import patch

from django import forms
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import engines
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from weerbaar.pages import urls as pages
from weerbaar.pages.flow import Flow, Step
from weerbaar.pages.forms import LongText
from weerbaar.pages.models import KEPT, Draft
from weerbaar.zones import Zone

from .frame import Line, figure, measure

STORY = "Iemand stond gisteravond voor mijn deur te schreeuwen. " * 12
KINDS = [(f"k{number}", f"Soort voorval {number}") for number in range(8)]


class Eleven(forms.Form):
    """As large as a step ever gets."""

    who = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect, label="Voor wie?")
    kinds = forms.MultipleChoiceField(choices=KINDS, widget=forms.CheckboxSelectMultiple, label="Wat?")
    where = forms.ChoiceField(choices=KINDS, label="Waar?")
    name = forms.CharField(label="Naam", max_length=100)
    phone = forms.CharField(label="Telefoon", required=False)
    email = forms.EmailField(label="E-mail", required=False)
    moment = forms.CharField(label="Wanneer bellen wij?", required=False)
    place = forms.CharField(label="Plaats", help_text="Alleen de gemeente.")
    times = forms.IntegerField(label="Hoe vaak?")
    voicemail = forms.BooleanField(label="U mag inspreken", required=False)
    story = LongText(label="Wat gebeurde er?", maximum=10_000)


class Stock(Eleven):
    default_renderer = DjangoTemplates  # Django's own nested widget templates


TYPED = {
    "who": "k1",
    "kinds": ["k1", "k3"],
    "where": "k2",
    "name": "Noor",
    "phone": "06 12345678",
    "place": "Voorbeelddam",
    "times": "3",
    "story": STORY,
}
FLOW = Flow(
    "proef",
    title="Proef",
    done=lambda draft, answers: None,
    steps=[Step("een", Eleven), Step("twee", Eleven)],
)


def bare(form_class: type[forms.Form]):
    """The least that saves an answer and shows the next question: a row in clear, the same page around it."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            form = form_class(request.POST)
            assert form.is_valid(), form.errors
            with transaction.atomic():
                row = Draft.objects.select_for_update().get(pk=ROW.pk)
                row.sealed = json.dumps(form.cleaned_data).encode()
                row.expires_at = timezone.now() + KEPT
                row.save(update_fields=["sealed", "expires_at"])
            return HttpResponseRedirect(request.path)
        row = Draft.objects.get(pk=ROW.pk)
        form = form_class(initial=json.loads(bytes(row.sealed)))
        context = {"form": form, "flow": FLOW, "heading": "Een", "has_own_heading": True, "back": "/"}
        return render(request, "pages/step.html", context)

    return view


ROW = Draft.begin("kaal")
LAYOUT = engines["django"].from_string('{% extends "base.html" %}{% block title %}x{% endblock %}')
urlpatterns = [
    path("proef/", include(FLOW.urls())),
    path("kaal/", bare(Eleven)),
    path("gewoon/", bare(Stock)),
    path("opmaak/", lambda request: HttpResponse(LAYOUT.render({}, request))),
    path("", include((pages.publiek, "pages"))),
]
HERE = patch.object(Zone, "urlconf", property(lambda self: __name__))


@figure(
    "B1",
    what="one form step of 11 fields: POST, save the draft, GET the next page",
    goal="≤ 0.5 × a formtools step, encryption included; ≤ 3 queries",
    peer="formtools 5.8 ms; own row with a lean renderer 2.1 ms",
)
def one_step() -> Iterator[Line]:
    with HERE:
        client = Client(headers={"host": "127.0.0.1"})
        client.post("/proef/een/", TYPED)
        client.post("/proef/twee/", TYPED)
        ROW.sealed, ROW.expires_at = b"{}", timezone.now() + KEPT
        ROW.save(force_insert=True)

        def step(url: str, onward: str) -> None:
            assert client.post(url, TYPED).status_code in (302, 303)
            assert client.get(onward).status_code == 200

        runs = {"runs": 200, "warm": 20}
        ours = measure(lambda: step("/proef/een/", "/proef/twee/"), **runs)
        lean = measure(lambda: step("/kaal/", "/kaal/"), **runs)
        stock = measure(lambda: step("/gewoon/", "/gewoon/"), **runs)
    queries = ours.queries - 2  # BEGIN and COMMIT are counted along
    yield Line(
        "over a step as formtools renders it",
        ours.cpu_median,
        stock.cpu_median,
        "ms",
        ours.cpu_median <= 0.5 * stock.cpu_median and queries <= 3,
        f"{queries} queries, {ours}",
    )
    yield Line("encrypted, over a row in clear", ours.cpu_median, lean.cpu_median, "ms", None, str(lean))


@figure("B14", what="page without a form (home)", goal="≤ 3 × the layout alone")
def home() -> Iterator[Line]:
    with HERE:
        client = Client(headers={"host": "127.0.0.1"})
        runs = {"runs": 300, "warm": 30}
        ours = measure(lambda: client.get("/"), **runs)
        floor = measure(lambda: client.get("/opmaak/"), **runs)
    ratio = ours.cpu_median / floor.cpu_median
    yield Line("the front page", ours.cpu_median, floor.cpu_median, "ms", ratio <= 3, str(ours))
