"""An open dossier: the only thing that gives text for a sealed value, and only until it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from .compartments import Compartment
from .errors import Closed, NoKey, VaultError
from .fields import SealedField
from .lockboxes import Bunch
from .sealed import Sealed, decrypt, derive, encrypt

Row = TypeVar("Row", bound=models.Model)


def sealed_field(model: type[models.Model], name: str) -> SealedField | None:
    """The sealed field of this name, if there is one."""
    found = getattr(getattr(model, name, None), "field", None)
    return found if isinstance(found, SealedField) else None


def place(row: models.Model, field: SealedField, dossier: UUID) -> bytes:
    """Where a value belongs. A row of a history table stands for the row that it is the history of."""
    model: Any = getattr(row, "pgh_tracked_model", None) or type(row)
    model = model._meta.concrete_model
    pk = getattr(row, model._meta.pk.attname)
    if not isinstance(pk, UUID):
        raise VaultError("A row with sealed fields needs a UUID as primary key, made before the insert.")
    parts = (dossier.hex, model._meta.label_lower, pk.hex, field.name, field.compartment_of(row))
    return "\0".join(parts).encode()


class Opened:
    """One row of an open dossier: its sealed fields by name, in clear."""

    __slots__ = ("_content", "_row")

    def __init__(self, content: Content, row: models.Model) -> None:
        self._content = content
        self._row = row

    def __repr__(self) -> str:
        return f"<Opened {type(self._row).__name__} •••>"

    def __getattr__(self, name: str) -> Any:
        return self._content.read(self._row, name)


class Content:
    """What `vault.open` gives. Outside its with-block every access raises Closed."""

    def __init__(self, dossier: models.Model, bunch: Bunch) -> None:
        self._dossier = dossier
        self._bunch: Bunch | None = bunch

    def __repr__(self) -> str:
        return "<Content •••>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.read(self._dossier, name)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("An open dossier cannot be pickled or copied.")

    @property
    def compartments(self) -> frozenset[Compartment]:
        """The compartments this reader can open."""
        return self._open().compartments

    def may_read(self, compartment: Compartment | str) -> bool:
        return Compartment(compartment) in self.compartments

    def of(self, row: models.Model) -> Opened:
        """A row that belongs to this dossier (a note, a message, a history row), to be read by field name."""
        self._open()
        return Opened(self, row)

    def rows(self, rows: Iterable[Row]) -> list[tuple[Row, Opened]]:
        """Each row with its opened side."""
        return [(row, self.of(row)) for row in rows]

    def seal(self, row: models.Model, **values: Any) -> None:
        """Set sealed fields on a row of this dossier; the caller saves it. None empties a field."""
        seal_into(row, values, self._open(), self._dossier.pk)

    def digest(self, data: bytes, compartment: Compartment = Compartment.SHARED) -> str:
        """A keyed digest (64 hex digits) that only readers of the compartment can make again."""
        return derive(self._open().key(compartment), b"digest", data).hex()

    def read(self, row: models.Model, name: str) -> Any:
        bunch = self._open()
        field = sealed_field(type(row), name)
        if field is None:
            raise AttributeError(f"{type(row).__name__} has no sealed field of this name.")
        value: Sealed | None = getattr(row, name)
        if value is None:
            if not bunch.compartments >= {field.compartment_of(row)}:
                raise NoKey(f"No lockbox of compartment {field.compartment_of(row)} for this reader.")
            return None
        key = bunch.key(field.compartment_of(row))
        return field.from_bytes(decrypt(key, value._ciphertext, place(row, field, self._dossier.pk)))

    def close(self) -> None:
        """Forget the data keys."""
        if self._bunch is not None:
            self._bunch.forget()
            self._bunch = None

    def _open(self) -> Bunch:
        if self._bunch is None:
            raise Closed("The dossier is closed.")
        return self._bunch


def seal_into(row: models.Model, values: dict[str, Any], bunch: Bunch, dossier: UUID) -> None:
    """Encrypt each value for its field and set it on the row."""
    for name, value in values.items():
        field = sealed_field(type(row), name)
        if field is None:
            raise TypeError(f"{type(row).__name__}.{name} is not a sealed field.")
        if value is None:
            setattr(row, name, None)
            continue
        key = bunch.key(field.compartment_of(row))
        setattr(row, name, Sealed(encrypt(key, field.to_bytes(value), place(row, field, dossier))))
