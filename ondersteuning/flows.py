"""Which questions are asked, in which order, and what becomes of the answers.

The order of a report is that of somebody who is frightened:
danger first, with a number to call; then who may read along, because people tell more when they know who
listens, and because whoever only wants to be counted must not be asked for a story in vain; then the easy,
closed questions; the story when the hand is in; how to be reached last, when trust is there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from netwerk.models import Organisation
from weerbaar.files import api as files
from weerbaar.pages.flow import Answers, Flow, Step
from weerbaar.pages.models import Draft
from weerbaar.vault.api import AccessCode
from weerbaar.vault.sealed import derive

from . import online
from .actions import Contactable, Report, Shared, report_incident, request_callback, share_signal
from .forms.callback import CallbackForm
from .forms.evidence import EvidenceForm
from .forms.report import (
    CallFirstForm,
    ContactForm,
    ContactsForm,
    DangerForm,
    HowForm,
    OnBehalfForm,
    StoryForm,
    WhatForm,
    WhenForm,
    WhoForm,
    WishForm,
    contacts_of,
    is_for_organisation,
    is_in_danger,
    is_on_behalf,
    is_told,
    wish_of,
)
from .forms.signal import NoticedForm, ReachForm, WhereForm
from .models import Case, CountedReport
from .urgency import Urgency
from .vocabulary import OnBehalf, Source, Wish
from .words import moment_in_words


def submission_of(draft: Draft) -> str:
    """The same for every POST of one draft; tells nobody which draft it was, so not the draft's own id."""
    return derive(draft.secret, b"submission").hex()


def send_report(draft: Draft, answers: Answers) -> dict[str, Any]:
    """Take in the report; the confirmation shows the same reference and code however often it is sent."""
    code = AccessCode.derive(draft.secret)
    taken = report_incident(report_from(answers), submission=submission_of(draft), code=code)
    forget_unsent(draft)
    is_online = {"is_online": bool(online.KINDS & set(taken.kinds))}
    if isinstance(taken, CountedReport):
        return {"is_counted": True} | is_online
    return _promises(taken) | is_online | {"code": str(code), "has_mail": bool(answers["contact"]["email"])}


def forget_unsent(draft: Draft) -> None:
    """Files that were added before the reporter chose only to be counted belong to no report: they go."""
    files.drop(files.Facts.of(one).id for one in draft.answers.get("bewijs", {}).get("files", []))


def report_from(answers: Answers) -> Report:
    """The answers of the steps as one report; ValidationError when two of them no longer fit together."""
    who, what, how = answers["wie"], answers["wat"], answers["hoe"]
    wish = wish_of(answers)
    common = {
        "wish": wish,
        "kinds": what["kinds"],
        "severity": what["severity"],
        "channels": how["channels"],
        "function": who["function"],
        "organisation": Organisation.objects.filter(code=who["organisation"]).first(),
    }
    if wish == Wish.COUNT:
        return Report(**common)
    when, on_behalf = answers["wanneer"], answers.get("namens", {})
    return Report(
        **common,
        in_danger=is_in_danger(answers),
        targets=how["targets"],
        motive=how["motive"],
        occurred_on=when["occurred_on"],
        frequency=when["frequency"],
        on_behalf=who.get("on_behalf", OnBehalf.SELF),
        consent=on_behalf.get("consent", ""),
        people=on_behalf.get("people", ""),
        narrative=answers["verhaal"]["narrative"],
        files=answers["bewijs"]["files"],
        links=answers["bewijs"]["links"],
        contact=Contactable(**answers["contact"]),
        contacts=_chosen_contacts(answers) if is_for_organisation(answers) else [],
    )


def _chosen_contacts(answers: Answers) -> list[Any]:
    """Those who were ticked and are still there. With nobody left the reporter chooses again: a report is
    never sent where nobody reads it, nor to anybody who was not chosen."""
    answer = answers["contacten"]
    if answer["organisation"] != answers["wie"]["organisation"]:
        raise ValidationError(gettext("U wijzigde de organisatie. Kies opnieuw wie uw melding mag lezen."))
    if answer.get("instead"):
        return []
    chosen = [one for one in contacts_of(answers) if str(one.pk) in answer["contacts"]]
    if not chosen:
        raise ValidationError(
            gettext("Wie u koos, kan uw melding niet meer lezen. Kies opnieuw wie uw melding mag lezen.")
        )
    return chosen


def send_callback(draft: Draft, answers: Answers) -> dict[str, Any]:
    """Ask the team to call."""
    answer = answers["nummer"]
    code = AccessCode.derive(draft.secret)
    contact = Contactable(
        name=answer["name"],
        phone=answer["phone"],
        moment=answer["moment"],
        voicemail=answer["voicemail"] == "yes",
    )
    return _promises(request_callback(contact, submission=submission_of(draft), code=code)) | {
        "code": str(code)
    }


def _promises(case: Case) -> dict[str, Any]:
    """What the confirmation promises: in words, because it is kept with the draft and never counted again."""
    report = getattr(case, "organisation_report", None)
    return {
        "reference": case.reference,
        "is_urgent": case.urgency == Urgency.HIGH,
        "for_team": case.is_for_team,
        "for_organisation": report is not None,
        "contact_due": moment_in_words(case.contact_due_at),
        "react_due": moment_in_words(report.react_due_at) if report else "",
    }


REPORT = Flow(
    "melden",
    title=_("Melding doen"),
    submit=_("Melding versturen"),
    done=send_report,
    start_template="ondersteuning/melden_start.html",
    sent_template="ondersteuning/melden_verstuurd.html",
    steps=[
        Step("gevaar", DangerForm, template="ondersteuning/stap_gevaar.html"),
        Step(
            "bel",
            CallFirstForm,
            title=_("Bel nu 112"),
            when=is_in_danger,
            template="ondersteuning/stap_bel.html",
        ),
        Step("wens", WishForm),
        Step("wie", WhoForm, title=_("Om wie gaat het?")),
        Step(
            "namens",
            OnBehalfForm,
            title=_("U meldt voor een ander"),
            when=lambda a: is_told(a) and is_on_behalf(a),
        ),
        Step("contacten", ContactsForm, when=is_for_organisation),
        Step("wat", WhatForm, title=_("Wat u meemaakte")),
        Step("hoe", HowForm, title=_("Hoe ging het?")),
        Step("wanneer", WhenForm, title=_("Wanneer en hoe vaak?"), when=is_told),
        Step("verhaal", StoryForm, when=is_told),
        Step(
            "bewijs",
            EvidenceForm,
            title=_("Hebt u bewijs?"),
            when=is_told,
            template="ondersteuning/stap_bewijs.html",
        ),
        Step(
            "contact",
            ContactForm,
            title=_("Hoe kunnen wij u veilig bereiken?"),
            when=is_told,
            template="ondersteuning/stap_contact.html",
        ),
    ],
)


MADE_BY_TEAM = {Source.GROUP, Source.SIGNAL}


def told(
    case: Case, *, narrative: str | None, contact: dict[str, Any] | None, people: str | None = None
) -> list[tuple[str, str]]:
    """A report that was sent, in the words of the check page: (question, answer), "" for not filled in.

    `people` None leaves that question out: the organisation's copy has no answer to it.
    """
    contact = asdict(Contactable()) | (contact or {})
    if case.source == Source.CALLBACK:
        said = {name: contact[name] for name in ("phone", "moment", "name")}
        said["voicemail"] = "yes" if contact["voicemail"] else "no"
        lines = CALLBACK.lines({"nummer": said})
    else:
        lines = REPORT.lines(REPORT.reached(_answers_of(case, narrative or "", contact, people or "")))
    if case.source in MADE_BY_TEAM:  # nobody filled in the rest
        lines = [line for line in lines if line[0] in ("wat", "hoe", "verhaal", "contact") and line[2]]
    not_asked = OnBehalfForm.base_fields["people"].label if people is None else None
    return [(question, answer) for _step, question, answer in lines if question != not_asked]


def _answers_of(case: Case, narrative: str, contact: dict[str, Any], people: str) -> Answers:
    """The answers that made this case: `report_from`, the other way round."""
    return {
        "gevaar": {"danger": "yes" if case.in_danger else "no"},
        "wens": {"wish": case.wish},
        "wie": {
            "on_behalf": case.on_behalf,
            "function": case.function,
            "organisation": case.organisation.code if case.organisation else "",
        },
        "namens": {"consent": case.consent, "people": people},
        "wat": {"kinds": case.kinds, "severity": case.severity},
        "hoe": {"channels": case.channels, "targets": case.targets, "motive": case.motive},
        "wanneer": {"occurred_on": case.occurred_on, "frequency": case.frequency},
        "verhaal": {"narrative": narrative},
        "contact": contact,
    }


class Shortest(Flow):
    """A flow that begins with its first question: every page less is a call sooner."""

    def start(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return super().start(request)
        return HttpResponseRedirect(f"{request.path}{next(iter(self.steps))}/")

    def _page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        if context.get("back", "").endswith(f"/{self.name}/"):
            context["back"] = "/"  # there is no page before the first question
        return super()._page(request, template, status, **context)


CALLBACK = Shortest(
    "bel-mij",
    title=_("Bel mij terug"),
    submit=_("Bel mij"),
    cookie="bel-mij",
    done=send_callback,
    sent_template="ondersteuning/bel_mij_verstuurd.html",
    steps=[
        Step("nummer", CallbackForm, title=_("Wij bellen u terug"), template="ondersteuning/stap_nummer.html")
    ],
)


def send_signal(draft: Draft, answers: Answers) -> dict[str, Any]:
    """Take in what was noticed. No code and no reference: there is nothing to follow."""
    noticed, where = answers["wat"], answers["waar"]
    share_signal(
        Shared(
            kinds=noticed["kinds"],
            text=noticed["text"],
            function=where["function"],
            organisation=Organisation.objects.filter(code=where["organisation"]).first(),
            contact=Contactable(**answers["bereiken"]),
        ),
        submission=submission_of(draft),
    )
    return {"may_call": bool(answers["bereiken"]["phone"] or answers["bereiken"]["email"])}


SIGNAL = Flow(
    "signaal",
    title=_("Signaal delen"),
    submit=_("Signaal delen"),
    cookie="signaal",
    done=send_signal,
    start_template="ondersteuning/signaal_start.html",
    sent_template="ondersteuning/signaal_verstuurd.html",
    steps=[
        Step("wat", NoticedForm, title=_("Wat merkt u?")),
        Step("waar", WhereForm, title=_("Waar speelt het?")),
        Step(
            "bereiken",
            ReachForm,
            title=_("Mogen wij u er iets over vragen?"),
            template="ondersteuning/signaal_bereiken.html",
        ),
    ],
)
