"""Writing to the reporter: templates, a preview that shows exactly what is sent, and hours that are safe."""

from __future__ import annotations

import email
import re
from datetime import datetime, timedelta
from email import policy
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from netwerk.models import Organisation
from ondersteuning import actions, tasks
from ondersteuning.actions import Contactable
from ondersteuning.clock import AMSTERDAM
from ondersteuning.lifecycle import Status
from ondersteuning.models import MessageTemplate
from ondersteuning.safe_contact import mail_may_leave_at
from ondersteuning.sensitive import sensitive
from ondersteuning.vocabulary import SafeMoment
from weerbaar.audit.api import AccessLog, Result
from weerbaar.jobs import run_due
from weerbaar.jobs.models import Job
from weerbaar.vault import api as vault

WORDS = "Ik bel u morgen.\n\nIs dat goed?"


@pytest.fixture
def case(make_case, first_line):
    return make_case(status=Status.IN_GUIDANCE, handler=first_line)


@pytest.fixture
def browser(sign_in, first_line):
    client = Client()
    sign_in(client, first_line)
    return client


@pytest.fixture
def write(browser, case):
    """write(step, text, **more): press a button of the form."""

    def press(step: str, text: str = WORDS, **more):
        data = {"version": case.version, "submission": "een", "step": step, "text": text, **more}
        return browser.post(url(case), data)

    return press


def url(case) -> str:
    return f"/beheer/ondersteuning/case/{case.pk}/bericht/"


def page(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return unescape(answer.content.decode())


def hidden(html: str, name: str) -> str:
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', html)[1])


def text_in(html: str) -> str:
    """What stands in the box to write in."""
    return re.search(r"(?s)<textarea[^>]*>\n?(.*?)</textarea>", html)[1]


# --- templates and preview ------------------------------------------------------------------------


def test_a_template_is_filled_in_below_what_was_typed(write):
    template = MessageTemplate.objects.create(title="Eerste contact", text="Dank u wel.\nWij helpen u.")
    again = page(write("fill", "Beste mevrouw,", template=template.pk))
    assert text_in(again) == "Beste mevrouw,\n\nDank u wel.\nWij helpen u."
    assert text_in(page(write("fill", "", template=template.pk))) == template.text
    assert text_in(page(write("fill", "Zonder keuze"))) == "Zonder keuze"


def test_a_template_out_of_use_is_not_offered(browser, case, write):
    old = MessageTemplate.objects.create(title="Oud", text="Verouderde tekst", is_active=False)
    MessageTemplate.objects.create(title="In gebruik", text="x")
    html = page(browser.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))
    assert "In gebruik" in html
    assert ">Oud<" not in html
    assert "Verouderde tekst" not in page(write("fill", "a", template=old.pk))


def test_nothing_is_sent_that_was_not_seen_first(write, case):
    for step in ("preview", "send", "iets anders"):
        html = page(write(step))
        assert "Dit leest de melder in het portaal" in html
    assert not case.messages.exists()
    assert page(write("send", "Andere woorden", seen=hidden(html, "seen"))).count("Andere woorden") == 2
    assert not case.messages.exists()
    answer = write("send", hidden(html, "text"), seen=hidden(html, "seen"))
    assert answer["Location"].endswith("/change/#berichten")
    assert case.messages.count() == 1


def test_what_is_sent_is_to_the_letter_what_was_shown(write, case, first_line, client, code):
    html = page(write("preview"))
    shown = re.search(r'(?s)<div class="tekst">(.*?)</div>', html)[1]
    write("send", hidden(html, "text").replace("\n", "\r\n"), seen=hidden(html, "seen"))
    with vault.open(case, by=first_line, purpose=vault.Purpose.CHECK) as content:
        assert content.of(case.messages.get()).text == WORDS
    client.post("/volgen/", {"code": str(code)})
    assert shown in unescape(client.get("/volgen/melding/").content.decode())


def test_the_mail_that_leaves_is_the_mail_that_was_shown(write, case, settings, tmp_path):
    html = page(write("preview"))
    assert "Naar mila@voorbeeld.invalid" in html
    write("send", hidden(html, "text"), seen=hidden(html, "seen"))
    mail = the_mail(settings, tmp_path, "Er staat iets nieuws")
    assert mail["Subject"] in html
    for line in mail.get_content().split():
        assert line in html
    assert "morgen" not in mail.get_content()


def the_mail(settings, folder, words: str):
    settings.MAIL_DIR, settings.ZONES = str(folder), frozenset()
    while run_due():
        pass
    sent = [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in folder.glob("*.eml")]
    found = [mail for mail in sent if words in mail.get_content()]
    assert len(found) <= 1
    return found[0] if found else None


def test_without_an_address_the_page_says_that_no_mail_goes(make_case, browser, first_line):
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=Contactable(phone="+31612345678"))
    html = page(browser.post(url(case), {"version": 9, "submission": "x", "text": "a", "step": "preview"}))
    assert "Er gaat geen mail." in html
    assert "Is er haast bij? Bel dan." in html


def test_back_to_change_keeps_every_word(write):
    assert text_in(page(write("change"))) == WORDS
    html = page(write("preview", "  "), 422)
    assert "Schrijf eerst een tekst." in html
    assert "<title>Fout:" in html


def test_only_who_handles_the_case_writes(make_user, sign_in, case, write, colleague, coordinator):
    seen = hidden(page(write("preview")), "seen")
    for who, status in ((colleague, 404), (coordinator, 404)):
        other = Client()
        sign_in(other, who)
        data = {"version": 1, "submission": "x", "step": "send", "text": WORDS, "seen": seen}
        assert other.post(url(case), data).status_code == status
        assert other.get(url(case)).status_code == status
        assert AccessLog.objects.filter(actor_id=who.pk, result=Result.REFUSED).exists()
    assert not case.messages.exists()


def test_a_closed_case_is_not_written_to(make_case, browser, first_line):
    case = make_case(status=Status.CLOSED, handler=first_line)
    assert browser.get(url(case)).status_code == 302
    assert "bericht/" not in page(browser.get(f"/beheer/ondersteuning/case/{case.pk}/change/"))


def test_words_are_kept_when_the_form_was_open_too_long(sign_in, first_line, case):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, first_line)
    html = page(strict.post(url(case), {"text": "Nog niet kwijt", "step": "preview"}), 403)
    assert "Nog niet kwijt" in html


def test_coordinators_write_templates_and_others_do_not(client, sign_in, coordinator, first_line):
    sign_in(client, coordinator)
    add = "/beheer/ondersteuning/messagetemplate/add/"
    assert (
        client.post(add, {"title": "Doxing", "text": "Bewaar alles.", "is_active": "on"}).status_code == 302
    )
    assert MessageTemplate.objects.get().text == "Bewaar alles."
    assert "Doxing" in page(client.get("/beheer/ondersteuning/messagetemplate/"))
    sign_in(client, first_line)
    assert client.get(add).status_code == 403


@pytest.mark.parametrize("rows", [10, 1_000])
def test_the_list_of_templates_takes_the_same_queries_for_ten_and_for_a_thousand(
    client, sign_in, coordinator, rows, django_assert_num_queries
):
    MessageTemplate.objects.bulk_create(MessageTemplate(title=f"Nr {n}", text="x") for n in range(rows))
    sign_in(client, coordinator)
    with django_assert_num_queries(7):
        client.get("/beheer/ondersteuning/messagetemplate/")


# --- sensitive words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what", "words"),
    [
        ("U woont aan de Dorpsstraat 12a toch?", "Een adres", ["Dorpsstraat 12a"]),
        ("Kom naar de Lindenlaan 3.", "Een adres", ["Lindenlaan 3"]),
        ("Het is 1234 AB.", "Een postcode", ["1234 AB"]),
        ("Het is 1234AB.", "Een postcode", ["1234AB"]),
        ("Bel 06 12 34 56 78.", "Een telefoonnummer", ["06 12 34 56 78"]),
        ("Bel +31612345678.", "Een telefoonnummer", ["+31612345678"]),
        ("Bel 0031-20-1234567", "Een telefoonnummer", ["0031-20-1234567"]),
        ("Bel +599 717 1234", "Een telefoonnummer", ["+599 717 1234"]),
        ("Mail mij@voorbeeld.nl.", "Een e-mailadres", ["mij@voorbeeld.nl"]),
        ("Uw BSN is 111222333.", "Een nummer dat een BSN kan zijn", ["111222333"]),
        ("Uw BSN is 1112.22.333", "Een nummer dat een BSN kan zijn", ["1112.22.333"]),
        ("NL91 ABNA 0417 1643 00", "Een rekeningnummer", ["NL91 ABNA 0417 1643 00"]),
        ("De auto had XX-123-Y.", "Een kenteken", ["XX-123-Y"]),
        ("Het gaat om wb-7k3m-9q2t.", "Het kenmerk van een zaak", ["wb-7k3m-9q2t"]),
        ("Tot ziens in Testdam.", "Een plaats of organisatie", ["Testdam"]),
        ("Testdam belde.", "Een plaats of organisatie", ["Testdam"]),
        ("De raad van Alphen aan den Rijn.", "Een plaats of organisatie", ["Alphen aan den Rijn"]),
        ("Wij zien elkaar in Lutjebroek.", "Een plaats of organisatie", ["Lutjebroek"]),
        ("Hij woont in Den Ham.", "Een plaats of organisatie", ["Den Ham"]),
        ("Hij woont in 's-Graveland.", "Een plaats of organisatie", ["'s-Graveland"]),
    ],
)
def test_what_can_harm_is_pointed_out_in_its_own_words(organisation, text, what, words):
    Organisation.objects.create(code="GM9002", name="Alphen aan den Rijn", layer="gemeente")
    assert [(str(one.what), one.words) for one in sensitive(text)] == [(what, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Ik bel u morgen om 10.30 uur. Is dat goed?",
        "Op 22 november 2026 was het 12 graden.",
        "Deze hele week niet meer, zegt Karim.",
        "Bel ons gerust: {phone}. Of mail {mail}.",
        "Uw nummer is 123456789.",  # fails the check of a BSN
        "In Nederland geldt artikel 285d.",
        "Van 12-03-26 tot 14-03-26.",
        "Bel 112 of 0900-8844.",
    ],
)
def test_what_cannot_harm_gives_no_warning(organisation, text):
    text = text.format(phone=django_settings.TEAM_PHONE, mail=django_settings.TEAM_EMAIL)
    assert sensitive(text) == []


def test_an_access_code_never_leaves_unnoticed():
    for _ in range(50):
        code = str(vault.new_access_code())
        assert "Een toegangscode" in [str(one.what) for one in sensitive(f"Uw code is {code}.")]


def test_the_longest_message_is_looked_through_at_once():
    begin = timezone.now()
    for text in ("A" * 10_000, "Aa " * 3_333, "1 " * 5_000, "a@" * 5_000, "Straat" * 1_600, "06-" * 3_000):
        sensitive(text)
    assert timezone.now() - begin < timedelta(seconds=2)


def test_the_preview_warns_and_still_lets_it_go(write, case):
    html = page(write("preview", "Ik kom naar Dorpsstraat 12."))
    assert "Let op: dit kan gevoelig zijn" in html
    assert "Een adres: <strong>Dorpsstraat 12</strong>" in html
    assert "Toch zo versturen" in html
    write("send", hidden(html, "text"), seen=hidden(html, "seen"))
    assert case.messages.count() == 1
    assert "Let op: dit kan" not in page(write("preview", "Ik kom morgen."))


# --- hours that are safe --------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("moment", "now", "leaves"),
    [
        ("", "2026-11-22 03:00", "2026-11-22 03:00"),
        ("any", "2026-11-22 03:00", "2026-11-22 03:00"),
        ("morning", "2026-11-22 08:59", "2026-11-22 09:00"),
        ("morning", "2026-11-22 09:00", "2026-11-22 09:00"),
        ("morning", "2026-11-22 12:00", "2026-11-23 09:00"),
        ("afternoon", "2026-11-22 09:30", "2026-11-22 12:00"),
        ("evening", "2026-11-22 21:00", "2026-11-23 17:00"),
        ("evening", "2026-11-22 20:59", "2026-11-22 20:59"),
        ("office_hours", "2026-11-20 17:00", "2026-11-23 09:00"),  # a Friday evening
        ("office_hours", "2026-12-24 18:00", "2026-12-28 09:00"),  # Christmas, then a weekend
        ("morning", "2026-10-24 23:00", "2026-10-25 09:00"),  # the night of 25 hours
        ("morning", "2027-03-27 23:00", "2027-03-28 09:00"),  # the night of 23
    ],
)
def test_a_mail_leaves_in_the_hours_that_are_safe(moment, now, leaves):
    assert mail_may_leave_at({"moment": moment}, at(now)) == at(leaves)


def unsafe_now() -> str:
    """A moment of the day that it is not."""
    hour = timezone.now().astimezone(AMSTERDAM).hour
    return SafeMoment.EVENING if hour < 16 else SafeMoment.MORNING


def test_what_comes_up_outside_those_hours_leaves_as_one_mail_when_they_begin(
    make_case, first_line, settings, tmp_path
):
    contact = Contactable(phone="+31612345678", email="mila@voorbeeld.invalid", moment=unsafe_now())
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=contact)
    for number in range(3):
        actions.send_message(case, text="x", submission=str(number), by=first_line)
    assert the_mail(settings, tmp_path, "Er staat iets nieuws") is None
    assert the_mail(settings, tmp_path, "ontvangen") is None
    waiting = Job.objects.filter(name="ondersteuning.mail_when_safe", state="waiting")
    assert {one.due_at for one in waiting} == {mail_may_leave_at({"moment": contact.moment}, timezone.now())}
    assert waiting.count() == 2  # the receipt, and that something is new: one for three messages


def test_a_waiting_mail_asks_again_what_is_safe(make_case, first_line, code, settings, tmp_path, monkeypatch):
    contact = Contactable(email="mila@voorbeeld.invalid", moment=unsafe_now())
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=contact)
    actions.send_message(case, text="x", submission="1", by=first_line)
    assert the_mail(settings, tmp_path, "Er staat iets nieuws") is None
    visit = vault.start_visit(case, code)
    changed = Contactable(email="elders@voorbeeld.invalid")
    actions.change_contact(case, changed, visit=visit)
    Job.objects.filter(state="waiting").update(due_at=timezone.now())
    assert the_mail(settings, tmp_path, "Er staat iets nieuws")["To"] == "elders@voorbeeld.invalid"


def test_a_mail_to_somebody_who_was_erased_meanwhile_is_no_failure(make_case, first_line, settings, tmp_path):
    contact = Contactable(email="mila@voorbeeld.invalid", moment=unsafe_now())
    case = make_case(contact=contact)
    the_mail(settings, tmp_path, "x")
    vault.shred(case)
    Job.objects.filter(state="waiting").update(due_at=timezone.now())
    the_mail(settings, tmp_path, "x")
    assert not Job.objects.filter(name="ondersteuning.mail_when_safe").exclude(state="done").exists()


def test_every_mail_to_a_reporter_leaves_by_the_one_door():
    """Whoever mails a reporter past `_mail_reporter` forgets what is safe for them."""
    root = Path(django_settings.BASE_DIR)
    elsewhere = [
        f"{path.relative_to(root)}: {line.strip()}"
        for app in ("ondersteuning", "weerbaar", "netwerk")
        for path in (root / app).rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"mail\.send\(", line) and ("melder" in line or "/volgen/" in line)
    ]
    assert elsewhere == [
        'ondersteuning/tasks.py: mail.send(template, to=contact["email"], link="/volgen/")'
    ], elsewhere
    assert tasks.tell_reporter.__name__ == "tell_reporter"


def test_the_preview_says_when_the_mail_leaves_and_what_is_safe(make_case, browser, first_line):
    contact = Contactable(phone="+31612345678", email="mila@voorbeeld.invalid", moment=unsafe_now())
    case = make_case(status=Status.IN_GUIDANCE, handler=first_line, contact=contact)
    html = page(browser.post(url(case), {"version": 9, "submission": "x", "text": "a", "step": "preview"}))
    assert "Niet nu, maar op" in html
    assert "Bel nu niet" in html
    assert "Spreek geen voicemail in." in html


def test_hours_may_be_given_with_an_e_mail_address_alone(client, case, code):
    client.post("/volgen/", {"code": str(code)})
    form = {"form": "contact", "email": "a@voorbeeld.invalid", "moment": "evening"}
    assert client.post("/volgen/melding/contact/", form).status_code == 303
    assert client.post("/volgen/melding/contact/", form | {"email": ""}).status_code == 422
