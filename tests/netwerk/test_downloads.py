"""An item's page and files: who gets them in which zone, and how a download goes on where it broke off."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from netwerk import store
from netwerk.functions import Function, Layer
from netwerk.lifecycle import ItemStatus
from netwerk.models import (
    DownloadCount,
    ItemOrganisation,
    Membership,
    Organisation,
    Partner,
    PartnerMember,
)
from netwerk.vocabulary import Access
from weerbaar.accounts.roles import Role
from weerbaar.audit.models import AccessLog

from .library import make_item, put_file

BODY = bytes(range(256)) * 40  # 10,240 bytes
URL = "/toolkit/leidraad/download/"


@pytest.fixture
def almere():
    return Organisation.objects.create(code="GM0034", name="Almere", layer=Layer.GEMEENTE)


@pytest.fixture
def ccv():
    return Partner.objects.create(slug="voorbeeld", name="Voorbeeld", kind="knowledge")


@pytest.fixture
def browsers(make_user, sign_in, almere, ccv):
    """A browser and the zone of each kind of reader."""
    raadslid, officer = make_user(Role.AMBTSDRAGER), make_user(Role.PARTNER)
    Membership.objects.create(
        user=raadslid, organisation=almere, function=Function.RAADSLID, confirmed_at=timezone.now()
    )
    PartnerMember.objects.create(user=officer, partner=ccv)
    found = {"stranger": (Client(), "")}
    for name, user in {
        "ambtsdrager": make_user(Role.AMBTSDRAGER),
        "raadslid": raadslid,
        "officer": officer,
        "eerste_lijn": make_user(Role.EERSTE_LIJN),
        "auditor": make_user(Role.AUDITOR),
        "editor": make_user(Role.NETWERKBEHEER),
    }.items():
        client = Client()
        sign_in(client, user)
        found[name] = (client, f"/{user.zone}")
    return found


MIJN = {"ambtsdrager", "raadslid", "officer"}
ALL = {"stranger", "eerste_lijn", "auditor", "editor"} | MIJN
SEES = {
    Access.PUBLIC: ALL,
    Access.NETWORK: ALL - {"stranger"},
    Access.ORGANISATIONS: {"raadslid", "editor"},
    Access.TEAM: {"eerste_lijn", "editor"},
}
OUT = {
    "out": {},
    "concept": {"status": ItemStatus.DRAFT, "published_at": None},
    "embargo": {"published_at": timezone.now() + timedelta(days=1)},
    "withdrawn": {
        "status": ItemStatus.WITHDRAWN,
        "withdrawn_at": timezone.now(),
        "withdrawn_because": "Er is een betere.",
    },
}


def statuses(browsers, end: str) -> dict[str, int]:
    return {
        who: client.get(f"{zone}/toolkit/leidraad/{end}").status_code
        for who, (client, zone) in browsers.items()
    }


@pytest.mark.parametrize("state", OUT)
@pytest.mark.parametrize("access", Access)
def test_every_level_by_every_way(browsers, almere, access, state):
    item = make_item(record_access=access, file_access=access, **OUT[state])
    ItemOrganisation.objects.create(item=item, organisation=almere)
    put_file(item, number=1)
    put_file(item, b"nieuwer", number=2)
    for end in ("", "download/", "download/1/"):
        for who, status in statuses(browsers, end).items():
            sees = who in SEES[access]
            if who == "editor":
                expected = 200
            elif state == "withdrawn":
                expected = 410 if sees else 404
            else:
                expected = 200 if sees and state == "out" else 404
            assert status == expected, (who, end)


@pytest.mark.parametrize("state", OUT)
def test_a_partners_officer_sees_the_own_release_whatever_its_state(browsers, ccv, state):
    put_file(make_item(partner=ccv, record_access=Access.TEAM, file_access=Access.TEAM, **OUT[state]))
    found = statuses(browsers, "download/")
    assert found["officer"] == 200
    assert found["ambtsdrager"] == 404


def test_the_file_may_be_for_fewer_than_the_record(browsers):
    put_file(make_item(record_access=Access.PUBLIC, file_access=Access.TEAM))
    assert set(statuses(browsers, "").values()) == {200}
    assert {who for who, status in statuses(browsers, "download/").items() if status == 200} == SEES[
        Access.TEAM
    ]
    page = browsers["stranger"][0].get("/toolkit/leidraad/").content.decode()
    assert "/mijn/toolkit/leidraad/" in page
    assert "SHA-256" not in page


def test_a_withdrawn_item_says_why_and_nothing_else(client):
    make_item(summary="Geheime samenvatting.", **OUT["withdrawn"])
    response = client.get("/toolkit/leidraad/")
    page = response.content.decode()
    assert response.status_code == 410
    assert "Er is een betere." in page
    assert "Geheime" not in page


def test_what_was_withdrawn_before_it_was_out_is_not_there(client):
    make_item(**OUT["withdrawn"] | {"published_at": timezone.now() + timedelta(days=2)})
    assert client.get("/toolkit/leidraad/").status_code == 404


def test_the_page_tells_each_version_with_size_date_and_sum(client, django_assert_num_queries):
    item = make_item(
        body="Eerst dit.\n\nDan dat.", topics=["reporting"], phases=["after"], functions=["raadslid"]
    )
    first, second = put_file(item, number=1), put_file(item, b"nieuwer", number=2, note="Beter.")
    with django_assert_num_queries(3):
        page = client.get("/toolkit/leidraad/").content.decode()
    for words in (first.sha256, second.sha256, "Melden en aangifte", "Na een incident", "raadslid", "Beter."):
        assert words in page
    assert 'href="/toolkit/leidraad/download/1/"' in page
    for number in range(3, 33):
        put_file(item, b"%d" % number, number=number)
    with django_assert_num_queries(3):
        client.get("/toolkit/leidraad/")


def test_links_stay_in_the_zone_of_the_reader(browsers):
    put_file(make_item())
    for client, zone in browsers.values():
        page = client.get(f"{zone}/toolkit/leidraad/").content.decode()
        assert f'href="{zone}/toolkit/leidraad/download/"' in page


# --- the fallback: RFC 9110 -----------------------------------------------------------------------------
@pytest.fixture
def version():
    return put_file(make_item(), BODY, name="Leidraad “één”.pdf", content_type="application/pdf")


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_download_is_whole_named_and_never_opened(client, version):
    response = client.get(URL)
    assert body(response) == BODY
    assert response.headers["Content-Length"] == str(len(BODY))
    assert response.headers["ETag"] == f'"{version.sha256}"'
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Leidraad%20")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=5000-", 5000, 10239),
        ("bytes=100-199", 100, 199),
        ("bytes=10000-99999", 10000, 10239),
        ("bytes=-100", 10140, 10239),
        ("bytes=-99999", 0, 10239),
        ("bytes = 7 - 9", 7, 9),
    ],
)
def test_a_part_of_it(client, version, asked, first, last):
    response = client.get(URL, headers={"Range": asked})
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/10240"
    assert response.headers["Content-Length"] == str(last - first + 1)
    assert body(response) == BODY[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_there_is_no_such_part(client, version, asked):
    response = client.get(URL, headers={"Range": asked})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */10240"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-5", "bytes=-", "bytes=a-b", "items=0-5", "bytes=٣-٥", "0-5", ""]
)
def test_what_makes_no_sense_or_is_several_gives_the_whole(client, version, asked):
    response = client.get(URL, headers={"Range": asked})
    assert response.status_code == 200
    assert body(response) == BODY


def test_a_download_goes_on_with_the_same_file_only(client, version):
    same = {"Range": "bytes=5000-", "If-Range": f'"{version.sha256}"'}
    assert client.get(URL, headers=same).status_code == 206
    put_file(version.item, b"heel anders", number=2)
    begun_anew = client.get(URL, headers=same)
    assert begun_anew.status_code == 200
    assert body(begun_anew) == b"heel anders"
    assert client.get(f"{URL}1/", headers=same).status_code == 206  # a fixed version stays
    weak = same | {"If-Range": f'W/"{version.sha256}"'}
    assert client.get(f"{URL}1/", headers=weak).status_code == 200
    dated = same | {"If-Range": "Fri, 27 Nov 2026 03:00:00 GMT"}
    assert client.get(f"{URL}1/", headers=dated).status_code == 200


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_who_has_it_is_told_so(client, version, form):
    response = client.get(URL, headers={"If-None-Match": form.format(version.sha256)})
    assert response.status_code == 304
    assert not response.content
    assert client.get(URL, headers={"If-None-Match": '"anders"'}).status_code == 200


def test_a_head_tells_the_same_without_the_file(client, version):
    response = client.head(URL)
    assert response.status_code == 200
    assert response.headers["Content-Length"] == "10240"
    assert not response.content
    assert client.post(URL).status_code == 405


def test_nginx_sends_it_where_it_stands_in_front(client, version, settings):
    settings.X_ACCEL = True
    response = client.get(URL, headers={"Range": "bytes=5-"})
    inside = store.path_of(version.sha256).relative_to(settings.TOOLKIT_DIR)
    assert response.headers["X-Accel-Redirect"] == f"/-/toolkit/{inside}"
    assert re.fullmatch(r"/-/toolkit/files/[0-9a-f]{2}/[0-9a-f]{64}", response.headers["X-Accel-Redirect"])
    assert response.headers["ETag"] == f'"{version.sha256}"'
    assert not response.content
    assert "X-Accel-Redirect" not in client.get(URL, headers={"If-None-Match": "*"}).headers


def test_a_version_whose_file_is_lost_is_404(client, version):
    store.path_of(version.sha256).unlink()
    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}7/").status_code == 404
    assert client.get(f"{URL}0/").status_code == 404


# --- counting ----------------------------------------------------------------------------------------
def test_a_download_is_counted_once_and_never_by_whom(browsers, version):
    client, _zone = browsers["stranger"]
    client.get(URL)
    client.get(URL, headers={"Range": "bytes=0-99"})
    for headers in ({"Range": "bytes=100-"}, {"If-None-Match": "*"}, {"Range": "bytes=99999-"}):
        client.get(URL, headers=headers)
    client.head(URL)
    browsers["ambtsdrager"][0].get(f"/mijn{URL}")
    rows = set(DownloadCount.objects.values_list("version", "day", "zone", "count"))
    today = timezone.localdate()
    assert rows == {(version.pk, today, "publiek", 2), (version.pk, today, "mijn", 1)}
    assert {field.name for field in DownloadCount._meta.fields} == {"id", "version", "day", "zone", "count"}


@pytest.mark.parametrize(("access", "is_logged"), [(Access.NETWORK, False), (Access.TEAM, True)])
def test_who_took_what_is_for_few_is_in_the_access_log(browsers, access, is_logged):
    put_file(make_item(record_access=access, file_access=access))
    browsers["eerste_lijn"][0].get("/beheer/toolkit/leidraad/download/")
    found = AccessLog.objects.filter(detail="hulpmiddel leidraad versie 1 gedownload")
    assert found.count() == is_logged


@pytest.mark.parametrize("asked", ["bytes=-99999999999", "bytes=00-", "bytes=1-"])
def test_nobody_takes_what_is_for_few_unseen_by_calling_it_the_rest(browsers, asked):
    put_file(make_item(record_access=Access.TEAM, file_access=Access.TEAM))
    path = "/beheer/toolkit/leidraad/download/"
    answer = browsers["eerste_lijn"][0].get(path, headers={"range": asked})
    assert answer.status_code in (200, 206)
    assert AccessLog.objects.filter(detail="hulpmiddel leidraad versie 1 gedownload").count() == 1
    browsers["eerste_lijn"][0].get(path, headers={"range": "bytes=999-"})  # 416: nothing went out
    assert AccessLog.objects.filter(detail__startswith="hulpmiddel").count() == 1
