"""Projects and the money that goes to them, as the sources tell it."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from netwerk.lifecycle import PageStatus
from netwerk.models import Budget, Grant, Project
from weerbaar.pages.provinces import PROVINCES, province_map

from .page import find, gone, with_pages


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """All projects with where they are and what they cost; `soort` narrows the list alone, not the totals."""
    projects = list(Project.objects.published().prefetch_related("organisations"))
    by_province = Counter(code for project in projects for code in project.provinces())
    chosen = request.GET.get("soort", "")
    chosen = chosen if chosen in Project.Kind.values else ""
    budgets = Budget.objects.all()
    years = budgets.by_year(Grant.objects.filter(project__status=PageStatus.PUBLISHED))
    context = {
        "projects": [project for project in projects if chosen in ("", project.kind)],
        "kinds": [kind for kind in Project.Kind if any(one.kind == kind for one in projects)],
        "chosen": chosen,
        "map": province_map(
            _("Projecten per provincie"),
            _("Kaart met in elke provincie het aantal projecten. Dezelfde aantallen staan in de tabel."),
            by_province,
        ),
        "nationwide": sum(1 for project in projects if not project.provinces()),
        "years": [
            (
                line,
                "" if line.budget is None else euros(line.budget),
                euros(line.granted) if line.granted else "",
            )
            for line in years
        ],
        "budgets": [(budget, euros(budget.amount)) for budget in budgets],
    }
    return render(request, "netwerk/projecten.html", context)


@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    project = find(Project.objects.all(), slug)
    return show_project(request, project) if project.is_published else gone(request, "/projecten/")


def show_project(request: HttpRequest, project: Project, *, is_preview: bool = False) -> HttpResponse:
    """A project as a visitor sees it; an editor sees it so before it is published."""
    organisations = list(project.organisations.all())
    context = {
        "project": project,
        "is_preview": is_preview,
        "organisations": organisations,
        "provinces": [PROVINCES[code].name for code in project.province_codes],
        "partners": with_pages(project.partners.all()),
        "grants": [(grant, euros(grant.amount)) for grant in project.grants.all()],
    }
    return render(request, "netwerk/project.html", context)


def euros(amount: int) -> str:
    """Whole euros as they are written, in one piece: "€ 3.000.000"."""
    return f"€\N{NO-BREAK SPACE}{amount:,}".replace(",", ".")
