"""Projects and money: whole euros with a source, and an editor who sees it when a year does not fit."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from netwerk.actions import move_project
from netwerk.lifecycle import PROJECT_NEXT, ProjectStage
from netwerk.models import Budget, Grant, Organisation, Project
from weerbaar.accounts.roles import Role

from .test_pages import filled, make, text


@pytest.fixture
def editor(make_user):
    return make_user(Role.NETWERKBEHEER)


@pytest.fixture
def desk(editor, sign_in):
    browser = Client()
    sign_in(browser, editor)
    return browser


@pytest.mark.parametrize(("old", "new"), list(product(ProjectStage, ProjectStage)))
def test_the_work_goes_only_where_the_table_says(editor, old, new):
    project = make(Project, stage=old)
    if new in PROJECT_NEXT[old]:
        assert move_project(project, new, by=editor).stage == new
        return
    with pytest.raises(ValidationError):
        move_project(project, new, by=editor)
    if old != new:
        with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(stage=new)
    project.refresh_from_db()
    assert project.stage == old


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"amount": 0}, "grant_is_positive"),
        ({"amount": -5}, "grant_"),
        ({"source": ""}, "grant_says_its_source"),
        ({"year": 206}, "grant_in_a_real_year"),
    ],
)
def test_money_is_positive_of_a_real_year_and_has_a_source(change, constraint):
    fields = {"project": make(Project), "year": 2020, "amount": 1, "source": "Bron"} | change
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Grant.objects.create(**fields)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"amount": 0}, "budget_is_positive"),
        ({"source": ""}, "budget_says"),
        ({"year": 20255}, "budget_in_a"),
    ],
)
def test_a_budget_is_held_to_the_same(change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Budget.objects.create(**{"year": 2020, "amount": 1, "source": "Bron"} | change)


def test_a_project_does_not_end_before_it_begins():
    with pytest.raises(IntegrityError, match="project_ends_after"), transaction.atomic():
        make(Project, first_year=2020, last_year=2019)


def budgets() -> None:
    Budget.objects.create(year=2017, amount=600_000, is_structural=True, source="Brief")
    Budget.objects.create(year=2024, amount=10_000_000, is_structural=True, source="Nota")
    Budget.objects.create(year=2025, amount=3_000_000, source="Eenmalig")


@pytest.mark.parametrize(
    ("year", "budget"),
    [
        (2016, None),
        (2017, 600_000),
        (2023, 600_000),
        (2024, 10_000_000),
        (2025, 13_000_000),
        (2026, 10_000_000),
    ],
)
def test_a_year_has_the_latest_structural_budget_and_its_own(year, budget):
    budgets()
    Grant.objects.create(project=make(Project), year=year, amount=1, source="Bron")
    line = next(line for line in Budget.objects.by_year(Grant.objects.all()) if line.year == year)
    assert (line.budget, line.granted, line.projects) == (budget, 1, 1)


def test_years_in_one_form_add_up_over_projects():
    budgets()
    for number in (1, 2):
        project = make(Project, slug=f"p{number}")
        project.grants.create(year=2018, amount=200_000, source="Bron")
        project.grants.create(year=2018, amount=100_001, source="Bron")
    assert [(line.year, line.granted, line.projects) for line in Budget.objects.exceeded()] == [
        (2018, 600_002, 2)
    ]


@pytest.mark.parametrize(("amount", "warns"), [(600_000, False), (600_001, True)])
def test_an_editor_who_goes_over_a_budget_is_told_at_once_and_on_the_start_page(desk, amount, warns):
    """A warning and no block: a source may be wrong. A draft counts as well."""
    budgets()
    project = make(Project, status="draft")
    address = f"/beheer/netwerk/project/{project.pk}/change/"
    form = filled(desk.get(address)) | {
        "grants-TOTAL_FORMS": "1", "grants-0-year": "2017", "grants-0-amount": amount,
        "grants-0-source": "Bron",
    }  # fmt: skip
    saved = text(desk.post(address, form, follow=True))
    assert Grant.objects.get().amount == amount
    assert ("In 2017 gaat er meer naar projecten" in saved) == warns
    assert ("Jaren boven het budget" in text(desk.get("/beheer/"))) == warns


def test_an_editor_who_lowers_a_budget_below_what_was_given_is_told(desk):
    budgets()
    make(Project).grants.create(year=2017, amount=500_000, source="Bron")
    budget = Budget.objects.get(year=2017)
    address = f"/beheer/netwerk/budget/{budget.pk}/change/"
    saved = text(desk.post(address, filled(desk.get(address)) | {"amount": 400_000}, follow=True))
    assert "In 2017 gaat er meer naar projecten (€ 500.000) dan het budget is (€ 400.000)" in saved


def test_other_staff_do_not_see_the_tile_of_money(sign_in, make_user):
    budgets()
    make(Project).grants.create(year=2017, amount=600_001, source="Bron")
    browser = Client()
    sign_in(browser, make_user(Role.COORDINATOR))
    assert "Jaren boven het budget" not in text(browser.get("/beheer/"))


def test_organisations_are_given_by_name_or_code_a_line_each(desk):
    for code, name, layer in (("GM0344", "Utrecht", "gemeente"), ("PV26", "Utrecht", "provincie")):
        Organisation.objects.create(code=code, name=name, layer=layer, province_code="PV26")
    project = make(Project, status="draft")
    address = f"/beheer/netwerk/project/{project.pk}/change/"
    form = filled(desk.get(address))
    answer = desk.post(address, form | {"organisations": "Utrecht (gemeente)\r\nPV26"})
    assert answer.status_code == 302
    assert project.organisations.count() == 2
    assert desk.post(address, filled(desk.get(address))).status_code == 302
    assert project.organisations.count() == 2
    assert "precies deze naam of code: Utrecht." in text(
        desk.post(address, form | {"organisations": "Utrecht"})
    )


def test_an_editor_says_how_far_the_work_is(desk):
    project = make(Project, status="draft")
    address = f"/beheer/netwerk/project/{project.pk}/change/"
    desk.post(address, filled(desk.get(address)) | {"stage_to": "running"})
    project.refresh_from_db()
    assert project.stage == "running"


def test_the_overview_tells_the_money_of_public_projects_only(client):
    budgets()
    make(Project).grants.create(year=2025, amount=3_000_000, source="Bron")
    make(Project, status="draft", slug="geheim").grants.create(year=2025, amount=7_777_777, source="Bron")
    html = text(client.get("/projecten/"))
    assert "€ 3.000.000" in html
    assert "7.777.777" not in html
    assert "10.777.777" not in html
    assert "€ 600.000 per jaar, genoemd in 2017: Brief" in html


def test_the_map_counts_a_project_once_a_province_and_names_those_without_a_place(client):
    gennep = Organisation.objects.create(code="GM0907", name="Gennep", layer="gemeente", province_code="PV31")
    venlo = Organisation.objects.create(code="GM0983", name="Venlo", layer="gemeente", province_code="PV31")
    saba = Organisation.objects.create(code="COL03", name="Saba", layer="openbaar_lichaam")
    make(Project, slug="a", province_codes=["PV31", "PV29"]).organisations.set([gennep, venlo])
    make(Project, slug="b").organisations.set([saba])
    make(Project, slug="c", status="draft", province_codes=["PV29"])
    html = text(client.get("/projecten/"))
    row = dict(re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td>', html))
    assert (row["Limburg"], row["Zeeland"], row["Drenthe"]) == ("1", "1", "0")
    assert "1 project is voor heel Nederland" in html


def test_projects_are_chosen_by_kind_and_the_totals_stay(client):
    make(Project, slug="proef-een", kind="pilot")
    make(Project, slug="subsidie-een", kind="grant").grants.create(year=2025, amount=5, source="Bron")
    html = text(client.get("/projecten/?soort=pilot"))
    assert "proef-een" in html
    assert "/subsidie-een/" not in html
    assert "€ 5" in html
    assert "/subsidie-een/" in text(client.get("/projecten/?soort=onzin"))


def test_a_project_without_a_public_amount_says_so(client):
    make(Project)
    assert "geen openbare bron die een bedrag noemt" in text(client.get("/projecten/proef/"))


def test_who_published_and_what_it_cost_is_in_the_history():
    project = make(Project)
    grant = project.grants.create(year=2025, amount=5, source="Bron")
    Grant.objects.filter(pk=grant.pk).update(amount=6)
    assert list(grant.events.order_by("pgh_id").values_list("amount", flat=True)) == [5, 6]
    assert timezone.now() >= project.published_at
