"""Evidence walked as in production: each zone with its own database role and its own keys only."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from ondersteuning.models import Case, Evidence
from tests.audit.test_zones import act_as, cast  # noqa: F401 - fixtures
from tests.ondersteuning.walk import ANSWERS, fill_in
from weerbaar.files import boxes
from weerbaar.files.models import StoredFile
from weerbaar.jobs import run_due
from weerbaar.vault.errors import NoKey

from .corpus import full_jpeg

STEP = "/melden/bewijs/"


def refused(statement: str, *values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def changed(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


@pytest.mark.usefixtures("scanner_on")
def test_evidence_goes_its_way_with_the_rights_of_production(act_as, cast, sign_in, client):  # noqa: F811
    act_as("publiek")
    fill_in(
        client,
        until="bewijs",
        wens={"wish": "both"},
        contacten={"contacts": [str(pk) for pk in contacts()]},
    )
    photo = SimpleUploadedFile("foto.jpg", full_jpeg(), "image/jpeg")
    assert client.post(STEP, {"file": photo, "toevoegen": "1", "links": "een link"}).status_code == 303
    assert client.post(STEP, {"links": "een link"}).status_code == 303
    client.post("/melden/contact/", ANSWERS["contact"])
    file = StoredFile.objects.get()
    with pytest.raises(NoKey):
        boxes.unseal(file.pk, bytes(file.box))
    refused("UPDATE files_storedfile SET state = 'scanned'")
    refused("UPDATE files_storedfile SET box = NULL")
    refused("DELETE FROM files_storedfile")
    assert client.post("/melden/controleren/").status_code == 303
    code = client.get("/melden/verstuurd/").context["result"]["code"]
    assert not StoredFile.objects.exists()  # sent: from here on it is not this zone's to see
    assert not Evidence.objects.exists()
    assert changed("UPDATE files_storedfile SET expires_at = now(), dossier = NULL") == 0
    refused("DELETE FROM ondersteuning_evidence")

    act_as("worker")
    while run_due():
        pass
    file = StoredFile.objects.get()
    assert (file.state, file.pages, file.box) == ("ready", 1, None)
    case = Case.objects.get()
    row = case.evidence.files().get()

    act_as("publiek")
    client.post("/volgen/", {"code": code})
    assert "data:image/jpeg" in client.get(f"/volgen/melding/bewijs/{row.pk}/").content.decode()
    assert client.post("/volgen/melding/bewijs/", {"links": "nog een link"}).status_code == 303
    more = SimpleUploadedFile("foto.jpg", full_jpeg(), "image/jpeg")
    assert client.post("/volgen/melding/bewijs/", {"file": more}).status_code == 303

    act_as("beheer")
    desk = Client()
    sign_in(desk, cast["first_line"])
    place = f"/beheer/ondersteuning/case/{case.pk}/"
    desk.post(f"{place}nemen/", {"version": case.version})
    assert "data:image/jpeg" in desk.get(f"{place}bewijs/{row.pk}/").content.decode()
    added = SimpleUploadedFile("team.jpg", full_jpeg(), "image/jpeg")
    assert desk.post(f"{place}bewijs/", {"file": added}).status_code == 302
    refused("UPDATE files_storedfile SET state = 'scanned' WHERE state = 'waiting'")
    team = Evidence.objects.get(side="team")

    act_as("mijn")
    assert Evidence.objects.filter(case=case).count() == 4  # not what the team added
    assert not Evidence.objects.filter(pk=team.pk).exists()
    contact = Client()
    sign_in(contact, cast["griffier"])
    shared = f"/mijn/organisatie/{case.organisation_report.pk}/"
    assert "foto.jpg" in contact.get(shared).content.decode()
    assert "data:image/jpeg" in contact.get(f"{shared}bewijs/{row.pk}/").content.decode()
    refused("UPDATE files_storedfile SET expires_at = now()")
    refused("DELETE FROM ondersteuning_evidence")


def contacts() -> list[int]:
    from netwerk.models import Contact

    return list(Contact.objects.values_list("pk", flat=True))
