"""Who suits a case. A suggestion with its reasons, never a decision.

In the first line a peer (same function, another region, no conflict of interest, room for one more), in the
second line who knows the subject.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from netwerk.functions import Function
from netwerk.models import Contact, Membership
from weerbaar.accounts.backends import ByEmail
from weerbaar.accounts.models import User

from .models import Case, TeamMember
from .vocabulary import Expertise

FULL_IS = 3  # points that a full desk costs: less than a peer is worth
PROVINCES = {
    "PV20": "Groningen",
    "PV21": "Fryslân",
    "PV22": "Drenthe",
    "PV23": "Overijssel",
    "PV24": "Flevoland",
    "PV25": "Gelderland",
    "PV26": "Utrecht",
    "PV27": "Noord-Holland",
    "PV28": "Zuid-Holland",
    "PV29": "Zeeland",
    "PV30": "Noord-Brabant",
    "PV31": "Limburg",
}


@dataclass
class Candidate:
    """A colleague, why they suit (best first in a list) and what speaks against it."""

    user: User
    member: TeamMember | None
    points: int = 0
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)

    @property
    def is_suggested(self) -> bool:
        """Whether something speaks for it, and nothing against."""
        return self.points > 0 and not self.against

    @property
    def words(self) -> str:
        return ", ".join([*self.reasons, *self.against]) or _("geen gegevens in het teamoverzicht")

    def count(self, points: int, reason: str) -> None:
        self.points += points
        (self.reasons if points > 0 else self.against).append(reason)


def colleagues(permission: str, *others: str) -> Any:
    """Active accounts that hold these permissions, by name."""
    ask = ByEmail()
    found = ask.with_perm(permission, include_superusers=False)
    for other in others:
        found &= ask.with_perm(other, include_superusers=False)
    return found.order_by("name")


def first_line_for(case: Case) -> list[Candidate]:
    """The first line, who suits best first; without those who may not get this case. Three queries."""
    people = colleagues("ondersteuning.handle_case", "ondersteuning.see_queue")
    candidates = _candidates(case, people)
    at_organisation = _people_at(case)
    allowed = []
    for candidate in candidates:
        member = candidate.member
        if member and member.association and case.function not in member.functions:
            continue
        if member:
            _compare(candidate, member, case)
        if candidate.user.pk in at_organisation:
            candidate.count(-10, _("werkt bij dezelfde organisatie"))
        allowed.append(candidate)
    return sorted(allowed, key=lambda one: (-one.points, one.user.name))


def second_line_for(case: Case, *, without: User) -> list[Candidate]:
    """The second line with what everybody knows; without who asks. Two queries."""
    people = colleagues("ondersteuning.accept_handover").exclude(pk=without.pk)
    candidates = _candidates(case, people)
    for candidate in candidates:
        if member := candidate.member:
            names = [str(Expertise(name).label) for name in member.expertises]
            if names:
                candidate.count(1, ", ".join(names))
            _weigh_load(candidate, member)
    return sorted(candidates, key=lambda one: (-one.points, one.user.name))


def knows(user: User, expertise: str) -> bool:
    """Whether somebody has this expertise; also when nobody wrote down what they know."""
    member = TeamMember.objects.filter(user=user).first()
    return member is None or not member.expertises or expertise in member.expertises


def _candidates(case: Case, people: Any) -> list[Candidate]:
    people = people.exclude(pk__in=case.recusals.values("user"))
    members = {member.user_id: member for member in TeamMember.objects.with_load()}
    return [Candidate(user, members.get(user.pk)) for user in people]


def _people_at(case: Case) -> set[Any]:
    """Accounts with a function at the organisation of the case."""
    if case.organisation_id is None:
        return set()
    at = Q(organisation=case.organisation_id)
    members = Membership.objects.current().filter(at).values_list("user", flat=True)
    return set(members.union(Contact.objects.current().filter(at).values_list("user", flat=True)))


def _compare(candidate: Candidate, member: TeamMember, case: Case) -> None:
    if member.function and member.function == case.function:
        candidate.count(5, _("ook %(function)s") % {"function": Function(member.function).label})
    if case.organisation and case.organisation.province_code and member.province_code:
        place = {"province": PROVINCES.get(member.province_code, member.province_code)}
        if member.province_code == case.organisation.province_code:
            candidate.count(-4, _("uit dezelfde provincie (%(province)s)") % place)
        else:
            candidate.count(2, _("andere provincie (%(province)s)") % place)
    _weigh_load(candidate, member)


def _weigh_load(candidate: Candidate, member: Any) -> None:
    """How full the desk is, and whether somebody is there at all."""
    said = _("%(load)s van %(capacity)s zaken") % {"load": member.load, "capacity": member.capacity}
    if member.load >= member.capacity:
        candidate.count(-FULL_IS, _("vol: %(said)s") % {"said": said})
    else:
        candidate.count(1, said)
    if member.is_away:
        until = member.away_until
        day = {"day": until.strftime("%d-%m-%Y")} if until else {}
        candidate.count(-10, _("afwezig tot en met %(day)s") % day if until else _("afwezig"))
