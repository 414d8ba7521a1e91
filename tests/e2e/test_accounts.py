"""Signing in, in a real browser: by keyboard, with a passkey, and every page of the account looked at."""

from __future__ import annotations

import re

import pytest


def test_somebody_signs_in_by_keyboard_alone(visit, portal):
    visitor = visit()
    page, account = visitor.page, portal.accounts["scanadviseur"]
    visitor.go("/beheer/")
    visitor.look("inloggen")
    page.locator("main").focus()
    tab_to(page, "login")
    page.keyboard.type(account["email"])
    tab_to(page, "password")
    page.keyboard.type(account["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/authenticate/")
    visitor.look("tweede-stap")
    page.locator("main").focus()
    tab_to(page, "code")
    page.keyboard.type(portal.one_time_code("scanadviseur"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/beheer/")


def tab_to(page, name: str) -> None:
    for _ in range(25):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} cannot be reached by keyboard")


def test_every_page_of_the_account_is_good(visit, portal):
    visitor = visit()
    for name, path in [
        ("wachtwoord-vergeten", "/mijn/account/password/reset/"),
        ("kijk-in-uw-mail", "/mijn/account/password/reset/done/"),
        ("link-werkt-niet", "/mijn/account/uitnodiging/x/"),
        ("account-aanvragen", "/mijn/account/aanvragen/"),
        ("account-aangevraagd", "/mijn/account/aanvragen/verstuurd/"),
    ]:
        visitor.go(path)
        visitor.look(name)
    visitor.go("/mijn/account/login/")
    visitor.page.fill("input[name=login]", "iemand@voorbeeld.nl")
    visitor.page.fill("input[name=password]", "niet goed")
    visitor.press("Aanmelden")
    assert visitor.page.title().startswith("Fout:")
    visitor.look("inloggen-fout")
    portal.sessions.pop("organisatiecontact", None)  # who signed in long ago is asked to do so again
    visitor.sign_in("organisatiecontact")
    for name, path in [
        ("account", "/mijn/account/"),
        ("tweede-stap-beheren", "/mijn/account/2fa/"),
        ("passkeys", "/mijn/account/2fa/webauthn/"),
        ("passkey-toevoegen", "/mijn/account/2fa/webauthn/add/"),
        ("herstelcodes-maken", "/mijn/account/2fa/recovery-codes/generate/"),
        ("app-weghalen", "/mijn/account/2fa/totp/deactivate/"),
        ("wachtwoord-wijzigen", "/mijn/account/password/change/"),
        ("afmelden", "/mijn/account/logout/"),
        ("aanvragen", "/mijn/organisatie/aanvragen/"),
    ]:
        answer = visitor.go(path)
        assert answer.status == 200, path
        visitor.look(name)
    visitor.go("/mijn/account/2fa/recovery-codes/generate/")
    visitor.press("Maak nieuwe codes")
    visitor.go("/mijn/account/2fa/recovery-codes/")
    assert len(re.findall(r"\b\d{8}\b", visitor.text())) == 10
    visitor.look("herstelcodes")


def test_the_network_office_invites_somebody(visit):
    visitor = visit()
    visitor.sign_in("netwerkbeheer")
    visitor.go("/beheer/account/")
    visitor.follow("Iemand uitnodigen")
    visitor.look("uitnodigen")
    visitor.page.fill("input[name=name]", "Hilde Postma")
    visitor.page.fill("input[name=email]", "griffie@voorbeeld.invalid")
    visitor.page.get_by_label("contactpersoon van de organisatie").check()
    visitor.press("Uitnodigen")
    assert "De uitnodiging is verstuurd." in visitor.text()


def test_a_passkey_takes_the_place_of_password_and_code(portal, browser):
    """P10: a passkey belongs to this site's name, so that a copied site gets nothing from it."""
    context = browser.new_context(base_url=portal.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    virtual = context.new_cdp_session(page)
    virtual.send("WebAuthn.enable")
    virtual.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    account = portal.accounts["toetsadviseur"]
    page.goto("/beheer/account/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.keyboard.press("Enter")
    page.fill("input[name=code]", portal.one_time_code("toetsadviseur"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/beheer/")

    page.goto("/beheer/account/2fa/webauthn/add/")
    page.check("input[name=passwordless]")
    page.get_by_role("button", name="Passkey toevoegen").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/beheer/account/")
    page.get_by_role("button", name="Afmelden", exact=True).click()
    page.wait_for_url("**/beheer/account/login/**")
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url("**/beheer/")
    assert page.goto("/beheer/account/").status == 200
    context.close()
