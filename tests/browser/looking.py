"""Looking at a page as its user: signing in, keeping pictures, asking for barriers, noting faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from tests.served import Served

PHONE, DESK = (360, 740), (1440, 900)
GRAVE = {"serious", "critical"}
_EXPECTED = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")
"""What the console says of a refusal or of a lost signal, both of which pages tell in words."""


class Looking:
    """One page in a browser of its own, with what went wrong in it."""

    def __init__(self, page: Page, served: Served, pictures: Path) -> None:
        self.page, self.served, self._pictures = page, served, pictures
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._note)

    def sign_in(self, staff: str) -> None:
        """Through the form, as people do."""
        self.page.goto("/login")
        self.page.get_by_label("账号").fill(staff)
        self.page.get_by_label("口令").fill(self.served.passwords[staff])
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def picture(self, name: str, *, whole: bool = False) -> Path:
        """Keep what is seen as `name`.png."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        path = self._pictures / f"{name}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path

    def barriers(self) -> list[str]:
        """What keeps people out, by the rules of axe, serious or worse; each with where it is."""
        found: dict[str, Any] = Axe().run(self.page).response
        return [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in GRAVE
            for node in one["nodes"]
        ]

    def fits(self) -> bool:
        """Nothing sticks out to the side."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_EXPECTED):
            self.faults.append(f"{self.page.url}: {message.text}")
