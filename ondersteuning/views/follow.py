"""What a reporter sees and does at /volgen/melding/, with the access code in hand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from netwerk.models import Contact
from ondersteuning import actions, online
from ondersteuning.actions import Contactable
from ondersteuning.flows import told
from ondersteuning.forms.follow import HandoverForm, MessageForm, SafeContactForm, WithdrawForm
from ondersteuning.forms.related import questions as link_questions
from ondersteuning.law import for_reporter, who_of
from ondersteuning.lifecycle import NEXT, Status
from ondersteuning.models import Case, Feedback, Handover, Message, OrganisationReport, Share
from ondersteuning.vocabulary import OnBehalf
from ondersteuning.words import (
    day_in_words,
    moment_in_words,
    next_in_words,
    role_in_words,
    status_in_words,
    time_in_words,
    timeline,
)
from ondersteuning.zaakdossier import OWN, own_edition
from weerbaar.audit import api as audit
from weerbaar.audit.api import Purpose
from weerbaar.documents import api as documents
from weerbaar.pages.errors import asks_again
from weerbaar.vault import api as vault
from weerbaar.vault.api import Compartment, Content
from weerbaar.zones import Zone, zone_url

from .visits import following

DONE = {  # ?gedaan=…: what a POST did, said once
    "bericht": _("Uw bericht is verstuurd."),
    "organisatiebericht": _("Uw bericht is verstuurd."),
    "ja": _("U hebt ja gezegd. De deskundige krijgt nu de vraag om uw zaak over te nemen."),
    "nee": _("U hebt nee gezegd. Er verandert niets: u houdt uw eigen contactpersoon."),
    "hulp-ja": _("U hebt ja gezegd. Het team schakelt de organisatie in."),
    "hulp-nee": _("U hebt nee gezegd. Het team vertelt deze organisatie niets."),
    "hulp-gestopt": _("U hebt uw toestemming ingetrokken. Het team stopt met deze doorverwijzing."),
    "langer": _("U kunt nog een half uur verder."),
    "meelezer": _("Deze persoon kan uw melding niet meer lezen."),
    "ingetrokken": _("U hebt uw melding ingetrokken."),
    "gegevens": _("Uw gegevens zijn gewijzigd. Het team gebruikt voortaan deze."),
    "organisatiegegevens": _("Uw gegevens zijn gewijzigd. Wie van uw organisatie meeleest, ziet ze ook."),
    "code": _("Uw nieuwe toegangscode werkt. De oude code en de tijdelijke code werken niet meer."),
    "toestemming": _("De toestemming is gewijzigd."),
    "losgemaakt": _("Uw melding is losgemaakt van het account. Daar is hij niet meer te zien."),
    "wissen": _("Uw verzoek is genoteerd."),
    "antwoord": _("Dank u wel. Uw antwoord is genoteerd."),
    "weer": _("Uw zaak is weer open. Wij waarschuwen nu wie u hielp. Bij gevaar: bel 112."),
    "oordeel": _("Dank u wel voor uw oordeel."),
    "document": _("Uw document wordt gemaakt. Dat duurt meestal minder dan een minuut."),
    "verband": _("Uw antwoord is opgeslagen. U kunt het altijd veranderen."),
}

AUTO_ID = {"team": "id_%s", "organisation": "id_organisatie_%s"}
TO_WHOM = {"team": _("Uw bericht aan het team"), "organisation": _("Uw bericht aan uw organisatie")}


@require_safe
@following
def report(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """The reporter's own page: where it stands, what was written, who looked."""
    return show(request, case, visit)


def show(
    request: HttpRequest,
    case: Case,
    visit: str,
    *,
    form: MessageForm | None = None,
    typed: str = "",
    to: str = "team",
    handover_form: HandoverForm | None = None,
    error: str = "",
) -> HttpResponse:
    """Render the page inside the open dossier; a form that was refused keeps its words."""
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        context = _page(case, content, visit)
        context |= {
            "done": request.GET.get("gedaan", ""),
            "notice": DONE.get(request.GET.get("gedaan", "")),
            "error": error,
            "form": form or handover_form,
            "message_form": form
            if form and to == "team"
            else message_form("team", typed if to == "team" else ""),
            "organisation_form": form
            if form and to == "organisation"
            else message_form("organisation", typed if to == "organisation" else ""),
            "handover_form": handover_form or HandoverForm(),
        }
        context["visit"] = _visit(visit)
        is_refused = bool(error or form or handover_form)
        return render(
            request, "ondersteuning/volgen_melding.html", context, status=422 if is_refused else 200
        )


def _visit(token: str) -> dict[str, Any] | None:
    """Until when this visitor may look."""
    if (ends_at := vault.visit_ends_at(token)) is None:
        return None
    left = int((ends_at - timezone.now()).total_seconds())
    return {"until": time_in_words(ends_at), "seconds": left}


def message_form(to: str, typed: str = "") -> MessageForm:
    """An empty message, or one that was typed when the visit was over."""
    return labelled(MessageForm(initial={"text": typed, "to": to}, auto_id=AUTO_ID[to]), to)


def labelled(form: MessageForm, to: str) -> MessageForm:
    """Two message forms on one page: each says who will read it."""
    form.fields["text"].label = TO_WHOM.get(to)
    return form


def _page(case: Case, content: Content, visit: str) -> dict[str, Any]:
    handover = case.handovers.filter(status=Handover.Status.ASKED).first()
    page: dict[str, Any] = {
        "case": case,
        "status": status_in_words(case),
        "next": next_in_words(case),
        "received": moment_in_words(case.received_at),
        "timeline": [(moment_in_words(at), what) for at, what, _role in timeline(case, for_reporter=True)],
        "aftercare": [
            (day_in_words(step.due_on), step.get_moment_display(), step.done_at, who_of(step, content))
            for step in case.aftercare.of_reporter().filter(cancelled_at__isnull=True)
        ],
        "law": for_reporter(case, content),
        "is_online": bool(online.KINDS & set(case.kinds)),
        "conversation": [
            {
                "is_own": row.side == Message.Side.REPORTER,
                "is_new": row.side == Message.Side.TEAM and row.read_at is None,
                "at": moment_in_words(row.at),
                "text": opened.text,
            }
            for row, opened in content.rows(case.messages.all())
        ],
        "told": told(case, narrative=content.narrative, people=content.people, contact=content.contact),
        "handover": handover,
        "referrals": list(case.referrals.select_related("partner")),
        "handover_reason": content.of(handover).reason if handover else "",
        "looked": [
            {
                "day": day_in_words(row.day),
                "role": role_in_words(row.role),
                "purpose": row.purpose.label,
                "count": row.count,
            }
            for row in audit.overview(case.pk)
        ],
        "may_write": case.status != Status.WITHDRAWN,
        "may_withdraw": Status.WITHDRAWN in NEXT[Status(case.status)],
        "organisation": _organisation_part(case, content) if case.is_for_organisation else None,
        "document": documents.latest(case, OWN, audience=own_edition(case)),
        "asks_how_it_is": case.check_ins.due(timezone.localdate()).exists(),
        "more": _more(case),
        "link_questions": link_questions(case),
    }
    if any(row["is_new"] for row in page["conversation"]):
        actions.read_messages(case, visit=visit)
    return page


def _more(case: Case) -> list[tuple[str, str | Promise]]:
    """What else a reporter can do: the name of a page, and what to call it."""
    has_ended = case.is_for_team and case.status in (Status.CLOSED, Status.REFERRED)
    is_rated = has_ended and Feedback.objects.filter(case=case).exists()
    links = [
        ("volgen_weer_begonnen", _("Het is weer begonnen"), has_ended),
        ("volgen_oordeel", _("Vertel of onze hulp heeft geholpen"), has_ended and not is_rated),
        (
            "volgen_namens",
            _("Toestemming wijzigen, of de melding overdragen aan degene om wie het gaat"),
            case.on_behalf != OnBehalf.SELF,
        ),
        ("volgen_gegevens", _("Al uw gegevens bekijken en meenemen (inzage)"), True),
        ("volgen_account", _("Uw melding losmaken van een account"), bool(case.owner)),
        ("volgen_wissen", _("Uw melding laten wissen"), True),
    ]
    return [(f"ondersteuning:{name}", label) for name, label, fits in links if fits]


def _organisation_part(case: Case, content: Content) -> dict[str, Any] | None:
    report = OrganisationReport.objects.select_related("organisation").filter(case=case).first()
    if report is None:
        return None
    shares = list(report.shares.select_related("contact"))
    current = set(
        Contact.objects.current().filter(organisation=report.organisation).values_list("pk", flat=True)
    )
    may_read = content.may_read(Compartment.ORGANISATION)  # not with a code that the team renewed
    return {
        "report": report,
        "name": report.organisation.label,
        "steps": [
            (
                _("Eerste reactie"),
                report.reacted_at and moment_in_words(report.reacted_at),
                moment_in_words(report.react_due_at),
                "",
            ),
            (
                _("Besluit over aangifte"),
                report.aangifte_decided_at and moment_in_words(report.aangifte_decided_at),
                moment_in_words(report.aangifte_due_at),
                report.get_aangifte_display() if report.aangifte else "",
            ),
            (
                _("Wat er met uw melding is gedaan"),
                report.feedback_at and moment_in_words(report.feedback_at),
                moment_in_words(report.feedback_due_at),
                "",
            ),
        ],
        "shares": [
            {
                "id": share.pk,
                "label": share.contact.label,
                "opened": share.opened_at and moment_in_words(share.opened_at),
                "withdrawn": share.withdrawn_at and moment_in_words(share.withdrawn_at),
                "has_left": share.contact_id not in current,
            }
            for share in shares
        ],
        "is_read": any(not share.withdrawn_at and share.contact_id in current for share in shares),
        "may_read": may_read,
        "messages": [
            {
                "is_own": row.side == row.Side.REPORTER,
                "from": row.contact.label if row.contact else "",
                "at": moment_in_words(row.at),
                "text": opened.text,
            }
            for row, opened in (content.rows(report.messages.select_related("contact")) if may_read else [])
        ],
    }


def see(done: str = "", anchor: str = "") -> HttpResponse:
    address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_melding")
    return HttpResponseRedirect(
        address + (f"?gedaan={done}" if done else "") + (f"#{anchor}" if anchor else ""), status=303
    )


@asks_again("text")
@require_POST
@following
def message(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Write to the team, or to the contacts of the own organisation."""
    to = request.POST.get("to", "team")
    part = OrganisationReport.objects.filter(case=case, withdrawn_at__isnull=True).first()
    if (
        case.status == Status.WITHDRAWN
        or (to == "organisation" and part is None)
        or (to == "team" and not case.is_for_team)
    ):
        raise Http404
    form = labelled(MessageForm(request.POST, auto_id=AUTO_ID.get(to, "id_%s")), to)
    if not form.is_valid():
        return show(request, case, visit, form=form, to=to)
    text, submission = form.cleaned_data["text"], form.cleaned_data["submission"]
    if to == "organisation" and part is not None:
        actions.message_to_organisation(part, text=text, submission=submission, visit=visit)
        return see("organisatiebericht", "organisatie")
    actions.message_from_reporter(case, text=text, submission=submission, visit=visit)
    return see("bericht", "berichten")


@require_http_methods(["GET", "HEAD", "POST"])
@following
def contact(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """How to be reached: as it is now, and a change of it."""
    if case.status == Status.WITHDRAWN:
        return see()
    if request.method != "POST":
        return ask_contact(request, case, visit)
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        part = _shared_part(case, content)
        before = Contactable(**(content.contact or {}))
    form = SafeContactForm(request.POST, may_share=part is not None and case.is_for_team)
    if not form.is_valid():
        return ask_contact(request, case, visit, form=form)
    with_organisation = part is not None and form.cleaned_data.pop("share", not case.is_for_team)
    after = Contactable(**form.cleaned_data)
    if after != before or with_organisation:
        try:
            actions.change_contact(case, after, visit=visit, with_organisation=with_organisation)
        except ValidationError as error:  # taken back in another tab
            return show(request, case, visit, error=error.messages[0])
    return see("organisatiegegevens" if with_organisation else "gegevens")


def ask_contact(
    request: HttpRequest,
    case: Case,
    visit: str,
    *,
    form: SafeContactForm | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """The questions, with what is known now; with `typed`: what was typed when the visit was over."""
    with vault.open(case, visit=visit, purpose=Purpose.FOLLOW) as content:
        may_share = _shared_part(case, content) is not None
        form = form or SafeContactForm(
            initial=typed or content.contact, may_share=may_share and case.is_for_team
        )
        context: dict[str, Any] = {"form": form, "case": case, "may_share": may_share}
        if stays := _visit(visit):
            context["visit"] = stays | {"is_form": True}
        status = 422 if form.errors else 200
        return render(request, "ondersteuning/volgen_contact.html", context, status=status)


def _shared_part(case: Case, content: Content) -> OrganisationReport | None:
    """The organisation's copy, when there is one that this reporter can still write."""
    if not content.may_read(Compartment.ORGANISATION):
        return None
    return OrganisationReport.objects.filter(case=case, withdrawn_at__isnull=True).first()


@require_POST
@following
def handover(request: HttpRequest, case: Case, visit: str, pk: str) -> HttpResponse:
    """Say yes or no to an expert who takes over."""
    asked = get_object_or_404(Handover, pk=pk, case=case)
    form = HandoverForm(request.POST)
    if not form.is_valid():
        return show(request, case, visit, handover_form=form)
    agrees = form.cleaned_data["agrees"] == "yes"
    try:
        actions.answer_for_reporter(asked, agrees=agrees, visit=visit)
    except ValidationError as error:  # answered in another tab, or the team took the question back
        return show(request, case, visit, error=error.messages[0])
    return see("ja" if agrees else "nee")


@require_http_methods(["GET", "HEAD", "POST"])
@following
def withdraw_contact(request: HttpRequest, case: Case, visit: str, pk: int) -> HttpResponse:
    """Let one contact of the own organisation no longer read along."""
    share = get_object_or_404(
        Share.objects.select_related("contact", "report__case"),
        pk=pk,
        report__case=case,
        withdrawn_at__isnull=True,
    )
    if request.method == "POST":
        actions.withdraw_share(share, visit=visit)
        return see("meelezer", "organisatie")
    others = share.report.shares.filter(withdrawn_at__isnull=True, contact__in=Contact.objects.current())
    context = {"label": share.contact.label, "case": case, "is_last": not others.exclude(pk=pk).exists()}
    return render(request, "ondersteuning/volgen_meelezer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@following
def withdraw(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Take the whole report back, after a question whether that is meant."""
    if Status.WITHDRAWN not in NEXT[Status(case.status)]:
        return see()
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(
            request, "ondersteuning/volgen_intrekken.html", {"form": form, "case": case}, status=status
        )
    try:
        actions.withdraw_case(case, visit=visit)
    except ValidationError as error:  # a colleague closed it in the meantime
        return show(request, case, visit, error=error.messages[0])
    return see("ingetrokken")


@require_POST
@following
def ask_document(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """Ask for the own part of the case as a PDF: a worker makes it, with the keys that it holds anyway."""
    documents.request(case, OWN, audience=own_edition(case), visit=visit)
    if request.POST.get("naar") == "gegevens":
        address = zone_url(Zone.PUBLIEK, "ondersteuning:volgen_gegevens")
        return HttpResponseRedirect(f"{address}#document", status=303)
    return see("document", "document")


@require_GET
@following
def download(request: HttpRequest, case: Case, visit: str) -> HttpResponse:
    """The PDF that was asked for last, once it is ready."""
    rendering = documents.latest(case, OWN, audience=own_edition(case))
    if rendering is None or not rendering.is_ready or rendering.compartment == Compartment.INTERNAL:
        raise Http404
    rendering.refresh_from_db(fields=["pdf"])
    with vault.open(case, visit=visit, purpose=Purpose.PDF) as content:
        return documents.download(rendering, content)
