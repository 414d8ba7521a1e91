from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from ondersteuning.matching import colleagues
from ondersteuning.models import DutyShift, TeamMember
from ondersteuning.roster import problems, roster
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer

AHEAD = timedelta(days=14)  # as far as the page looks for times in which nobody has duty


class DutyShiftForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not all(answers.get(name) for name in self.fields):
            return answers
        shift = DutyShift(**{name: answers[name] for name in self.fields})
        others = DutyShift.objects.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at)
        if other := others.exclude(pk=self.instance.pk).select_related("on_duty").first():
            words = _("Dan heeft %(name)s al dienst, van %(start)s tot %(end)s.") % {
                "name": other.on_duty,
                "start": timezone.localtime(other.starts_at).strftime("%d-%m-%Y %H.%M"),
                "end": timezone.localtime(other.ends_at).strftime("%d-%m-%Y %H.%M"),
            }
            self.add_error("starts_at", words)
        people = {shift.on_duty.pk, shift.backup.pk}
        for problem in problems(shift, people, list(TeamMember.objects.filter(user__in=people))):
            self.add_error(None, f"{problem}.")
        return answers


@admin.register(DutyShift, site=beheer)
class DutyShiftAdmin(AuditedAdmin):
    """The roster: who is called for an urgent report. Coordinators plan it, the team reads it."""

    form = DutyShiftForm
    list_display = ["starts_at", "ends_at", "on_duty", "backup"]
    list_select_related = ["on_duty", "backup"]
    ordering = ["-starts_at"]
    fields = ["starts_at", "ends_at", "on_duty", "backup"]
    actions = None
    change_list_template = "admin/ondersteuning/dutyshift/change_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        now = timezone.now().replace(second=0, microsecond=0)  # shifts are planned by the minute
        coming = roster(now, now + AHEAD, now=now) if self.has_view_permission(request) else []
        more = {"coming": coming, "may_plan": self._plans(request)}
        return super().changelist_view(request, more | (extra_context or {}))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A time in which nobody has duty, as the roster's link gives it; else nothing."""
        found = {
            name: _moment(request.GET.get(key)) for name, key in (("starts_at", "van"), ("ends_at", "tot"))
        }
        return {name: moment for name, moment in found.items() if moment}

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = colleagues("ondersteuning.be_on_duty")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: DutyShift | None = None) -> bool:
        return request.user.has_perm("ondersteuning.be_on_duty") or self._plans(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._plans(request)

    def has_change_permission(self, request: HttpRequest, obj: DutyShift | None = None) -> bool:
        return self._plans(request)

    def has_delete_permission(self, request: HttpRequest, obj: DutyShift | None = None) -> bool:
        return False

    @staticmethod
    def _plans(request: HttpRequest) -> bool:
        return request.user.has_perm("ondersteuning.plan_duty")


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_datetime(text or "")
    except ValueError:
        return None
