"""The auditor's desk: seals, cases found by what is known of them, the board and numbers of a past moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import case_calls as calls
from tests import town
from tests.browser.looking import PHONE, Looking
from tests.served import Served

Look = Callable[..., Looking]


@pytest.fixture(scope="module")
def lives(served: Served) -> list[int]:
    """Three reported issues, one of them dispatched later: the positions of log before and after that."""
    issues = [calls.report(served, minutes) for minutes in (0, 5)]
    request = calls.receive(served, 6)
    before = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    filed = calls.done(
        served.client("dispatcher"), f"{issues[0]}/file", 1, category=town.LAMPS, happened_at=calls.at(20)
    )
    calls.dispatch(served, request, minutes=30)
    after = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    calls.seen(served.client("auditor"), issues[0], {"log": filed["log"], "position": after})
    served.run(lambda services: services.reach(town.DISTRICT, after))
    return [before, after]


def test_a_board_of_the_past_is_the_one_the_interface_gives(look: Look, served: Served, lives: list[int]) -> None:
    looking = look("auditor")
    page = looking.page
    for position in lives:
        told = served.client("auditor").get(f"/audit/logs/{town.DISTRICT}/board", params={"at": position}).json()
        page.goto(f"/audit/boards?log={town.DISTRICT}&at={position}")
        expect(page.locator(".as-of")).to_contain_text(f"位置 {position}")
        shown = [link.get_attribute("href") for link in page.locator("tbody th a").all()]
        assert shown == [f"/audit/cases/{one['id']}?at={one['position']}" for one in told["items"]]
    page.goto(f"/audit/boards?log={town.DISTRICT}&at={lives[0]}&beside={lives[1]}")
    expect(page.locator("tbody tr", has=page.locator("ins"))).to_have_count(1)
    expect(page.locator("tbody ins")).to_have_text("立案")
    assert looking.barriers() == []
    assert looking.fits()
    looking.picture("audit-board-then")
    page.goto(f"/audit/boards?log={town.DISTRICT}&at={lives[0]}&stage=closed")
    expect(page.locator(".empty")).to_contain_text("没有相符的案件")


def test_the_desk_tells_seals_and_finds_cases(look: Look, served: Served, lives: list[int]) -> None:
    looking = look("auditor")
    page = looking.page
    page.goto("/")
    assert page.url.endswith("/audit")
    expect(page.locator(".seals li")).to_have_count(3)
    expect(page.locator(".seals li", has_text=town.DISTRICT)).to_contain_text("检查点")
    assert looking.barriers() == []
    looking.picture("audit-desk")
    page.get_by_label("何处").fill(town.STREET)
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    number = page.locator("tbody th a").first.inner_text()
    page.get_by_label("编号、日志位置或案件标识").fill(number)
    page.get_by_role("button", name="放映").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.goto("/audit?q=150785-999999")
    expect(page.get_by_role("alert")).to_contain_text("没有位置 999999")
    for nothing in ("abc", "110101-1", "00000000-0000-4000-8000-000000000000"):
        page.goto(f"/audit?q={nothing}")
        expect(page.get_by_role("alert")).to_be_visible()
    page.goto(f"/audit?place={town.OTHER_STREET}")
    expect(page.locator(".empty")).to_contain_text("没有案件")
    phone = look("auditor", viewport=PHONE, color_scheme="dark")
    phone.page.goto(f"/audit?place={town.STREET}")
    assert phone.fits()
    assert phone.barriers() == []


def test_a_number_of_the_past_stands_beside_the_one_of_now(look: Look, served: Served, lives: list[int]) -> None:
    looking = look("auditor")
    page = looking.page
    page.goto(f"/audit/numbers?log={town.DISTRICT}&at={lives[0]}&number=reported&since=2026-11-01&until=2026-11-30")
    then, now = page.locator("tbody td.number").all_inner_texts()
    assert (then.split()[0], now.split()[0]) == ("2", "3")
    expect(page.locator("tbody")).to_contain_text("≠ 不同")
    assert looking.barriers() == []
    page.goto("/audit/numbers")
    expect(page.locator("tbody tr")).to_have_count(5)
    assert looking.fits()
    answer = page.goto("/audit/numbers?at=vorgestern")
    assert answer
    assert answer.status == 422
    expect(page.locator("main")).to_contain_text("应为日志位置或时刻")
