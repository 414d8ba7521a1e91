"""The yearly themes: partners propose, then vote; the office chooses from the ranking, and publishes."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from netwerk.actions import move_theme, propose_theme, take_back_vote, vote_for, withdraw_theme
from netwerk.lifecycle import THEME_NEXT, ThemeStatus
from netwerk.models import Partner, PartnerMember, Theme, ThemeRound, ThemeVote
from tests.accounts.test_at_once import all_at_once
from weerbaar.accounts.roles import Role

WORDS = {"topic": "family", "summary": "Ook thuis.", "reasons": "Omdat het nodig is."}


@pytest.fixture
def make_officer(make_user):
    def make(slug: str):
        partner, _is_new = Partner.objects.get_or_create(
            slug=slug, defaults={"name": f"Partner {slug}", "kind": "security"}
        )
        user = make_user(Role.PARTNER)
        PartnerMember.objects.create(partner=partner, user=user)
        return user, partner

    return make


def make_round(proposals: int, votes: int, year: int = 2027) -> ThemeRound:
    """A round by how many days from now proposing and voting end."""
    now = timezone.now()
    return ThemeRound.objects.create(
        year=year, proposals_until=now + timedelta(days=proposals), votes_until=now + timedelta(days=votes)
    )


@pytest.fixture
def proposing():
    return make_round(5, 10)


@pytest.fixture
def voting():
    return make_round(-1, 10)


@pytest.fixture
def over():
    return make_round(-9, -1)


def themes_of(round_, number: int) -> list[Theme]:
    return [
        Theme.objects.create(round=round_, slug=f"t{n}", title=f"Thema {n}", summary="S", reasons="R")
        for n in range(number)
    ]


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_an_officer_proposes_and_withdraws_and_another_partner_does_not(proposing, make_officer):
    (anna, first), (bert, second) = make_officer("a"), make_officer("b")
    theme = propose_theme(proposing, partner=first, title="Het gezin", by=anna, **WORDS)
    assert (theme.status, theme.slug) == ("proposed", "het-gezin-2027")
    same = propose_theme(proposing, partner=second, title="Het gezin", by=bert, **WORDS)
    assert same.slug != theme.slug
    with pytest.raises(PermissionDenied):
        propose_theme(proposing, partner=first, title="Iets", by=bert, **WORDS)
    for who, partner in ((bert, first), (bert, second)):
        with pytest.raises(PermissionDenied):
            withdraw_theme(theme, partner=partner, by=who)
    for _ in range(2):
        withdraw_theme(theme, partner=first, by=anna)
    theme.refresh_from_db()
    assert theme.status == "withdrawn"


def test_each_thing_has_its_time(make_officer):
    user, partner = make_officer("a")
    round_ = make_round(5, 10)
    [theme] = themes_of(round_, 1)
    who = {"partner": partner, "by": user}
    with pytest.raises(ValidationError):
        vote_for(theme, **who)
    with pytest.raises(ValidationError):
        propose_theme(round_, title="X", at=round_.proposals_until, **who, **WORDS)
    vote_for(theme, at=round_.proposals_until, **who)
    for act in (vote_for, take_back_vote):
        with pytest.raises(ValidationError):
            act(theme, at=round_.votes_until, **who)
    assert ThemeVote.objects.count() == 1


def test_a_partner_has_three_votes_and_one_for_each_theme(voting, make_officer):
    user, partner = make_officer("a")
    colleague, _same = make_officer("a")
    themes = themes_of(voting, 4)
    for theme in (*themes[:3], themes[0]):  # twice is once
        vote_for(theme, partner=partner, by=user)
    with pytest.raises(ValidationError):
        vote_for(themes[3], partner=partner, by=colleague)  # not the person's, the partner's
    take_back_vote(themes[0], partner=partner, by=colleague)
    vote_for(themes[3], partner=partner, by=user)
    assert ThemeVote.objects.count() == 3


def test_the_database_counts_the_votes_too(voting, make_officer):
    _user, partner = make_officer("a")
    themes = themes_of(voting, 4)
    for theme in themes[:3]:
        ThemeVote.objects.create(theme=theme, partner=partner)
    with pytest.raises(IntegrityError, match="no votes left"), transaction.atomic():
        ThemeVote.objects.create(theme=themes[3], partner=partner)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ThemeVote.objects.filter(theme=themes[0]).update(theme=themes[3])
    ThemeVote.objects.filter(theme=themes[0]).delete()
    with pytest.raises(IntegrityError, match="partner_votes_once"), transaction.atomic():
        ThemeVote.objects.create(theme=themes[1], partner=partner)


def test_eight_at_once_for_one_partner_are_three_votes(own_database, make_officer):
    user, partner = make_officer("a")
    themes = themes_of(make_round(-1, 10), 8)

    def vote(n: int) -> bool:
        try:
            vote_for(themes[n], partner=partner, by=user)
        except ValidationError:
            return False
        return True

    assert sum(all_at_once(8, vote)) == 3 == ThemeVote.objects.count()


def test_who_speaks_for_no_partner_finds_nothing(voting, make_user, make_officer, as_user):
    make_officer("a")
    [theme] = themes_of(voting, 1)
    browser = as_user(make_user(Role.PARTNER))
    assert browser.get("/mijn/themas/").status_code == 404
    assert browser.post(f"/mijn/themas/a/{theme.slug}/", {"vote": "1"}).status_code == 404
    assert ThemeVote.objects.count() == 0


def test_an_officer_proposes_votes_and_takes_back_by_the_pages(make_officer, as_user):
    user, _partner = make_officer("a")
    browser = as_user(user)
    round_ = make_round(5, 10)
    path = "/mijn/themas/a/voorstel/2027/"
    assert "Vul in hoe het thema heet." in text(browser.post(path, {"summary": "Blijft staan"}), 422)
    assert "Blijft staan" in text(browser.post(path, {"summary": "Blijft staan"}), 422)
    page = text(browser.post(path, {"title": "Het gezin", **WORDS}, follow=True))
    assert "Het gezin" in page
    assert "Voorstel intrekken" in page
    theme = Theme.objects.get()

    ThemeRound.objects.filter(pk=round_.pk).update(proposals_until=timezone.now())
    assert browser.get(path).status_code == 404
    page = text(browser.post(f"/mijn/themas/a/{theme.slug}/", {"vote": "1"}, follow=True))
    assert "nog 2 van de 3 stemmen" in page
    assert "1 stem" not in page  # how others voted shows when it is over
    page = text(browser.post(f"/mijn/themas/a/{theme.slug}/", {"take_back": "1"}, follow=True))
    assert "nog 3 van de 3 stemmen" in page
    browser.post(f"/mijn/themas/a/{theme.slug}/", {"vote": "1"})
    ThemeRound.objects.filter(pk=round_.pk).update(votes_until=timezone.now())
    assert "1 stem" in text(browser.get("/mijn/themas/"))


@pytest.mark.parametrize(("old", "new"), list(product(ThemeStatus, ThemeStatus)))
def test_a_theme_moves_as_the_table_says(over, old, new):
    told = {"body": "B", "results": "R", "decided_because": "D", "votes_counted": 0}
    theme = Theme.objects.create(
        round=over, slug="t", title="T", summary="S", reasons="R", status=old, **told
    )
    if new in THEME_NEXT[old] and new != ThemeStatus.WITHDRAWN:
        move_theme(theme, new)
    else:
        with pytest.raises(ValidationError):
            move_theme(theme, new)
        if new != old and new not in THEME_NEXT[old]:
            with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
                Theme.objects.update(status=new)
        new = old
    theme.refresh_from_db()
    assert theme.status == new


def test_the_office_chooses_from_the_ranking_publishes_and_closes_with_results(
    make_officer, make_user, as_user, client
):
    round_ = make_round(-9, -1)
    first, second = themes_of(round_, 2)
    for slug in ("a", "b"):
        ThemeVote.objects.create(theme=second, partner=make_officer(slug)[1])
    desk = as_user(make_user(Role.NETWERKBEHEER))
    page = text(desk.get("/beheer/netwerk/theme/"))
    assert page.index(second.title) < page.index(first.title)

    path = f"/beheer/netwerk/theme/{second.pk}/change/"
    sent = {"round": round_.pk, "title": "Thema 1", "slug": "t1", "summary": "S", "reasons": "R"}
    assert "Schrijf op waarom" in text(desk.post(path, sent | {"move_to": "chosen"}))
    sent["decided_because"] = "De meeste stemmen."
    assert desk.post(path, sent | {"move_to": "chosen"}).status_code == 302
    second.refresh_from_db()
    assert (second.status, second.votes_counted) == ("chosen", 2)
    assert client.get("/themas/t1/").status_code == 404
    assert "Schrijf op wat wij gaan doen" in text(desk.post(path, sent | {"move_to": "published"}))
    sent["body"] = "Wij gaan samen oefenen."
    assert desk.post(path, sent | {"move_to": "published"}).status_code == 302
    page = text(client.get("/themas/t1/"))
    assert "Wij gaan samen oefenen." in page
    assert "2 partners stemden ervoor" in page
    assert "Schrijf op wat het heeft opgeleverd" in text(desk.post(path, sent | {"move_to": "completed"}))
    sent["results"] = "Wij oefenden."
    assert desk.post(path, sent | {"move_to": "completed"}).status_code == 302
    assert "Wij oefenden." in text(client.get("/themas/t1/"))
    assert "Thema 0" not in text(client.get("/themas/"))


def test_nothing_is_chosen_while_the_voting_goes_on(voting):
    [theme] = themes_of(voting, 1)
    theme.decided_because = "Nu al."
    theme.save()
    with pytest.raises(ValidationError, match="loopt nog"):
        move_theme(theme, ThemeStatus.CHOSEN)


def test_the_page_of_the_partners_costs_the_same_with_three_and_with_thirty_themes(
    voting, make_officer, as_user
):
    user, _partner = make_officer("a")
    browser = as_user(user)

    def cost() -> int:
        browser.get("/mijn/themas/")
        with CaptureQueriesContext(connection) as queries:
            text(browser.get("/mijn/themas/"))
        return len(queries)

    themes_of(voting, 3)
    few = cost()
    for n in range(27):
        Theme.objects.create(round=voting, slug=f"m{n}", title="M", summary="S", reasons="R")
    assert cost() == few == 6
