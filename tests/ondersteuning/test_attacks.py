"""What an attacker tried, and may not succeed in again."""

from __future__ import annotations

import secrets
import threading

import pytest
from django.db import DatabaseError, connections
from django.test import Client

from netwerk.models import Contact
from ondersteuning.lifecycle import Status
from ondersteuning.models import Message, OrganisationMessage
from weerbaar.accounts.roles import Role
from weerbaar.audit import log


def at_once(count, act):
    """The answers of `count` browsers that do the same at the same moment, each over its own connection."""
    start, answers = threading.Barrier(count), []

    def run():
        start.wait()
        try:
            answers.append(act())
        finally:
            for alias in connections:
                connections[alias].close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("to", ["team", "organisation"])
def test_a_message_that_is_sent_thrice_at_once_arrives_once_and_nobody_sees_an_error(
    own_database, make_case, griffier, code, to
):
    make_case(wish="both", contacts=[griffier])
    visitor = Client()
    visitor.post("/volgen/", {"code": str(code)})
    sent = {"text": "Hij was er weer.", "to": to, "submission": secrets.token_urlsafe(32)}

    def send():
        browser = Client(raise_request_exception=False)
        browser.cookies = visitor.cookies
        return browser.post("/volgen/melding/bericht/", sent).status_code

    assert at_once(3, send) == [303, 303, 303]
    assert Message.objects.count() + OrganisationMessage.objects.count() == 1


def test_the_network_office_cannot_hand_a_contacts_reports_to_another_account(
    client, make_case, make_user, sign_in, griffier
):
    case = make_case(wish="organisation", contacts=[griffier])
    stranger = make_user(Role.PARTNER, email="vreemd@test.invalid")
    sign_in(client, make_user(Role.NETWERKBEHEER))
    taken_over = {
        "organisation": "Testdam",
        "user": stranger.email,
        "function": "griffier",
        "label": "De griffier",
        "valid_from": "2026-01-01",
    }
    client.post(f"/beheer/netwerk/contact/{griffier.pk}/change/", taken_over)
    assert Contact.objects.get(pk=griffier.pk).user == griffier.user
    browser = Client()
    sign_in(browser, stranger)
    assert browser.get(f"/mijn/organisatie/{case.organisation_report.pk}/").status_code == 404


def test_without_the_access_log_the_desks_say_come_back_later_and_show_nothing(
    make_case, first_line, griffier, sign_in, monkeypatch
):
    case = make_case(wish="both", contacts=[griffier], status=Status.IN_TRIAGE, handler=first_line)

    def fails(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(log.AccessLog.objects, "using", fails)
    for user, path in (
        (first_line, f"/beheer/ondersteuning/case/{case.pk}/change/"),
        (griffier.user, f"/mijn/organisatie/{case.organisation_report.pk}/"),
    ):
        browser = Client(raise_request_exception=False)
        sign_in(browser, user)
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "hek" not in answer.content.decode()
