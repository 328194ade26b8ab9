"""The call-back desk: the oldest first, one after the other without a mouse, by nobody who had a part in the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from domain.actor import Role
from tests import town
from tests.browser.conftest import Look
from tests.browser.looking import PHONE
from tests.case_calls import at, dispatch, done, hire, receive
from tests.served import Served
from tests.town import DISTRICT, RUBBISH

NUMBER = "13700000000"
ALLROUND = "allround"


@pytest.fixture(scope="module", autouse=True)
def _allround(served: Served) -> None:
    """Somebody trusted with handling and with calling back, whom separation of duty is for."""

    hire(served, ALLROUND, "全能岗", Role.HANDLER, Role.VERIFIER)


def position(served: Served) -> str:
    last = served.run(lambda services: services.logs.named(DISTRICT).last_position())
    return f"{DISTRICT}:{last}"


def handled(served: Served, minutes: float = 0, handler: str = "roads", **given: Any) -> str:
    """The path of a request that was fed back, whose limit ended long ago."""
    requester = {"name": "反映人丙", "phone": NUMBER}
    request = receive(served, minutes, requester=requester, **given)
    issue = dispatch(served, request, minutes=minutes + 1, lead=town.ROADS)
    client = served.client(handler)
    done(client, f"{issue}/accept", 4, happened_at=at(minutes + 2))
    done(client, f"{request}/contact", 2, reached=True, happened_at=at(minutes + 3))
    done(client, f"{issue}/resolve", 5, measure="更换灯具", happened_at=at(minutes + 4))
    done(client, f"{request}/feed-back", 3, reply="灯具已更换", happened_at=at(minutes + 5))
    return request


@pytest.fixture
def settled(served: Served) -> Iterator[list[str]]:
    """Requests of a test, closed after it, so that every test begins with an empty desk."""
    found: list[str] = []
    yield found
    verifier = served.client("verifier")
    answers: dict[str, Any] = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied"}
    for request in found:
        view = view_of(served, request)
        if view["stage"] == "closed":
            continue
        version = view["version"]
        if not view["call_back_valid"]:
            version = done(verifier, f"{request}/call-back", version, **answers)["version"]
        done(verifier, f"{request}/close", version)
    verifier.get("/requests", params={"wait": position(served)})


def view_of(served: Served, request: str) -> dict[str, Any]:
    view: dict[str, Any] = served.client("verifier").get(request, params={"wait": position(served)}).json()["request"]
    return view


def answer(page: Page, contacted: str, solved: str, satisfaction: str) -> None:
    for word in (contacted, solved, satisfaction):
        page.get_by_role("radio", name=word, exact=True).check()


def test_one_after_the_other_without_a_mouse(look: Look, served: Served, settled: list[str]) -> None:
    older, newer = handled(served), handled(served, 30)
    settled += [older, newer]
    looking = look("verifier")
    page = looking.page
    page.goto(f"/calls?wait={position(served)}")
    assert NUMBER not in page.content()
    expect(page.get_by_role("link", name="打开电话")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".number-big")).to_have_text(NUMBER)
    assert older in page.url.replace("/calls", "/requests")
    looking.picture("calls")
    assert looking.barriers() == []
    assert looking.fits()
    for keys in ("Space", "Tab", "Space", "Tab", "ArrowDown", "Enter"):
        page.keyboard.press(keys)
    expect(page.locator(".said")).to_have_text("联系过 解决 基本满意")
    expect(page.get_by_role("button", name="办结，下一件")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/calls{newer.removeprefix('/requests')}?wait=*")
    expect(page.get_by_role("link", name="打开电话")).to_be_focused()
    assert view_of(served, older)["stage"] == "closed"


def test_who_is_not_reached_comes_again_after_the_others(look: Look, served: Served, settled: list[str]) -> None:
    older, newer = handled(served), handled(served, 30)
    settled += [older, newer]
    page = look("verifier").page
    page.goto(f"/calls{older.removeprefix('/requests')}?wait={position(served)}")
    page.get_by_role("button", name="没有接通，稍后再试").click()
    page.wait_for_url(f"**/calls{newer.removeprefix('/requests')}?wait=*")
    rows = page.locator(".queue-list li")
    expect(rows.nth(0)).to_contain_text("待回访")
    expect(rows.nth(1)).to_contain_text("待重拨")
    assert view_of(served, older)["call_back_valid"] is False


def test_who_is_not_content_has_it_done_again(look: Look, served: Served, settled: list[str]) -> None:
    request = handled(served)
    page = look("verifier").page
    page.goto(f"/calls{request.removeprefix('/requests')}?wait={position(served)}")
    page.get_by_role("button", name="记下回访").click()
    assert page.get_by_role("radio", name="联系过", exact=True).evaluate("field => field.validity.valueMissing")
    answer(page, "没联系过", "未解决", "不满意")
    page.get_by_role("button", name="记下回访").click()
    expect(page.get_by_role("button", name="重办，下一件")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls?wait=*")
    expect(page.locator(".empty")).to_contain_text("没有等待回访")
    shown = view_of(served, request)
    assert (shown["stage"], shown["round"]) == ("attached", 2)


def test_who_handled_is_told_why_they_may_not_call(look: Look, served: Served, settled: list[str]) -> None:
    own, others = handled(served, handler=ALLROUND), handled(served, 30)
    settled += [own, others]
    page = look(ALLROUND).page
    page.goto(f"/calls?wait={position(served)}")
    expect(page.locator(".pane > .notice")).to_contain_text("您已参与本案的“办理”，不能再做“回访”，请换人办理。")
    expect(page.locator("[aria-current=true]")).to_have_attribute("href", f"/calls{others.removeprefix('/requests')}")
    page.goto(f"/calls{own.removeprefix('/requests')}")
    expect(page.get_by_role("note")).to_contain_text("须由他人回访")
    expect(page.get_by_role("button", name="记下回访")).to_have_count(0)
    assert NUMBER not in page.content()


def test_nobody_is_called_before_the_limit_ends(look: Look, served: Served) -> None:
    asked: dict[str, Any] = {"kind": "help", "place": town.GRID, "category": RUBBISH, "text": "垃圾"}
    request = f"/requests/{done(served.client('receiver'), '/requests', **asked)['id']}"
    done(served.client("dispatcher"), f"{request}/dispatch", 1, lead=town.STREET_OFFICE)
    looking = look("verifier")
    page = looking.page
    page.goto(f"/calls?wait={position(served)}")
    expect(page.locator(".empty")).to_contain_text("没有等待回访")
    assert looking.barriers() == []
    page.goto(f"/calls{request.removeprefix('/requests')}")
    expect(page.locator(".pane")).to_contain_text("届满后方可回访")
    expect(page.get_by_role("button", name="记下回访")).to_have_count(0)


def test_the_desk_is_for_those_who_call(look: Look, served: Served, settled: list[str]) -> None:
    settled.append(handled(served, text="字" * 4_000))
    page = look("roads").page
    answered = page.goto("/calls")
    assert answered
    assert answered.status == 403
    looking = look("verifier", viewport=PHONE, color_scheme="dark")
    looking.page.goto(f"/calls?wait={position(served)}")
    assert looking.fits()
    assert looking.barriers() == []
    looking.picture("calls-phone-dark", whole=True)


def test_a_whole_life_through_the_pages(look: Look, served: Served) -> None:
    """受理, 立事件, 自行处置, 核查, 结案, 回访, 办结: nothing is done but on pages."""
    page = look("receiver").page
    page.goto("/desk/new")
    page.get_by_label("反映内容").fill("楼道堆放杂物")
    place = page.get_by_role("combobox", name="何处")
    place.fill(town.GRID)
    expect(page.get_by_role("option").first).to_be_visible()
    place.press("Enter")
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_role("link", name="接着派单").click()
    page.locator("summary", has_text="更多办理").click()
    page.locator("summary", has_text="立网格事件").click()
    page.get_by_role("form", name="立网格事件").get_by_role("button", name="立网格事件").click()
    page.wait_for_url("**/desk/issues/*wait=*")
    issue = page.url.partition("?")[0].rpartition("/")[2]
    worker = look("worker").page
    worker.goto(f"/issues/{issue}")
    worker.locator("summary", has_text="自行处置").click()
    worker.get_by_label("处置措施").fill("已劝清")
    worker.get_by_role("button", name="自行处置").click()
    expect(worker.locator(".story > .step").last).to_contain_text("自行处置：已劝清")
    verifier = look("verifier").page
    verifier.goto(f"/issues/{issue}")
    verifier.locator("summary", has_text="核查").click()
    verifier.get_by_role("radio", name="通过", exact=True).check()
    verifier.get_by_role("button", name="核查").click()
    expect(verifier.locator(".story > .step").last).to_contain_text("核查通过")
    verifier.locator("summary", has_text="结案").click()
    verifier.get_by_role("button", name="结案").click()
    expect(verifier.locator(".story > .step").last).to_contain_text("结案")
    verifier.goto("/calls")
    expect(verifier.get_by_role("heading", level=1)).to_be_visible()
    answer(verifier, "联系过", "解决", "满意")
    verifier.get_by_role("button", name="记下回访").click()
    verifier.get_by_role("button", name="办结，下一件").click()
    verifier.wait_for_url("**/calls?wait=*")
    verifier.goto(f"/issues/{issue}")
    verifier.locator(".voice a").click()
    expect(verifier.locator("h1 .badge")).to_have_text("已办结")
