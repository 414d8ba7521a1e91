"""Another organisation is brought in: the team asks, the reporter reads what is told and decides."""

from __future__ import annotations

import json
import re

from tests.e2e.face import all_of_it

CASES = "/beheer/ondersteuning/case/"


def test_a_referral_with_the_reporters_consent(visit, portal):
    team = visit()
    team.sign_in("eerste_lijn")
    team.go(f"{CASES}?handler=me&status=in_triage")
    team.page.locator("#result_list a").first.click()
    team.page.wait_for_url(re.compile("/change/"))
    reference = team.page.locator("h1").inner_text().removeprefix("Zaak ")
    team.page.get_by_text("Hulp en maatregelen").click()
    team.follow("Andere organisatie inschakelen")
    team.look("referral-ask")
    assert all_of_it(team.page) == []
    team.press("Andere organisatie inschakelen")
    assert team.page.title().startswith("Fout:")
    team.page.get_by_label("Welke organisatie?").select_option(
        label=next(
            option
            for option in team.page.get_by_label("Welke organisatie?").locator("option").all_inner_texts()
            if option.startswith("Helpwanted")
        )
    )
    team.page.get_by_label("Wat vertellen wij hun?").fill("Een adres staat online en moet weg.")
    team.press("Andere organisatie inschakelen")
    assert "Gevraagd aan de melder" in team.text()
    team.look("referral-asked")

    code = json.loads((portal.folder / "demo-codes.json").read_text())[reference]
    reporter = visit()
    reporter.go("/volgen/")
    reporter.page.locator("input[name=code]").fill(code)
    reporter.page.locator("main form button[type=submit]").first.click()
    reporter.follow(re.compile("mag het team Helpwanted inschakelen"))
    reporter.look("referral-question")
    assert all_of_it(reporter.page) == []
    assert "Een adres staat online en moet weg." in reporter.text()
    reporter.press("Antwoord geven")
    assert reporter.page.title().startswith("Fout:")
    reporter.page.get_by_label("Ja", exact=True).check()
    reporter.press("Antwoord geven")
    assert "U hebt ja gezegd." in reporter.text()
    reporter.look("referral-agreed")

    team.page.reload()
    assert "De melder stemt in" in team.text()
    team.page.get_by_text("Hulp en maatregelen").click()
    team.follow("Doorverwijzing: loopt")
    team.press("Doorverwijzing: loopt")
    assert "Vastgelegd: de hulp loopt." in team.text()

    reporter.follow("Helpwanted")
    reporter.press("Toestemming intrekken")
    assert "U hebt uw toestemming ingetrokken." in reporter.text()
    team.page.reload()
    assert "Vervallen" in team.text()


def test_the_tour_and_its_reach(visit):
    walk = visit()
    walk.sign_in("coordinator")
    walk.go("/beheer/ondersteuning/tourvisit/")
    walk.look("tour")
    walk.follow("Bereik van de tour")
    walk.look("tour-reach")
    walk.go("/beheer/ondersteuning/teammember/")
    walk.look("team")
