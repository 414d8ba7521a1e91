from __future__ import annotations

import pytest
from django.utils import timezone

from weerbaar.accounts.roles import Role
from weerbaar.jobs import ledger
from weerbaar.jobs.models import Job, State

URL = "/beheer/jobs/job/"


@pytest.fixture
def parked():
    return Job.objects.create(key="x", name="y.z", queue="default", state=State.PARKED, last_error="KeyError")


@pytest.fixture
def operator(client, make_user, sign_in):
    sign_in(client, make_user(Role.TECHNISCH_BEHEER))
    return client


def test_the_operator_sees_what_was_given_up_and_tries_it_again(operator, parked):
    Job.objects.create(key="done", name="long.gone", queue="default", state="done", done_at=timezone.now())
    page = operator.get(URL).content.decode()
    assert "y.z" in page
    assert "KeyError" in page
    assert "long.gone" not in page
    operator.post(URL, {"action": "retry", "_selected_action": [parked.pk]})
    parked.refresh_from_db()
    assert parked.state == State.WAITING


def test_a_job_cannot_be_changed_added_or_removed(operator, parked):
    assert operator.get(f"{URL}{parked.pk}/change/").status_code == 200
    operator.post(f"{URL}{parked.pk}/change/", {"name": "other"})
    parked.refresh_from_db()
    assert parked.name == "y.z"
    assert operator.get(f"{URL}add/").status_code == 403
    assert operator.post(f"{URL}{parked.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.EERSTE_LIJN, Role.COORDINATOR, Role.AUDITOR])
def test_others_do_not_see_jobs(client, make_user, sign_in, parked, role):
    sign_in(client, make_user(role))
    assert client.get(URL).status_code in (403, 404)
    client.post(URL, {"action": "retry", "_selected_action": [parked.pk]})
    parked.refresh_from_db()
    assert parked.state == State.PARKED


def test_the_start_page_says_when_jobs_fail_or_nothing_is_done(operator, parked):
    page = operator.get("/beheer/").content.decode()
    assert "Opdrachten die niet lukten" in page
    assert "niet op tijd" in page
    ledger.mark("tick:default")
    assert "niet op tijd" not in operator.get("/beheer/").content.decode()


def test_the_list_takes_the_same_queries_for_many_jobs(operator, django_assert_max_num_queries):
    Job.objects.bulk_create(
        Job(key=f"{n}", name="y.z", queue="default", state=State.PARKED) for n in range(100)
    )
    with django_assert_max_num_queries(20):
        operator.get(URL)
