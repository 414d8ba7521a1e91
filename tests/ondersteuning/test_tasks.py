"""What happens later: who is told, when, and that nobody is told twice or about what has passed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ondersteuning import actions, tasks
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, DutyShift
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault


@pytest.fixture(autouse=True)
def _as_a_worker(settings):
    settings.ZONES = frozenset()


@pytest.fixture
def mails(settings, tmp_path):
    """mails(): (to, subject) of everything sent so far, oldest first."""
    import email
    from email import policy

    settings.MAIL_DIR = str(tmp_path)

    def read() -> list[tuple[str, str]]:
        sent = [
            email.message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(tmp_path.glob("*.eml"))
        ]
        return [(mail["To"], mail.get_content()) for mail in sent]

    return read


@pytest.fixture
def to(mails):
    return lambda: sorted(address for address, _text in mails())


@pytest.fixture
def shift(first_line, colleague):
    now = timezone.now()
    return DutyShift.objects.create(
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=12),
        on_duty=first_line,
        backup=colleague,
    )


def later(**delta: int) -> None:
    """Let time pass for what waits in the ledger: the database's clock decides, so the rows move."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_job SET due_at = due_at - %s WHERE state = 'waiting'", [timedelta(**delta)]
        )


def test_an_urgent_report_wakes_duty_then_backup_then_coordinator(
    make_case, shift, first_line, colleague, coordinator, to
):
    make_case(targets=["family"], contact=actions.Contactable())
    run_due()
    assert to() == sorted([first_line.email, "team@demo.invalid"])
    later(minutes=10)
    run_due()
    assert colleague.email in to()
    assert coordinator.email not in to()
    later(minutes=10)
    run_due()
    assert coordinator.email in to()


def test_nobody_else_is_woken_once_a_person_has_seen_it(make_case, shift, first_line, to):
    case = make_case(targets=["family"], contact=actions.Contactable())
    run_due()
    actions.acknowledge(case, by=first_line)
    later(minutes=30)
    run_due()
    assert to() == sorted([first_line.email, "team@demo.invalid"])


def test_a_gap_in_the_roster_is_never_silence(make_case, coordinator, to):
    make_case(targets=["family"], contact=actions.Contactable())
    run_due()
    assert coordinator.email in to()


def test_the_receipt_goes_to_who_left_an_address_and_says_nothing(make_case, mails):
    case = make_case(narrative="geheim verhaal")
    run_due()
    texts = dict(mails())
    assert set(texts) == {"mila@voorbeeld.invalid", "team@demo.invalid"}
    for text in texts.values():
        assert "geheim" not in text
        assert case.reference not in text


def test_an_overdue_case_is_reported_once(make_case, first_line, to):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, contact=actions.Contactable())
    run_due()
    before = len(to())
    Case.objects.filter(pk=case.pk).update(contact_due_at=timezone.now() - timedelta(minutes=1))
    for _ in range(3):
        tasks.report_overdue_cases(timezone.now())
        run_due()
    assert to().count(first_line.email) == 1
    assert len(to()) == before + 1


def test_an_overdue_mail_is_not_sent_when_contact_was_made_meanwhile(make_case, first_line, to):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, contact=actions.Contactable())
    Case.objects.filter(pk=case.pk).update(contact_due_at=timezone.now() - timedelta(minutes=1))
    tasks.report_overdue_cases(timezone.now())
    actions.register_contact(case, by=first_line)
    run_due()
    assert first_line.email not in to()


def test_aftercare_is_reminded_once_on_the_day_before(make_case, first_line, to):
    case = actions.plan_aftercare(
        make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=actions.Contactable()), by=first_line
    )
    run_due()
    step = case.aftercare.first()
    step.due_on = timezone.localdate() + timedelta(days=1)
    step.save()
    for _ in range(3):
        tasks.remind_of_aftercare(timezone.now())
        run_due()
    assert to().count(first_line.email) == 1


def test_a_case_that_waited_long_enough_goes_on_and_its_handler_hears_it(make_case, first_line, to):
    case = make_case(status=Status.IN_TRIAGE, handler=first_line, contact=actions.Contactable())
    actions.wait_for_reporter(case, until=timezone.localdate() + timedelta(days=1), by=first_line)
    Case.objects.filter(pk=case.pk).update(
        waiting_since=timezone.now() - timedelta(days=3),
        waiting_until=timezone.localdate() - timedelta(days=1),
    )
    for _ in range(2):
        tasks.wake_waiting_cases(timezone.now())
        run_due()
    case.refresh_from_db()
    assert not case.is_waiting
    assert to().count(first_line.email) == 1


def test_contacts_are_told_of_a_new_report_and_reminded_once_of_each_missed_term(make_case, griffier, to):
    report = make_case(
        wish="organisation", contacts=[griffier], contact=actions.Contactable()
    ).organisation_report
    run_due()
    assert to() == [griffier.user.email]
    for _ in range(3):
        tasks.remind_contacts(report.react_due_at + timedelta(minutes=1))
        run_due()
    assert to() == [griffier.user.email] * 2


def test_nothing_is_left_parked(make_case, shift, griffier):
    make_case(targets=["family"], wish="both", contacts=[griffier])
    later(hours=1)
    run_due()
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_beats_take_a_moment_of_any_time_zone():
    from datetime import UTC

    for ask in (
        tasks.wake_waiting_cases,
        tasks.report_overdue_cases,
        tasks.remind_of_aftercare,
        tasks.remind_contacts,
    ):
        ask(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_who_reports_to_the_organisation_only_is_told_too(make_case, griffier, to):
    make_case(wish="organisation", contacts=[griffier])
    run_due()
    assert to() == sorted(["mila@voorbeeld.invalid", griffier.user.email])


def test_when_the_handler_has_left_the_coordinators_hear_it(make_case, first_line, coordinator, code, to):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=actions.Contactable())
    first_line.is_active = False
    first_line.save()
    visit = vault.start_visit(case, code)
    actions.message_from_reporter(case, text="Bent u er nog?", submission="m", visit=visit)
    run_due()
    assert coordinator.email in to()
    assert first_line.email not in to()


@pytest.mark.parametrize(
    ("zone", "task"),
    [
        ("mijn", tasks.tell_team),
        ("mijn", tasks.alert_for_case),
        ("beheer", tasks.tell_contact),
        ("mijn", tasks.tell_handler),
    ],
)
def test_a_zone_enqueues_only_what_is_listed_for_it(settings, zone, task):
    from django.core.exceptions import PermissionDenied

    from weerbaar.jobs import enqueue
    from weerbaar.zones import Zone

    settings.ZONES = frozenset({Zone(zone)})
    step = {"step": 0} if task is tasks.alert_for_case else {}
    with pytest.raises(PermissionDenied):
        enqueue(task, key="x", case_id="00000000-0000-4000-8000-000000000000", **step)
