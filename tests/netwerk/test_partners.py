"""Partners: the shipped list, who keeps it up, and that nobody forgets to check it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from netwerk import partners
from netwerk.models import Partner
from netwerk.models.partner import CHECK_AFTER
from netwerk.tasks import partner as tasks
from weerbaar.accounts.roles import Role
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job

LIST = "/beheer/netwerk/partner/"


@pytest.fixture
def as_role(make_user, sign_in):
    def browser(role) -> Client:
        client = Client()
        sign_in(client, make_user(role))
        return client

    return browser


def test_the_shipped_partners_can_be_loaded_again_and_again():
    added = partners.load()
    assert added == Partner.objects.count() > 20
    Partner.objects.filter(slug="politie").update(phone="veranderd")
    assert partners.load() == 0
    assert Partner.objects.get(slug="politie").phone == "veranderd"
    assert Partner.objects.taking_referrals().filter(slug="slachtofferhulp").exists()
    for partner in Partner.objects.all():
        partner.full_clean()


def test_what_ships_was_checked_by_nobody_and_says_so():
    partners.load()
    assert Partner.objects.to_check(timezone.localdate()).count() == Partner.objects.count()


@pytest.fixture
def _worker(settings, tmp_path):
    settings.ZONES, settings.MAIL_DIR = frozenset(), str(tmp_path)


@pytest.mark.usefixtures("_worker")
@pytest.mark.parametrize(("days", "is_told"), [(0, False), (1, True)])
def test_the_editor_is_reminded_after_half_a_year(make_user, tmp_path, days, is_told):
    editor = make_user(Role.NETWERKBEHEER)
    make_user(Role.COORDINATOR)
    today = timezone.localdate()
    checked_on = today - CHECK_AFTER - timedelta(days=days)
    Partner.objects.create(slug="a", name="A", kind="security", checked_on=checked_on)
    for _ in range(2):
        tasks.ask_to_check_partners(timezone.now())
    assert Job.objects.filter(name="netwerk.partner.remind_editors").count() == is_told
    run_due()
    sent = [path.read_text() for path in tmp_path.glob("*.eml")]
    assert [editor.email in mail for mail in sent] == [True] * is_told


@pytest.mark.usefixtures("_worker")
def test_who_was_quicker_than_the_mail_gets_none(make_user, tmp_path):
    make_user(Role.NETWERKBEHEER)
    partners.load()
    tasks.ask_to_check_partners(timezone.now())
    Partner.objects.update(checked_on=timezone.localdate())
    run_due()
    assert not list(tmp_path.glob("*.eml"))


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.NETWERKBEHEER, 200, 200),
        (Role.COORDINATOR, 200, 403),
        (Role.EERSTE_LIJN, 200, 403),
        (Role.TWEEDE_LIJN, 200, 403),
        (Role.AUDITOR, 403, 403),
        (Role.SCANADVISEUR, 403, 403),
        (Role.TECHNISCH_BEHEER, 403, 403),
    ],
)
def test_who_reads_and_who_keeps_up_the_partners(as_role, role, reads, writes):
    browser = as_role(role)
    assert browser.get(LIST).status_code == reads
    assert browser.get(f"{LIST}add/").status_code == writes


def test_an_editor_says_that_the_details_were_checked(as_role):
    partners.load()
    browser = as_role(Role.NETWERKBEHEER)
    politie = Partner.objects.get(slug="politie")
    browser.post(LIST, {"action": "checked", "_selected_action": [politie.pk]})
    politie.refresh_from_db()
    assert politie.checked_on == timezone.localdate()
    assert f"/{politie.pk}/change/" not in browser.get(f"{LIST}?controle=nodig").content.decode()


@pytest.mark.parametrize("size", [1, 50])
def test_the_list_takes_the_same_queries_for_one_and_for_fifty(as_role, django_assert_num_queries, size):
    for number in range(size):
        Partner.objects.create(slug=f"p{number}", name=f"P{number}", kind="security")
    browser = as_role(Role.NETWERKBEHEER)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(LIST)


LIST_QUERIES = 7
