"""The step engine: a flow is a list of steps, each with a form, that ends in one action.

    REPORT = Flow("melden", title=_("Melding doen"), done=report_incident, steps=[
        Step("gevaar", DangerForm),
        Step("namens", OnBehalfForm, when=is_on_behalf),
    ])
    urlpatterns = [path("melden/", include(REPORT.urls()))]

Answers live in an encrypted draft, found by the code in the cookie: nothing in a session, nothing in the URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from weerbaar.files import api as files
from weerbaar.vault.codes import AccessCode

from .forms import StepForm, answer_text
from .models import Draft

Answers = dict[str, dict[str, Any]]
Text = str | Promise
asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])
RESERVED = {"controleren", "verstuurd", "hervatten", "bewaard"}
SUBMIT = _("Versturen")
CONFIRMATION_STAYS = 60 * 60  # seconds that the browser can still show the confirmation
DATABASE_GONE = (OperationalError, InterfaceError)

LOST = _(
    "Uw eerdere antwoorden zijn hier niet meer. Wat u op deze pagina typte, is bewaard. "
    "Hebt u een hervatcode? Vul die onderaan in. Anders gaat u gewoon verder; wij vragen het dan opnieuw."
)
NOT_SAVED = _(
    "Wij konden uw antwoord net niet bewaren. Wat u typte, staat er nog. "
    "Wacht een minuut en kies opnieuw ‘Volgende’. Lukt het niet? Bel ons."
)
SEND_AGAIN = _(
    "Voor uw veiligheid vragen wij dit nog een keer. Wat u typte, staat er nog. Kies opnieuw ‘Volgende’."
)


@dataclass(frozen=True)
class Step:
    """One page with one question, or one tight group."""

    slug: str
    form: type[forms.Form]
    title: Text | None = None  # the h1; without it the only question of the form is the h1
    when: Callable[[Answers], bool] | None = None  # asked only when this holds for the answers so far
    template: str = "pages/step.html"

    def __post_init__(self) -> None:
        if self.slug in RESERVED:
            raise ValueError(f"A step cannot be called {self.slug}.")

    @property
    def takes_files(self) -> bool:
        return any(isinstance(field, forms.FileField) for field in self.form.base_fields.values())


class Flow:
    """Steps in order, a check page, and one action at the end."""

    def __init__(
        self,
        name: str,
        *,
        steps: Iterable[Step],
        done: Callable[[Draft, Answers], dict[str, Any] | None],
        title: Text,
        submit: Text = SUBMIT,
        cookie: str = "melding",
        start_template: str = "pages/start.html",
        check_template: str = "pages/check.html",
        sent_template: str = "pages/sent.html",
    ) -> None:
        self.name, self.title, self.submit = name, title, submit
        self.steps = {step.slug: step for step in steps}
        self.done = done
        self.cookie = f"__Host-{cookie}" if settings.SECURE else cookie
        self.start_template, self.check_template = start_template, check_template
        self.sent_template = sent_template

    def urls(self) -> list[URLPattern]:
        """The pages of the flow, to be included under one folder."""
        name = self.name
        return [
            path("", asked_or_sent(self.start), name=name),
            path("hervatten/", asked_or_sent(self.resume), name=f"{name}_hervatten"),
            path("bewaard/", require_safe(self.kept), name=f"{name}_bewaard"),
            path("controleren/", asked_or_sent(self.check), name=f"{name}_controleren"),
            path("verstuurd/", require_safe(self.sent), name=f"{name}_verstuurd"),
            *(
                path(f"{slug}/", asked_or_sent(self.step_with_files), {"slug": slug}, name=f"{name}_{slug}")
                for slug, step in self.steps.items()
                if step.takes_files
            ),
            path("<slug:slug>/", asked_or_sent(self.step), name=f"{name}_stap"),
        ]

    # --- the way through ------------------------------------------------------------------------------

    def reached(self, answers: Answers) -> Answers:
        """The answers that count: those of the steps that these same answers lead to, in order."""
        counted: Answers = {}
        for step in self._path(answers):
            if step.slug in answers:
                counted[step.slug] = answers[step.slug]
        return counted

    def _path(self, answers: Answers) -> list[Step]:
        seen: Answers = {}
        way = []
        for step in self.steps.values():
            if step.when is None or step.when(seen):
                way.append(step)
                if step.slug in answers:
                    seen[step.slug] = answers[step.slug]
        return way

    def _first_open(self, answers: Answers) -> Step | None:
        return next((step for step in self._path(answers) if step.slug not in answers), None)

    def _onward(self, draft: Draft) -> str:
        """Where somebody who comes back goes on."""
        if draft.result is not None:
            return "verstuurd/"
        step = self._first_open(draft.answers)
        return f"{step.slug}/" if step else "controleren/"

    # --- pages ----------------------------------------------------------------------------------------

    def start(self, request: HttpRequest) -> HttpResponse:
        """What the reader needs to know before the first question."""
        first = next(iter(self.steps))
        if request.method == "POST":  # begin anew
            response = _see(request.path + f"{first}/")
            response.delete_cookie(self.cookie, samesite="Strict")
            return response
        draft = self._draft(request)
        return self._page(
            request,
            self.start_template,
            begin=f"{request.path}{first}/",
            resume=f"{request.path}hervatten/",
            onward=request.path + self._onward(draft) if draft else None,
            is_sent=draft is not None and draft.result is not None,
        )

    def step(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One question: show it, or take the answer and go on."""
        step = self.steps.get(slug)
        if step is None:
            raise Http404
        if request.method == "POST":
            try:
                return self._take(request, step)
            except DATABASE_GONE:
                return self.retype(request, step, NOT_SAVED, status=503)
        draft = self._draft(request)
        if draft is None and slug != next(iter(self.steps)):
            return _see(_base(request) + "hervatten/?kwijt")
        if draft is None:
            return self._ask(request, step, self._form(step, {}), {})
        if draft.result is not None:
            return _see(_base(request) + "verstuurd/")
        open_step = self._first_open(draft.answers)
        way = [one.slug for one in self._path(draft.answers)]
        if slug not in way or (open_step and way.index(open_step.slug) < way.index(slug)):
            return _see(_base(request) + self._onward(draft))
        return self._ask(request, step, self._form(step, draft.answers, typed=draft.typed), draft.answers)

    @files.takes_files
    def step_with_files(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A step to which a file may be sent."""
        return self.step(request, slug)

    def check(self, request: HttpRequest) -> HttpResponse:
        """All answers on one page; sending happens here, once."""
        if request.method == "POST":
            return self._send(request)
        draft = self._draft(request)
        return self._check_page(request, draft) if draft else _see(_base(request) + "hervatten/?kwijt")

    def sent(self, request: HttpRequest) -> HttpResponse:
        """The confirmation; the same one for as long as the cookie lasts."""
        draft = self._draft(request)
        if draft is None:
            return _see(_base(request) + "hervatten/?kwijt")
        if draft.result is None:
            return _see(_base(request) + self._onward(draft))
        return self._page(request, self.sent_template, result=draft.result)

    def kept(self, request: HttpRequest) -> HttpResponse:
        """The resume code, for who wants to go on later or elsewhere."""
        draft = self._draft(request)
        if draft is None:
            return _see(_base(request) + "hervatten/?kwijt")
        base = _base(request)
        return self._page(
            request,
            "pages/kept.html",
            code=str(draft.code),
            expires_at=draft.expires_at,
            onward=base + self._onward(draft),
            resume=base + "hervatten/",
        )

    def resume(self, request: HttpRequest) -> HttpResponse:
        """Go on with a draft, from any device, with its code."""
        form = ResumeForm(request.POST if request.method == "POST" else None)
        draft = None
        if form.is_bound and form.is_valid():
            draft = Draft.find(self.name, form.cleaned_data["code"])
            if draft is None:
                form.add_error("code", ResumeForm.UNKNOWN)
        if draft is None:
            base = _base(request)
            status = 422 if form.is_bound else 200
            is_lost = "kwijt" in request.GET
            return self._page(request, "pages/resume.html", status, form=form, start=base, is_lost=is_lost)
        response = _see(_base(request) + self._onward(draft))
        self._remember(response, draft)
        return response

    def retype(self, request: HttpRequest, step: Step | str, notice: Text, *, status: int) -> HttpResponse:
        """The same question again with every typed word, touching no database: nothing was saved."""
        step = self.steps[step] if isinstance(step, str) else step
        form = self._form(step, {}, typed={step.slug: _typed(step, request)})
        return self._ask(request, step, form, {}, status, notice=notice)

    # --- inside ---------------------------------------------------------------------------------------

    def _take(self, request: HttpRequest, step: Step) -> HttpResponse:
        base = _base(request)
        with transaction.atomic():
            draft = self._draft(request, lock=True)
            if draft is not None and draft.result is not None:
                return _see(base + "verstuurd/")
            is_lost = draft is None and step.slug != next(iter(self.steps))
            draft = draft or Draft.begin(self.name)
            form = self._form(step, draft.answers, request.POST, request.FILES)
            is_kept = "bewaren" in request.POST or is_lost  # then words are kept, right or wrong
            if form.is_valid():
                draft.answers[step.slug] = form.answer() if isinstance(form, StepForm) else form.cleaned_data
                draft.typed.pop(step.slug, None)
            elif is_kept:
                draft.typed[step.slug] = _typed(step, request)
            else:
                return self._ask(request, step, form, draft.answers, 422)
            draft.store()
            files.keep_until(_files_in(draft.answers), draft.expires_at)
        if is_lost:
            response = self._ask(request, step, form, {}, 409, notice=LOST, asks_code=True)
        elif is_kept:
            response = _see(base + "bewaard/")
        elif isinstance(form, StepForm) and form.stays:
            response = _see(request.get_full_path())
        else:
            response = _see(base + self._next(step, draft.answers, is_edit="wijzig" in request.GET))
        self._remember(response, draft)
        return response

    def _next(self, step: Step, answers: Answers, *, is_edit: bool) -> str:
        open_step = self._first_open(answers)
        if is_edit:
            return f"{open_step.slug}/?wijzig" if open_step else "controleren/"
        way = self._path(answers)
        after = way[way.index(step) + 1 :] if step in way else []
        following = after[0] if after else open_step
        return f"{following.slug}/" if following else "controleren/"

    def _send(self, request: HttpRequest) -> HttpResponse:
        base = _base(request)
        with transaction.atomic():
            draft = self._draft(request, lock=True)  # a second click waits here, and then finds the result
            if draft is None:
                return _see(base + "hervatten/?kwijt")
            if draft.result is None:
                if self._first_open(draft.answers):
                    return _see(base + self._onward(draft))
                try:
                    with transaction.atomic():
                        result = self.done(draft, self.reached(draft.answers))
                except ValidationError as error:
                    return self._check_page(request, draft, 422, problems=error.messages)
                draft.answers, draft.typed, draft.result = {}, {}, result or {}
                draft.store()
        response = _see(base + "verstuurd/")
        self._remember(response, draft, max_age=CONFIRMATION_STAYS)
        return response

    def _check_page(
        self, request: HttpRequest, draft: Draft, status: int = 200, *, problems: Iterable[str] = ()
    ) -> HttpResponse:
        base = _base(request)
        if draft.result is not None or self._first_open(draft.answers):
            return _see(base + self._onward(draft))
        answers = self.reached(draft.answers)
        lines = [
            {"question": question, "answer": answer, "change": f"{base}{slug}/?wijzig"}
            for slug, question, answer in self.lines(answers)
        ]
        back = f"{base}{list(answers)[-1]}/"
        return self._page(
            request,
            self.check_template,
            status,
            lines=lines,
            problems=problems,
            back=back,
            kept=base + "bewaard/",
        )

    def lines(self, answers: Answers) -> list[tuple[str, str, str]]:
        """All answers in words, in order: (step, question, answer); "" for what was not filled in."""
        return [
            (slug, question, answer)
            for slug in answers
            for question, answer in self._summary(self._form(self.steps[slug], answers))
        ]

    def _summary(self, form: forms.Form) -> list[tuple[str, str]]:
        own = form.summary() if isinstance(form, StepForm) else None
        if own is not None:
            return own
        return [(str(field.label), answer_text(field)) for field in form if not field.is_hidden]

    def _form(
        self,
        step: Step,
        answers: Answers,
        data: Any = None,
        sent: Any = None,
        *,
        typed: Mapping[str, dict[str, Any]] | None = None,
    ) -> forms.Form:
        given = (typed or {}).get(step.slug) or answers.get(step.slug)
        extra: dict[str, Any] = {"answers": answers} if issubclass(step.form, StepForm) else {}
        return step.form(data, sent, initial=given, **extra)

    def _ask(
        self,
        request: HttpRequest,
        step: Step,
        form: forms.Form,
        answers: Answers,
        status: int = 200,
        *,
        notice: Text = "",
        asks_code: bool = False,
    ) -> HttpResponse:
        visible = form.visible_fields()
        title = step.title
        if title is None:
            visible[0].is_heading = True  # type: ignore[attr-defined]
            title = visible[0].label
        base = _base(request)
        way = [one.slug for one in self._path(answers)]
        place = way.index(step.slug) if step.slug in way else 0
        back = f"{base}{way[place - 1]}/" if place else base
        if "wijzig" in request.GET:
            back = base + "controleren/"
        return self._page(
            request,
            step.template,
            status,
            step=step,
            form=form,
            heading=title,
            has_own_heading=step.title is not None,
            back=back,
            answers=answers,
            notice=notice,
            asks_code=asks_code,
        )

    def _page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return render(request, template, {"flow": self, **context}, status=status)

    def _draft(self, request: HttpRequest, *, lock: bool = False) -> Draft | None:
        typed = request.POST.get("hervatcode") or request.COOKIES.get(self.cookie, "")
        try:
            code = AccessCode.parse(typed)
        except ValueError:
            return None
        return Draft.find(self.name, code, lock=lock)

    def _remember(self, response: HttpResponse, draft: Draft, *, max_age: int | None = None) -> None:
        """The code in a cookie that goes when the browser closes, and that no script can read."""
        response.set_cookie(
            self.cookie,
            draft.code.digits,
            max_age=max_age,
            path="/",
            secure=settings.SECURE,
            httponly=True,
            samesite="Strict",
        )


class ResumeForm(forms.Form):
    UNKNOWN = _(
        "Met deze code vinden wij niets. Kijk de code nog eens na. Een concept blijft 7 dagen bewaard."
    )

    code = forms.CharField(
        label=_("Vul uw hervatcode in"),
        help_text=_("De code heeft 20 tekens, bijvoorbeeld 7K3M-9QXA-2D5T-V8RW-4HBN."),
        error_messages={"required": _("Vul uw hervatcode in.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> AccessCode:
        try:
            return AccessCode.parse(self.cleaned_data["code"])
        except ValueError:
            raise ValidationError(self.UNKNOWN) from None


def _typed(step: Step, request: HttpRequest) -> dict[str, Any]:
    """What was typed in each field, right or wrong, in a shape that the form can show again."""
    return {
        name: field.widget.value_from_datadict(request.POST, request.FILES, name)
        for name, field in step.form.base_fields.items()
        if not isinstance(field, forms.FileField)  # no browser sends it again by itself
    }


def _files_in(answers: Answers) -> list[UUID]:
    """The files that a draft holds: they live as long as it does."""
    return [UUID(one["id"]) for answer in answers.values() for one in answer.get("files", [])]


def _base(request: HttpRequest) -> str:
    """The folder of the flow: every page but the start lies right under it."""
    return request.path.rstrip("/").rpartition("/")[0] + "/"


def _see(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = 303  # whatever the method was, the next page is a GET
    return response
