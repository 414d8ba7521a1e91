from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from types import SimpleNamespace
from urllib.error import URLError

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.template.loader import get_template
from django.utils import timezone

from weerbaar.jobs import alert, enqueue, job, mail, run_due
from weerbaar.jobs.ledger import LONGEST_PAUSE
from weerbaar.jobs.models import Job
from weerbaar.jobs.registry import running

fail_after_sending = False


@job()
def send_one(to: str) -> None:
    mail.send("alert", to=to, link="/beheer/")
    if fail_after_sending:
        raise ConnectionResetError


@job()
def send_two() -> None:
    mail.send("alert", to="a@b.nl", link="/beheer/")
    mail.send("parked", to="a@b.nl", link="/beheer/")


@pytest.fixture
def in_a_job():
    reset = running.set(1)
    yield
    running.reset(reset)


def read(mailbox):
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(mailbox.glob("*"))
    ]


def test_a_mail_that_is_sent_again_has_the_same_message_id(mailbox, monkeypatch):
    enqueue(send_one, key="x", to="a@b.nl")
    monkeypatch.setitem(globals(), "fail_after_sending", True)
    run_due()
    monkeypatch.setitem(globals(), "fail_after_sending", False)
    run_due(timezone.now() + LONGEST_PAUSE)
    assert Job.objects.get().state == "done"
    first, second = read(mailbox)
    assert first["Message-ID"] == second["Message-ID"]


def test_other_jobs_and_other_mails_have_other_message_ids(mailbox):
    enqueue(send_one, key="x", to="a@b.nl")
    enqueue(send_one, key="y", to="a@b.nl")
    enqueue(send_two, key="z")
    run_due()
    assert len({each["Message-ID"] for each in read(mailbox)}) == 4


def test_a_mail_is_plain_and_says_nothing(mailbox):
    enqueue(send_one, key="case-4711", to="a@b.nl")
    run_due()
    [found] = read(mailbox)
    text = found.as_string()
    assert found.get_content_type() == "text/plain"
    assert "4711" not in text
    assert "http://127.0.0.1:8000/beheer/" in text
    assert found["Message-ID"].endswith("@127.0.0.1>")


def test_no_half_written_mail_is_ever_seen(mailbox, monkeypatch, in_a_job):
    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        mail.send("alert", to="a@b.nl", link="/beheer/")
    assert list(mailbox.glob("*.eml")) == []


@pytest.mark.parametrize(
    "link", ["/beheer/zaak/1/", "https://elders.example/", "/volgen/melding/", "//x", "/"]
)
def test_a_mail_links_to_following_or_signing_in_only(mailbox, link, in_a_job):
    with pytest.raises(ValueError, match="links to"):
        mail.send("alert", to="a@b.nl", link=link)


def test_mail_is_sent_from_a_job_only(mailbox):
    with pytest.raises(RuntimeError):
        mail.send("alert", to="a@b.nl", link="/beheer/")


def test_without_a_folder_mail_goes_out_by_email_url(settings, in_a_job):
    settings.MAIL_DIR = ""
    mail.send("alert", to="a@b.nl", link="/mijn/account/login/")
    [sent] = django_mail.outbox
    assert sent.to == ["a@b.nl"]
    assert sent.extra_headers["Message-ID"].startswith("<")


def test_there_is_one_subject_an_audience_and_no_mail_is_empty():
    subjects: dict[str, set[str]] = {}
    for path in sorted((settings.BASE_DIR / "templates" / "mail").glob("*.txt")):
        subject, body = get_template(f"mail/{path.name}").render({"link": "L"}).strip().split("\n", 1)
        audience = path.stem.split("_")[0].replace("alert", "team").replace("parked", "team")
        subjects.setdefault(audience, set()).add(subject)
        assert "L" in body
    del subjects["account"]  # these speak of the account itself, and of nothing else
    assert {audience: found for audience, found in subjects.items() if len(found) > 1} == {}


def test_a_mail_writes_characters_as_they_are(mailbox, settings, in_a_job):
    settings.SITE_URL = "https://portaal.example/?a&b"
    mail.send("alert", to="a@b.nl", link="/beheer/")
    assert "a&b/beheer/" in read(mailbox)[0].get_content()


def test_an_alert_goes_by_mail(mailbox, in_a_job):
    alert.send(SimpleNamespace(pk=1, email="dienst@b.nl"), "/beheer/")
    assert [each["To"] for each in read(mailbox)] == ["dienst@b.nl"]


def test_an_alert_over_the_gateway_needs_https(settings, in_a_job):
    settings.ALERT_GATEWAY_URL = "http://127.0.0.1:1/"
    with pytest.raises(ValueError, match="https"):
        alert.send(SimpleNamespace(pk=1, email="dienst@b.nl"), "/beheer/")


def test_an_alert_over_the_gateway_carries_fixed_words_and_an_id_that_stays(settings, in_a_job, monkeypatch):
    settings.ALERT_GATEWAY_URL = "https://gateway.invalid/"
    sent = []

    class Answer:
        def __enter__(self):
            return self

        def __exit__(self, *args):
            return None

    def urlopen(request, timeout):
        sent.append((request.full_url, request.data, timeout))
        return Answer()

    monkeypatch.setattr(alert, "urlopen", urlopen)
    for _ in range(2):
        alert.send(SimpleNamespace(pk=1, email="dienst@b.nl"), "/beheer/")
    assert sent[0] == sent[1]
    assert sent[0][2] == 5
    assert b"Er wacht iets dringends" in sent[0][1]


def test_a_silent_gateway_does_not_hold_a_worker(settings, in_a_job, monkeypatch):
    class Silent(socketserver.BaseRequestHandler):
        def handle(self):
            done.wait(10)

    done = threading.Event()
    monkeypatch.setattr(alert, "TIMEOUT", 0.3)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.ALERT_GATEWAY_URL = f"https://127.0.0.1:{server.server_address[1]}/"
        with pytest.raises((URLError, TimeoutError)):
            alert.send(SimpleNamespace(pk=1, email="dienst@b.nl"), "/beheer/")
        done.set()
        server.shutdown()
