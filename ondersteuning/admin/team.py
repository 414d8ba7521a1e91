"""The team itself: who it is made of, and how a colleague withdraws from a case."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ondersteuning import actions
from ondersteuning.matching import PROVINCES
from ondersteuning.models import TeamMember
from ondersteuning.vocabulary import Expertise
from weerbaar.accounts.backends import ByEmail
from weerbaar.audit.admin import AuditedAdmin
from weerbaar.audit.site import beheer

from . import forms
from .desk import Desk
from .verb import Answers, Group, Verb


class RecuseForm(forms.TextForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Waarom trekt u zich terug?")
        self.fields["text"].help_text = _("Bijvoorbeeld: ik ken de melder goed. Alleen het team leest dit.")


def _recuse(desk: Desk, answers: Answers) -> object:
    return actions.recuse(desk.case, reason=answers["text"], by=desk.user)


def may_withdraw(desk: Desk) -> bool:
    return desk.user.has_perm("ondersteuning.handle_case") or desk.user.has_perm("ondersteuning.assign_case")


VERBS = [
    Verb(
        "terugtrekken",
        _("Ik trek mij terug"),
        fits=may_withdraw,
        do=_recuse,
        done=_("U hebt zich teruggetrokken. Een collega neemt het over."),
        group=Group.CASE,
        form=RecuseForm,
        explain=_(
            "Doe dit als u niet onbevangen kunt zijn, bijvoorbeeld omdat u iemand kent. De zaak bestaat "
            "daarna niet meer voor u, en niemand kan haar aan u toewijzen. U kunt dit niet terugdraaien."
        ),
        reads_content=False,
    ),
]


class TeamMemberForm(django_forms.ModelForm):
    province_code = django_forms.ChoiceField(
        label=_("Provincie"), choices=[("", "---------"), *PROVINCES.items()], required=False
    )
    expertises = django_forms.MultipleChoiceField(
        label=_("Expertise, voor de tweede lijn"),
        choices=Expertise.choices,
        widget=django_forms.CheckboxSelectMultiple,
        required=False,
    )


@admin.register(TeamMember, site=beheer)
class TeamMemberAdmin(AuditedAdmin):
    """What the matching starts from. Coordinators keep it up, the team reads it."""

    form = TeamMemberForm
    fields = [
        "user", "association", "function", "province_code", "expertises",
        "capacity", "away_from", "away_until",
    ]  # fmt: skip
    list_display = [
        "user", "association", "function", "province", "knows", "load_now", "capacity",
        "away_from", "away_until",
    ]  # fmt: skip
    list_filter = ["association"]
    list_select_related = ["user"]
    search_fields = ["user__name"]
    search_help_text = _("Zoek op naam")
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.with_load()

    @admin.display(description=_("provincie"))
    def province(self, member: TeamMember) -> str:
        return PROVINCES.get(member.province_code, "–")

    @admin.display(description=_("expertise"))
    def knows(self, member: TeamMember) -> str:
        return ", ".join(str(Expertise(name).label) for name in member.expertises) or "–"

    @admin.display(description=_("zaken nu"))
    def load_now(self, member: Any) -> int:
        found: int = member.load
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = (
            ByEmail().with_perm("ondersteuning.handle_case", include_superusers=False).order_by("name")
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: TeamMember | None = None) -> list[str]:
        return ["user"] if obj else []
