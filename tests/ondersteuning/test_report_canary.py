"""A canary typed in every public field is found in clear nowhere: tables, queue, mail, logs.

The one exception is the To: line of a mail to the reporter: without an address no mail arrives.
"""

from __future__ import annotations

import base64
import logging
import urllib.parse
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.test import Client

from netwerk.models import Contact, Organisation
from ondersteuning import actions
from ondersteuning.admin.desk import Desk
from ondersteuning.admin.writing import seal_of
from ondersteuning.models import Case, OrganisationReport
from tests.conftest import owner_connection
from weerbaar.jobs import run_due
from weerbaar.pages.models import Draft

from .walk import ANSWERS, fill_in

WORDS = {
    "people": "Kanariepietje Kollega",
    "narrative": "Kanarievogel zag mij bij de fietsenstalling",
    "name": "Kanarienaam Kwik",
    "email": "kanariemail@voorbeeld.invalid",
    "remark": "Kanarieremark niet bellen",
    "wrong": "Kanariefout geen adres",
    "kept": "Kanariebewaard half verhaal",
    "team": "Kanarieteam antwoord",
    "organisation": "Kanarieorganisatie antwoord",
    "callback": "Kanarieterugbel Kwak",
}
STAFF_WORDS = {
    "message": "Kanariebericht van het team",
    "note": "Kanarienotitie van het team",
    "assessment": "Kanarieinschatting van het team",
    "aftercare": "Kanarienazorg verslag",
    "reason": "Kanariereden overdracht",
    "contact": "Kanariegriffier antwoord",
}
PHONES = ["612340987", "715559876"]


def shapes(word: str) -> dict[str, bytes]:
    """The ways in which a word may lie about."""
    plain = word.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "percent": urllib.parse.quote(word).encode(),
        "form": urllib.parse.quote_plus(word).encode(),
        "json": "".join(f"\\u{ord(sign):04x}" for sign in word).encode(),
        "repr": repr(word.encode("utf-16-le"))[2:-1].encode(),
    }
    for shift in range(3):  # base64 looks different at each of three places; its edges are left out
        coded = base64.b64encode(b"\0" * shift + plain)
        found[f"base64+{shift}"] = coded[4:-4]
    return found


def canaries(*codes: str) -> dict[str, bytes]:
    words = [*WORDS.values(), *PHONES, *codes]
    return {f"{word} ({shape})": seen for word in words for shape, seen in shapes(word).items()}


def found_in(data: bytes, looked_for: dict[str, bytes]) -> list[str]:
    return [name for name, seen in looked_for.items() if seen in data]


def every_row(database: str):
    """Each row of each table, as the owner sees it: (table, bytes)."""
    with owner_connection(database) as owner:
        tables = owner.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            for row in owner.execute(f"SELECT * FROM {table}"):
                yield (
                    table,
                    b"\0".join(
                        bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                        for one in row
                    ),
                )


def type_everything(make_user, monkeypatch) -> list[str]:
    """Everything a reporter can type, typed; all mail sent. Gives the codes that were shown."""
    dam = Organisation.objects.create(code="GM9001", name="Testdam", layer="gemeente", province_code="PV26")
    user = make_user("organisatiecontact")
    contact = Contact.objects.create(organisation=dam, user=user, function="griffier", label="De griffier")
    client = Client(raise_request_exception=False)
    fill_in(
        client,
        wens={"wish": "both"},
        wie=ANSWERS["wie"] | {"on_behalf": "other"},
        namens={"consent": "given", "people": WORDS["people"]},
        contacten={"contacts": [str(contact.pk)]},
        verhaal={"narrative": WORDS["narrative"]},
        contact={
            "name": WORDS["name"],
            "phone": f"0{PHONES[0]}",
            "email": WORDS["email"],
            "remark": WORDS["remark"],
        },
    )
    client.post("/melden/contact/", {"email": WORDS["wrong"]})  # refused
    client.post(
        "/melden/verhaal/", {"narrative": WORDS["kept"] * 500, "bewaren": "1"}
    )  # kept though too long
    client.post("/melden/verhaal/", {"narrative": WORDS["narrative"]})
    with monkeypatch.context() as broken:
        broken.setattr(Draft, "store", _fail)
        assert client.post("/melden/verhaal/", {"narrative": WORDS["narrative"]}).status_code == 500
    resume = client.cookies["melding"].value
    assert client.post("/melden/controleren/").status_code == 303
    code = client.get("/melden/verstuurd/").context["result"]["code"]

    client.post("/volgen/", {"code": code})
    for to in ("team", "organisation"):
        client.post(
            "/volgen/melding/bericht/", {"text": WORDS[to], "to": to, "submission": to.ljust(40, "x")}
        )
    assert WORDS["organisation"] in client.get("/volgen/melding/").content.decode()
    visit = client.cookies["volgen"].value

    client.post(
        "/bel-mij/nummer/",
        {"phone": f"+31{PHONES[1]}", "moment": "any", "voicemail": "yes", "name": WORDS["callback"]},
    )
    client.post("/bel-mij/controleren/")
    actions.withdraw_share(OrganisationReport.objects.get().shares.get(), visit=visit)
    while run_due():
        pass
    assert Case.objects.count() == 2
    return [code, code.replace("-", ""), resume, visit]


def _fail(*args):
    raise RuntimeError("the disk is full")


@pytest.fixture
def nowhere_in_clear(own_database, monkeypatch, tmp_path, caplog, capfd):
    """nowhere_in_clear(canaries): look through all tables, mails, the queue and what was logged so far."""
    monkeypatch.setattr(settings, "MAIL_DIR", str(tmp_path))
    caplog.set_level(logging.DEBUG)

    def look(looked_for: dict[str, bytes]) -> str:
        rows = list(every_row(own_database))
        in_clear = {one: one.encode() for one in Case.objects.values_list("reference", flat=True)}
        assert any(found_in(row, in_clear) for _table, row in rows)  # the search sees what is not sealed
        assert [(table, found) for table, row in rows if (found := found_in(row, looked_for))] == []

        mails = sorted(Path(tmp_path).glob("*.eml"))
        assert mails
        for path in mails:
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            del mail["To"]
            assert found_in(mail.as_bytes(), looked_for) == []

        broker = redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket", "unix"))
        for key in broker.scan_iter(count=1000):
            assert found_in(key + (broker.dump(key) or b""), looked_for) == []

        said = capfd.readouterr()
        logged = "\n".join([caplog.text, said.out, said.err])
        assert found_in(logged.encode(), looked_for) == []
        return logged

    return look


def test_a_canary_of_a_reporter_is_found_in_no_table_queue_mail_or_log(
    nowhere_in_clear, make_user, monkeypatch
):
    logged = nowhere_in_clear(canaries(*type_everything(make_user, monkeypatch)))
    assert "Internal Server Error" in logged  # the log was listening


def test_nor_is_one_of_the_team_or_of_the_organisation(
    nowhere_in_clear, make_user, make_case, sign_in, griffier
):
    handler, expert = make_user("eerste_lijn"), make_user("tweede_lijn")
    case = make_case(wish="both", contacts=[griffier])
    desk, contact = Client(), Client()
    sign_in(desk, handler)
    sign_in(contact, griffier.user)

    def do(slug: str, **fields: object) -> None:
        case.refresh_from_db()
        data = {"version": case.version, "submission": slug, **fields}
        answer = desk.post(f"/beheer/ondersteuning/case/{case.pk}/{slug}/", data)
        assert answer.status_code == 302, (slug, answer.content.decode()[-3000:])

    do("nemen")
    do("contact")
    do("begeleiding")
    seen = seal_of(Desk(case, handler), STAFF_WORDS["message"])
    do("bericht", text=STAFF_WORDS["message"], step="send", seen=seen)
    do("notitie", text=STAFF_WORDS["note"])
    do("inschatting", text=STAFF_WORDS["assessment"])
    do("nazorg", start_dag="23", start_maand="11", start_jaar="2026")
    do("nazorgmoment", step=case.aftercare.first().pk, text=STAFF_WORDS["aftercare"])
    do("overdragen", to=expert.pk, expertise="legal", reason=STAFF_WORDS["reason"])
    report = f"/mijn/organisatie/{case.organisation_report.pk}/"
    assert contact.post(report, {"text": STAFF_WORDS["contact"], "submission": "k"}).status_code == 302
    while run_due():
        pass
    assert case.handovers.exists()
    nowhere_in_clear(
        {f"{word} ({shape})": seen for word in STAFF_WORDS.values() for shape, seen in shapes(word).items()}
    )


def test_the_search_itself_finds_a_canary():
    word = WORDS["narrative"]
    for shape, seen in shapes(word).items():
        assert found_in(b"before " + seen + b" after", canaries()), shape
    coded = base64.b64encode(b"ab" + word.encode() + b"c")
    assert found_in(coded, canaries())
