"""What editors write and the public reads: drafts, publishing, taking back, looking first, and what ships."""

from __future__ import annotations

from html import unescape
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from netwerk import pages, partners, register
from netwerk.actions import move_page
from netwerk.lifecycle import PAGE_NEXT, PageStatus
from netwerk.models import PolicyDossier, PolicyEvent, PolicyLink, Project, SignalCard, Story
from weerbaar.accounts.roles import Role

OWN = {
    Project: {"kind": "pilot", "period": "2024", "source": "Bron, 2024"},
    PolicyDossier: {"spoor": 2, "body": "Tekst."},
    SignalCard: {"topic": "women", "sees": "Dit\nEn dat", "means": "b", "does": "c", "calls": "d"},
    Story: {"body": "Tekst.", "is_composed": True},
}
ADDRESS = {
    Project: "/projecten/",
    PolicyDossier: "/dossiers/",
    SignalCard: "/signaalkaarten/",
    Story: "/verhalen/",
}
KINDS = list(OWN)
LIST_QUERIES = {Project: 4, PolicyDossier: 1, SignalCard: 1, Story: 1}
PAGE_QUERIES = {Project: 4, PolicyDossier: 4, SignalCard: 1, Story: 1}


def make(model, status=PageStatus.PUBLISHED, **fields):
    fields = {"slug": "proef", "title": "Proefpagina", "summary": "Een proef."} | OWN[model] | fields
    published_at = timezone.now() if status == PageStatus.PUBLISHED else None
    return model.objects.create(**fields, status=status, published_at=published_at)


def text(answer, status=200) -> str:
    assert answer.status_code == status, answer.status_code
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def editor(make_user):
    return make_user(Role.NETWERKBEHEER, name="Carla")


@pytest.fixture
def desk(editor, sign_in):
    browser = Client()
    sign_in(browser, editor)
    return browser


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize(("old", "new"), list(product(PageStatus, PageStatus)))
def test_a_page_goes_only_where_the_table_says(editor, model, old, new):
    page = make(model, old)
    if new in PAGE_NEXT[old]:
        assert move_page(page, new, by=editor).status == new
        return
    with pytest.raises(ValidationError):
        move_page(page, new, by=editor)
    if old != new:  # not past the database either
        with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
            model.objects.filter(pk=page.pk).update(status=new, published_at=timezone.now())
    page.refresh_from_db()
    assert page.status == old


@pytest.mark.parametrize("model", KINDS)
def test_who_published_a_page_and_when_is_kept_on_it_and_shown(desk, editor, model):
    page = move_page(make(model, PageStatus.DRAFT), PageStatus.PUBLISHED, by=editor)
    assert (page.published_by, page.published_at is None) == (editor, False)
    shown = text(desk.get(f"/beheer/netwerk/{model._meta.model_name}/{page.pk}/change/"))
    assert "Carla" in shown
    assert "Carla" in text(desk.get(f"/beheer/netwerk/{model._meta.model_name}/"))


@pytest.mark.parametrize("model", KINDS)
def test_nobody_publishes_without_the_right_to_change_the_page(make_user, model):
    page = make(model, PageStatus.DRAFT)
    for role in (Role.COORDINATOR, Role.AUDITOR, Role.PARTNER):
        with pytest.raises(PermissionDenied):
            move_page(page, PageStatus.PUBLISHED, by=make_user(role))


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize(
    ("status", "code"), [(PageStatus.DRAFT, 404), (PageStatus.PUBLISHED, 200), (PageStatus.WITHDRAWN, 410)]
)
def test_a_visitor_reads_what_is_published_and_of_what_was_taken_back_hears_that_it_is_gone(
    client, model, status, code
):
    make(model, status)
    answer = client.get(f"{ADDRESS[model]}proef/")
    shown = text(answer, code)
    assert ("Een proef." in shown) == (code == 200)
    assert ("Een proef." in text(client.get(ADDRESS[model]))) == (code == 200)


@pytest.mark.parametrize("model", KINDS)
def test_an_editor_sees_a_draft_as_a_visitor_will(desk, sign_in, make_user, model):
    page = make(model, PageStatus.DRAFT)
    address = f"/beheer/netwerk/{model._meta.model_name}/{page.pk}/voorbeeld/"
    shown = text(desk.get(address))
    assert "Een proef." in shown
    assert "De stand is nu: concept" in shown
    other = Client()
    sign_in(other, make_user(Role.COORDINATOR))
    assert other.get(address).status_code == 403


@pytest.mark.parametrize("model", KINDS)
def test_an_editor_publishes_in_the_form_and_takes_back_in_the_form(desk, client, model):
    page = make(model, PageStatus.DRAFT)
    address = f"/beheer/netwerk/{model._meta.model_name}/{page.pk}/change/"
    for to, code in ((PageStatus.PUBLISHED, 200), (PageStatus.WITHDRAWN, 410)):
        form = filled(desk.get(address))
        answer = desk.post(address, form | {"move_to": to})
        assert answer.status_code == 302, wrong(answer)
        assert client.get(f"{ADDRESS[model]}proef/").status_code == code


def filled(answer) -> dict:
    """What the browser would send back of a form of the admin."""
    admin_form = answer.context["adminform"].form
    forms = [admin_form]
    data = {}
    for formset in answer.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.initial_forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            if hasattr(value, "all"):
                value = [one.pk for one in value.all()]
            if isinstance(value, list):
                value = [getattr(one, "pk", one) for one in value]
            if value is not None and value is not False:
                data[form.add_prefix(name)] = value
    for formset in answer.context["inline_admin_formsets"]:  # the empty row is left out
        data[f"{formset.formset.prefix}-TOTAL_FORMS"] = formset.formset.initial_form_count()
    return data


def wrong(answer) -> list:
    """What the admin has against a form."""
    formsets = answer.context["inline_admin_formsets"]
    return [answer.context["adminform"].form.errors, *(one.formset.errors for one in formsets)]


def test_a_stale_form_does_not_undo_what_a_colleague_published(desk, editor):
    page = make(SignalCard, PageStatus.DRAFT)
    address = f"/beheer/netwerk/signalcard/{page.pk}/change/"
    form = filled(desk.get(address))
    move_page(page, PageStatus.PUBLISHED, by=editor)
    assert desk.post(address, form | {"summary": "Anders."}).status_code == 302
    page.refresh_from_db()
    assert (page.status, page.summary) == (PageStatus.PUBLISHED, "Anders.")


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize("size", [3, 30])
def test_a_public_list_takes_the_same_queries_for_three_and_for_thirty(
    client, django_assert_num_queries, model, size
):
    for number in range(size):
        make(model, slug=f"proef-{number}")
    with django_assert_num_queries(LIST_QUERIES[model]):
        assert "proef-2" in text(client.get(ADDRESS[model]))


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize("size", [3, 30])
def test_a_page_takes_the_same_queries_with_three_and_with_thirty_rows(
    client, django_assert_num_queries, model, size
):
    page = make(model)
    for number in range(size):
        if model is Project:
            page.grants.create(year=2020, amount=number + 1, source="Bron")
        if model is PolicyDossier:
            page.events_told.create(day=timezone.localdate(), text=f"{number}", source="Bron")
            page.links.create(title="Stuk", number="28684-455")
    with django_assert_num_queries(PAGE_QUERIES[model]):
        text(client.get(f"{ADDRESS[model]}proef/"))


# --- dossiers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "precision", "shown"),
    [
        ("2017-07-04", "day", "4 juli 2017"),
        ("2017-07-04", "month", "juli 2017"),
        ("2017-07-04", "year", "2017"),
    ],
)
def test_a_timeline_is_as_precise_as_its_source_and_no_more(client, day, precision, shown):
    dossier = make(PolicyDossier)
    event = PolicyEvent(
        policy=dossier,
        day=timezone.datetime.fromisoformat(day).date(),
        precision=precision,
        text="Het begon.",
    )
    event.source = "Kamerbrief"
    event.save()
    event.refresh_from_db()
    assert event.when == shown
    html = text(client.get("/dossiers/proef/"))
    assert f"<strong>{shown}</strong>" in html
    assert "Bron: Kamerbrief" in html


def test_an_event_has_a_source_always():
    dossier = make(PolicyDossier)
    event = PolicyEvent(policy=dossier, day=timezone.localdate(), text="Het begon.")
    with pytest.raises(ValidationError):
        event.full_clean()
    with pytest.raises(IntegrityError, match="policyevent_says_its_source"), transaction.atomic():
        event.save()


@pytest.mark.parametrize(
    ("number", "address", "href"),
    [
        ("28684-455", "", "https://zoek.officielebekendmakingen.nl/kst-28684-455.html"),
        ("36892", "", ""),  # a bill: no form is certain, so only its number is told
        ("2024-0000170052", "", ""),
        ("", "/partners/", "/partners/"),
        ("28684-455", "https://voorbeeld.invalid/", "https://voorbeeld.invalid/"),
    ],
)
def test_an_official_address_is_built_only_where_its_form_is_certain(number, address, href):
    assert PolicyLink(title="Stuk", number=number, address=address).href == href


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//kwaad.invalid", "http://x.invalid/", "/\\x"])
def test_a_link_goes_to_a_safe_address_or_to_a_page_of_this_site(address):
    link = PolicyLink(policy=make(PolicyDossier), title="Stuk", address=address)
    with pytest.raises(ValidationError):
        link.full_clean()
    with pytest.raises(IntegrityError, match="policylink_address_is_safe"), transaction.atomic():
        link.save()


def test_a_link_to_a_page_that_this_site_does_not_have_is_text(client):
    dossier = make(PolicyDossier)
    dossier.links.create(title="Nog niet", address="/bestaat-niet/")
    dossier.links.create(title="Wel", address="/projecten/")
    html = text(client.get("/dossiers/proef/"))
    assert 'href="/projecten/"' in html
    assert "Nog niet" in html
    assert 'href="/bestaat-niet/"' not in html


def test_dossiers_are_chosen_by_spoor(client):
    for spoor in (1, 2, 3):
        make(PolicyDossier, slug=f"van-{spoor}", spoor=spoor)
    for spoor in (1, 2, 3):
        html = text(client.get(f"/dossiers/?spoor={spoor}"))
        assert [f"van-{other}" in html for other in (1, 2, 3)] == [other == spoor for other in (1, 2, 3)]
    assert "van-1" in text(client.get("/dossiers/?spoor=nergens"))


# --- what ships -----------------------------------------------------------------------------------

# The rows of domain.md chapter 1 that are served as a page of ours; the other rows are other pages.
CHAPTER_ONE = {
    "/dossiers/": [
        "netwerk-weerbaar-bestuur", "basisprogramma-persoonlijke-veiligheid", "ondersteuningsteam-en-nazorg",
        "woningscan", "voorlichting-en-training", "integriteitsbeleid-en-interventies",
        "risicoanalyse-integriteit", "wetswijziging-rol-burgemeester",
        "interbestuurlijke-aanpak-ondermijning",
        "actie-agenda-vakantieparken", "zicht-op-ondermijning", "wbmgp", "ondermijningsgevoelige-gebieden",
        "wet-aanpak-woonoverlast", "aanjaagteam-ondermijning", "aanpak-desinformatie",
        "ondemocratische-gedragingen", "proactief-beinvloeden", "collectieve-norm-en-agressieprotocol",
        "veiligheidspakket-burgemeesters", "veilige-publieke-dienstverlening", "weerbare-organisatie",
        "meldpunten", "tour-ondersteuningsteam", "regeling-beveiligingsmaatregelen", "online-veiligheid",
        "vrouwen-in-de-politiek", "kwetsbare-processen", "juridische-druk",
        "monitor-integriteit-en-veiligheid",
        "intensiveringen", "melden-en-aangifte", "veilig-vergaderen", "vormen-van-agressie",
    ],
    "/projecten/": ["impuls-weerbaar-bestuur", "pilot-integrale-beveiliging", "veilig-vergaderen"],
    "/signaalkaarten/": [
        "onwaar-bericht-over-een-besluit", "een-gunst-die-iets-kost", "uw-gegevens-staan-online",
        "aanval-op-wie-u-bent", "proces-geld-en-betalingen", "proces-aanbesteden-en-inkopen",
        "proces-subsidies", "proces-reisdocumenten", "proces-vergunningen", "proces-gevoelige-informatie",
        "proces-brp", "proces-toezicht-en-handhaving",
    ],
}  # fmt: skip


@pytest.fixture
def _shipped():
    register.load(register.SHIPPED.read_bytes(), is_json=False)
    partners.load()
    pages.load(PageStatus.PUBLISHED)
    pages.load_composed_stories(PageStatus.PUBLISHED)


@pytest.mark.usefixtures("_shipped")
def test_every_row_of_chapter_one_that_is_ours_has_its_page(client):
    wrong = []
    for folder, slugs in CHAPTER_ONE.items():
        for slug in slugs:
            if (status := client.get(f"{folder}{slug}/").status_code) != 200:
                wrong.append(f"{folder}{slug}/ {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("_shipped")
def test_what_ships_is_whole_and_loading_it_again_changes_nothing(client):
    Project.objects.filter(slug="veilig-vergaderen").update(title="Veranderd")
    assert pages.load() == pages.load_composed_stories() == 0
    assert Project.objects.get(slug="veilig-vergaderen").title == "Veranderd"
    for model, folder in ADDRESS.items():
        assert model.objects.count() > 4
        for page in model.objects.all():
            page.full_clean()
            html = text(client.get(f"{folder}{page.slug}/"))
            assert html.count("<h1") == 1
    for row in [*PolicyEvent.objects.all(), *PolicyLink.objects.all()]:
        row.full_clean()
    for row in pages.read("dossiers"):
        dossier = PolicyDossier.objects.get(slug=row["slug"])
        assert dossier.partners.count() == len(row["partners"]), dossier.slug
        assert PolicyEvent.objects.filter(policy=dossier).count() == len(row["events"])
    for row in pages.read("projects")["projects"]:
        project = Project.objects.get(slug=row["slug"])
        assert project.organisations.count() == len(row["organisations"]), project.slug


def test_what_ships_to_a_real_site_waits_for_an_editor(client):
    pages.load()
    assert not PolicyDossier.objects.published().exists()
    assert client.get("/dossiers/woningscan/").status_code == 404


@pytest.mark.usefixtures("_shipped")
def test_links_inside_what_ships_go_to_pages_that_ship(client):
    own = tuple(ADDRESS.values())
    for link in PolicyLink.objects.filter(address__startswith="/"):
        address = link.address.partition("#")[0]
        if address.startswith(own):
            assert client.get(address).status_code == 200, address


@pytest.mark.usefixtures("_shipped")
def test_every_topic_has_its_cards_and_a_card_shows_its_four_parts(client):
    html = text(client.get("/signaalkaarten/"))
    for topic in SignalCard.Topic:
        assert f'id="{topic.value}"' in html
    assert SignalCard.objects.filter(topic="vulnerable_process").count() == 8
    card = text(client.get("/signaalkaarten/uw-gegevens-staan-online/"))
    for part in ("Wat u ziet", "Wat het kan betekenen", "Wat u doet", "Wie u belt"):
        assert f">{part}</h2>" in card
    assert 'href="/signaal/"' in card
