"""What anybody reads of the network: partners, where to go for help, places to report, and key figures."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from netwerk import figures, partners
from netwerk.models import KeyFigure, Organisation, Partner, ReportingPoint


@pytest.fixture
def page(db):
    def get(path: str, status: int = 200) -> str:
        response = Client().get(path)
        assert response.status_code == status, response.status_code
        html = response.content.decode()
        assert html.count("<h1") == 1
        return html

    return get


# domain.md 1.5: whoever the sources name
NAMED = [
    "Raadsleden", "Burgemeesters", "Wethoudersvereniging", "StatenlidNu", "commissarissen van de Koning",
    "Vereniging van Griffiers", "Criminaliteitspreventie", "SIPA", "Vertrouwenslijn", "Gemeentesecretarissen",
    "Bestuurdersverenigingen", "Interprovinciaal", "Nederlandse Gemeenten", "Waterschappen",
    "Justitie en Veiligheid", "LIEC", "RIEC", "CAOP", "Binnenlandse Zaken", "Sociale Zaken",
    "Buitenlandse Zaken", "Verwey-Jonker", "Atria", "Ipsos", "NSOB", "Stichting Impact", "ARQ",
    "Rijksrecherche", "Psychotrauma", "Slachtofferhulp", "Politie", "DeGoedeZaak", "Openbaar Ministerie",
    "PersVeilig", "WetenschapVeilig", "Strategisch Beraad",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_every_partner_that_the_sources_name_has_a_page(page, name):
    partners.load()
    found = Partner.objects.filter(name__icontains=name)
    assert found, name
    html = page(f"/partners/{found[0].slug}/")
    assert "Laatst gecontroleerd op" in html
    assert "1 mei 2024" in html


def test_the_list_shows_each_once_by_kind_and_one_kind_when_asked(page):
    partners.load()
    html = page("/partners/")
    for slug in Partner.objects.values_list("slug", flat=True):
        assert html.count(f'href="/partners/{slug}/"') == 1
    html = page("/partners/?soort=association")
    assert "Wethoudersvereniging" in html
    assert "PersVeilig" not in html
    assert re.search(r'soort=association" aria-current="page"', html)
    assert page("/partners/?soort=onzin").count("<h2") == page("/partners/").count("<h2")


def test_a_partner_that_is_not_shown_is_not_there(page):
    partners.load()
    Partner.objects.filter(slug="caop").update(is_active=False)
    assert "/partners/caop/" not in page("/partners/")
    assert Client().get("/partners/caop/").status_code == 404
    assert "/partners/caop/" not in page("/hulp/")


def test_a_partner_says_whether_the_team_can_refer_there(page):
    partners.load()
    assert "kan u in contact brengen" in page("/partners/slachtofferhulp/")
    assert "U kunt zelf contact opnemen" in page("/partners/vng/")


@pytest.mark.parametrize(
    ("group", "slug"),
    [
        ("office_holder", "vertrouwenslijn"),
        ("family", "arq-ivp"),
        ("civil_servant", "weerbare-overheid"),
        ("civil_servant", "vpd"),
        ("journalist", "persveilig"),
        ("scientist", "wetenschapveilig"),
        ("aid_worker", "vpd"),
        ("lawyer", "nova"),
    ],
)
def test_everybody_is_told_where_to_go(page, group, slug):
    partners.load()
    html = page("/hulp/")
    section = re.search(rf'<section[^>]*aria-labelledby="{group}".*?</section>', html, re.DOTALL)[0]
    assert f'href="/partners/{slug}/"' in section
    assert f'href="#{group}"' in html


def test_help_links_only_to_pages_that_are_there(page):
    html = page("/hulp/")
    for path in set(re.findall(r'<li><a href="(/[^"#?]*)', html)):
        assert Client().get(path).status_code in (200, 302, 303), path


# --- places to report


@pytest.fixture
def testdam(db):
    return Organisation.objects.create(code="GM0001", name="Testdam", layer="gemeente")


@pytest.fixture
def point(testdam):
    return ReportingPoint.objects.create(
        organisation=testdam, kind="aggression", name="De griffie", for_whom="raadsleden", phone="0612345678"
    )


def test_the_place_to_report_is_found_by_the_name_of_the_organisation(page, point):
    html = page("/hulp/meldpunten/?organisation=testdam")
    assert "De griffie" in html
    assert 'href="tel:+31612345678"' in html
    assert "Laatst gecontroleerd op" in html


def test_an_organisation_without_one_says_what_to_do(page, testdam):
    assert "kennen wij het meldpunt nog niet" in page("/hulp/meldpunten/?organisation=Testdam")


def test_a_name_that_is_not_certain_is_asked_back_without_javascript(page, point):
    Organisation.objects.create(code="GM0002", name="Testdrecht", layer="gemeente")
    html = page("/hulp/meldpunten/?organisation=Test", status=422)
    assert html.count('type="radio"') == 2
    assert "De griffie" in page("/hulp/meldpunten/?organisation=Test&organisation-keuze=GM0001")
    page("/hulp/meldpunten/?organisation=", status=422)
    page("/hulp/meldpunten/")


@pytest.mark.parametrize("wrong", [{"phone": ""}, {"kind": "all", "name": "", "phone": ""}])
def test_a_place_to_report_can_be_reached(testdam, wrong):
    values = {"organisation": testdam, "kind": "all", "name": "X", "for_whom": "allen", "phone": "1"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportingPoint.objects.create(**values)


# --- key figures


def test_the_shipped_figures_can_be_loaded_again_and_again():
    assert figures.load() == KeyFigure.objects.count() > 40
    KeyFigure.objects.filter(slug="agressie-2024").update(value=46)
    assert figures.load() == 0
    assert KeyFigure.objects.get(slug="agressie-2024").value == 46
    for figure in KeyFigure.objects.all():
        figure.full_clean()


# domain.md 1.8 and 2.6
@pytest.mark.parametrize(
    "shown",
    [
        "20%", "24%", "31%", "Ruim een kwart", "Een op de vijf", "€ 600.000 per jaar",
        "€ 10.000.000 per jaar", "Ongeveer 24", "Sinds 2018", "Verlengd tot eind 2025", "23 tot 26%", "13%",
        "29%", "43%", "40%", "28%",
        "35%", "50%", "46%", "Ongeveer 33%", "16%", "2%", "3.060", "49%", "77%", "67%", "7%",
        "Meer dan een derde", "45%", "55%", "37%",
    ],
)  # fmt: skip
def test_every_figure_of_the_sources_is_on_the_page(page, shown):
    figures.load()
    assert f"<td>{shown}</td>" in page("/cijfers/")


def test_every_figure_has_its_source_and_an_unknown_year_is_said(page):
    figures.load()
    html = page("/cijfers/")
    assert "<td>Peiljaar onbekend</td>" in html
    for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", html, re.DOTALL):
        assert not row.endswith("<td></td></tr>"), row
    assert 'href="/cijfers/meldingen/"' in html


def test_a_figure_that_is_not_shown_is_not_there(page):
    figures.load()
    KeyFigure.objects.filter(slug="crimineel-oogmerk").update(is_active=False)
    assert "24%" not in page("/cijfers/")


@pytest.mark.parametrize("wrong", [{"value": -1}, {"value": 101}, {"year": 1066}, {"source": ""}])
def test_the_database_refuses_a_figure_that_cannot_be(db, wrong):
    values = {
        "slug": "a", "topic": 1, "question": "Hoeveel?", "group": "allen", "value": 5, "unit": "percent",
        "source": "S",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyFigure.objects.create(**values | wrong)


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("path", "queries"), [("/partners/", 1), ("/partners/p1/", 1), ("/hulp/", 1), ("/cijfers/", 1)]
)
def test_a_page_takes_the_same_queries_for_few_and_for_many(path, queries, rows, django_assert_num_queries):
    for place in range(rows):
        Partner.objects.create(
            slug=f"p{place}",
            name=f"P{place}",
            kind="security",
            audiences=["family"],
            checked_on=date(2026, 1, 1),
        )
        KeyFigure.objects.create(
            slug=f"f{place}", topic=1, question="Hoeveel?", group="allen", value=1, unit="percent", source="S"
        )
    with django_assert_num_queries(queries):
        assert Client().get(path).status_code == 200
