"""The worker's page on a telephone: a report with its photo, a voice, solved on the spot, deeds on a case."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests import town
from tests.browser.conftest import Look
from tests.browser.kerb import Kerb, now_shown, photo, reported, story
from tests.browser.looking import PHONE
from tests.case_calls import done, seen
from tests.served import Served


def test_a_report_with_a_photo_takes_a_minute(kerb: Kerb, served: Served) -> None:
    page = kerb.page
    kerb.fill("墙角堆物")
    expect(page.locator(".here")).to_have_text("东街道 第一社区 第1网格，位置（±12 米）")
    page.get_by_label("查找类别").fill("bllj")
    page.locator("[data-hits=category]").get_by_role("button", name="暴露垃圾").click()
    kerb.take("found", photo(point=(121.5052, 50.7851)))
    assert kerb.looking.barriers() == []
    assert kerb.looking.fits()
    page.evaluate("scrollTo(0, 0)")
    kerb.looking.picture("work-report-phone")
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "墙角堆物")
    assert (issue["category"], issue["channel"], issue["grid"]) == (town.RUBBISH, "patrol", town.GRID)
    assert (issue["longitude"], issue["latitude"]) == (town.POINT["longitude"], town.POINT["latitude"])
    (digest,) = story(served, issue["id"])[0]["facts"]["attachments"]
    sent = served.client("worker").get(f"/attachments/{digest}").raise_for_status().content
    picture = Image.open(io.BytesIO(sent))
    assert max(picture.size) == 1600
    assert dict(picture.getexif()) == {}
    kerb.go("待办")
    expect(kerb.card("墙角堆物")).to_be_visible()


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


def test_an_address_corrects_the_position(kerb: Kerb, served: Served) -> None:
    school: dict[str, Any] = {"longitude": 121.513, "latitude": 50.786}
    done(
        served.client("admin"), "/addresses", code="A-1", name="光明小学", aliases=[], valid_from="2026-01-01", **school
    )
    kerb.fill("校门口堵车")
    kerb.page.get_by_text("地点不对，更正").click()
    kerb.page.get_by_label("按地名查找").fill("gmxx")
    kerb.page.locator("[data-hits=address]").get_by_role("button", name="光明小学").click()
    expect(kerb.page.locator(".here")).to_have_text("东街道 第一社区 第2网格，光明小学")
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "校门口堵车")
    assert (issue["grid"], issue["longitude"], issue["latitude"]) == (town.NEXT_GRID, *school.values())


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
    asked = {"text": "楼道灯半个月", **now_shown(served)}
    found = served.client("receiver").get("/requests", params=asked).json()["items"]
    (request,) = found
    assert (request["channel"], request["kind"], request["stage"]) == ("visit_diary", "help", "attached")
    assert request["title"] == "楼道灯坏"
    kept = kerb.page.evaluate("import(document.querySelector('script[src*=main]').src.replace('main.js', 'store.js'))"
                              ".then((store) => store.items()).then((all) => JSON.stringify(all))")  # fmt: skip
    assert "sent" in kept
    assert not {word for word in ("三楼", "反映人甲", "138 0000", "楼道灯坏") if word in kept}
    details = served.client("receiver").get(f"/requests/{request['id']}").json()["details"]
    assert (details["name"], details["phone"]) == ("反映人甲", "138 0000 0000")
    issue = served.client("dispatcher").get(f"/issues/{request['issue']}").json()
    assert (issue["voices"], issue["grid"]) == (1, town.GRID)


@pytest.fixture
def near(served: Served) -> dict[str, Any]:
    """A lamp reported ten metres from here."""
    here: dict[str, Any] = {"longitude": town.POINT["longitude"] + 0.00014, "latitude": town.POINT["latitude"]}
    receipt = done(served.client("worker"), "/issues", category=town.LAMPS, text="南门第三盏灯闪烁", **here)
    seen(served.client("worker"), f"/issues/{receipt['id']}", receipt)
    return receipt


def choose_lamps(kerb: Kerb) -> None:
    kerb.page.get_by_label("查找类别").fill("ludeng")
    kerb.page.locator("[data-hits=category]").get_by_role("button", name="路灯").click()


def test_what_is_a_case_already_is_not_reported_again(kerb: Kerb, served: Served, near: dict[str, Any]) -> None:
    kerb.fill("第三盏灯坏了")
    choose_lamps(kerb)
    kerb.send()
    asked = kerb.page.get_by_role("dialog", name="是同一件吗？")
    expect(asked).to_contain_text("南门第三盏灯闪烁")
    expect(asked).to_contain_text("相距 10 米")
    assert kerb.looking.barriers() == []
    kerb.looking.picture("work-near-phone")
    asked.get_by_role("button", name="返回修改").click()
    expect(kerb.page.get_by_label("情况")).to_have_value("第三盏灯坏了")
    kerb.send()
    asked.locator("li").filter(has_text="南门第三盏灯闪烁").first.get_by_role("button", name="是同一件").click()
    expect(kerb.page.locator("[data-fault]")).to_contain_text("没有重复上报")
    assert reported(served, "第三盏灯坏了") == []


def test_a_voice_is_added_to_the_case_it_is_about(kerb: Kerb, served: Served, near: dict[str, Any]) -> None:
    kerb.fill("居民也反映灯闪")
    choose_lamps(kerb)
    kerb.page.get_by_text("居民反映", exact=True).click()
    kerb.page.get_by_label("反映内容").fill("灯一闪一闪的")
    kerb.send()
    kerb.page.get_by_role("dialog").locator("li").first.get_by_role("button", name="是同一件").click()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    asked = {"text": "一闪一闪", **now_shown(served)}
    (request,) = served.client("receiver").get("/requests", params=asked).json()["items"]
    assert request["issue"] in {one["id"] for one in reported(served, "第三盏灯闪烁")}


def test_a_near_case_of_ones_own_is_solved_instead_of_reported_again(
    kerb: Kerb, served: Served, near: dict[str, Any]
) -> None:  # fmt: skip
    kerb.fill("灯已修好")
    choose_lamps(kerb)
    kerb.page.locator(".solved > summary").click()
    kerb.page.get_by_label("如何解决的").fill("拧紧灯泡")
    kerb.send("已解决，上报")
    number = served.client("worker").get(f"/issues/{near['id']}").json()["number"]
    same = kerb.page.get_by_role("dialog").locator("li").filter(has_text=f"{number} 号")
    same.get_by_role("button", name="是同一件").click()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    assert story(served, near["id"])[-1]["topic"] == "issue.solved_on_spot"
    assert reported(served, "灯已修好") == []


def test_another_thing_nearby_is_reported_all_the_same(kerb: Kerb, served: Served, near: dict[str, Any]) -> None:
    kerb.fill("另一盏灯不亮")
    choose_lamps(kerb)
    kerb.send()
    kerb.page.get_by_role("button", name="不是，另行上报").click()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    assert len(reported(served, "另一盏灯不亮")) == 1


def test_a_button_pressed_twice_reports_once(kerb: Kerb, served: Served) -> None:
    kerb.fill("连按两次")
    kerb.page.get_by_role("button", name="上报", exact=True).dblclick()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    assert len(reported(served, "连按两次")) == 1


def test_what_cannot_be_kept_is_said_and_stays_in_the_form(kerb: Kerb, served: Served) -> None:
    kerb.fill("存储已满")
    kerb.page.evaluate(
        "void (IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') })"
    )  # fmt: skip
    kerb.send()
    expect(kerb.page.locator("[data-fault]")).to_contain_text("本机存储已满")
    expect(kerb.page.get_by_label("情况")).to_have_value("存储已满")
    assert reported(served, "存储已满") == []


def test_a_handler_accepts_and_resolves_with_evidence(look: Look, served: Served, assigned: dict[str, Any]) -> None:
    kerb = Kerb(look, served, "roads")
    page, card = kerb.page, kerb.page.locator(f"#case-{assigned['id']}")
    expect(page.get_by_role("navigation", name="三处").get_by_role("link")).to_have_count(2)
    expect(card).to_contain_text("还剩")
    assert kerb.looking.barriers() == []
    assert kerb.looking.fits()
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


def test_what_is_being_written_stays_when_its_card_is_made_anew(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    page, card = kerb.page, kerb.page.locator(f"#case-{assigned['id']}")
    held: list[Route] = []
    page.route("**/work?wait=*", lambda route: held.append(route))
    card.get_by_role("button", name="签收").click()
    card.locator(".doing").get_by_role("button", name="签收").click()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    card.get_by_role("button", name="办结反馈").click()
    measure = card.get_by_label("办理措施")
    measure.fill("更换")
    while not held:
        page.wait_for_timeout(50)
    for route in held:
        route.continue_()
    expect(card.locator(".badge")).to_have_text("签收")
    expect(measure).to_be_focused()
    measure.press_sequentially("灯具")
    expect(measure).to_have_value("更换灯具")
    card.locator(".doing").get_by_role("button", name="办结反馈").click()
    expect(kerb.strip).to_contain_text("已发送 2 件")
    assert story(served, assigned["id"])[-1]["topic"] in {"issue.resolved", "issue.stage_clocks_set"}


def test_a_handler_contacts_who_asked_and_tells_them(look: Look, served: Served, assigned: dict[str, Any]) -> None:
    receiver = served.client("receiver")
    asked = done(receiver, "/requests", kind="help", place=town.GRID, category=town.LAMPS, text="请来修灯")
    done(receiver, f"/requests/{asked['id']}/attach", 1, issue=assigned["id"])
    now_shown(served)
    reported(served, "北门路灯不亮")
    kerb = Kerb(look, served, "roads")
    card = kerb.page.locator(f"#case-{asked['id']}")
    expect(card).to_contain_text("请来修灯")
    card.get_by_role("button", name="联系反映人").click()
    card.get_by_label("联系上了").check()
    card.get_by_role("button", name="记录联系").click()
    expect(card.locator(".badge")).to_have_text("已联系")
    card.get_by_role("button", name="反馈").click()
    card.get_by_label("告知反映人的话").fill("已更换灯具")
    card.locator(".doing").get_by_role("button", name="反馈").click()
    expect(card).to_have_count(0)
    told = receiver.get(f"/requests/{asked['id']}/timeline", params=now_shown(served)).json()
    assert [step["topic"] for step in told][-2:] == ["request.requester_contacted", "request.fed_back"]


def test_an_empty_queue_says_what_to_do_next_and_the_page_reads_without_scripts(look: Look) -> None:
    page = look("water", viewport=PHONE, java_script_enabled=False).page
    expect(page.locator("#queue .empty")).to_contain_text("派到本单位的案件会出现在这里")
    expect(page.locator("#mine")).to_contain_text("供水公司")
    expect(page.get_by_role("button", name="签收")).to_have_count(0)
    page = look("worker", viewport=PHONE, java_script_enabled=False).page
    expect(page.get_by_role("button", name="上报", exact=True)).to_be_disabled()
    expect(page.locator("#report")).to_contain_text("请启用 JavaScript 后再上报")
