"""Mail says that something waits, never what."""

from __future__ import annotations

import os
import smtplib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine
from django.utils.crypto import salted_hmac

from .registry import running

LINKS = ("/volgen/", "/mijn/", "/beheer/")  # they ask for a code or a sign-in first
LINKS_BELOW = ("/mijn/account/", "/mijn/toolkit/", "/beheer/account/")


def send(template: str, *, to: str, link: str = "/volgen/", key: str | None = None) -> None:
    """Send `templates/mail/<template>.txt` (first line: subject) to one address, from within a job.

    The text knows `link`, `phone` and `email` of the team and nothing of the case. `link` leads to
    `/volgen/` or to a sign-in. A repeated run gives the same Message-ID; `key` tells two mails of one job
    apart that have the same template and address.
    """
    subject, body = words(template, link=link)
    message_id = message_id_for("mail", template, to, key or "")
    message = EmailMessage(subject, body, to=[to])
    message.extra_headers = {
        "Message-ID": f"<{message_id}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # no out-of-office answers
    }
    if settings.MAIL_DIR:
        write_file(message, message_id)
    elif message.send() != 1:
        raise smtplib.SMTPException("not accepted")


def words(template: str, *, link: str = "/volgen/") -> tuple[str, str]:
    """Subject and text of a mail, exactly as `send` sends them."""
    if link not in LINKS and not link.startswith(LINKS_BELOW):
        raise ValueError("a mail links to following or signing in only")
    context = {
        "link": settings.SITE_URL + link,
        "phone": settings.TEAM_PHONE,
        "email": settings.TEAM_EMAIL,
    }
    plain = Context(context, autoescape=False)
    text = Engine.get_default().get_template(f"mail/{template}.txt").render(plain)
    subject, body = text.strip().split("\n", 1)
    return subject.strip(), body.strip() + "\n"


def message_id_for(*parts: str) -> str:
    """A name for what the running job sends: the same at every attempt, and it tells nothing to others."""
    job = running.get()
    if job is None:
        raise RuntimeError("Mail and alerts are sent from within a job.")
    return salted_hmac("weerbaar.jobs", "\n".join([str(job), *parts]), algorithm="sha256").hexdigest()[:40]


def write_file(message: EmailMessage, message_id: str) -> None:
    """Put a mail in MAIL_DIR as a whole or not at all; the name sorts by time."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{message_id[:12]}.eml"
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        file.write(message.message().as_bytes())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
