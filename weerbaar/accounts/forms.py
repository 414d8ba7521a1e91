"""The forms of signing in, in our words; the rules behind them are allauth's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm, auth
from django import forms
from django.utils.translation import gettext_lazy as _

from .codes import use_once
from .models import User
from .roles import MAY_INVITE, MAY_REVOKE, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

NEW_PASSWORD_HINT = _("Minstens 12 tekens. Een zin van een paar woorden is goed te onthouden.")


def reword(field: forms.Field, label: Text, *, hint: Text = "", **attributes: str) -> None:
    """Our own label and attributes for a field of allauth; no placeholders, they vanish while typing."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= attributes


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["login"], _("E-mailadres"), autocomplete="username", spellcheck="false")
        reword(self.fields["password"], _("Wachtwoord"), autocomplete="current-password")


class CodeForm(AuthenticateForm):
    """A code of the authenticator app, or a recovery code. Each is taken once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword_code(self.fields["code"])

    def clean_code(self) -> str:
        return used_once(self.user, super().clean_code())


class FreshCodeForm(MfaReauthenticateForm):
    """The same, for who is signed in already and does something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword_code(self.fields["code"])

    def clean_code(self) -> str:
        return used_once(self.user, super().clean_code())


class SetUpAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app; it counts as the second factor of this session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(
            self.fields["code"],
            _("Code uit de app"),
            hint=_("6 cijfers"),
            autocomplete="one-time-code",
            inputmode="numeric",
        )

    def clean_code(self) -> str:
        code = used_once(self.user, super().clean_code())
        record_authentication(context.request, self.user, "mfa", type="totp")
        return code


class AddKeyForm(AddWebAuthnForm):
    """A new passkey; making it counts as the second factor of this session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["name"], _("Naam van de sleutel"), hint=_("Bijvoorbeeld: mijn telefoon."))
        reword(
            self.fields["passwordless"],
            _("Met deze sleutel wil ik ook zonder wachtwoord aanmelden"),
            hint=_("Uw toestel vraagt dan om uw vingerafdruk, gezicht of pincode."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("credential") and not self.errors:
            record_authentication(context.request, self.user, "mfa", type="webauthn")
        return cleaned


class KeyAloneForm(LoginWebAuthnForm):
    """A passkey in place of password and code: only when it asked for a finger, a face or a pin.

    The challenge may come from the second step of another account in this browser, which asks for a key
    alone; so what the key signed is looked at here, and not what it was asked.
    """

    def clean_credential(self) -> Any:
        authenticator = super().clean_credential()
        answer = auth.parse_authentication_response(self.cleaned_data["credential"])
        if not answer.response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return authenticator


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["password"], _("Wachtwoord"), autocomplete="current-password")


class OtherPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["oldpassword"], _("Uw huidige wachtwoord"), autocomplete="current-password")
        reword(
            self.fields["password1"],
            _("Nieuw wachtwoord"),
            hint=NEW_PASSWORD_HINT,
            autocomplete="new-password",
        )
        del self.fields["password2"]  # typing it twice helps nobody who pastes or keeps passwords

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return cleaned | {"password2": cleaned.get("password1")}


class NewPasswordForm(forms.Form):
    """The password of a new account, or of one that forgot it."""

    password = forms.CharField(
        label=_("Nieuw wachtwoord"),
        help_text=NEW_PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = get_adapter().clean_password(self.cleaned_data["password"], user=self.user)
        return password


class InviteForm(forms.Form):
    """Somebody new, in one of the roles that the inviter may give."""

    name = forms.CharField(
        label=_("Naam"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Vul de naam in.")},
    )
    email = forms.EmailField(
        label=_("E-mailadres"),
        max_length=254,  # as the column
        help_text=_("Een werkadres waar niemand anders bij kan."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Vul het e-mailadres in."),
            "invalid": _("Vul een e-mailadres in zoals naam@voorbeeld.nl."),
        },
    )
    role = forms.ChoiceField(
        label=_("Rol"), widget=forms.RadioSelect, error_messages={"required": _("Kies een rol.")}
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = frozenset().union(*(MAY_INVITE.get(role, frozenset()) for role in by.roles))
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in allowed]  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    """A role that somebody has no more."""

    email = forms.EmailField(
        label=_("E-mailadres"),
        max_length=254,
        help_text=_("Het adres van het account dat de rol kwijtraakt."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Vul het e-mailadres in."),
            "invalid": _("Vul een e-mailadres in zoals naam@voorbeeld.nl."),
        },
    )
    role = forms.ChoiceField(
        label=_("Rol"), widget=forms.RadioSelect, error_messages={"required": _("Kies een rol.")}
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = frozenset().union(*(MAY_REVOKE.get(role, frozenset()) for role in by.roles))
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in allowed]  # type: ignore[attr-defined]


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mailadres"),
        help_text=_("Het adres waarmee u aanmeldt."),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": _("Vul uw e-mailadres in."),
            "invalid": _("Vul een e-mailadres in zoals naam@voorbeeld.nl."),
        },
    )


def reword_code(field: forms.Field) -> None:
    hint = _("6 cijfers uit uw app, of 8 cijfers van uw lijst met herstelcodes")
    reword(field, _("Code"), hint=hint, autocomplete="one-time-code", inputmode="numeric")


def used_once(user: User, code: str) -> str:
    """The code, when nobody used it before; else the same error as a wrong one."""
    if not use_once(user, code):
        raise get_adapter().validation_error("incorrect_code")
    return code
