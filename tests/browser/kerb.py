"""A worker at the kerb: the page on a telephone with a position, photos as cameras make them, what the log holds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests import town
from tests.browser.looking import PHONE, Looking
from tests.served import Served

if TYPE_CHECKING:  # it makes what is here into a fixture
    from tests.browser.conftest import Look

HERE: dict[str, Any] = {"permissions": ["geolocation"], "geolocation": town.POINT | {"accuracy": 12}}


def photo(*, point: tuple[float, float] | None = None, red: int = 200) -> FilePayload:
    """A camera's JPEG, with where it was taken in its notes if `point` (longitude, latitude) is given."""
    image, notes = Image.linear_gradient("L").resize((2400, 1800)).convert("RGB"), Image.Exif()
    image.paste((red, 90, 60), (700, 900, 1500, 1500))
    notes[0x010F] = "camera"
    if point:
        (east, north), gps = point, notes.get_ifd(0x8825)
        gps |= {1: "N", 2: _parts(north), 3: "E", 4: _parts(east)}
    written = io.BytesIO()
    image.save(written, "JPEG", exif=notes)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def _parts(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), minutes % 1 * 60


class Kerb:
    """One worker's telephone."""

    def __init__(self, look: Look, served: Served, staff: str = "worker", **options: Any) -> None:
        self.looking: Looking = look(staff, viewport=PHONE, **(HERE | options))
        self.page: Page = self.looking.page
        self.served = served
        self.strip = self.page.get_by_role("status").first
        self.watched()

    def watched(self) -> None:
        """Wait until the service worker watches over the page, so that it opens without signal."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller "
                           "|| new Promise((go) => navigator.serviceWorker.addEventListener('controllerchange', go)))"
                           ".then(() => true)")  # fmt: skip

    def go(self, place: str) -> None:
        self.page.get_by_role("navigation", name="三处").get_by_role("link", name=place).click()

    def fill(self, text: str, *, photos: int = 0) -> Locator:
        """Go to 上报, wait for the position, say what is the matter."""
        self.go("上报")
        expect(self.page.locator(".here")).not_to_have_text("正在取得位置……")
        for nth in range(photos):
            self.take("found", photo(red=100 + nth))
        self.page.get_by_label("情况").fill(text)
        return self.page.locator("#report-form")

    def take(self, purpose: str, picture: FilePayload) -> None:
        """Take a photo, and wait until it is there."""
        field = self.page.locator(f"fieldset[data-pictures={purpose}]").locator("visible=true")
        before = field.locator("img").count()
        field.locator("input[type=file]").set_input_files([picture])
        expect(field.locator("img")).to_have_count(before + 1)

    def send(self, button: str = "上报") -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def report(self, text: str, *, photos: int = 0) -> None:
        self.fill(text, photos=photos)
        self.send()

    def offline(self, off: bool = True) -> None:
        self.page.context.set_offline(off)

    def waiting(self) -> Locator:
        """The items of the strip, opened."""
        if self.page.locator("#waiting").is_hidden():
            self.page.locator("#strip > button").click()
        return self.page.locator("#waiting > li")

    def card(self, text: str) -> Locator:
        return self.page.locator(".card").filter(has_text=text)


def lose_answers(page: Page, path: str, times: int = 1) -> list[int]:
    """Let the service get the next calls of `path` and the page never hear of it; gives the statuses lost."""
    lost: list[int] = []

    def lose(route: Route) -> None:
        if len(lost) < times and route.request.method == "POST":
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.context.route(path, lose)
    return lost


def reported(served: Served, text: str) -> list[dict[str, Any]]:
    """The issues whose words hold `text`."""
    found = served.client("dispatcher").get("/issues", params={"text": text, **now_shown(served)})
    issues: list[dict[str, Any]] = found.raise_for_status().json()["items"]
    return issues


def story(served: Served, issue: str) -> list[dict[str, Any]]:
    """The steps of an issue."""
    told = served.client("dispatcher").get(f"/issues/{issue}/timeline", params=now_shown(served))
    steps: list[dict[str, Any]] = told.raise_for_status().json()
    return steps


def now_shown(served: Served) -> dict[str, str]:
    """What makes a question wait until the boards show all that the log holds."""
    position = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    return {"wait": f"{town.DISTRICT}:{position}"}
