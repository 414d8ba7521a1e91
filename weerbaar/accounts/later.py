"""Modules that few requests need are loaded by the first that does, not by every process that starts."""

from __future__ import annotations

import sys
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any

_LOCK = RLock()


class _Later(ModuleType):
    """Stands in for a module until something in it is asked for; then it holds all that the module holds.

    (importlib's own LazyLoader lets a second thread see the module half-loaded.)
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system looks around; that is no use
            raise AttributeError(name)
        with _LOCK:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
                try:
                    self.__dict__.update(import_module(self.__name__).__dict__)
                except BaseException:
                    sys.modules[self.__name__] = self
                    raise
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None


def load_when_used(name: str) -> None:
    """Put off the import of a module, under its full name, until one of its names is used."""
    if name not in sys.modules:
        parent, _dot, last = name.rpartition(".")
        sys.modules[name] = _Later(name)
        setattr(import_module(parent), last, sys.modules[name])
