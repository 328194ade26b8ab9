"""The worker's page on a telephone: a report with its photo, a voice, solved on the spot, deeds on a case."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import town
from tests.browser.conftest import Look
from tests.browser.kerb import Kerb, photo, reported, story
from tests.browser.looking import PHONE
from tests.case_calls import done, seen
from tests.served import Served


@pytest.fixture
def kerb(look: Look, served: Served) -> Kerb:
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


def test_a_report_with_a_photo_takes_a_minute(kerb: Kerb, served: Served) -> None:
    page = kerb.page
    kerb.fill("井盖松动，过车有响声")
    expect(page.locator(".here")).to_have_text("东街道 第一社区 第1网格，位置（±12 米）")
    page.get_by_label("查找类别").fill("ld")
    page.locator("[data-hits=category]").get_by_role("button", name="路灯").click()
    kerb.take("found", photo(point=(121.5052, 50.7851)))
    assert kerb.looking.barriers() == []
    assert kerb.looking.fits()
    kerb.looking.picture("work-report-phone", whole=True)
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "井盖松动")
    assert (issue["category"], issue["channel"], issue["grid"]) == (town.LAMPS, "patrol", town.GRID)
    assert (issue["longitude"], issue["latitude"]) == (town.POINT["longitude"], town.POINT["latitude"])
    (digest,) = story(served, issue["id"])[0]["facts"]["attachments"]
    sent = served.client("worker").get(f"/attachments/{digest}").raise_for_status().content
    picture = Image.open(io.BytesIO(sent))
    assert max(picture.size) == 1600
    assert dict(picture.getexif()) == {}
    kerb.go("待办")
    expect(kerb.card("井盖松动")).to_be_visible()


def test_what_a_photo_says_of_its_place_is_offered_where_there_is_no_position(look: Look, served: Served) -> None:
    kerb = Kerb(look, served, permissions=[])
    kerb.fill("树枝压线")
    expect(kerb.page.locator(".here")).to_contain_text("没有取得位置")
    kerb.send()
    expect(kerb.page.locator("[data-fault]")).to_contain_text("还没有地点")
    kerb.take("found", photo(point=(121.515, 50.785)))
    expect(kerb.page.locator(".here")).to_have_text("东街道 第一社区 第2网格，照片的拍摄地点")
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "树枝压线")
    assert issue["grid"] == town.NEXT_GRID


def test_a_grid_of_ones_own_corrects_the_position(kerb: Kerb, served: Served) -> None:
    kerb.fill("垃圾未清运")
    kerb.page.get_by_text("地点不对，更正").click()
    kerb.page.get_by_label("选择网格").select_option(town.NEXT_GRID)
    expect(kerb.page.locator(".here")).to_have_text("东街道 第一社区 第2网格（自选网格）")
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "垃圾未清运")
    assert (issue["grid"], issue["longitude"]) == (town.NEXT_GRID, None)


def test_what_is_solved_on_the_spot_is_reported_and_solved_in_one_go(kerb: Kerb, served: Served) -> None:
    kerb.fill("单车倒地堵路", photos=1)
    kerb.page.locator(".solved > summary").click()
    kerb.send("已解决，上报")
    expect(kerb.page.locator("[data-fault]")).to_contain_text("请写明如何解决的")
    kerb.page.get_by_label("如何解决的").fill("扶起并码放整齐")
    kerb.take("done", photo(red=20))
    kerb.send("已解决，上报")
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "单车倒地")
    assert issue["stage"] == "solved"
    steps = story(served, issue["id"])
    solved = next(step for step in steps if step["topic"] == "issue.solved_on_spot")
    assert solved["facts"]["measure"] == "扶起并码放整齐"
    assert len(solved["facts"]["evidence"]) == 1
    assert solved["facts"]["evidence"] != steps[0]["facts"]["attachments"]
    assert solved["happened_at"] == steps[0]["happened_at"]


def test_a_residents_voice_is_received_and_becomes_a_case(kerb: Kerb, served: Served) -> None:
    kerb.fill("楼道灯坏")
    kerb.page.get_by_text("居民反映", exact=True).click()
    kerb.page.get_by_label("电话").fill("abc")
    kerb.send()
    expect(kerb.page.locator("[data-fault]")).to_contain_text("电话只能有数字")
    kerb.page.get_by_label("电话").fill("138 0000 0000")
    kerb.send()
    expect(kerb.page.locator("[data-fault]")).to_contain_text("请写下居民反映的内容")
    kerb.page.get_by_label("反映内容").fill("三楼楼道灯半个月不亮了")
    kerb.page.get_by_label("姓名").fill("反映人甲")
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    found = served.client("receiver").get("/requests", params={"text": "楼道灯半个月"}).json()["items"]
    (request,) = found
    assert (request["channel"], request["kind"], request["stage"]) == ("visit_diary", "help", "attached")
    assert request["title"] == "楼道灯坏"
    details = served.client("receiver").get(f"/requests/{request['id']}").json()["details"]
    assert (details["name"], details["phone"]) == ("反映人甲", "138 0000 0000")
    issue = served.client("dispatcher").get(f"/issues/{request['issue']}").json()
    assert (issue["voices"], issue["grid"]) == (1, town.GRID)


def test_a_handler_accepts_and_resolves_with_evidence(look: Look, served: Served, assigned: dict[str, Any]) -> None:
    kerb = Kerb(look, served, "roads")
    page, card = kerb.page, kerb.page.locator(f"#case-{assigned['id']}")
    expect(page.get_by_role("navigation", name="三处").get_by_role("link")).to_have_count(2)
    expect(card).to_contain_text("还剩")
    assert kerb.looking.barriers() == []
    assert kerb.looking.fits()
    kerb.looking.picture("work-queue-phone")
    card.get_by_role("button", name="签收").click()
    card.locator(".doing").get_by_role("button", name="签收").click()
    expect(card.locator(".badge")).to_have_text("签收")
    card.get_by_role("button", name="办结反馈").click()
    card.get_by_label("办理措施").fill("更换灯具")
    kerb.take("done", photo())
    card.locator(".doing").get_by_role("button", name="办结反馈").click()
    expect(card).to_have_count(0)
    resolved = story(served, assigned["id"])[-1]
    assert resolved["topic"] == "issue.resolved"
    assert len(resolved["facts"]["evidence"]) == 1


def test_a_handler_asks_to_return_with_a_reason_from_the_list(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    card = kerb.page.locator(f"#case-{assigned['id']}")
    card.get_by_role("button", name="申请退单").click()
    card.get_by_label("退单理由").select_option(label="非本单位辖区")
    card.get_by_label("说明").fill("属西街道")
    card.locator(".doing").get_by_role("button", name="申请退单").click()
    expect(card).to_have_count(0)
    asked = story(served, assigned["id"])[-1]
    assert (asked["facts"]["code"], asked["why"]) == ("not_our_area", "属西街道")


def test_an_empty_queue_says_what_to_do_next_and_the_page_reads_without_scripts(look: Look) -> None:
    page = look("water", viewport=PHONE, java_script_enabled=False).page
    expect(page.locator("#queue .empty")).to_contain_text("派到本单位的案件会出现在这里")
    expect(page.locator("#mine")).to_contain_text("供水公司")
    expect(page.get_by_role("button", name="签收")).to_have_count(0)
