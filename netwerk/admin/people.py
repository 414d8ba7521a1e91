from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netwerk.actions import confirm_contact, confirm_membership, enter_contact, move_membership
from netwerk.forms import OrganisationChoiceField
from netwerk.models import Contact, Membership
from weerbaar.accounts.models import User
from weerbaar.audit.site import beheer

from .organisation import ByOrganisationAdmin


class AccountField(forms.EmailField):
    """An account by its e-mail address: who manages the network does not browse accounts."""

    def prepare_value(self, value: Any) -> Any:
        """Show the account that was chosen before by its address."""
        if value and "@" not in str(value):
            return User.objects.filter(pk=value).values_list("email", flat=True).first() or ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        if not value and not self.required:
            return None
        user = User.objects.filter(email=super().clean(value).lower(), is_active=True).first()
        if user is None:
            raise ValidationError(
                _("Er is geen actief account met dit e-mailadres. Nodig deze persoon eerst uit.")
            )
        return user


class AtOrganisationForm(forms.ModelForm):
    organisation = OrganisationChoiceField(label=_("Organisatie"))
    user = AccountField(label=_("E-mailadres van het account"))


class AtOrganisationAdmin(ByOrganisationAdmin):
    """Somebody with a function at an organisation."""

    form = AtOrganisationForm
    list_filter = ["function"]


@admin.register(Contact, site=beheer)
class ContactAdmin(AtOrganisationAdmin):
    fields = [
        "organisation", "user", "function", "label", "valid_from", "valid_until",
        "added_by", "confirmed_by", "confirmed_at",
    ]  # fmt: skip
    list_display = ["organisation", "label", "function", "user", "valid_from", "valid_until", "confirmed_at"]
    list_select_related = ["organisation", "user"]
    list_filter = ["function", ("confirmed_at", admin.EmptyFieldListFilter)]
    WEIGHTY = ["organisation_id", "user_id", "function", "label", "valid_from", "valid_until"]
    actions = ["confirm"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Reporters chose this very person: who succeeds is a contact of their own, and reads what comes
        after. (A contact made for the wrong account is ended, and made anew.)"""
        fixed = ["organisation", "user"] if obj else []
        return [*fixed, "added_by", "confirmed_by", "confirmed_at"]

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        before = Contact.objects.filter(pk=obj.pk).values(*self.WEIGHTY).first() or {}
        changed = {name for name in self.WEIGHTY if before.get(name) != getattr(obj, name)}
        if changed:
            old, new = before.get("valid_until"), obj.valid_until
            sooner = changed == {"valid_until"} and new is not None and (old is None or new < old)
            enter_contact(obj, by=request.user, ends_sooner=sooner)  # type: ignore[arg-type]
        if obj.confirmed_at is None:
            waits = _("Deze contactpersoon telt pas mee als een collega die bevestigt.")
            self.message_user(request, waits, messages.WARNING)

    @admin.action(description=_("Contactpersoon bevestigen"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: models.QuerySet[Contact]) -> None:
        for contact in queryset:
            try:
                confirm_contact(contact, by=request.user)  # type: ignore[arg-type]
            except ValidationError as error:
                self.message_user(request, error.message, messages.ERROR)


@admin.register(Membership, site=beheer)
class MembershipAdmin(AtOrganisationAdmin):
    fields = [
        "organisation", "user", "function", "valid_from", "valid_until", "confirmed_by", "confirmed_at",
    ]  # fmt: skip
    readonly_fields = ["confirmed_by", "confirmed_at"]
    list_display = ["organisation", "user", "function", "valid_from", "valid_until", "confirmed_at"]
    list_select_related = ["organisation", "user"]
    actions = ["confirm", "move"]

    @admin.action(description=_("Functie bevestigen"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        for membership in queryset:
            try:
                confirm_membership(membership, by=request.user)  # type: ignore[arg-type]
            except ValidationError as error:
                self.message_user(request, error.message, messages.ERROR)

    @admin.action(description=_("Naar de opvolger van de organisatie"), permissions=["change"])
    def move(self, request: HttpRequest, queryset: models.QuerySet[Membership]) -> None:
        for membership in queryset:
            try:
                moved = move_membership(membership, by=request.user)  # type: ignore[arg-type]
                self.log_change(request, moved, "")
            except ValidationError as error:
                self.message_user(request, f"{membership}: {error.message}", messages.ERROR)
