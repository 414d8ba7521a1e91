"""The cast: a reporter with a code, two of the first line, one of the second, a coordinator, a griffier."""

from __future__ import annotations

import uuid

import pytest

from netwerk.models import Contact, Organisation
from ondersteuning import actions
from ondersteuning.actions import Contactable, Report
from ondersteuning.lifecycle import Status
from ondersteuning.models import Assignment, Case
from weerbaar.accounts.roles import Role
from weerbaar.vault import api as vault


@pytest.fixture
def first_line(make_user):
    return make_user(Role.EERSTE_LIJN, name="Femke Eerste")


@pytest.fixture
def colleague(make_user):
    return make_user(Role.EERSTE_LIJN, name="Karim Collega")


@pytest.fixture
def second_line(make_user):
    return make_user(Role.TWEEDE_LIJN, name="Tess Tweede")


@pytest.fixture
def coordinator(make_user):
    return make_user(Role.COORDINATOR, name="Carla Coördinator")


@pytest.fixture
def organisation():
    return Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")


@pytest.fixture
def griffier(make_user, organisation):
    user = make_user(Role.ORGANISATIECONTACT, name="Gerda Griffier")
    return Contact.objects.create(
        organisation=organisation, user=user, function="griffier", label="De griffier"
    )


@pytest.fixture
def code():
    return vault.new_access_code()


@pytest.fixture
def make_case(code, organisation):
    """make_case(status=…, handler=…, wish=…, **report): a case as the public form makes it."""

    def make(*, status=Status.RECEIVED, handler=None, access_code=None, **fields) -> Case:
        answers = {
            "wish": "team",
            "kinds": ["threat"],
            "severity": "serious",
            "function": "raadslid",
            "organisation": organisation,
            "narrative": "Er stond een man bij mijn hek.",
            "contact": Contactable(name="Mila", phone="0612345678", email="mila@voorbeeld.invalid"),
        }
        case = actions.report_incident(
            Report(**{**answers, **fields}), submission=uuid.uuid4().hex, code=access_code or code
        )
        if handler:
            Assignment.objects.create(case=case, user=handler, line=case.line)
            case.refresh_from_db()
        if status != Status.RECEIVED:
            put_in(case, status)
        return case

    return make


PATHS = {  # how the database lets a case come where a test wants it
    Status.IN_TRIAGE: [Status.IN_TRIAGE],
    Status.IN_GUIDANCE: [Status.IN_TRIAGE, Status.IN_GUIDANCE],
    Status.AFTERCARE: [Status.IN_TRIAGE, Status.IN_GUIDANCE, Status.AFTERCARE],
    Status.CLOSED: [Status.IN_TRIAGE, Status.CLOSED],
    Status.REFERRED: [Status.IN_TRIAGE, Status.REFERRED],
    Status.WITHDRAWN: [Status.WITHDRAWN],
}


def put_in(case: Case, status: Status) -> None:
    from django.utils import timezone

    for step in PATHS[status]:
        closed = {"closed_at": timezone.now(), "outcome": "advice"} if step == Status.CLOSED else {}
        Case.objects.filter(pk=case.pk).update(status=step, **closed)
    case.refresh_from_db()
