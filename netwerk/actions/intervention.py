from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netwerk.lifecycle import INTERVENTION_NEXT, InterventionStatus
from netwerk.models import Intervention, InterventionUserObjectPermission
from weerbaar.accounts.models import User

ENDED = frozenset({InterventionStatus.CLOSED, InterventionStatus.CANCELLED})


@transaction.atomic
def open_intervention(intervention: Intervention, *, by: User) -> Intervention:
    """Save a new track; who opened it and who leads it are let in."""
    if not by.has_perm("netwerk.add_intervention"):
        raise PermissionDenied
    intervention.save()
    _let_in(intervention, [by, intervention.lead])
    return intervention


@transaction.atomic
def choose_people(intervention: Intervention, people: Iterable[User], *, by: User) -> None:
    """Let these people into a track, and whoever is not among them out. Who leads it stays in.

    Raises ValidationError for who cannot be let in: the role must allow it as well.
    """
    if not Intervention.objects.visible_to(by).filter(pk=intervention.pk).exists():
        raise PermissionDenied
    chosen = {person.pk: person for person in [*people, intervention.lead]}
    for person in chosen.values():
        if not person.has_perm("netwerk.join_intervention"):
            raise ValidationError(_("%(name)s heeft geen rol die hierbij past.") % {"name": person.name})
    InterventionUserObjectPermission.objects.filter(content_object=intervention).exclude(
        user__in=chosen
    ).delete()
    _let_in(intervention, chosen.values())


@transaction.atomic
def move_intervention(intervention: Intervention, to: InterventionStatus, *, by: User) -> Intervention:
    """Bring a track to its next step; at the end, the day is kept."""
    if not Intervention.objects.visible_to(by).filter(pk=intervention.pk).exists():
        raise PermissionDenied
    intervention = Intervention.objects.select_for_update().get(pk=intervention.pk)
    old = InterventionStatus(intervention.status)
    if to not in INTERVENTION_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(
            _("Een interventie kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move"
        )
    intervention.status = to
    intervention.ended_on = timezone.localdate() if to in ENDED else None
    intervention.save(update_fields=["status", "ended_on"])
    return intervention


def _let_in(intervention: Intervention, people: Iterable[User]) -> None:
    permission = Permission.objects.get(
        codename="see_intervention", content_type__app_label="netwerk", content_type__model="intervention"
    )
    for person in people:
        InterventionUserObjectPermission.objects.get_or_create(
            content_object=intervention, user=person, permission=permission
        )
