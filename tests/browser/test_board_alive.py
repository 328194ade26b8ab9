"""督查看板 while the city works: fresh figures by the feed, a what-if beside the truth, the next due first."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from application.statistics.glances import SETTLED
from tests import town
from tests.browser.conftest import Look
from tests.browser.looking import Looking
from tests.served import Served


@pytest.fixture(scope="module")
def reported(served: Served) -> int:
    """Some issues are there before anybody looks."""
    for _ in range(3):
        report(served)
    return 3


def report(served: Served) -> dict[str, Any]:
    order = {"text": "路灯不亮", "grid": town.GRID, "category": town.LAMPS}
    answer = served.client("worker").post("/issues", json=order, headers={"Idempotency-Key": str(uuid4())})
    made: dict[str, Any] = answer.raise_for_status().json()
    return made


def settled(served: Served) -> None:
    """What was recorded is told, and no board's present is from before."""

    async def reach(services: Any) -> None:
        for log in services.logs.every():
            await services.reach(log.log_id, await log.last_position(), within_seconds=60)

    served.run(reach)
    time.sleep(SETTLED.total_seconds())


def at(look: Look, address: str, staff: str = "supervisor") -> Looking:
    looking = look(staff)
    looking.page.goto(address)
    expect(looking.page.locator("[data-awaited]")).to_have_count(0)
    return looking


def count_of(page: Page) -> int:
    return int(page.locator(f"tr[data-key='{town.STREET}'] td.first").inner_text().replace(",", ""))


def test_what_is_recorded_appears_by_itself_but_not_under_somebody_who_reads(
    look: Look, served: Served, reported: int
) -> None:
    settled(served)
    page = at(look, "/board?number=reported").page
    before = count_of(page)
    assert before >= reported
    cell = page.locator(f"tr[data-key='{town.STREET}'] td.first a")
    cell.focus()
    page.wait_for_timeout(500)
    report(served)
    expect(page.locator("#news")).to_contain_text("数据已更新", timeout=30_000)
    expect(page.locator(f"tr[data-key='{town.STREET}'] td.first")).to_have_text(str(before + 1))
    expect(cell).to_be_focused()
    cell.click()
    expect(page.locator("#drawer table.cases tbody tr")).to_have_count(before + 1)
    report(served)
    page.wait_for_timeout(4_000)
    assert count_of(page) == before + 1
    page.keyboard.press("Escape")
    expect(page.locator(f"tr[data-key='{town.STREET}'] td.first")).to_have_text(str(before + 2), timeout=30_000)


def test_a_what_if_stands_beside_the_truth(look: Look, served: Served, reported: int) -> None:
    looking = at(look, "/board")
    page = looking.page
    truth = page.locator(".strip").inner_text()
    page.locator(".suppose summary").click()
    page.get_by_label("基本满意计为").fill("0.5")
    page.get_by_role("button", name="试算").click()
    page.wait_for_url("**job=*")
    expect(page.locator("#supposing h2")).to_contain_text("基本满意计 0.5")
    expect(page.locator("#supposing .quiet").first).to_contain_text("其他各处仍是实际", timeout=30_000)
    job = served.client("supervisor").get("/stats/what-if").json()[0]
    assert job["id"] in page.url
    assert job["question"]["supposed"]["weights"] == {"basically_satisfied": "0.5", "partly_solved": "0.0"}
    assert page.locator(".strip").inner_text() == truth
    assert looking.barriers() == []
    looking.picture("board-what-if")


def test_what_supposes_nothing_or_comes_from_elsewhere_is_refused(look: Look, served: Served) -> None:
    page = at(look, "/board").page
    page.locator(".suppose summary").click()
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有假设")
    forged = page.request.post(
        "/board/what-if", form={"basically_satisfied": "0.5", "partly_solved": "0", "csrf": "no"}
    )
    assert forged.status == 403
    dispatcher = at(look, "/board", "dispatcher").page
    expect(dispatcher.locator(".suppose")).to_have_count(0)


def test_what_falls_due_next_comes_first(look: Look, served: Served, reported: int) -> None:
    receiver, dispatcher = served.client("receiver"), served.client("dispatcher")
    dues = []
    for minutes in (90, 30):
        case = report(served)
        filed = receiver.post(
            f"/issues/{case['id']}/file", headers={"If-Match": f'"{case["version"]}"'}, json={"category": town.RUBBISH}
        )
        assigned = dispatcher.post(
            f"/issues/{case['id']}/assign", headers={"If-Match": f'"{filed.raise_for_status().json()["version"]}"'},
            json={"lead": town.STREET_OFFICE},
        )  # fmt: skip
        assigned.raise_for_status()
        dues.append(minutes)
    settled(served)
    page = at(look, "/board").page
    shown = page.locator("#due .due li")
    assert shown.count() >= len(dues)
    moments = [one.inner_text() for one in page.locator("#due .due .why").all()]
    assert all("4个紧急工作时" in one for one in moments)
    assert page.locator("#due a.count").first.inner_text().split()[0] == str(
        served.client("supervisor").get("/stats/numbers/due_soon", params={
            "start": "2026-01-01T00:00:00+08:00", "end": "2026-01-02T00:00:00+08:00", "hours": 48,
        }).json()["pooled"]["numerator"]
    ).removesuffix(".0")  # fmt: skip
