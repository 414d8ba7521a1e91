"""Every route of the three zones, and what each of the cast gets there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver

from tests.pages.test_headers import assert_strict
from weerbaar.audit.site import beheer
from weerbaar.zones import Zone

from .scene import Scene

VARIABLE = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")
FIXED = {  # variables that name no object
    "<slug:slug>": "gevaar",
    "<slug:token>": "onbekend",
    "<slug:topic>": "online",
    "<int:number>": "1",
    "<path:content_type_id>": "1",
}


LABELS = re.compile(r"\(\?P<app_label>[^)]*\)")  # names every app that has a list


class Undo(Exception):
    pass


def routes(zone: Zone) -> list[str]:
    """The path of every route as the URLconf writes it, in order, each once."""
    return list(dict.fromkeys(_routes(get_resolver(zone.urlconf).url_patterns, "/")))


def _routes(patterns: Any, before: str) -> Iterator[str]:
    for pattern in patterns:
        path = before + LABELS.sub("(?P<app_label>…)", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        else:
            yield path


def model_of(path: str) -> type[models.Model] | None:
    """The model whose admin answers at this path."""
    parts = path.split("/")
    if len(parts) < 5 or parts[1] != "beheer":
        return None
    return next((m for m in beheer._registry if [m._meta.app_label, m._meta.model_name] == parts[2:4]), None)


def addresses(path: str, scene: Scene) -> dict[str, str]:
    """What to ask for at this route: the name of each thing, to its address. "mixed": ids that do not belong
    together. KeyError names the variable that the scene has nothing for."""
    found: dict[str, dict[str, str]] = {}
    for variable in VARIABLE.findall(path):
        folder = path[: path.index(variable)].strip("/").rsplit("/", 1)[-1]
        if f"{folder}/{variable}" in scene.ids:
            things = {name: str(thing.pk) for name, thing in scene.ids[f"{folder}/{variable}"].items()}
        elif variable == "<path:object_id>" and (model := model_of(path)):
            row = model._default_manager.first()  # type: ignore[attr-defined]  # a model has managers
            if row is None:
                raise KeyError(f"a row of {model.__name__}: see rows_of_lists in scene.py")
            things = {"": str(row.pk)}
        elif variable in FIXED or variable == "<path:object_id>":
            things = {"": FIXED.get(variable, "1")}
        elif variable.startswith("(?P<app_label>"):
            things = {"": "ondersteuning"}
        elif variable.startswith("(?P<url>"):
            things = {"": "nergens"}
        else:
            raise KeyError(f"{folder}/{variable}: see `ids` in scene.py")
        found[variable] = things
    if not found:
        return {"": path}
    first, *others = found.values()
    filled = {}
    for name in first:
        values = [things.get(name, next(iter(things.values()))) for things in found.values()]
        filled[name] = _fill(path, found, values)
    if others and len(others[-1]) > 1:
        values = [*(next(iter(things.values())) for things in list(found.values())[:-1])]
        filled["mixed"] = _fill(path, found, [*values, list(others[-1].values())[1]])
    return filled


def _fill(path: str, variables: Any, values: list[str]) -> str:
    for variable, value in zip(variables, values, strict=True):
        path = path.replace(variable, value, 1)
    return path


def ask(scene: Scene, who: str, method: str, address: str) -> int | str:
    """The status that somebody gets; an error by name. Nothing of it stays."""
    browser = scene.browsers[who]
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    try:
        with transaction.atomic():
            response: HttpResponse = getattr(browser, method)(address)
            if "attachment" not in response.headers.get("Content-Disposition", ""):
                assert_strict(response, address)
            raise Undo(response.status_code)
    except Undo as done:
        return int(done.args[0])
    except Exception as error:
        return f"500 {error!r}"[:200]  # nothing may escape
    finally:
        browser.cookies.clear()
        for name, value in cookies.items():
            browser.cookies[name] = value
