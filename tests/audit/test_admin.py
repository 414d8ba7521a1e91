"""Every look and change in the admin leaves a trail, in neutral words."""

from __future__ import annotations

import uuid

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connections

from netwerk.models import Organisation
from weerbaar.accounts.roles import Role
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.api import AccessLog, Result
from weerbaar.audit.checks import admins_are_audited
from weerbaar.audit.models import Seal
from weerbaar.audit.site import beheer


@pytest.fixture
def organisation():
    return Organisation.objects.create(
        code="GM9999", name="Gemeente Testdam", layer="gemeente", valid_from="2020-01-01"
    )


@pytest.fixture
def manager(client, make_user, sign_in):
    user = make_user(Role.NETWERKBEHEER, name="Karel")
    sign_in(client, user)
    return user


def trail():
    return list(AccessLog.objects.order_by("id").values_list("result", "detail"))


def test_a_list_a_search_and_a_look_are_logged(client, manager, organisation):
    assert client.get("/beheer/netwerk/organisation/").status_code == 200
    assert client.get("/beheer/netwerk/organisation/?q=testdam").status_code == 200
    assert client.get(f"/beheer/netwerk/organisation/{organisation.pk}/change/").status_code == 200
    rows = AccessLog.objects.order_by("id")
    assert [row.detail.split()[0] for row in rows] == ["lijst", "gezocht", "bekeken"]
    assert {row.actor_id for row in rows} == {manager.pk}
    assert "testdam" not in " ".join(row.detail for row in rows).lower()


@pytest.mark.parametrize(
    "lookup", ["password__startswith", "password", "last_login__gt", "user__password__gt"]
)
def test_no_address_filters_on_a_column_that_the_page_does_not_offer(client, make_user, sign_in, lookup):
    sign_in(client, make_user(Role.TECHNISCH_BEHEER))
    assert client.get("/beheer/accounts/user/?is_active__exact=1").status_code == 200
    assert client.get(f"/beheer/accounts/user/?{lookup}=a").status_code == 400


def test_what_is_not_there_is_not_found_and_logged_as_refused(client, manager):
    assert client.get("/beheer/netwerk/organisation/99999/change/").status_code == 404
    assert [result for result, _ in trail()] == [Result.REFUSED]


def test_what_is_not_ones_work_is_refused_and_logged(client, make_user, sign_in, organisation):
    sign_in(client, make_user(Role.EERSTE_LIJN))
    response = client.get(f"/beheer/netwerk/organisation/{organisation.pk}/change/")
    assert response.status_code in (403, 404)
    assert [result for result, _ in trail()] == [Result.REFUSED]


def test_djangos_own_log_names_nothing(client, manager, organisation):
    form = {
        "code": "GM9999", "name": "Geheime Naam", "aliases": "", "layer": "gemeente", "province_code": "",
        "valid_from": "2020-01-01", "valid_until": "", "successor": "",
    }  # fmt: skip
    response = client.post(f"/beheer/netwerk/organisation/{organisation.pk}/change/", form)
    assert response.status_code == 302, response.content.decode()[:2000]
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == ("organisatie", "")
    assert [detail.split()[0] for _, detail in trail()] == ["wijziging"]


def test_no_trail_no_page(client, manager, organisation):
    client.raise_request_exception = False

    def fail(execute, sql, params, many, context):
        from django.db import OperationalError

        raise OperationalError("no log")

    with connections["audit"].execute_wrapper(fail):
        response = client.get(f"/beheer/netwerk/organisation/{organisation.pk}/change/")
    assert response.status_code >= 500
    assert b"Testdam" not in response.content


def test_the_auditor_reads_the_log_and_changes_nothing(
    client, make_user, sign_in, django_assert_max_num_queries
):
    sign_in(client, make_user(Role.AUDITOR))
    row = AccessLog.objects.create(dossier=uuid.uuid4(), purpose="handle", result="opened", actor_name="Anna")
    for query in ("", f"?q={row.dossier}", "?q=ann"):
        response = client.get(f"/beheer/audit/accesslog/{query}")
        assert response.status_code == 200
        assert str(row.dossier) in response.content.decode()
    assert client.get(f"/beheer/audit/accesslog/{row.pk}/change/").status_code == 200
    assert client.get("/beheer/audit/accesslog/add/").status_code == 403
    assert client.post(f"/beheer/audit/accesslog/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_somebody_who_is_no_staff_gets_nowhere(client, make_user, sign_in):
    sign_in(client, make_user(Role.AMBTSDRAGER), zone="beheer")
    assert client.get("/beheer/audit/accesslog/").status_code in (302, 403, 404)
    assert client.get("/beheer/login/").status_code in (302, 404)


def test_an_admin_class_without_a_trail_stops_the_start(monkeypatch):
    assert admins_are_audited(None) == []
    for careless in (admin.ModelAdmin, type("Careless", (admin.ModelAdmin,), {})):
        monkeypatch.setitem(beheer._registry, Seal, careless(Seal, beheer))
        (error,) = admins_are_audited(None)
        assert error.id == "weerbaar.E001"
    monkeypatch.setitem(beheer._registry, Seal, AuditedAdmin(Seal, beheer))
    assert admins_are_audited(None) == []
