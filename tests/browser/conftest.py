"""The pages in Debian's Chromium, on a telephone and on a desk, against a running service.

Pictures of what was seen are kept in `build/pictures`. Where no Chromium is installed these tests are skipped and say
so, unless REQUIRE_BROWSER is set, as in CI.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import town
from tests.browser.kerb import Kerb
from tests.browser.looking import DESK, Looking
from tests.case_calls import done, seen
from tests.served import Served, served

__all__ = ["served"]

PICTURES = Path(__file__).parents[2] / "build" / "pictures"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE_MS = 15_000
"""A busy machine is no fault of a page."""
Look = Callable[..., Looking]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module: while it runs so does an event loop, in which other tests cannot start theirs."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no Chromium is installed, and REQUIRE_BROWSER is set")
        pytest.skip("no Chromium is installed: the pages are not looked at (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def look(browser: Browser, served: Served) -> Iterator[Look]:
    """`look("worker")` gives the page of a member of staff signed in, `look(None)` a stranger's.

    A fault in a page's script, or a thing the page's policy blocked, fails the test in the end.
    """
    seen: list[Looking] = []
    with ExitStack() as stack:

        def opened(staff: str | None = None, *, viewport: tuple[int, int] = DESK, **options: object) -> Looking:
            width, height = viewport
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
                base_url=served.url, **options,  # type: ignore[arg-type]  # handed on as they came
            )  # fmt: skip
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            looking = Looking(context.new_page(), served, PICTURES)
            if staff:
                looking.sign_in(staff)
            seen.append(looking)
            return looking

        yield opened
        faults = [fault for one in seen for fault in one.faults]
    assert faults == []


@pytest.fixture
def stranger(look: Look) -> Page:
    """A page of somebody who has not signed in."""
    return look(None).page


@pytest.fixture
def kerb(look: Look, served: Served) -> Kerb:
    """A worker's telephone."""
    return Kerb(look, served)


@pytest.fixture
def assigned(served: Served) -> dict[str, Any]:
    """An issue that waits for the roads office."""
    worker, dispatcher = served.client("worker"), served.client("dispatcher")
    issue = f"/issues/{done(worker, '/issues', grid=town.GRID, category=town.LAMPS, text='北门路灯不亮')['id']}"
    done(dispatcher, f"{issue}/file", 1)
    receipt = done(dispatcher, f"{issue}/assign", 2, lead=town.ROADS)
    seen(dispatcher, issue, receipt)
    return receipt
