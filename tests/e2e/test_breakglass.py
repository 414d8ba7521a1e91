"""Noodtoegang in a real browser: the second factor again, a reason, reading, the mail, and the review."""

from __future__ import annotations

import email
import time
from email import policy

import pytest

CASES = "/beheer/ondersteuning/case/"
AGE_SESSION = """
from weerbaar.accounts.sessions import BeheerStore
session = BeheerStore("{key}")
for record in session["account_authentication_methods"]:
    record["at"] -= 3600
session.save()
"""


def sit_idle(walk) -> None:
    """The coordinator signed in an hour ago."""
    key = next(one["value"] for one in walk.context.cookies() if one["name"] == "sessie_beheer")
    walk.portal.manage("shell", "-c", AGE_SESSION.format(key=key))


def mails_about(portal, words: str) -> dict[str, str]:
    found = {}
    for path in sorted(portal.mail.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        if words in mail["Subject"]:
            found[mail["To"]] = mail["Subject"] + mail.get_content()
    return found


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_a_coordinator_breaks_the_glass_and_the_auditor_reviews_it(visit, javascript):
    name = "glass" if javascript else "glass-plain"
    walk = visit()
    walk.sign_in("coordinator")
    walk = walk if javascript else plain(visit, walk)
    walk.go(f"{CASES}?handler=&status=in_guidance")
    walk.page.locator("#result_list a").nth(0 if javascript else 1).click()
    reference = walk.page.locator("h1").inner_text().removeprefix("Zaak ")
    assert "De inhoud is alleen voor wie de zaak behandelt." in walk.text()
    sit_idle(walk)

    walk.page.get_by_text("Dossier", exact=True).click()
    if javascript:
        walk.look(f"{name}-envelope")
    walk.follow("Noodtoegang nemen")
    assert "2fa/reauthenticate" in walk.page.url
    walk.page.fill("input[name=code]", walk.portal.one_time_code("coordinator"))
    walk.page.locator("main button[type=submit], form button[type=submit]").first.click()
    walk.page.wait_for_load_state()
    assert walk.page.url.endswith("/noodtoegang/"), walk.page.url
    if javascript:
        walk.look(f"{name}-ask")
    walk.press("Noodtoegang nemen")
    assert walk.page.title().startswith("Fout:")
    if javascript:
        walk.look(f"{name}-error")
    walk.page.get_by_label("Waarom moet u deze zaak nu lezen?").fill("De behandelaar is niet bereikbaar.")
    began = time.monotonic()
    walk.press("Noodtoegang nemen")
    assert "U kunt deze zaak nu 30 minuten lezen." in walk.text()
    if javascript:
        walk.look(f"{name}-taken")
    walk.follow("Zaak lezen")
    assert "Wat er is gebeurd" in walk.text()
    assert "U kunt niets wijzigen." in walk.text()
    assert walk.page.locator("main form, #content form").count() == 0
    if javascript:
        walk.look(f"{name}-reading")

    while len(mails_about(walk.portal, "noodtoegang genomen")) < 2:
        assert time.monotonic() - began < 60, "auditor and coordinator hear within a minute"
        time.sleep(0.5)
    sent = mails_about(walk.portal, "noodtoegang genomen")
    people = walk.portal.accounts
    assert set(sent) >= {people["auditor"]["email"], people["coordinator"]["email"]}
    assert all(reference not in words and "bereikbaar" not in words for words in sent.values())

    auditor = visit()
    auditor.sign_in("auditor")
    auditor.go("/beheer/")
    auditor.page.get_by_role("link", name="Noodtoegang te beoordelen").click()
    if javascript:
        auditor.look(f"{name}-list")
    auditor.page.locator("#result_list tbody th a").first.click()
    assert reference in auditor.text()
    assert "De behandelaar is niet bereikbaar." in auditor.text()
    if javascript:
        auditor.look(f"{name}-review")
    auditor.page.get_by_label("Ja, dit was nodig").check()
    auditor.press("Beoordeling vastleggen")
    assert "Uw beoordeling is vastgelegd." in auditor.text()


def plain(visit, walk):
    """The same session in a browser without JavaScript."""
    bare = visit(javascript_enabled=False)
    bare.context.add_cookies(walk.context.cookies())
    return bare
