"""What can go wrong with a vault. Messages never carry a value."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class VaultError(Exception):
    """Base of the vault's own errors; no AttributeError or ValueError, which templates swallow."""


class NoKey(VaultError):
    """This reader has no lockbox for the compartment, or this process holds no key for the reader."""


class Closed(VaultError):
    """The dossier was closed; its content can no longer be read."""


class Tampered(VaultError):
    """A ciphertext or lockbox is not where it was written, or not what was written."""


class Stale(ValidationError):
    """Somebody else changed the dossier since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Iemand anders heeft dit dossier intussen gewijzigd. Bekijk het opnieuw."),
            code="stale",
        )
