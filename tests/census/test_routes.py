"""The census: every address of every zone, asked for by everybody, with one's own things and another's."""

from __future__ import annotations

import pytest

from ondersteuning.admin.verbs import BY_SLUG
from weerbaar.accounts.roles import ROLES, Role
from weerbaar.zones import Zone

from . import policy, scene, walk
from .policy import POLICY, VERBS

# Those who differ from another only where there is a thing to own, or from nobody yet: see the last test.
SAME_ROLE = {"colleague", "recused", "of_association", "second_colleague", "contact_elsewhere"}
NOTHING_YET = {"toetsadviseur": "scanadviseur", "beveiligingsautoriteit": "scanadviseur"}


@pytest.fixture
def stage(sign_in):
    return scene.make(sign_in)


def fits(status, expected):
    return status in expected if isinstance(expected, set) else status == expected


@pytest.mark.parametrize("zone", list(Zone))
def test_every_route_has_a_line_in_the_policy_table(zone):
    missing = [path for path in walk.routes(zone) if path not in POLICY]
    assert not missing, "No line in tests/census/policy.py (its first words say how) for: " + "  ".join(
        missing
    )


def test_every_line_of_the_policy_table_has_a_route():
    stale = set(POLICY) - {path for zone in Zone for path in walk.routes(zone)}
    assert not stale, f"No such route; take it out of tests/census/policy.py: {'  '.join(sorted(stale))}"


@pytest.mark.parametrize("zone", list(Zone))
def test_everybody_gets_what_the_policy_table_says(stage, zone):
    wrong = []
    for path in walk.routes(zone):
        if path not in POLICY:
            continue
        for thing, address in walk.addresses(path, stage).items():
            for who in everybody(zone, thing):
                expected = POLICY[path].expects(who, thing, is_outside=who in scene.OUTSIDE[zone])
                for method, status in zip(("get", "post"), expected, strict=True):
                    got = walk.ask(stage, who, method, address)
                    if not fits(got, status):
                        wrong.append(f"{method} {path} [{thing}] by {who}: {got}, not {status}")
    assert not wrong, "\n".join(wrong)


def everybody(zone, thing):
    """Those inside and outside; where there is nothing to own, one of each role."""
    inside = [who for who in scene.IN_ZONE[zone] if thing or who not in SAME_ROLE | set(NOTHING_YET)]
    return inside + scene.OUTSIDE[zone]


ASKED_BY = {
    "taken": ["first_line", "colleague", "coordinator", "auditor", "netwerkbeheer"],
    "elsewhere": ["second_line"],
    "organisation": ["coordinator"],
}


def test_every_verb_of_a_case_has_a_line_in_the_policy_table():
    missing = set(BY_SLUG) - set(VERBS)
    assert not missing, (
        f"Say in VERBS of tests/census/policy.py who is let in to: {' '.join(sorted(missing))}"
    )
    assert not set(VERBS) - set(BY_SLUG)


def test_who_is_let_in_to_each_verb_of_a_case(stage):
    wrong = []
    for slug in set(BY_SLUG) & set(VERBS):
        for thing, people in ASKED_BY.items():
            for who in people:
                relation = policy.RELATIONS[thing].get(who, "nothing")
                is_let_in = bool({relation, f"{who} {relation}"} & VERBS[slug])
                for method in ("get", "post"):
                    address = f"/beheer/ondersteuning/case/{stage.cases[thing].pk}/{slug}/"
                    got = walk.ask(stage, who, method, address)
                    if got not in (policy.LET_IN if is_let_in else {404}):
                        wrong.append(f"{method} {slug} [{thing}] by {who}: {got}")
    assert not wrong, "\n".join(wrong)


def test_who_is_left_out_where_nothing_is_owned_has_the_rights_of_another():
    assert all(ROLES[Role(one)] == ROLES[Role(other)] for one, other in NOTHING_YET.items())
