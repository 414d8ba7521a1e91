"""The pages that belong to nobody else, and what holds on every page: the way out, the keyboard."""

from __future__ import annotations

import gzip
import json

import pytest
from django.conf import settings

from tests.e2e import face

STATIC = ["/", "/privacy/", "/toegankelijkheid/", "/over/", "/bestaat-niet/"]
FORMS = ["/melden/", "/melden/gevaar/", "/melden/hervatten/", "/bel-mij/", "/volgen/"]
CASES = "/beheer/ondersteuning/case/"
TYPED = "Dit mag niemand meer zien."


@pytest.mark.parametrize("path", STATIC + FORMS)
def test_a_page_can_be_used_by_everybody(visit, path):
    walk = visit()
    walk.go(path)
    walk.look("pagina-" + (path.strip("/").replace("/", "-") or "home"))
    assert face.all_of_it(walk.page) == []


def test_no_two_pages_have_the_same_title(visit):
    walk = visit()
    titles = []
    for path in STATIC + FORMS:
        walk.go(path)
        titles.append(walk.page.title())
    assert len(set(titles)) == len(titles)


def test_help_stands_in_the_same_place_on_every_page(visit):
    walk = visit()
    for path in STATIC + FORMS:
        walk.go(path)
        bar = walk.page.locator("body > .nood")
        assert bar.locator("a").all_inner_texts()[0] == "Bel 112"
        assert bar.locator("a").last.inner_text() == "Verlaat deze site direct"


@pytest.mark.parametrize("size", [(1280, 800), (320, 640), (667, 375)])
def test_danger_and_the_way_out_are_seen_without_scrolling(visit, size):
    walk = visit(viewport={"width": size[0], "height": size[1]})
    walk.go("/melden/gevaar/")
    for link in walk.page.locator(".nood a").all():
        box = link.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size[1]
        assert box["x"] + box["width"] <= size[0]


def test_an_error_is_told_on_top_and_at_the_field(visit):
    walk = visit()
    walk.go("/melden/gevaar/")
    walk.press("Volgende")
    assert face.error_summary(walk.page) == []
    walk.look("pagina-fout")


def test_what_a_screen_reader_meets_is_what_we_agreed_on(visit, portal):
    walk = visit()
    walk.go("/")
    assert face.golden(walk.page, "home") == []
    walk.go("/melden/gevaar/")
    walk.press("Volgende")
    assert face.golden(walk.page, "melden-gevaar-fout") == []

    walk.go("/beheer/account/login/")
    assert face.golden(walk.page, "beheer-aanmelden") == []
    walk.sign_in("eerste_lijn")
    walk.go(f"{CASES}?handler=me&status=all&kind=legal_pressure")
    assert face.golden(walk.page, "beheer-zaken") == []
    row = walk.page.locator("#result_list tbody a").first
    reference = row.inner_text()
    row.click()
    walk.page.evaluate(
        "document.querySelector('[aria-labelledby=gekeken-kop] ul').remove()"
    )  # who looked, when
    assert face.golden(walk.page, "beheer-zaak") == []

    walk.go("/volgen/")
    walk.page.fill("input[name=code]", json.loads((portal.folder / "demo-codes.json").read_text())[reference])
    walk.press("Bekijk uw melding")
    walk.page.evaluate("document.querySelector('#gekeken table')?.remove()")
    assert face.golden(walk.page, "volgen-melding") == []


def test_an_answer_is_still_there_when_one_goes_back(visit):
    walk = visit()
    page = walk.page
    walk.go("/melden/gevaar/")
    page.get_by_label("Nee").check()
    walk.press("Volgende")
    page.get_by_label("Niemand").check()
    walk.press("Volgende")
    page.get_by_label("Functie").select_option("raadslid")
    walk.press("Volgende")
    page.get_by_label("Bedreiging").check()
    page.get_by_label("Ernstig", exact=True).check()
    walk.press("Volgende")
    walk.press("Volgende")
    assert face.golden(page, "melden-controleren") == []
    walk.follow("Terug")
    walk.follow("Terug")
    assert page.get_by_label("Bedreiging").is_checked()
    assert page.get_by_label("Ernstig", exact=True).is_checked()
    walk.follow("Terug")
    assert page.get_by_label("Functie").input_value() == "raadslid"
    walk.follow("Terug")
    assert page.get_by_label("Niemand").is_checked()


@pytest.mark.parametrize("path", ["/melden/gevaar/", "/bel-mij/"])
def test_a_choice_is_seen_without_our_colours(visit, path):
    walk = visit()
    walk.go(path)
    assert face.choices(walk.page) == []


def leaving(walk):
    """The redirect to the neutral site ends here, so that no test needs the network."""

    def weather(route) -> None:
        answer = route.fetch(max_redirects=0)
        assert answer.headers["location"] == settings.EXIT_URL
        cookies = [one["value"] for one in answer.headers_array if one["name"].lower() == "set-cookie"]
        headers = {"content-type": "text/html", "set-cookie": "\n".join(cookies)}
        route.fulfill(status=200, headers=headers, body="<title>Weer</title>")

    walk.context.route("**/verlaten/", weather)
    walk.go("/melden/hervatten/")
    walk.page.fill("input[name=code]", TYPED)


def left(walk) -> bool:
    walk.page.wait_for_url("**/verlaten/")
    return walk.page.title() == "Weer"


def test_three_times_shift_leaves_within_a_third_of_a_second(visit):
    walk = visit()
    leaving(walk)
    before = walk.page.evaluate("performance.timeOrigin + performance.now()")
    for _ in range(3):
        walk.page.keyboard.press("Shift")
    assert left(walk)
    took = walk.page.evaluate("performance.timeOrigin + performance.now()") - before
    print(f"\nP12: out in {took:.0f} ms")
    assert took < 1000  # the machine of the tests may be busy; alone it is some 60 ms
    walk.page.go_back()
    assert TYPED not in walk.page.content()


def test_shift_while_typing_capitals_does_not_leave(visit):
    walk = visit()
    leaving(walk)
    walk.page.focus("input[name=code]")
    for letter in "ABCD":
        walk.page.keyboard.press(f"Shift+{letter}")
    walk.page.wait_for_timeout(300)
    assert "/melden/hervatten/" in walk.page.url


def test_the_page_is_blank_at_once_even_when_the_server_is_slow(visit):
    walk = visit()
    leaving(walk)
    walk.page.route("**/verlaten/", lambda route: route.fulfill(status=204))  # the browser stays where it is
    click = "() => { document.querySelector('[data-verlaten]').click(); "
    seen = "return [getComputedStyle(document.body).display, document.title]; }"
    assert walk.page.evaluate(click + seen) == ["none", ""]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_way_out_drops_every_cookie_and_ends_the_draft_in_this_browser(visit, javascript):
    walk = visit(javascript_enabled=javascript)
    leaving(walk)
    walk.go("/melden/gevaar/")
    walk.page.locator("input[type=radio]").last.check()
    walk.press("Volgende")
    assert any(cookie["name"] == "melding" for cookie in walk.context.cookies())
    walk.page.locator("[data-verlaten]").click()
    assert left(walk)
    assert walk.context.cookies(walk.portal.url) == []
    walk.go("/melden/controleren/")
    assert "/melden/hervatten/" in walk.page.url


def test_nothing_is_kept_in_the_storage_of_the_browser(visit):
    walk = visit()
    for path in STATIC + FORMS:
        walk.go(path)
    kept = walk.page.evaluate("[localStorage.length, sessionStorage.length]")
    assert kept == [0, 0]


def test_an_organisation_is_found_while_typing_by_keyboard_alone(visit):
    walk = visit()
    walk.go("/melden/gevaar/")
    page = walk.page
    page.get_by_label("Nee", exact=True).check()
    walk.press("Volgende")
    page.locator("input[type=radio]").first.check()
    walk.press("Volgende")
    box = page.locator("input[role=combobox]")
    box.type("voorb")
    page.locator("[role=option]").first.wait_for()
    walk.look("pagina-zoeken")
    box.focus()
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    assert box.input_value().startswith("Voorbeeld")
    assert page.locator("[role=listbox]").is_hidden()
    assert "/melden/wie/" in page.url


def test_the_front_page_weighs_less_than_100_kb(visit):
    walk = visit()
    weighed = {}

    def weigh(response) -> None:
        body = response.body()
        kind = response.headers.get("content-type", "")
        weighed[response.url] = (
            len(body) if "font" in kind or ".woff2" in response.url else len(gzip.compress(body))
        )

    walk.page.on("response", weigh)
    walk.go("/")
    walk.page.wait_for_load_state("networkidle")
    total = sum(weighed.values()) + 400 * len(weighed)  # and the headers
    print(f"\nhome: {total / 1000:.1f} kB in {len(weighed)} answers, with gzip")
    assert total < 100_000


def test_the_desk_of_the_team_can_be_used_by_everybody(visit):
    walk = visit()
    walk.go("/beheer/account/login/")
    assert face.all_of_it(walk.page) == []
    walk.sign_in("eerste_lijn")
    titles = []
    for path in ("/beheer/", CASES, "/beheer/ondersteuning/dutyshift/", "/beheer/account/"):
        walk.go(path)
        assert face.all_of_it(walk.page) == [], path
        titles.append(walk.page.title())
    assert len(set(titles)) == len(titles)
    walk.go("/beheer/")
    walk.follow("Uw account")
    walk.follow("Terug naar het overzicht")
    assert walk.page.url.endswith("/beheer/")


def test_the_lists_and_forms_of_the_desk_can_be_used_by_everybody(visit):
    walk = visit()
    walk.sign_in("netwerkbeheer")
    walk.go("/beheer/netwerk/organisation/")
    walk.look("organisations")
    for path in ("/beheer/netwerk/organisation/", "/beheer/netwerk/contact/add/"):
        walk.go(path)
        assert face.all_of_it(walk.page) == [], path
