"""What happens later: take an id, ask again whether it is still true, do it, stop.

Mails say that something waits, never what. The reporter's address is sealed: opening it leaves a log row.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from weerbaar.accounts.backends import ByEmail
from weerbaar.accounts.models import User
from weerbaar.audit.api import Actor, Purpose
from weerbaar.jobs import WORKER_ONLY, alert, beat, enqueue, job, mail
from weerbaar.vault import api as vault
from weerbaar.zones import Zone

from . import finding
from .clock import AMSTERDAM, end_of_day
from .figures import last_closed_year
from .lifecycle import SignalStatus
from .models import (
    AftercareStep,
    BreakGlass,
    BulkChange,
    Case,
    CheckIn,
    DutyShift,
    ErasureRequest,
    Export,
    Handover,
    SavedView,
    Share,
    Signal,
    YearTotal,
)
from .safe_contact import mail_may_leave_at
from .urgency import Urgency
from .vocabulary import Alert, Wish

WORKER = Actor.service("taken")
PLANNED_AHEAD = timedelta(days=2)  # so soon the roster must be without gaps


@job(zones={Zone.PUBLIEK, Zone.BEHEER})
def tell_reporter_received(case_id: str) -> None:
    """A receipt without content, if the reporter left an e-mail address."""
    _mail_reporter(case_id, "melder_ontvangen")


@job()
def tell_reporter(case_id: str) -> None:
    _mail_reporter(case_id, "melder_er_is_iets")


def _mail_reporter(case_id: str, template: str) -> None:
    """The only door through which a mail to a reporter leaves: at an hour that is safe for them."""
    case = Case.objects.get(pk=case_id)
    if case.erased_at:
        return  # the address is gone with the rest
    part = None if case.is_for_team else case.organisation_report  # who reads it, decides which copy opens
    with vault.open(case, by=WORKER, purpose=Purpose.NOTIFY) as content:
        contact = (content.of(part) if part else content).contact
    if not contact["email"] or not vault.has_code(case, vault.Compartment.SHARED):
        return  # nobody is sent to /volgen/ who has no code to look with
    now = timezone.now()
    if (at := mail_may_leave_at(contact, now)) > now:
        key = f"{case_id}:{template}:{at:%Y%m%d%H%M}"
        enqueue(mail_when_safe, key=key, at=at, case_id=case_id, template=template)
    else:
        mail.send(template, to=contact["email"], link="/volgen/")


@job(zones=WORKER_ONLY)
def mail_when_safe(case_id: str, template: str) -> None:
    """What came up outside the hours that are safe, as one mail; the wishes are read anew."""
    with suppress(vault.NoKey, Case.DoesNotExist):  # erased in the meantime: nobody is left to tell
        _mail_reporter(case_id, template)


def _in_charge(case: Case) -> list[User]:
    """Who must act: the handler, or the coordinators when there is none any more."""
    handler = case.handler
    return [handler] if handler and handler.is_active else DutyShift.objects.coordinators(case)


@job(zones={Zone.PUBLIEK, Zone.BEHEER})
def tell_team(case_id: str) -> None:
    """The team's mailbox hears that something new waits; the urgent ones are alerted besides."""
    if Case.objects.new().filter(pk=case_id).exists():
        mail.send("team_nieuw", to=settings.TEAM_EMAIL, link="/beheer/")


@job(zones={Zone.PUBLIEK})
def tell_team_of_signal(signal_id: str) -> None:
    """The team's mailbox hears that something came in, unless it was read in the meantime."""
    if Signal.objects.filter(pk=signal_id, status=SignalStatus.NEW).exists():
        mail.send("team_nieuw", to=settings.TEAM_EMAIL, link="/beheer/")


@job(zones={Zone.PUBLIEK, Zone.BEHEER})
def tell_handler(case_id: str) -> None:
    for person in _in_charge(Case.objects.get(pk=case_id)):
        mail.send("team_er_is_iets", to=person.email, link="/beheer/")


@job(zones={Zone.BEHEER})
def tell_assigned_together(change_id: str) -> None:
    """Who now handles cases that were assigned together hears it once, unless that was taken back."""
    change = BulkChange.objects.filter(pk=change_id, undone_at__isnull=True).first()
    if change:
        cases = Case.objects.filter(pk__in=[state["id"] for state in change.before])
        people = User.objects.filter(pk__in=cases.values("handler"), is_active=True)
        for email in people.values_list("email", flat=True):
            mail.send("team_er_is_iets", to=email, link="/beheer/")


@job(zones={Zone.PUBLIEK, Zone.BEHEER})
def tell_offered(handover_id: str) -> None:
    handover = Handover.objects.offered().select_related("to_user").filter(pk=handover_id).first()
    if handover:
        mail.send("team_er_is_iets", to=handover.to_user.email, link="/beheer/")


@job(zones={Zone.PUBLIEK})
def tell_contact(share_id: int) -> None:
    """A contact whom the reporter chose hears that something waits at /mijn/organisatie/."""
    share = (
        Share.objects.filter(pk=share_id, withdrawn_at__isnull=True, report__withdrawn_at__isnull=True)
        .select_related("contact__user")
        .first()
    )
    if share and share.contact.user.is_active:
        mail.send("organisatie_er_is_iets", to=share.contact.user.email, link="/mijn/")


@job(zones={Zone.PUBLIEK, Zone.BEHEER})
def index_case(case_id: str) -> None:
    """Let the team find a case by the name and the e-mail address that the reporter gave."""
    case = Case.objects.filter(pk=case_id).first()
    if case and case.is_for_team:
        with suppress(vault.NoKey), vault.open(case, by=WORKER, purpose=Purpose.INDEX) as content:
            vault.index(case, finding.names_of(content.contact or {}))


@beat(every=timedelta(minutes=5))
def watch_saved_views(now: datetime) -> None:
    """Whose saved view holds a case that was not in it before hears of that: at once, or once a day."""
    for view in SavedView.objects.watched(now):
        if finding.watch(view):
            key = f"{view.pk}:{view.alerted_until:%Y%m%d%H%M%S%f}"
            enqueue(tell_of_saved_view, key=key, view_id=view.pk)


@job(zones=WORKER_ONLY)
def tell_of_saved_view(view_id: int) -> None:
    """Asked again: what is new in it may have left it, or its owner have looked."""
    views = SavedView.objects.select_for_update(of=("self",)).select_related("owner")
    view = views.filter(pk=view_id).first()
    if view and view.alert != Alert.NONE and finding.watch(view):
        finding.remember(view, timezone.now())
        mail.send("team_er_is_iets", to=view.owner.email, link="/beheer/")


@job(zones={Zone.PUBLIEK, Zone.BEHEER})
def alert_for_case(case_id: str, step: int) -> None:
    """Wake the next person in line, as long as nobody has acknowledged the case."""
    case = Case.objects.urgent().filter(pk=case_id, acknowledged_at__isnull=True).first()
    if case:
        for person in DutyShift.objects.people_to_alert(step, at=timezone.now(), case=case):
            alert.send(person, link="/beheer/")


@job(zones=WORKER_ONLY)
def tell_of_gap(day: str) -> None:
    """Nobody has duty at some time of this day, or soon: who plans it hears it, once a day."""
    now = timezone.now()
    if DutyShift.objects.gaps(now, now + PLANNED_AHEAD):
        for person in DutyShift.objects.coordinators():
            mail.send("team_rooster", to=person.email, link="/beheer/")


@beat(every=timedelta(minutes=15))
def report_gaps_in_roster(now: datetime) -> None:
    if DutyShift.objects.gaps(now, now + PLANNED_AHEAD):
        day = now.astimezone(AMSTERDAM).date()
        enqueue(tell_of_gap, key=f"gap:{day}", day=str(day))


@job(zones=WORKER_ONLY)
def resume_after_waiting(case_id: str) -> None:
    from .actions.locking import locked  # noqa: PLC0415 - actions and what follows know each other
    from .actions.waiting import resume  # noqa: PLC0415

    case = Case.objects.waiting_for_reporter().filter(pk=case_id).first()
    if case and case.waiting_until and end_of_day(case.waiting_until) <= timezone.now():
        resume(locked(case))


@beat(every=timedelta(minutes=5))
def wake_waiting_cases(now: datetime) -> None:
    """The day until which we wait is over: the clock runs again, and the handler hears it."""
    over = Case.objects.waiting_for_reporter().filter(waiting_until__lt=now.astimezone(AMSTERDAM).date())
    for pk, until in over.values_list("pk", "waiting_until"):
        enqueue(resume_after_waiting, key=f"resume:{pk}:{until}", case_id=pk)
        enqueue(tell_handler, key=f"waited:{pk}:{until}", case_id=pk)


@job(zones=WORKER_ONLY)
def tell_overdue(case_id: str) -> None:
    """A term was missed: who is in charge hears it, once."""
    if case := Case.objects.overdue().filter(pk=case_id).first():
        for person in _in_charge(case):
            mail.send("team_over_termijn", to=person.email, link="/beheer/")


@beat(every=timedelta(minutes=5))
def report_overdue_cases(now: datetime) -> None:
    overdue = Case.objects.overdue(now).filter(wish__in=[Wish.TEAM, Wish.BOTH])
    for pk, due in overdue.values_list("pk", "contact_due_at"):
        enqueue(tell_overdue, key=f"overdue:{pk}:{due:%Y%m%d%H%M}", case_id=pk)


@job(zones=WORKER_ONLY)
def remind_aftercare(step_id: str) -> None:
    step = (
        AftercareStep.objects.due(timezone.localdate() + timedelta(days=1))
        .select_related("case")
        .filter(pk=step_id)
        .first()
    )
    for person in _in_charge(step.case) if step else []:
        mail.send("team_nazorg", to=person.email, link="/beheer/")


@beat(every=timedelta(minutes=15))
def remind_of_aftercare(now: datetime) -> None:
    """One reminder for each moment of aftercare, on the day before it is due."""
    tomorrow = now.astimezone(AMSTERDAM).date() + timedelta(days=1)
    for pk, due in AftercareStep.objects.due(tomorrow).values_list("pk", "due_on"):
        enqueue(remind_aftercare, key=f"aftercare:{pk}:{due}", step_id=pk)


@beat(every=timedelta(minutes=15))
def remind_contacts(now: datetime) -> None:
    """Contacts hear once that the reporter still waits for a reaction, a decision or feedback."""
    for name, shares in Share.objects.waiting_too_long(now).items():
        for pk in shares.values_list("pk", flat=True):
            enqueue(tell_contact, key=f"{name}:{pk}", share_id=pk)


def reviewers() -> list[User]:
    """Who hears of every break-glass and reviews it: auditors and coordinators, who took it too."""
    return list(ByEmail().with_perm("ondersteuning.review_break_glass", include_superusers=False))


@job(zones={Zone.BEHEER})
def tell_break_glass(glass_id: str, user_id: str) -> None:
    """One person hears that a break-glass was taken; one job each, so that no bad address stops another's."""
    person = next((one for one in reviewers() if str(one.pk) == str(user_id)), None)
    if person and BreakGlass.objects.filter(pk=glass_id).exists():
        mail.send("noodtoegang", to=person.email, link="/beheer/", key=str(glass_id))


@job(zones=WORKER_ONLY)
def ask_for_review(glass_id: str, user_id: str) -> None:
    glass = BreakGlass.objects.to_review().filter(pk=glass_id).first()
    person = next((one for one in reviewers() if str(one.pk) == str(user_id)), None)
    if glass and person and glass.user_id != person.pk:
        mail.send("noodtoegang_beoordelen", to=person.email, link="/beheer/", key=str(glass_id))


@beat(every=timedelta(minutes=15))
def remind_of_reviews(now: datetime) -> None:
    """A break-glass that nobody reviewed within a day is asked for again, each day, of everybody who may."""
    for pk, at in BreakGlass.objects.to_review().values_list("pk", "at"):
        if days := (now - at).days:
            for person in reviewers():
                key = f"review:{pk}:{person.pk}:{days}"
                enqueue(ask_for_review, key=key, glass_id=pk, user_id=person.pk)


@job(zones={Zone.PUBLIEK})
def alert_handler(case_id: str) -> None:
    """It has begun again: wake who handled the case, or the coordinators when that colleague left."""
    case = Case.objects.open().filter(pk=case_id, contacted_at__isnull=True).first()
    for person in _in_charge(case) if case else []:
        alert.send(person, link="/beheer/")
    if case and case.urgency == Urgency.HIGH:
        from .actions.afterwards import wake_duty  # noqa: PLC0415 - actions and what follows know each other

        wake_duty(case)


@job(zones={Zone.PUBLIEK})
def tell_coordinators(request_id: str) -> None:
    """Somebody asked to be erased; a coordinator answers, not who handles the case."""
    if ErasureRequest.objects.waiting().filter(pk=request_id).exists():
        for person in DutyShift.objects.coordinators():
            mail.send("team_er_is_iets", to=person.email, link="/beheer/")


@job(zones=WORKER_ONLY)
def tell_answer_due(request_id: str) -> None:
    if ErasureRequest.objects.waiting().filter(pk=request_id).exists():
        for person in DutyShift.objects.coordinators():
            mail.send("team_over_termijn", to=person.email, link="/beheer/")


@beat(every=timedelta(hours=1))
def remind_of_erasures(now: datetime) -> None:
    """A request to erase that is not answered is asked for again in its last week, and every week after."""
    week = now.astimezone(AMSTERDAM).date() + timedelta(days=7)
    waiting = ErasureRequest.objects.waiting().filter(answer_due_on__lte=week)
    for pk, due in waiting.values_list("pk", "answer_due_on"):
        enqueue(tell_answer_due, key=f"erasure-due:{pk}:{(week - due).days // 7}", request_id=pk)


@job(zones={Zone.PUBLIEK})
def erase_unread(request_id: str) -> None:
    """Erase a report that only the own organisation could read, at the reporter's word."""
    from . import actions  # noqa: PLC0415 - actions and what follows know each other

    actions.erase_unread(ErasureRequest.objects.select_related("case").get(pk=request_id))


@job(zones=WORKER_ONLY)
def ask_check_in(check_in_id: str) -> None:
    """How is it now? The question stands in the portal; the mail only says that something waits."""
    check_in = CheckIn.objects.due(timezone.localdate()).filter(pk=check_in_id).first()
    if check_in:
        _mail_reporter(str(check_in.case_id), "melder_er_is_iets")


@beat(every=timedelta(minutes=15))
def ask_how_it_is(now: datetime) -> None:
    """Two and eight weeks after closing, once each."""
    for pk in CheckIn.objects.due(now.astimezone(AMSTERDAM).date()).values_list("pk", flat=True):
        enqueue(ask_check_in, key=f"check-in:{pk}", check_in_id=pk)


@job(zones=WORKER_ONLY)
def publish_year_totals(year: int) -> None:
    from .actions.figures import publish_year  # noqa: PLC0415 - actions and what follows know each other

    publish_year(year)


@beat(every=timedelta(hours=6))
def publish_last_year(now: datetime) -> None:
    """From February on the totals of the year before are public; once, and never another time."""
    year = last_closed_year(now)
    if not YearTotal.objects.filter(year=year).exists():
        enqueue(publish_year_totals, key=f"figures:{year}", year=year)


def agreeing() -> list[User]:
    """Who may say yes to a large export."""
    return list(ByEmail().with_perm("ondersteuning.agree_export", include_superusers=False))


@job(zones={Zone.BEHEER})
def tell_export_asked(export_id: str, user_id: str) -> None:
    """A second person hears that somebody waits for a yes or a no."""
    export = Export.objects.to_decide().filter(pk=export_id).first()
    person = next((one for one in agreeing() if str(one.pk) == str(user_id)), None)
    if export and person and export.by_id != person.pk:
        mail.send("team_er_is_iets", to=person.email, link="/beheer/", key=str(export_id))
