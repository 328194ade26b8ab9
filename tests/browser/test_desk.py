"""The dispatcher's desk: a call is taken in, what is near is seen, the case goes on, and the next one comes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from domain.actor import Act
from interfaces.web.desk.queue import queue_of
from tests import town
from tests.browser.conftest import Look
from tests.browser.looking import PHONE
from tests.case_calls import ASKED, REPORTED, done, seen
from tests.served import Served
from tests.town import GRID, LAMPS, POINT, ROADS, RUBBISH


@pytest.fixture(scope="module", autouse=True)
def _address(served: Served) -> None:
    async def register(services: Any) -> None:
        await services.addresses.register(
            Act(town.ADMIN, town.START), code="A-1", name="光明小区北门", aliases=[], valid_from=town.SINCE, **POINT
        )

    served.run(register)


def position(served: Served) -> str:
    at = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    return f"{town.DISTRICT}:{at}"


def report_now(served: Served, **given: Any) -> str:
    """The path of an issue reported this moment."""
    return f"/issues/{done(served.client('worker'), '/issues', **(REPORTED | given))['id']}"


def receive_now(served: Served, **given: Any) -> str:
    """The path of a request received this moment."""
    return f"/requests/{done(served.client('receiver'), '/requests', **(ASKED | given))['id']}"


def pick(page: Page, label: str, typed: str, name: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.fill(typed)
    expect(page.get_by_role("option").filter(has_text=name)).to_be_visible()
    box.press("Enter")


def test_a_call_is_taken_in_and_dispatched_by_keyboard(look: Look, served: Served) -> None:
    report_now(served, **POINT, text="北门路灯不亮")
    looking = look("receiver")
    page = looking.page
    page.goto("/desk/new")
    page.keyboard.insert_text("小区北门路灯三天不亮，晚上看不清路。")
    pick(page, "何处", "gmxq", "光明小区北门")
    expect(page.locator("#place-told")).to_contain_text(GRID)
    pick(page, "类别", "ld", "路灯")
    page.get_by_label("姓名").fill("反映人乙")
    page.get_by_label("电话").fill("13900000000")
    looking.picture("desk-intake", whole=True)
    assert looking.barriers() == []
    page.get_by_label("电话").press("Enter")
    taken = page.locator("#taken")
    expect(taken).to_be_focused()
    expect(taken).to_contain_text(re.compile("案件号 150785-[0-9]+，查询码 [0-9A-Z]{4}-[0-9A-Z]{4}"))
    page.get_by_role("link", name="接着派单").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    request = page.url.partition("?")[0].rpartition("/")[2]

    looking = look("dispatcher")
    page = looking.page
    page.goto(f"/desk/requests/{request}")
    expect(page.locator(".routed")).to_have_text("道路照明所")
    expect(page.locator(".near").first).to_contain_text("北门路灯不亮")
    assert "13900000000" not in page.content()
    looking.picture("desk", whole=False)
    assert looking.barriers() == []
    assert looking.fits()
    page.get_by_role("form", name="派单").get_by_role("button", name="派单").press("Enter")
    page.wait_for_url(lambda url: request not in url)
    shown = served.client("dispatcher").get(f"/requests/{request}", params={"wait": position(served)}).json()
    assert (shown["request"]["stage"], shown["request"]["lead"]) == ("attached", ROADS)


def test_what_is_the_same_is_attached_and_the_next_case_has_the_focus(look: Look, served: Served) -> None:
    near = report_now(served, **POINT, text="井盖缺失")
    first = receive_now(served, **POINT, text="井盖不见了，危险")
    second = receive_now(served, text="另一件事")
    page = look("dispatcher").page
    page.goto(f"/desk{first}?wait={position(served)}&step=新诉求")
    article = page.locator(".near", has=page.locator(f"a[href='{near}']"))
    expect(article).to_contain_text("井盖缺失")
    article.get_by_role("button", name="是同一件，关联到此").click()
    page.wait_for_url(lambda url: first.rpartition("/")[2] not in url)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    shown = served.client("receiver").get(first, params={"wait": position(served)}).json()
    assert shown["request"]["issue"] == near.rpartition("/")[2]
    done(served.client("receiver"), f"{second}/answer", 1, reply="已答复")


def test_a_return_is_decided_with_a_reason_and_the_same_desk_assigns_again(look: Look, served: Served) -> None:
    issue = report_now(served)
    done(served.client("receiver"), f"{issue}/file", 1)
    done(served.client("dispatcher"), f"{issue}/assign", 2, lead=ROADS)
    done(served.client("roads"), f"{issue}/ask-return", 3, code="not_our_duty", reason="属水务")
    page = look("dispatcher-2").page
    page.goto(f"/desk{issue}?wait={position(served)}")
    expect(page.locator(".brief")).to_contain_text("申请退单：非本单位职责：属水务")
    page.locator("summary", has_text="不同意退单").click()
    form = page.get_by_role("form", name="不同意退单")
    form.get_by_role("button").click()
    assert form.get_by_label("理由（必填）").evaluate("field => field.validity.valueMissing")
    page.get_by_role("form", name="同意退单", exact=True).get_by_role("button").click()
    expect(page.get_by_role("form", name="派遣")).to_be_visible()
    pick(page, "主办单位", "gsgs", "供水公司")
    page.get_by_role("form", name="派遣").get_by_role("button", name="派遣").click()
    page.wait_for_url(lambda url: issue.rpartition("/")[2] not in url)
    shown = served.client("dispatcher").get(issue, params={"wait": position(served)}).json()
    assert (shown["stage"], shown["lead"], shown["returns"]) == ("assigned", town.WATER, 1)


def test_a_request_is_diverted_with_one_of_six_reasons(look: Look, served: Served) -> None:
    request = receive_now(served, text="要求查询他人住址")
    page = look("receiver").page
    page.goto(f"/desk{request}?wait={position(served)}")
    page.locator("summary", has_text="分流").click()
    form = page.get_by_role("form", name="分流")
    expect(form.get_by_label("分流情形").locator("option")).to_have_count(7)
    form.get_by_label("分流情形").select_option(label="涉及国家秘密、商业秘密或个人隐私")
    form.get_by_label("答复内容").fill("依法不予提供。")
    form.get_by_role("button", name="分流").click()
    page.wait_for_url(lambda url: request.rpartition("/")[2] not in url)
    shown = served.client("receiver").get(request, params={"wait": position(served)}).json()
    assert (shown["request"]["stage"], shown["request"]["diversion"]) == ("diverted", "confidential")


def test_the_queue_shows_first_what_runs_out_first(look: Look, served: Served) -> None:
    for category in (LAMPS, RUBBISH):
        issue = report_now(served, category=category)
        done(served.client("receiver"), f"{issue}/file", 1)
        done(served.client("dispatcher"), f"{issue}/assign", 2, lead=ROADS)
        receipt = done(served.client("roads"), f"{issue}/ask-return", 3, code="duplicate")
        seen(served.client("dispatcher"), issue, receipt)
    queue = served.run(lambda services: queue_of(services, services.registry.actor("dispatcher")))
    dues = [one.due for one in queue.waiting if one.due]
    assert dues == sorted(dues)
    assert [one.due is None for one in queue.waiting] == sorted(one.due is None for one in queue.waiting)
    page = look("dispatcher").page
    page.goto("/desk?step=审批退单")
    expect(page.locator(".queue-list li")).to_have_count(queue.steps["审批退单"])


def test_the_desk_is_for_those_whose_work_it_is(look: Look, served: Served) -> None:
    page = look("roads").page
    answer = page.goto("/desk")
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("岗位无此权限")
    empty = look("elsewhere")
    empty.page.goto("/desk")
    expect(empty.page.locator(".empty")).to_contain_text("没有等待受理派遣的案件")
    assert empty.barriers() == []


def test_the_desk_is_read_on_a_telephone_in_the_dark_without_script(look: Look, served: Served) -> None:
    request = receive_now(served, text="长" * 4_000)
    looking = look("dispatcher", viewport=PHONE, color_scheme="dark")
    looking.page.goto(f"/desk{request}?wait={position(served)}")
    assert looking.fits()
    assert looking.barriers() == []
    looking.picture("desk-phone-dark", whole=True)
    plain = look("dispatcher", java_script_enabled=False)
    plain.page.goto(f"/desk{request}")
    expect(plain.page.locator(".queue-list li").first).to_be_visible()
    expect(plain.page.locator("noscript").first).to_be_attached()


def test_whom_the_rules_name_follows_what_is_picked(look: Look, served: Served) -> None:
    request = receive_now(served, category=None, text="说不清是什么事")
    page = look("dispatcher").page
    page.goto(f"/desk{request}?wait={position(served)}")
    told = page.locator("#routing-told")
    expect(told).to_contain_text("定下类别和网格后")
    form = page.get_by_role("form", name="派单")
    pick(page, "类别", "bllj", "暴露垃圾")
    expect(told.locator(".routed")).to_have_text("东街道办事处")
    lead = form.get_by_role("combobox", name="主办单位")
    lead.fill("没有这个单位")
    form.get_by_role("button", name="派单").click()
    assert lead.evaluate("field => field.validationMessage") == "请从列表中选择一项"
    lead.fill("")
    form.get_by_role("button", name="派单").click()
    page.wait_for_url(lambda url: request not in url)
