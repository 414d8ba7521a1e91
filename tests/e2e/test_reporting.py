"""From the home page to a sent report and on, by keyboard alone, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

from tests.e2e.face import all_of_it, error_summary, structure, targets, width

STORY = "Er stond iemand bij mijn auto. Hij zei dat hij weet waar mijn kinderen sporten."
FOCUSED = """
() => {
  const element = document.activeElement;
  if (element.matches('body, main')) return '';
  const label = element.labels && element.labels[0];
  return (label || element).textContent.trim().replace(/\\s+/g, ' ') || element.name || '';
}
"""


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, words: str) -> None:
        """Tab on until the thing with these words has the focus."""
        for _ in range(80):
            if words in self.page.evaluate(FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{words!r} is not reached on {self.page.url}")

    def choose(self, words: str) -> None:
        """One of several: Tab to the group, arrows within it."""
        name = self.page.get_by_label(words, exact=False).first.get_attribute("name")
        first = self.page.locator(f"input[name='{name}']").first
        while not first.evaluate("element => element === document.activeElement"):
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        while words not in self.page.evaluate(FOCUSED):
            self.page.keyboard.press("ArrowDown")

    def tick(self, words: str) -> None:
        self.to(words)
        self.page.keyboard.press("Space")

    def write(self, field: str, words: str) -> None:
        self.to(field)
        self.page.keyboard.type(words)

    def enter(self, words: str) -> None:
        """Go to a link or button and press Enter."""
        before = self.page.url
        self.to(words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before)
        self.page.wait_for_load_state()


def test_a_report_can_be_sent_with_the_keyboard_alone(visit):
    walk = visit()
    walk.go("/")
    hands = Keyboard(walk.page)
    pages = 0

    def next_page(link: str = "Volgende") -> None:
        nonlocal pages
        pages += 1
        hands.enter(link)
        walk.look(f"melden-{pages:02d}-{walk.page.url.rstrip('/').rpartition('/')[2]}")

    walk.page.goto(walk.portal.url + "/melden/")
    walk.look("melden-00-start")
    next_page("Beginnen")
    hands.choose("Nee")
    next_page()
    hands.choose("Het ondersteuningsteam")
    next_page()
    hands.choose("Voor mijzelf")
    hands.write("Functie", "raads")
    hands.write("Organisatie", "Demoveen (gemeente)")
    walk.page.keyboard.press("Escape")
    next_page()
    hands.tick("Bedreiging")
    hands.tick("Iemand kwam aan mijn huis")
    hands.choose("Ernstig")
    next_page()
    hands.tick("Thuis")
    next_page()
    hands.write("Dag", "3")
    hands.write("Maand", "november")
    hands.write("Jaar", "2026")
    hands.choose("Eén keer")
    next_page()
    hands.write("Vertel in uw eigen woorden", STORY)
    next_page()
    next_page()  # no evidence
    hands.write("Telefoonnummer", "06 1234 5678")
    next_page()
    assert STORY in walk.text()
    assert "raadslid" in walk.text()
    assert "Demoveen (gemeente)" in walk.text()
    next_page("Melding versturen")
    assert "Uw melding is verstuurd" in walk.text()
    assert pages + 1 == 12  # with the start page
    assert re.fullmatch(r"(\w{4}-){4}\w{4}", walk.page.inner_text(".code"))


def test_a_report_can_be_sent_and_followed_without_javascript(visit):
    walk = visit(javascript_enabled=False)
    page = walk.page
    walk.go("/")
    walk.follow(re.compile("^Meld"))
    walk.follow("Beginnen")
    page.get_by_label("Ja").check()
    walk.press("Volgende")
    assert "Bel 112" in walk.text()
    walk.press("Volgende")
    page.get_by_label("Allebei").check()
    walk.press("Volgende")
    page.get_by_label("Voor iemand anders").check()
    page.get_by_label(re.compile("^Functie")).select_option("raadslid")
    page.locator("#id_organisation").fill("demov")
    walk.press("Volgende")
    page.get_by_label("Demoveen (gemeente)").check()  # asked back, because several fit
    walk.press("Volgende")
    page.get_by_label("Ja, diegene weet het").check()
    walk.press("Volgende")
    page.get_by_label("Stuur mijn melding naar het ondersteuningsteam").check()
    walk.press("Volgende")
    page.get_by_label("Stalking").check()
    page.get_by_label("Heel ernstig").check()
    walk.press("Volgende")
    walk.press("Volgende")  # all of it may be left out
    page.get_by_label("Ik weet het niet precies").check()
    page.get_by_label("Het gaat nu nog door").check()
    walk.press("Volgende")
    page.get_by_label("Vertel in uw eigen woorden").fill(STORY)
    walk.press("Volgende")
    walk.press("Volgende")  # no evidence
    walk.press("Volgende")
    walk.press("Melding versturen")
    code = page.inner_text(".code")
    page.reload()
    assert page.inner_text(".code") == code

    walk.go("/volgen/")
    page.get_by_label("Wat is uw toegangscode?").fill(code.lower().replace("-", " "))
    walk.press("Bekijk uw melding")
    page.locator("summary").click()
    assert STORY in walk.text()
    page.get_by_label("Uw bericht aan het team").fill("Hij staat er weer.")
    walk.press("Bericht versturen")
    assert "Uw bericht is verstuurd." in walk.text()
    assert "Hij staat er weer." in walk.text()
    walk.follow("Uw melding intrekken")
    page.get_by_label("Ja, ik trek mijn melding in").check()
    walk.press("Melding intrekken")
    assert "U hebt uw melding ingetrokken" in walk.text()
    walk.press("Stop met volgen")
    walk.go("/volgen/melding/")
    assert "Wat is uw toegangscode?" in walk.text()


def send(walk: Any, **changes: str) -> str:
    """A report by mouse, as short as can be; gives the access code."""
    page = walk.page
    walk.go("/melden/gevaar/")
    page.get_by_label("Nee").check()
    walk.press("Volgende")
    page.get_by_label(changes.get("wish", "Het ondersteuningsteam")).check()
    walk.press("Volgende")
    page.get_by_label("Voor mijzelf").check()
    page.locator("#id_organisation").fill(changes.get("organisation", ""))
    page.keyboard.press("Escape")
    walk.press("Volgende")
    if "organisation" in changes:
        walk.look("melden-contacten")
        page.locator("input[name=contacts]").first.check()
        walk.press("Volgende")
    page.get_by_label("Intimidatie of druk").check()
    page.get_by_label("Hinderlijk").check()
    walk.press("Volgende")
    walk.press("Volgende")
    page.get_by_label("Ik weet het niet precies").check()
    page.get_by_label("Eén keer").check()
    walk.press("Volgende")
    page.get_by_label("Vertel in uw eigen woorden").fill(STORY)
    walk.press("Volgende")
    walk.press("Volgende")  # no evidence
    walk.press("Volgende")
    walk.press("Melding versturen")
    return str(page.inner_text(".code"))


def test_a_reporter_follows_writes_and_takes_the_pdf_home(visit):
    walk = visit()
    page = walk.page
    code = send(walk)
    walk.go("/volgen/")
    page.get_by_label("Wat is uw toegangscode?").fill("dit is geen code")
    walk.press("Bekijk uw melding")
    assert error_summary(page) == []
    walk.look("volgen-fout")
    page.get_by_label("Wat is uw toegangscode?").fill(code)
    walk.press("Bekijk uw melding")
    walk.look("volgen-melding")
    assert all_of_it(page) == []

    walk.press("Bericht versturen")
    assert error_summary(page) == []
    walk.look("volgen-bericht-fout")
    page.get_by_label("Uw bericht aan het team").fill("Kunt u mij bellen?")
    walk.press("Bericht versturen")
    assert "Kunt u mij bellen?" in walk.text()

    walk.press("Maak een PDF")
    for _ in range(60):
        if page.get_by_role("link", name="Download uw PDF").count():
            break
        page.wait_for_timeout(500)
        walk.go("/volgen/melding/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download uw PDF").click()
    with open(download.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
    walk.look("volgen-pdf")

    walk.follow("Uw melding intrekken")
    walk.look("volgen-intrekken")
    assert all_of_it(page) == []


def test_a_reporter_is_warned_before_the_visit_ends_and_may_stay(visit):
    walk = visit()
    page = walk.page
    code = send(walk)
    walk.go("/volgen/")
    page.get_by_label("Wat is uw toegangscode?").fill(code)
    page.clock.install()
    walk.press("Bekijk uw melding")
    page.get_by_label("Uw bericht aan het team").fill("Ik ben nog aan het typen.")
    page.clock.fast_forward("26:30")
    assert "Over 3 minuten stopt dit bezoek" not in walk.text()
    page.clock.fast_forward("00:45")
    page.get_by_role("alert").get_by_text("Over 3 minuten stopt dit bezoek").wait_for()
    walk.look("volgen-bijna-over")
    page.get_by_role("button", name="Blijf een half uur langer").focus()
    page.keyboard.press("Enter")
    page.get_by_text("U kunt nog een half uur verder.").wait_for()
    page.clock.fast_forward("27:15")
    page.get_by_role("alert").get_by_text("Over 3 minuten stopt dit bezoek").wait_for()
    page.get_by_label("Uw bericht aan het team").focus()
    page.keyboard.press("End")
    page.keyboard.type("!")  # one key of who is typing
    page.get_by_text("U kunt nog een half uur verder.").wait_for()
    assert page.get_by_label("Uw bericht aan het team").input_value() == "Ik ben nog aan het typen.!"
    walk.press("Bericht versturen")
    assert "Uw bericht is verstuurd." in walk.text()


def test_when_the_visit_is_over_nothing_is_left_on_the_screen_and_no_word_is_lost(visit):
    walk = visit()
    page = walk.page
    code = send(walk)
    page.clock.install()
    for typed in ("Hij staat er weer.", ""):
        walk.go("/volgen/")
        page.get_by_label("Wat is uw toegangscode?").fill(code)
        walk.press("Bekijk uw melding")
        page.get_by_label("Uw bericht aan het team").fill(typed)
        page.clock.fast_forward("30:06")
        page.get_by_label("Wat is uw toegangscode?").wait_for()
        assert "Uw melding is binnen" not in walk.text()
        if typed:
            assert "Uw bericht is nog niet verstuurd." in walk.text()
            walk.look("volgen-over")
            page.get_by_label("Wat is uw toegangscode?").fill(code)
            walk.press("Bekijk uw melding")
            assert page.get_by_label("Uw bericht aan het team").input_value() == typed
            assert page.locator(".bericht").count() == 0  # nothing was sent


def follow(walk: Any, code: str) -> None:
    walk.go("/volgen/")
    walk.page.get_by_label("Wat is uw toegangscode?").fill(code)
    walk.press("Bekijk uw melding")


def test_who_lost_the_code_gets_a_new_one_by_phone(visit):
    reporter, desk = visit(javascript_enabled=False), visit()
    code = send(reporter)
    reference = re.search(r"WB-\w{4}-\w{4}", reporter.text())[0]
    desk.sign_in("eerste_lijn")
    desk.go(f"/beheer/ondersteuning/case/?q={reference}")
    desk.follow(reference)
    desk.press("In behandeling nemen")
    desk.follow("Tijdelijke code geven")
    desk.look("beheer-tijdelijke-code")
    desk.press("Tijdelijke code geven")
    assert error_summary(desk.page) == []
    desk.page.get_by_label("Hoe hebt u gecontroleerd").fill("Teruggebeld op het nummer in de zaak.")
    desk.press("Tijdelijke code geven")
    desk.look("beheer-tijdelijke-code-gegeven")
    temporary = desk.page.inner_text(".eenmalig")

    follow(reporter, temporary.lower().replace("-", " "))
    new = reporter.page.inner_text(".code")
    reporter.press("Ik heb de code opgeschreven")
    assert "Uw nieuwe toegangscode werkt." in reporter.text()
    reporter.press("Stop met volgen")
    for dead in (code, temporary):
        follow(reporter, dead)
        assert "Deze code kennen wij niet." in reporter.text()
    follow(reporter, new)
    assert STORY in reporter.page.content()


def test_the_new_code_page_can_be_used_by_everybody(visit):
    desk, reporter = visit(), visit()
    send(reporter)
    reference = re.search(r"WB-\w{4}-\w{4}", reporter.text())[0]
    desk.sign_in("eerste_lijn")
    desk.go(f"/beheer/ondersteuning/case/?q={reference}")
    desk.follow(reference)
    desk.press("In behandeling nemen")
    desk.follow("Tijdelijke code geven")
    desk.page.get_by_label("Hoe hebt u gecontroleerd").fill("Teruggebeld.")
    desk.press("Tijdelijke code geven")
    follow(reporter, desk.page.inner_text(".eenmalig"))
    reporter.look("volgen-nieuwe-code")
    assert all_of_it(reporter.page) == []
    hands = Keyboard(reporter.page)
    hands.enter("Ik heb de code opgeschreven")
    assert "Uw nieuwe toegangscode werkt." in reporter.text()


def test_a_reporter_reads_back_the_answers_and_says_anew_how_to_be_reached(visit):
    walk = visit()
    page = walk.page
    follow(walk, send(walk))
    hands = Keyboard(page)
    hands.to("Toon al uw antwoorden")
    page.keyboard.press("Enter")
    walk.look("volgen-antwoorden")
    assert "Intimidatie of druk" in walk.text()
    hands.enter("Wijzig hoe u veilig te bereiken bent")
    walk.look("volgen-contact")
    assert all_of_it(page) == []
    hands.write("Telefoonnummer", "12")
    page.keyboard.press("Enter")
    page.get_by_text("Er gaat nog iets niet goed").wait_for()
    assert error_summary(page) == []
    walk.look("volgen-contact-fout")
    page.get_by_label(re.compile("^Telefoonnummer")).fill("06 12 34 56 78")
    walk.press("Wijziging opslaan")
    assert "Uw gegevens zijn gewijzigd." in walk.text()
    page.locator("summary").click()
    assert "06 12 34 56 78" in walk.text()


def test_a_change_of_contact_that_came_too_late_is_kept(visit):
    walk = visit()
    page = walk.page
    code = send(walk)
    page.clock.install()
    follow(walk, code)
    walk.follow("Wijzig hoe u veilig te bereiken bent")
    page.get_by_label(re.compile("^Waar moeten wij op letten")).fill("Niet op dinsdag.")
    page.clock.fast_forward("30:06")
    page.get_by_label("Wat is uw toegangscode?").fill(code)
    walk.press("Bekijk uw melding")
    assert page.get_by_label(re.compile("^Waar moeten wij op letten")).input_value() == "Niet op dinsdag."


COLOUR = "element => getComputedStyle(element).backgroundColor"


def test_a_press_with_the_mouse_does_not_colour_a_button_as_focus_does(visit):
    page = (walk := visit()).page
    walk.go("/volgen/")
    button = page.get_by_role("button", name="Bekijk uw melding")
    page.evaluate("addEventListener('submit', event => event.preventDefault())")
    button.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    by_key = button.evaluate(COLOUR)
    page.mouse.click(5, 500)
    before = button.evaluate(COLOUR)
    button.click()
    page.mouse.move(5, 500)
    assert button.evaluate("element => element === document.activeElement")
    assert button.evaluate(COLOUR) == before != by_key


def test_who_trusts_none_of_the_contacts_goes_to_the_team(visit):
    walk = visit(javascript_enabled=False)
    page = walk.page
    walk.go("/melden/gevaar/")
    page.get_by_label("Nee").check()
    walk.press("Volgende")
    page.get_by_label("Mijn eigen organisatie").check()
    walk.press("Volgende")
    page.get_by_label("Voor mijzelf").check()
    page.locator("#id_organisation").fill("Voorbeelddam")
    walk.press("Volgende")
    page.get_by_label("Niemand van hen").check()
    walk.press("Volgende")
    assert page.url.endswith("/melden/wat/")


def test_what_is_shared_with_the_organisation_has_its_own_part(visit):
    walk = visit()
    code = send(walk, wish="Allebei", organisation="Voorbeelddam")
    walk.go("/volgen/")
    walk.page.get_by_label("Wat is uw toegangscode?").fill(code)
    walk.press("Bekijk uw melding")
    walk.look("volgen-organisatie")
    assert all_of_it(walk.page) == []
    walk.page.locator("#id_organisatie_text").fill("Wilt u aangifte doen?")
    walk.press("Bericht versturen aan uw organisatie")
    assert "Wilt u aangifte doen?" in walk.text()
    walk.page.locator(".meelezers a").first.click()
    walk.look("volgen-meelezer")
    walk.press("Niet meer laten meelezen")
    assert "leest niet meer mee" in walk.text()


def test_somebody_is_called_back_in_three_pages(visit):
    walk = visit()
    walk.go("/bel-mij/")
    assert all_of_it(walk.page) == []
    walk.press("Volgende")
    assert error_summary(walk.page) == []
    walk.look("bel-mij-fout")
    walk.page.get_by_label("Op welk nummer").fill("717 1234")
    walk.page.get_by_label("Zo snel mogelijk").check()
    walk.page.get_by_label("Nee").check()
    walk.press("Volgende")
    walk.look("bel-mij-controleren")
    walk.press("Bel mij")
    walk.look("bel-mij-verstuurd")
    assert "Wij bellen u terug" in walk.text()
    assert all_of_it(walk.page) == []


def test_only_counting_takes_seven_pages_and_gives_no_code(visit):
    walk = visit()
    page = walk.page
    walk.go("/melden/gevaar/")
    page.get_by_label("Nee").check()
    walk.press("Volgende")
    page.get_by_label("Niemand").check()
    walk.press("Volgende")
    walk.press("Volgende")
    page.get_by_label("Bedreiging").check()
    page.get_by_label("Ernstig", exact=True).check()
    walk.press("Volgende")
    walk.press("Volgende")
    walk.look("tellen-controleren")
    walk.press("Melding versturen")
    walk.look("tellen-verstuurd")
    assert "Uw melding telt mee" in walk.text()
    assert page.locator(".code").count() == 0


ERRORS = {  # what is sent to come to the next page
    "gevaar": ["danger=no"],
    "wens": ["wish=team"],
    "wie": ["on_behalf=self"],
    "wat": ["kinds=threat", "severity=serious"],
    "hoe": [],
    "wanneer": ["occurred_on_ruw=1", "frequency=once"],
    "verhaal": [],
    "bewijs": [],
    "contact": [],
}


def test_every_question_and_every_error_can_be_used_by_everybody(visit):
    walk = visit()
    page = walk.page
    walk.go("/melden/gevaar/")
    names: list[str] = []
    for slug, ticks in ERRORS.items():
        assert page.url.endswith(f"/melden/{slug}/")
        assert all_of_it(page) == [], slug
        names += page.locator("main legend, main .veld > label").all_inner_texts()
        if slug not in ("hoe", "bewijs", "contact"):
            walk.press("Volgende")
            assert error_summary(page) == [], slug
            walk.look(f"fout-{slug}")
        for tick in ticks:
            name, _is, value = tick.partition("=")
            page.check(f"input[name='{name}'][value='{value}']")
        if slug == "verhaal":
            page.fill("textarea", STORY)
        walk.press("Volgende")
    assert page.url.endswith("/melden/controleren/")
    assert len(set(names)) == len(names)  # no question is asked twice
    assert [*structure(page), *targets(page), *width(page)] == []
