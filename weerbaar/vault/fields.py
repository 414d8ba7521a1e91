"""Columns that the database only ever holds encrypted. They cannot be searched, ordered or put in a form."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, NoReturn

from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from .compartments import Compartment
from .sealed import Sealed


class SealedAttribute(DeferredAttribute):
    """Refuses plain values at the door, so that none is ever kept on an instance by mistake."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None and not isinstance(value, Sealed):
            name = f"{type(instance).__name__}.{self.field.name}"
            raise TypeError(f"{name} is sealed; write it with vault.seal or vault.write.")
        instance.__dict__[self.field.attname] = value


class SealedCol(Col):
    """The column in a query: it can be selected, not ordered by (order_by resolves it, select does not)."""

    def resolve_expression(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FieldError(f"{self.target.name} is sealed; it cannot be ordered by.")


class Filled(IsNull):
    """Whether there is a value is no secret: the one lookup there is."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__(Col(lhs.alias, lhs.target) if isinstance(lhs, SealedCol) else lhs, rhs)


class SealedField(models.Field):
    """Base: bytea, empty when not known. Subclasses say how a value becomes bytes.

    `compartment` is the part of the dossier it belongs to, or the name of a column that says so for each row.
    """

    descriptor_class = SealedAttribute
    limit = 20_000

    def __init__(
        self,
        *args: Any,
        compartment: Compartment | str = Compartment.SHARED,
        max_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.compartment = compartment
        kwargs |= {"null": True, "blank": True, "default": None, "editable": False}
        super().__init__(*args, **kwargs)
        self.limit = max_length or self.limit

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("null", "blank", "default", "editable"):
            kwargs.pop(given, None)
        return name, path, args, kwargs | {"compartment": str(self.compartment)}

    def compartment_of(self, row: models.Model) -> Compartment:
        if self.compartment in Compartment.values:
            return Compartment(self.compartment)
        return Compartment(getattr(row, self.compartment))

    def to_bytes(self, value: Any) -> bytes:
        """The value as bytes; ValidationError when it is too long, TypeError when it is of another kind."""
        raise NotImplementedError

    def from_bytes(self, value: bytes) -> Any:
        raise NotImplementedError

    def checked(self, value: Any, length: int) -> Any:
        if length > self.limit:
            message = _("De tekst is te lang: er passen %(limit)s tekens.")
            raise ValidationError(message % {"limit": self.limit}, code="max_length")
        return value

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed; write it with vault.seal or vault.write.")
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value._ciphertext)

    def get_col(self, alias: str, output_field: Any = None) -> SealedCol:
        return SealedCol(alias, self, output_field)

    @cached_property
    def cached_col(self) -> SealedCol:
        return SealedCol(self.model._meta.db_table, self)

    def refuse(self, verb: str) -> NoReturn:
        raise FieldError(f"{self.name} is sealed; it cannot be {verb}.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return Filled
        self.refuse("filtered on")

    def get_transform(self, lookup_name: str) -> Any:
        self.refuse("filtered on")

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        self.refuse("put in a form")

    def value_to_string(self, obj: Any) -> str:
        self.refuse("serialised")


class SealedText(SealedField):
    """Text of at most `max_length` characters (20,000 unless told)."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text.")
        encoded: bytes = self.checked(value, len(value)).encode()
        return encoded

    def from_bytes(self, value: bytes) -> str:
        return value.decode()


class SealedJSON(SealedField):
    """Anything JSON can say (dates and UUIDs become text), at most `max_length` characters of it."""

    limit = 100_000

    def to_bytes(self, value: Any) -> bytes:
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
        encoded: bytes = self.checked(text, len(text)).encode()
        return encoded

    def from_bytes(self, value: bytes) -> Any:
        return json.loads(value)


class SealedBytes(SealedField):
    """Bytes, such as a PDF; at most 20 MB unless told."""

    limit = 20_000_000

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"{self.name} takes bytes.")
        return bytes(self.checked(value, len(value)))

    def from_bytes(self, value: bytes) -> bytes:
        return value
