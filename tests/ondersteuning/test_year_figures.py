"""What the public may know of numbers: a hidden one cannot be reckoned back from all that is shown."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from netwerk.functions import Function
from ondersteuning import actions, figures, tasks
from ondersteuning.figures import KEYS, Part, group_of, in_tens
from ondersteuning.lifecycle import Status
from ondersteuning.models import Case, CountedReport, YearTotal
from ondersteuning.vocabulary import FunctionGroup
from tests.ondersteuning.conftest import put_in
from weerbaar.jobs import run_due

KINDS, CHANNELS, FUNCTIONS = KEYS[Part.KIND], KEYS[Part.CHANNEL], KEYS[Part.FUNCTION]
CANDIDATES_LEFT = 3  # so many values at least remain possible for a number that is hidden

# --- a reader who knows everything about how we count, and reckons ------------------------------------


def interval(tens: int) -> tuple[int, int]:
    return tens, tens + 9


def possible(published, part: Part, key: str) -> set[int]:
    """Every value that a hidden number can still have, for who knows that each report has one function, one
    kind or more, and any number of channels. Such numbers are all that hold: any that obey can be real."""
    lows = {
        one: {name: interval(tens)[0] for name, tens in lines.items()} for one, lines in published.items()
    }
    highs = {
        one: {name: interval(tens)[1] for name, tens in lines.items()} for one, lines in published.items()
    }

    def fits(value: int) -> bool:
        low, high = ({one: dict(lines) for one, lines in bounds.items()} for bounds in (lows, highs))
        low[part][key] = high[part][key] = value
        least = max(
            low[Part.ALL][""],
            sum(low[Part.FUNCTION].values()),
            *low[Part.KIND].values(),
            *low[Part.CHANNEL].values(),
        )
        most = min(high[Part.ALL][""], sum(high[Part.FUNCTION].values()), sum(high[Part.KIND].values()))
        return least <= most

    return {value for value in range(10) if fits(value)}


def hidden(published):
    return [(part, key) for part, lines in published.items() for key, tens in lines.items() if tens < 10]


def count(reports) -> figures.Counts:
    exact: figures.Counts = {part: Counter() for part in Part}
    for function, kinds, channels in reports:
        exact[Part.ALL][""] += 1
        exact[Part.FUNCTION][function] += 1
        exact[Part.KIND].update(kinds)
        exact[Part.CHANNEL].update(channels)
    return exact


REPORT = st.tuples(
    st.sampled_from(FUNCTIONS),
    st.sets(st.sampled_from(KINDS), min_size=1, max_size=4),
    st.sets(st.sampled_from(CHANNELS), max_size=4),
)
NUMBERS = st.lists(  # many alike and a few rare ones: where hidden numbers lie beside large ones
    st.tuples(REPORT, st.one_of(st.integers(1, 12), st.sampled_from([9, 10, 19, 20, 29, 99, 100, 109]))),
    max_size=12,
)


@given(NUMBERS)
def test_no_hidden_number_follows_from_what_is_published(numbers):
    published = in_tens(count([report for report, times in numbers for _ in range(times)]))
    for part, key in hidden(published):
        assert len(possible(published, part, key)) >= CANDIDATES_LEFT, (part, key)


margins = st.integers(0, 12).map(lambda step: step * 10)


@given(
    st.fixed_dictionaries(dict.fromkeys(KINDS, margins)),
    st.fixed_dictionaries(dict.fromkeys(CHANNELS, margins)),
    st.fixed_dictionaries(dict.fromkeys(FUNCTIONS, margins)),
    st.integers(0, 99),
)
def test_also_the_most_telling_publication_leaves_a_hidden_number_open(kinds, channels, functions, more):
    """Not from reports but from any publication that could be: whatever the numbers, none is pinned down."""
    least = max(sum(functions.values()), *kinds.values(), *channels.values())
    total = (least + more) // 10 * 10
    published = {Part.ALL: {"": total}, Part.KIND: kinds, Part.CHANNEL: channels, Part.FUNCTION: functions}
    for part, key in hidden(published):
        values = possible(published, part, key)
        assert not values or len(values) >= CANDIDATES_LEFT  # no values: no reports can give this publication


@given(NUMBERS, st.data())
def test_two_worlds_that_differ_in_a_hidden_number_are_published_alike(numbers, data):
    """The same the other way round, with the real function: change a hidden number, and nobody sees it."""
    reports = [report for report, times in numbers for _ in range(times)]
    exact = count(reports)
    rare = [key for key in CHANNELS if exact[Part.CHANNEL][key] < 9 and exact[Part.ALL][""] > 9]
    if rare:
        key = data.draw(st.sampled_from(rare))
        other = {part: Counter(lines) for part, lines in exact.items()}
        other[Part.CHANNEL][key] += 1
        assert in_tens(other) == in_tens(exact)


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6))
def test_sums_and_differences_over_years_give_tens_only(counts):
    """Each year is counted apart and rounded: adding up or subtracting years gives nothing finer."""
    years = [in_tens({part: Counter({KEYS[part][0]: one}) for part in Part}) for one in counts]
    for part in Part:
        numbers = [year[part][KEYS[part][0]] for year in years]
        assert sum(numbers) % 10 == 0
        assert all((after - before) % 10 == 0 for before, after in pairwise(numbers))


def test_the_proof_knows_a_leak_when_it_sees_one():
    """The same reckoning finds a hidden number where exact ones are shown beside it."""
    published = in_tens(count([("executive", {"threat"}, set())] * 30))
    assert possible(published, Part.FUNCTION, "clerk") == set(range(10))
    lows = {"executive": 21, "clerk": 0}  # exact numbers: 21 known, 30 in all, so the other is 9
    assert 30 - lows["executive"] == 9


def test_there_are_not_so_many_lines_that_tens_could_give_one_away():
    """With ten functions, nine at the top of their ten, the last would follow: see figures.py."""
    assert len(FUNCTIONS) <= 7
    assert (9 * len(KINDS)) % 10 not in (0, 1, 2)


@pytest.mark.parametrize("function", [*Function, ""])
def test_every_function_counts_in_a_group(function):
    assert group_of(function) in FunctionGroup
    assert (group_of(function) == FunctionGroup.UNKNOWN) == (function == "")


# --- publishing -------------------------------------------------------------------------------------


def counted(number: int, *, month="2025-05-01", **fields) -> None:
    given = {"kinds": ["threat"], "channels": ["home"], "function": "raadslid"} | fields
    offset = CountedReport.objects.count()
    CountedReport.objects.bulk_create(
        CountedReport(submission=f"{offset}-{one}", month=month, **given) for one in range(number)
    )


def published(year=2025):
    return {(row.part, row.key): row.tens for row in YearTotal.objects.filter(year=year)}


def test_a_year_is_published_in_tens_with_every_line_there():
    counted(34)
    counted(9, kinds=["doxing"], function="burgemeester", channels=[])
    assert actions.publish_year(2025)
    found = published()
    assert len(found) == sum(len(keys) for keys in KEYS.values())
    assert found["all", ""] == 40
    assert (found["kind", "threat"], found["kind", "doxing"]) == (30, 0)
    assert (found["function", "representative"], found["function", "executive"]) == (30, 0)
    assert found["channel", "home"] == 30


def test_cases_count_in_the_year_in_which_they_came_in_by_dutch_time_and_not_when_taken_back(make_case):
    counted(8)
    case, gone = make_case(), make_case(access_code=None, wish="team")
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # in Amsterdam it is 2026
    Case.objects.filter(pk=case.pk).update(received_at=new_year - timedelta(hours=1))
    Case.objects.filter(pk=gone.pk).update(received_at=new_year - timedelta(days=9))
    assert figures.counts(2025)[Part.ALL][""] == 10
    put_in(gone, Status.WITHDRAWN)
    assert figures.counts(2025)[Part.ALL][""] == 9
    Case.objects.filter(pk=case.pk).update(received_at=new_year)
    assert figures.counts(2025)[Part.ALL][""] == 8
    assert figures.counts(2026)[Part.ALL][""] == 1


def test_what_only_the_own_organisation_reads_does_not_count(make_case, griffier):
    make_case(wish="organisation", contacts=[griffier])
    assert figures.counts(timezone.localdate().year)[Part.ALL][""] == 0


def test_a_published_year_never_changes_so_nobody_can_subtract_two_editions():
    counted(19)
    actions.publish_year(2025)
    before = published()
    counted(1)
    assert not actions.publish_year(2025)
    assert published() == before
    for change in (
        lambda: YearTotal.objects.update(tens=20),
        lambda: YearTotal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError, match="year_total_in_tens"), transaction.atomic():
        YearTotal.objects.create(year=2024, part="all", key="", tens=11)


def test_a_year_that_is_not_over_cannot_be_published():
    with pytest.raises(ValidationError):
        actions.publish_year(timezone.localdate().year)


def test_in_january_the_year_before_is_not_published_yet():
    assert figures.last_closed_year(datetime(2026, 1, 31, 12, tzinfo=UTC)) == 2024
    assert (
        figures.last_closed_year(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == 2025
    )  # February in Amsterdam


def test_the_beat_publishes_last_year_once(settings):
    settings.ZONES = frozenset()  # as the worker
    counted(30)
    for _ in range(2):
        tasks.publish_last_year(datetime(2026, 2, 3, tzinfo=UTC))
        run_due()
    assert published()["all", ""] == 30


def test_a_year_without_reports_says_nothing():
    assert not actions.publish_year(2020)
    assert not YearTotal.objects.exists()


# --- the page ---------------------------------------------------------------------------------------


def test_the_public_page_shows_years_side_by_side_and_no_small_number(client, django_assert_num_queries):
    counted(1234)
    counted(9, kinds=["doxing"], channels=[], function="griffier")
    counted(12, month="2024-03-01")
    actions.publish_year(2025)
    actions.publish_year(2024)
    with django_assert_num_queries(1):
        page = client.get("/cijfers/meldingen/").content.decode()
    assert "1.240 t/m 1.249" in page
    assert "10 t/m 19" in page
    assert page.count('role="img"') == 3
    assert "1243" not in page
    assert "1234" not in page
    assert "minder dan 10" in page


def test_the_page_is_there_before_the_first_year(client):
    assert "Er zijn nog geen jaarcijfers" in client.get("/cijfers/meldingen/").content.decode()


def test_neither_page_nor_table_knows_a_place():
    names = {field.name for field in YearTotal._meta.get_fields()}
    assert names == {"id", "year", "part", "key", "tens"}
