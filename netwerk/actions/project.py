from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from netwerk.lifecycle import PROJECT_NEXT, ProjectStage
from netwerk.models import Project
from weerbaar.accounts.models import User


@transaction.atomic
def move_project(project: Project, to: ProjectStage, *, by: User) -> Project:
    """Say that the work of a project began, ended, stopped, or goes on after all."""
    if not by.has_perm("netwerk.change_project"):
        raise PermissionDenied
    project = Project.objects.select_for_update().get(pk=project.pk)
    old = ProjectStage(project.stage)
    if to not in PROJECT_NEXT[old]:
        words = {"old": old.label, "new": to.label}
        raise ValidationError(_("Een project kan niet van ‘%(old)s’ naar ‘%(new)s’.") % words, code="move")
    project.stage = to
    project.save(update_fields=["stage"])
    return project
