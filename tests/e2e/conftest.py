"""A real Chromium on a real portal. Every page that a walk looks at is checked: axe, CSP, width, pictures."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.conftest import migrated_template, owner_connection, point_at
from tests.e2e.portal import Portal

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 800}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def own_database(django_db_blocker: Any) -> Iterator[str]:
    """The name of a database for the browser's portal alone."""
    used, name = settings.DATABASES["default"]["NAME"], f"e2e_{os.getpid()}"
    with django_db_blocker.unblock(), owner_connection("postgres") as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_template(admin)}"')
        point_at(used)
    yield name
    with owner_connection("postgres") as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def portal(tmp_path_factory: Any, own_database: str) -> Iterator[Portal]:
    """The portal with its demo data."""
    base, slash, _used = os.environ["DATABASE_URL"].rpartition("/")
    running = Portal(tmp_path_factory.mktemp("portal"), base + slash + own_database)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium for one module: playwright's event loop must be gone before other tests use the database."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not path:
        pytest.fail("Geen Chromium: apt-get install chromium, of zet CHROMIUM_PATH.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


class Walk:
    """One visitor with a browser of their own, and what went wrong on the way."""

    def __init__(self, portal: Portal, browser: Any, pictures: Path, **options: Any) -> None:
        self.portal, self.pictures = portal, pictures
        self.context = browser.new_context(
            **{"base_url": portal.url, "locale": "nl-NL", "viewport": WIDE, **options}
        )
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.portal.url, "data:", "blob:")):
            self.wrong.append(f"{self.page.url} asked for {request.url}")

    def go(self, path: str) -> Any:
        return self.page.goto(path)

    def press(self, name: str | re.Pattern) -> None:
        """A button, by the words on it."""
        self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str | re.Pattern) -> None:
        """A link, by its words."""
        self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()
        self.page.wait_for_load_state()

    def text(self) -> str:
        """What the page says, once it is there whole: right after a click the next one is still empty."""
        self.page.wait_for_load_state()
        words: str = self.page.inner_text("body")
        return words

    def look(self, name: str) -> None:
        """Take pictures, and hold the page to what every page must be: accessible, strict, never too wide."""
        page = self.page
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.evaluate(
                "window.scrollTo(0, 0)"
            )  # else the bar on top half covers a box, and axe calls it small
            page.screenshot(path=self.pictures / f"{name}-{size['width']}.png", full_page=True)
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wider > 0:
                self.wrong.append(f"{name}: {wider} px too wide at {size['width']}")
            self.wrong += [f"{name} at {size['width']}: {found}" for found in self.axe()]
        page.set_viewport_size(WIDE)

    def axe(self) -> list[str]:
        """What axe finds, a line each.

        It loads no style sheets anew (preload): for one with an @import, as the admin's, it makes an inline
        style of its own, which the policy refuses.
        """
        self.page.evaluate(AXE.read_text() + "\n;undefined")
        found = self.page.evaluate(
            "rules => axe.run(document, {preload: false, runOnly: {type: 'tag', values: rules}})", RULES
        )
        return [
            f"{one['id']}: {one['help']}: {node['target']} {node['html'][:160]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def sign_in(self, role: str) -> None:
        """Sign in as a demo account: e-mail address, password, second factor; later with the same session."""
        account = self.portal.accounts[role]
        zone = "mijn" if role in ("ambtsdrager", "organisatiecontact", "partner") else "beheer"
        if role in self.portal.sessions:
            self.context.add_cookies(self.portal.sessions[role])
            self.go(f"/{zone}/")
            return
        self.go(f"/{zone}/account/login/")
        self.page.fill("input[name=login]", account["email"])
        self.page.fill("input[name=password]", account["password"])
        self.press("Aanmelden")
        self.page.fill("input[name=code]", self.portal.one_time_code(role))
        self.press("Aanmelden")
        self.portal.sessions[role] = self.context.cookies()

    def end(self) -> None:
        self.context.close()
        assert not self.wrong, "\n".join(self.wrong)


@pytest.fixture
def visit(portal: Portal, browser: Any) -> Iterator[Any]:
    """visit(**options): somebody with a browser; javascript_enabled=False takes theirs away.

    At the end nothing may have gone wrong on any page they looked at.
    """
    pictures = Path(os.environ.get("PICTURES") or portal.folder / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    visitors: list[Walk] = []

    def one(**options: Any) -> Walk:
        if "javascript_enabled" in options:
            options["java_script_enabled"] = options.pop("javascript_enabled")
        visitors.append(Walk(portal, browser, pictures, **options))
        return visitors[-1]

    yield one
    for visitor in visitors:
        visitor.end()
