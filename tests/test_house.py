"""The house rules are tests too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "weerbaar": set(),
    "netwerk": {"weerbaar"},
    "ondersteuning": {"weerbaar", "netwerk"},
    "integriteit": {"weerbaar", "netwerk"},
    "woningscan": {"weerbaar", "netwerk", "ondersteuning"},
}
MODULES = [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_apps_know_only_what_they_may(path):
    package = path.relative_to(ROOT).parts[0]
    if path.is_relative_to(ROOT / "weerbaar" / "urls"):  # the roof: it joins the apps to the zones
        return
    assert imported_packages(path) & set(MAY_IMPORT) <= MAY_IMPORT[package] | {package}
