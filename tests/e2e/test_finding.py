"""Looking for something in the toolkit with a browser: wide, narrow, and without JavaScript."""

from __future__ import annotations

import textwrap

import pytest

ITEMS = """
from django.utils import timezone
from netwerk.models import Item
for number, (title, summary, kind, topics, access) in enumerate([
    ("Leidraad veilig bestuur", "Wat u doet voor, tijdens en na een incident, per functie.", "guide",
     ["personal_safety", "reporting"], "public"),
    ("Handreiking bij bedreiging", "Welke maatregelen helpen als een wethouder wordt bedreigd.",
     "guide", ["personal_safety"], "public"),
    ("Agressieprotocol", "Afspraken over melden en aangifte doen.", "protocol", ["reporting"], "public"),
    ("Training online veiligheid", "Over doxing, haatberichten en wat u daar zelf tegen doet.", "training",
     ["online"], "public"),
    ("Factsheet nazorg", "Hoe u een collega bijstaat.", "factsheet", ["aftercare"], "network"),
]):
    Item.objects.get_or_create(slug=f"proef-{number}", defaults=dict(
        title=title, summary=summary, kind=kind, topics=topics, record_access=access, file_access=access,
        functions=["wethouder", "raadslid"], phases=["before", "after"], category="safety_training",
        spoor="1", year=2024, status="published", published_at=timezone.now()))
"""


@pytest.fixture
def items(portal):
    portal.manage("shell", "-c", textwrap.dedent(ITEMS))


def test_a_reader_finds_narrows_down_and_is_helped_with_a_misspelling(visit, items):
    reader = visit()
    reader.go("/toolkit/")
    reader.look("toolkit")
    reader.page.fill("input[name=q]", "bedreigd")
    reader.press("Zoeken")
    assert "Handreiking bij bedreiging" in reader.text()
    reader.page.check("#soort-guide")
    reader.press("Toepassen")
    assert "soort=guide" in reader.page.url
    reader.look("toolkit-gekozen")
    reader.go("/toolkit/?q=bedreging")
    reader.look("toolkit-bedoelde-u")
    reader.follow("bedreiging")
    assert "Handreiking bij bedreiging" in reader.text()
    assert "Factsheet nazorg" not in reader.text()


def test_on_a_phone_without_javascript_the_choices_fold_out(visit, items):
    phone = visit(javascript_enabled=False, viewport={"width": 320, "height": 800})
    phone.go("/toolkit/")
    assert not phone.page.locator("#soort-guide").is_visible()
    phone.page.locator(".filters > summary").click()
    assert phone.page.locator("#soort-guide").is_visible()
    phone.page.locator("label[for=soort-guide]").click()
    phone.press("Toepassen")
    assert phone.page.locator("#soort-guide").is_checked()


def test_an_office_holder_follows_and_sees_what_is_new(visit, items):
    mila = visit()
    mila.sign_in("ambtsdrager")
    mila.go("/mijn/toolkit/?onderwerp=online")
    mila.press("‘Online veiligheid’ volgen")
    mila.page.check("input[value=aftercare]")
    mila.page.check("input[value=daily]")
    mila.press("Bewaren")
    mila.look("volgen")
    mila.go("/mijn/toolkit/nieuw/")
    mila.look("nieuw")
    mila.go("/mijn/toolkit/")
    mila.look("mijn-toolkit")
    assert "Factsheet nazorg" in mila.text()
