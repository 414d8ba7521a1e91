"""Health, leaving, and the pages that belong to nobody else."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from weerbaar.pages import health, leave
from weerbaar.pages.context import dialled
from weerbaar.pages.forms import DayField, day_text, month_number
from weerbaar.pages.journal import WithoutWords
from weerbaar.pages.models import Draft
from weerbaar.pages.tasks import remove_expired_drafts


def test_a_process_is_alive_and_ready(client):
    for path in ("/livez", "/readyz"):
        response = client.get(path)
        assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("zones", [{"publiek"}, {"mijn"}, {"beheer"}])
def test_every_process_answers_whatever_it_serves(client, settings, zones):
    settings.ZONES = frozenset(zones)
    assert client.get("/readyz").content == b"ok"


@pytest.mark.parametrize("check", ["is_writable", "is_migrated", "keys_open"])
def test_a_process_that_cannot_take_a_report_says_no_and_not_why(client, monkeypatch, check):
    def gone():
        raise OperationalError("host=db password=geheim")

    gone.__name__ = check
    monkeypatch.setattr(health, check, gone)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"nee")
    assert client.get("/livez").content == b"ok"


def test_without_its_keys_a_zone_is_not_ready(client, settings):
    settings.VAULT_PRIVATE_KEYS = []
    assert client.get("/readyz").content == b"nee"
    settings.ZONES = frozenset({"publiek"})
    assert client.get("/readyz").content == b"ok"
    settings.VAULT_CODE_KEY = ""
    assert client.get("/readyz").content == b"nee"


def test_asking_whether_a_row_can_be_written_leaves_none(client):
    client.get("/readyz")
    assert Draft.objects.count() == 0


def test_a_zone_that_is_not_served_is_not_there(client, settings):
    settings.ZONES = frozenset({"publiek"})
    assert client.get("/beheer/").status_code == 404
    assert client.get("/mijn/verlaten/").status_code == 404
    assert client.get("/verlaten/").status_code == 302


@pytest.mark.parametrize("path", ["/verlaten/", "/mijn/verlaten/", "/beheer/verlaten/"])
def test_leaving_drops_every_cookie_and_goes_to_a_neutral_site(client, settings, path):
    client.cookies["melding"] = "7K3M9QXA2D5TV8RW4HBN"
    client.cookies["iets"] = "anders"
    response = client.get(path)
    assert response["Location"] == settings.EXIT_URL
    assert response.headers["Clear-Site-Data"]
    for name in ("melding", "iets"):
        assert response.cookies[name].value == ""
        assert response.cookies[name]["max-age"] == 0


@pytest.mark.parametrize("name", ["a(b", "[x]", "a/b", "é", "a@b", "a b"])
def test_a_cookie_with_a_strange_name_keeps_nobody_from_leaving(client, settings, name):
    """Whoever may set cookies for a neighbouring site could else put a lock on the door."""
    response = client.get("/verlaten/", headers={"Cookie": f"{name}=1; melding=7K3M"})
    assert response["Location"] == settings.EXIT_URL
    assert response.cookies["melding"]["max-age"] == 0


def test_leaving_ends_the_session_for_good(client, make_user, sign_in):
    sign_in(client, make_user())
    name, value = next((name, morsel.value) for name, morsel in client.cookies.items())
    client.get("/mijn/verlaten/")
    thief = Client()
    thief.cookies[name] = value
    assert thief.get("/mijn/").status_code in {302, 404}


def test_nothing_stops_somebody_who_leaves(client, monkeypatch):
    def gone(request):
        raise OperationalError("gone")

    monkeypatch.setattr(leave, "FAREWELLS", [gone])
    assert client.get("/verlaten/").status_code == 302


def test_security_txt_says_where_to_go_and_does_not_expire_soon(client):
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in text
    expires = text.split("Expires: ")[1][:10]
    assert expires > (timezone.now() + timedelta(days=170)).strftime("%Y-%m-%d")


@pytest.mark.parametrize("path", ["/", "/privacy/", "/toegankelijkheid/", "/over/"])
def test_a_page_costs_no_query(client, django_assert_num_queries, path):
    with django_assert_num_queries(0):
        response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies


def test_the_front_page_puts_danger_first_and_links_only_to_what_exists(client):
    page = client.get("/").content.decode()
    assert page.index("Bent u nu in gevaar?") < page.index("/melden/", page.index("<main"))
    assert "niet de officiële site" in page
    for path in ("/melden/", "/volgen/", "/bel-mij/"):
        assert f'href="{path}"' in page
        assert client.get(path, follow=True).status_code == 200


def test_a_draft_is_removed_after_seven_days():
    old, new = Draft.begin("proef"), Draft.begin("proef")
    old.store()
    new.store()
    Draft.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    remove_expired_drafts(timezone.now())
    assert list(Draft.objects.all()) == [new]
    remove_expired_drafts(timezone.now() + timedelta(days=7, minutes=1))
    assert not Draft.objects.exists()


def test_a_log_line_says_where_and_never_with_what():
    try:
        try:
            raise ValueError("ik werd bedreigd door de buurman")
        except ValueError as error:
            raise RuntimeError("Jansen") from error
    except RuntimeError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "went wrong", None, sys.exc_info())
    text = WithoutWords().format(record)
    assert "ValueError" in text
    assert "test_pages.py" in text
    assert "buurman" not in text
    assert "Jansen" not in text


def test_a_log_line_does_not_give_away_the_link_of_an_invitation(caplog):
    token = "0123456789abcdef" * 2 + "01234567"
    Client(enforce_csrf_checks=True).post(f"/mijn/account/uitnodiging/{token}/", {"password": "x"})
    (record,) = (record for record in caplog.records if token in record.getMessage())
    assert token not in WithoutWords().format(record)
    assert "/mijn/account/uitnodiging/•••/" in WithoutWords().format(record)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (("2", "3", "2026", ""), "2026-03-02"),
        (("02", "mrt", "2026", ""), "2026-03-02"),
        (("", "Maart", "2026", "1"), "2026-03"),
        (("2", "3", "2026", "1"), "2026-03"),
        (("", "", "2026", "1"), "2026"),
        (("", "", "", "1"), ""),
    ],
)
def test_a_day_is_known_as_far_as_it_is_known(typed, stored):
    value = dict(zip(("dag", "maand", "jaar", "ruw"), typed, strict=True))
    assert DayField(rough=True).clean(value) == stored


def test_days_and_months_are_read_as_people_write_them():
    assert [month_number(text) for text in ("3", "03", "maart", "Mrt.", "ma", "m", "13x", "jun")] == [
        3,
        3,
        3,
        3,
        0,
        0,
        0,
        6,
    ]
    assert day_text("2026-03-02") == "2 maart 2026"
    assert day_text("2026-03") == "maart 2026"
    assert day_text("") == "Weet ik niet precies"


def test_a_phone_number_is_dialled_from_anywhere():
    assert dialled("070-3738314") == "+31703738314"
    assert dialled("+599 715 1234") == "+5997151234"
