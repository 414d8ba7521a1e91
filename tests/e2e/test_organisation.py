"""The griffier: signs in, reads what was shared, answers, decides, and tells what came of it."""

from __future__ import annotations

from tests.e2e.face import all_of_it, error_summary


def test_a_contact_handles_what_was_shared(visit):
    griffier = visit()
    griffier.go("/mijn/organisatie/")
    griffier.look("organisatie-aanmelden")
    griffier.sign_in("organisatiecontact")
    griffier.go("/mijn/")
    griffier.look("mijn")
    griffier.follow("Meldingen die met u zijn gedeeld")
    griffier.look("organisatie-lijst")
    assert all_of_it(griffier.page) == []

    griffier.page.locator("table a").first.click()
    griffier.page.wait_for_load_state()
    assert "Na de raadsvergadering" in griffier.text()
    griffier.look("organisatie-melding")
    assert all_of_it(griffier.page) == []

    griffier.press("Bericht versturen")
    assert griffier.page.title().startswith("Fout:")
    assert error_summary(griffier.page) == []
    griffier.look("organisatie-fout")

    griffier.page.fill("textarea[name=text]", "De beveiliging loopt nu met u mee naar buiten.")
    griffier.page.check("input[name=is_feedback]")
    griffier.press("Bericht versturen")
    assert "De beveiliging loopt nu met u mee" in griffier.text()

    griffier.page.check("input[name=decision][value=employer]")
    griffier.press("Besluit vastleggen")
    assert "De organisatie doet aangifte" in griffier.text()
    assert "gedaan op" in griffier.text()


def test_the_same_works_without_javascript(visit):
    griffier = visit(javascript_enabled=False)
    griffier.sign_in("organisatiecontact")
    griffier.go("/mijn/organisatie/")
    griffier.page.locator("table a").first.click()
    griffier.page.fill("textarea[name=text]", "Wij bellen u morgen.")
    griffier.press("Bericht versturen")
    assert "Wij bellen u morgen." in griffier.text()
