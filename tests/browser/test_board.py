"""督查看板 in a browser, over the demonstration district: figures, ranking, map, drawer, a past moment, no script."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from application.demonstration.load import DEMO_STAFF, load_demonstration
from application.services import Services
from domain.registry.entry import civil_day
from domain.statistics.periods import Bucket, Cut
from interfaces.web.board.figures import FIVE
from tests.browser.conftest import Look
from tests.browser.looking import PHONE, Looking
from tests.served import Served, serving

NOW = datetime.now(UTC)
DAY = civil_day(NOW - timedelta(days=7))
"""Of a month that lies at least in part within the district's three weeks."""
BOARD = f"/board?on={DAY}"
SUPERVISOR, WORKER = DEMO_STAFF["督查员"], DEMO_STAFF["网格员"]


async def build(services: Services) -> None:
    await load_demonstration(services, NOW, scale=0.5)


async def reached(services: Services) -> None:
    for log in services.logs.every():
        await services.reach(log.log_id, await log.last_position(), within_seconds=120)


@pytest.fixture(scope="module")
def served(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration district, read to its end."""
    for one in serving(module_database_url, tmp_path_factory.mktemp("data"), build, [SUPERVISOR, WORKER]):
        one.run(reached)
        yield one


def period(served: Served, day: date = DAY, cut: Cut = Cut.MONTH) -> Bucket:
    bucket, _ = served.house.services.policies.period(cut, day)
    return bucket


def asked(served: Served, number: str, path: str = "", **query: Any) -> Any:
    """The API's answer about the month of the tests."""
    month = period(served)
    given = {"start": month.start.isoformat(), "end": month.end.isoformat(), **query}
    return served.client(SUPERVISOR).get(f"/stats/numbers/{number}{path}", params=given).raise_for_status().json()


def at(look: Look, address: str = BOARD, **how: Any) -> Looking:
    """The supervisor at a page of the board, with all its parts."""
    looking = look(SUPERVISOR, **how)
    looking.page.goto(address)
    expect(looking.page.locator("[data-awaited]")).to_have_count(0)
    return looking


def percent(value: float | None) -> str:
    return "无数据" if value is None else f"{value * 100:.1f}%"


def whole(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


# --- figures ------------------------------------------------------------------------------------


def test_the_five_figures_are_those_of_the_api_with_numerator_and_denominator(look: Look, served: Served) -> None:
    page = at(look).page
    told = 0
    for number in FIVE:
        pooled = asked(served, number)["pooled"]
        card = page.locator(f".figure[data-number={number}]")
        expect(card.locator(".value")).to_have_text(percent(pooled["value"]))
        if pooled["value"] is not None:
            told += 1
            expect(card.locator(".share")).to_contain_text(f"{whole(pooled['numerator'])} / {pooled['denominator']}")
    assert told >= 4


def test_the_ranking_and_the_map_show_the_groups_of_the_api(look: Look, served: Served) -> None:
    page = at(look, f"{BOARD}&number=solved_in_grid").page
    streets = {one["name"]: one["value"] for one in asked(served, "solved_in_grid", by="street")["groups"]}
    assert len(streets) > 3
    for name, value in streets.items():
        row = page.locator("table.ranking tbody tr").filter(has=page.get_by_role("link", name=name, exact=True))
        expect(row.locator("td.first")).to_have_text(percent(value))
    values = [value for value in streets.values() if value is not None]
    shown = page.locator("table.ranking td.first").all_inner_texts()
    assert [one.strip() for one in shown][: len(values)] == [percent(one) for one in sorted(values, reverse=True)]
    grids = {one["key"]: one["value"] for one in asked(served, "solved_in_grid", by="grid")["groups"]}
    areas = page.locator(".ground a")
    assert areas.count() == 75
    for area in areas.all():
        code, words = area.get_attribute("data-pick"), area.get_attribute("aria-label")
        assert words
        assert (f"：{percent(grids.get(code or ''))}") in words
        assert ("no-data" in (area.locator("path").get_attribute("class") or "")) == (grids.get(code or "") is None)


def test_a_time_without_any_case_says_no_data_and_never_nought(look: Look) -> None:
    looking = at(look, "/board?on=2019-03-05")
    page = looking.page
    for number in FIVE:
        expect(page.locator(f".figure[data-number={number}] .value")).to_have_text("无数据")
    expect(page.locator("#ranking .empty")).to_be_visible()
    assert page.locator(".ground path:not(.no-data)").count() == 0
    expect(page.locator("#held .empty")).to_be_visible()
    assert "0.0%" not in page.locator("#board").inner_text()
    assert looking.barriers() == []


# --- cases --------------------------------------------------------------------------------------


def rows_of(page: Page) -> int:
    """How many cases the drawer lists, to its last page."""
    found = 0
    while True:
        expect(page.locator("#drawer-body")).not_to_have_class("waiting")
        found += page.locator("#drawer table.cases tbody tr").count()
        following = page.locator("#drawer").get_by_role("link", name="下一页")
        if not following.count():
            return found
        first = page.locator("#drawer table.cases tbody tr").first.inner_text()
        following.click()
        expect(page.locator("#drawer table.cases tbody tr").first).not_to_have_text(first)


def test_a_figure_opens_into_its_cases_numerator_denominator_and_excluded_apart(look: Look, served: Served) -> None:
    looking = at(look)
    page, pooled = looking.page, asked(served, "response_rate")["pooled"]
    page.locator(".figure[data-number=response_rate] .value a").click()
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("#drawer-title")).to_be_focused()
    looking.picture("board-drawer")
    assert looking.barriers() == []
    assert rows_of(page) == pooled["numerator"]
    page.locator("#drawer").get_by_role("link", name="分母").click()
    expect(page.locator("#drawer .tabs a[aria-current]")).to_contain_text("分母")
    assert rows_of(page) == pooled["denominator"]
    page.locator("#drawer").get_by_role("link", name="剔除").click()
    expect(page.locator("#drawer .tabs a[aria-current]")).to_contain_text("剔除")
    assert rows_of(page) == pooled["excluded"]
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".figure[data-number=response_rate] .value a")).to_be_focused()


def test_cells_areas_and_bars_open_into_the_cases_of_their_group(look: Look, served: Served) -> None:
    page = at(look, f"{BOARD}&number=close_time").page
    group = next(one for one in asked(served, "close_time", by="street")["groups"] if one["key"])
    row = page.locator(f"tr[data-key='{group['key']}']")
    row.locator("td.first a").click()
    expect(page.locator("#drawer-title")).to_contain_text(group["name"])
    assert rows_of(page) == group["denominator"]
    page.keyboard.press("Escape")
    grid = next(one for one in asked(served, "close_time", by="grid")["groups"] if one["key"])
    page.locator(f".ground a[data-pick='{grid['key']}']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_contain_text(grid["name"])
    assert rows_of(page) == grid["denominator"]
    page.keyboard.press("Escape")
    page.locator("#held").scroll_into_view_if_needed()
    bar = page.locator("#held [data-chart*=stages] .mark-rect path").first
    expect(bar).to_be_visible(timeout=60_000)
    bar.click()
    expect(page.locator("#drawer-title")).to_contain_text("占用时长")


def test_a_file_of_the_cases_holds_the_rows_of_the_drawer(look: Look, served: Served) -> None:
    page = at(look).page
    month = period(served)
    answer = page.request.get(f"/board/cases.csv?on={DAY}&number=resolution_rate&part=denominator")
    rows = list(csv.reader(io.StringIO(answer.text().removeprefix("\ufeff"))))
    assert month.label in rows[0][0]
    listed = asked(served, "resolution_rate", "/cases", part="denominator", limit=500)["items"]
    assert [row[1] for row in rows[2:]] == [one["case_id"] for one in listed]
    assert page.request.get(f"/board/cases.xlsx?on={DAY}&number=resolution_rate").body()[:2] == b"PK"
    page.locator("#ledgers summary").click()
    links = page.locator("#ledgers a")
    assert links.count() == 10
    for link in links.all():
        assert page.request.get(link.get_attribute("href") or "").status == 200


# --- choosing -----------------------------------------------------------------------------------


def test_choosing_in_one_chooses_in_the_other_and_in_the_address(look: Look) -> None:
    page = at(look).page
    row = page.locator("table.ranking tbody tr").first
    key = row.get_attribute("data-key") or ""
    row.locator("[data-pick]").click()
    expect(row).to_have_class("chosen")
    within = page.locator(f".ground a[data-pick^='{key}']").count()
    assert 0 < within == page.locator(".ground a.chosen").count()
    assert f"pick={key}" in page.url
    page.reload()
    assert page.locator(".ground a.chosen").count() == within
    expect(page.locator(f"tr[data-key='{key}']")).to_have_class("chosen")
    other = page.locator(f".ground a:not([data-pick^='{key}'])").first
    street = (other.get_attribute("data-pick") or "")[:9]
    other.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator(".ground a.chosen").count() == 1
    if page.locator(f"tr[data-key='{street}']").count():
        expect(page.locator(f"tr[data-key='{street}']")).to_have_class("chosen")


def test_without_scripts_all_can_be_read_and_every_link_leads_on(look: Look, served: Served) -> None:
    looking = look(SUPERVISOR, java_script_enabled=False)
    page = looking.page
    page.goto(f"{BOARD}&whole=yes")
    assert page.locator("[data-awaited]").count() == 0
    pooled = asked(served, "response_rate")["pooled"]
    expect(page.locator(".figure[data-number=response_rate] .value")).to_have_text(percent(pooled["value"]))
    page.locator(".ground a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ground a.chosen")).to_have_count(1)
    page.locator(".figure[data-number=response_rate] .value a").click()
    expect(page.locator("table.cases tbody tr")).to_have_count(min(50, pooled["numerator"]))
    page.get_by_role("link", name="回到看板").click()
    page.locator("select[name=street]").select_option(index=1)
    page.get_by_role("button", name="查看").click()
    assert "street=1507" in page.url


# --- a past moment ------------------------------------------------------------------------------


def test_a_past_moment_says_so_and_shows_what_was_known_then(look: Look, served: Served) -> None:
    known = served.run(lambda services: services.statistics.bound(None, services.clock()))
    looking = at(look, f"{BOARD}&{urlencode({'as_of': known.moment.isoformat()})}")
    page = looking.page
    expect(page.locator(".band")).to_contain_text("当时所知")
    then = asked(served, "solved_in_grid", as_of=known.moment.isoformat())["pooled"]
    expect(page.locator(".figure[data-number=solved_in_grid] .value")).to_have_text(percent(then["value"]))
    page.goto(f"{BOARD}&as_of=2020-01-01T00:00:00")
    expect(page.locator(".band")).to_contain_text("1月1日 00:00")
    for number in FIVE:
        expect(page.locator(f".figure[data-number={number}] .value")).to_have_text("无数据")
    page.goto(f"{BOARD}&as_of=2099-01-01T00:00:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("回看的时刻无效")


def test_the_slider_goes_to_a_moment_of_the_period(look: Look) -> None:
    page = at(look, "/board").page
    slider = page.get_by_role("slider", name="截至")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url("**as_of=*")
    expect(page.locator(".band")).to_be_visible()


# --- looks --------------------------------------------------------------------------------------


def test_it_can_be_read_on_a_desk_a_telephone_in_the_dark_and_on_paper(look: Look) -> None:
    looking = at(look, f"{BOARD}&number=close_time&pick=150785003")
    assert looking.barriers() == []
    assert looking.fits()
    looking.picture("board-desk")
    looking.page.emulate_media(media="print")
    looking.picture("board-paper", whole=True)
    phone = at(look, viewport=PHONE)
    assert phone.fits()
    assert phone.barriers() == []
    phone.picture("board-phone")
    dark = at(look, f"{BOARD}&number=close_time&pick=150785003", color_scheme="dark")
    assert dark.barriers() == []
    dark.picture("board-dark")


def test_it_is_for_those_who_look_after_others(look: Look, served: Served) -> None:
    looking = look(WORKER)
    answer = looking.page.goto(BOARD)
    assert answer
    assert answer.status == 403
    expect(looking.page.get_by_role("heading", level=1)).to_have_text("岗位无此权限")
