"""No signal: what was written is on the telephone, goes out later, in order and once, and tells what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from tests import town
from tests.browser.conftest import Look
from tests.browser.kerb import Kerb, lose_answers, photo, reported, story
from tests.case_calls import done
from tests.served import Served


def test_what_is_written_without_signal_outlives_a_reload_and_is_sent_once_in_order(kerb: Kerb, served: Served) -> None:
    kerb.fill("离线其一")
    kerb.offline()
    kerb.take("found", photo())
    kerb.send()
    expect(kerb.strip).to_have_text("离线，已保存 1 件")
    kerb.report("离线其二")
    expect(kerb.strip).to_have_text("离线，已保存 2 件")
    kerb.page.reload()
    expect(kerb.strip).to_have_text("离线，已保存 2 件")
    expect(kerb.waiting()).to_have_count(2)
    assert kerb.looking.barriers() == []
    assert kerb.looking.fits()
    kerb.looking.picture("work-offline-phone")
    assert reported(served, "离线其") == []
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("已发送 2 件")
    second, first = reported(served, "离线其")
    assert (first["text"], second["text"]) == ("离线其一", "离线其二")
    assert first["number"] < second["number"]
    told = story(served, first["id"])[0]
    assert told["happened_at"] < told["recorded_at"]
    assert len(told["facts"]["attachments"]) == 1
    kerb.page.reload()
    expect(kerb.strip).to_contain_text("已发送 2 件")
    assert len(reported(served, "离线其")) == 2


def test_an_answer_that_is_lost_makes_no_second_report(kerb: Kerb, served: Served) -> None:
    lost = lose_answers(kerb.page, "**/api/v1/issues")
    kerb.report("答复丢失")
    expect(kerb.strip).to_contain_text("离线，已保存 1 件")
    assert lost == [201]
    (item,) = kerb.waiting().all()
    expect(item).to_contain_text("可能已经送达，联网核实后才能修改")
    expect(item.get_by_role("button")).to_have_count(0)
    expect(kerb.strip).to_contain_text("已发送 1 件")
    assert len(reported(served, "答复丢失")) == 1


def test_a_chain_goes_on_where_the_signal_left_it(kerb: Kerb, served: Served) -> None:
    lost = lose_answers(kerb.page, "**/solve-on-spot")
    kerb.fill("积水已疏通")
    kerb.page.locator(".solved > summary").click()
    kerb.page.get_by_label("如何解决的").fill("清掏雨水口")
    kerb.send("已解决，上报")
    expect(kerb.strip).to_contain_text("离线，已保存 1 件")
    assert lost == [200]
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "积水已疏通")
    assert [step["topic"] for step in story(served, issue["id"])] == ["issue.reported", "issue.solved_on_spot"]


def test_what_is_refused_stays_with_the_reason_until_it_is_mended(look: Look, served: Served) -> None:
    kerb = Kerb(look, served, geolocation={"longitude": 121.525, "latitude": 50.785, "accuracy": 9})
    kerb.report("越界的上报")
    expect(kerb.strip).to_contain_text("1 件未被接受，请处理")
    (item,) = kerb.waiting().all()
    expect(item.locator(".why")).to_contain_text("不在本人管辖范围")
    assert kerb.looking.barriers() == []
    item.get_by_role("button", name="打开修改").click()
    expect(kerb.page.get_by_label("情况")).to_have_value("越界的上报")
    kerb.page.get_by_text("地点不对，更正").click()
    kerb.page.get_by_label("选择网格").select_option(town.GRID)
    kerb.send()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "越界的上报")
    assert issue["grid"] == town.GRID


def test_what_waits_can_be_changed_and_thrown_away(kerb: Kerb, served: Served) -> None:
    kerb.fill("待改的上报", photos=1)
    kerb.offline()
    kerb.send()
    kerb.report("待丢的上报")
    expect(kerb.strip).to_have_text("离线，已保存 2 件")
    thrown = kerb.waiting().nth(1)
    thrown.get_by_role("button", name="丢弃").click()
    thrown.get_by_role("button", name="确定丢弃").click()
    expect(kerb.strip).to_have_text("离线，已保存 1 件")
    kerb.waiting().first.get_by_role("button", name="打开修改").click()
    expect(kerb.page.locator("[data-pictures=found] img")).to_have_count(1)
    kerb.page.get_by_label("情况").fill("改过的上报")
    kerb.page.get_by_role("button", name="移除第 1 张照片").click()
    kerb.send()
    expect(kerb.page.locator("[data-editing]")).to_be_hidden()
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "改过的上报")
    assert story(served, issue["id"])[0]["facts"]["attachments"] == []
    assert reported(served, "待") == []


def test_a_report_that_was_only_begun_is_there_after_a_reload(kerb: Kerb) -> None:
    kerb.fill("写到一半", photos=1)
    kerb.page.wait_for_timeout(500)
    kerb.page.reload()
    expect(kerb.page.get_by_label("情况")).to_have_value("写到一半")
    expect(kerb.page.locator("[data-pictures=found] img")).to_have_count(1)


def test_a_deed_that_was_only_begun_is_there_after_a_reload(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    card = kerb.page.locator(f"#case-{assigned['id']}")
    card.get_by_role("button", name="申请退单").click()
    card.get_by_label("退单理由").select_option("duplicate")
    card.get_by_label("说明").fill("与前件重复")
    kerb.page.wait_for_timeout(500)
    kerb.page.reload()
    card.get_by_role("button", name="申请退单").click()
    expect(card.get_by_label("说明")).to_have_value("与前件重复")
    expect(card.get_by_label("退单理由")).to_have_value("duplicate")
    card.get_by_role("button", name="取消").click()
    expect(card.locator(".doing")).to_be_hidden()
    card.get_by_role("button", name="申请退单").click()
    expect(card.get_by_label("说明")).to_have_value("")


def test_what_waits_is_sent_when_the_system_wakes_the_service_worker_with_no_page_open(
    kerb: Kerb, served: Served
) -> None:  # fmt: skip
    kerb.fill("页面关闭后发送")
    kerb.offline()
    kerb.send()
    expect(kerb.strip).to_have_text("离线，已保存 1 件")
    kerb.page.goto("about:blank")
    kerb.offline(False)
    other = kerb.page.context.new_page()
    other.goto(f"{served.url}/login")
    chromium = other.context.new_cdp_session(other)
    registered: list[str] = []
    chromium.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registered.extend(one["registrationId"] for one in told["registrations"]),
    )
    chromium.send("ServiceWorker.enable")
    other.wait_for_timeout(300)
    wake = {"origin": served.url, "registrationId": registered[-1], "tag": "send", "lastChance": False}
    chromium.send("ServiceWorker.dispatchSyncEvent", wake)
    for _ in range(50):
        if found := reported(served, "页面关闭后发送"):
            break
        other.wait_for_timeout(200)
    assert len(found) == 1


def test_signing_out_waits_for_a_signal(kerb: Kerb) -> None:
    kerb.offline()
    kerb.go("我的")
    kerb.page.get_by_role("button", name="退出登录").click()
    expect(kerb.page.locator("form.leave [role=alert]")).to_contain_text("暂时不能退出登录")


def test_signing_out_on_any_page_leaves_nothing_of_anybody(kerb: Kerb, served: Served) -> None:
    kerb.page.goto("/me")
    kerb.page.get_by_role("button", name="退出").click()
    kerb.page.wait_for_url("**/login")
    kerb.offline()
    kerb.page.goto("/work")
    expect(kerb.page.get_by_text("离线，且未登录")).to_be_visible()
    expect(kerb.page.locator("#report-form")).to_have_count(0)


def test_accepting_and_resolving_without_signal_build_on_each_other(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    kerb.offline()
    kerb.page.reload()
    card = kerb.page.locator(f"#case-{assigned['id']}")
    expect(card).to_contain_text("北门路灯不亮")
    card.get_by_role("button", name="签收").click()
    card.locator(".doing").get_by_role("button", name="签收").click()
    card.get_by_role("button", name="办结反馈").click()
    card.get_by_label("办理措施").fill("更换灯具")
    card.locator(".doing").get_by_role("button", name="办结反馈").click()
    expect(kerb.strip).to_have_text("离线，已保存 2 件")
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("已发送 2 件")
    steps = [step["topic"] for step in story(served, assigned["id"])]
    assert steps.index("issue.accepted") < steps.index("issue.resolved")


def test_a_waiting_deed_is_changed_in_its_place_whatever_happens_meanwhile(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    kerb.offline()
    card = kerb.page.locator(f"#case-{assigned['id']}")
    card.get_by_role("button", name="申请退单").click()
    card.get_by_label("退单理由").select_option("duplicate")
    card.locator(".doing").get_by_role("button", name="申请退单").click()
    row = kerb.waiting().first
    row.get_by_role("button", name="打开修改").click()
    row.get_by_label("退单理由").select_option("needs_lead")
    row.get_by_label("说明").fill("需市政牵头")
    kerb.page.evaluate("dispatchEvent(new Event('offline'))")
    kerb.page.wait_for_timeout(300)
    expect(row.get_by_label("说明")).to_have_value("需市政牵头")
    row.get_by_role("button", name="申请退单").click()
    expect(row.locator("form")).to_have_count(0)
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("已发送 1 件")
    asked = story(served, assigned["id"])[-1]
    assert (asked["facts"]["code"], asked["why"]) == ("needs_lead", "需市政牵头")


def test_a_telephone_whose_clock_is_fast_reports_all_the_same(kerb: Kerb, served: Served) -> None:
    kerb.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=40))
    kerb.page.reload()
    kerb.report("手机快四十分钟")
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "手机快四十分钟")
    told = story(served, issue["id"])[0]
    drift = datetime.fromisoformat(told["happened_at"]) - datetime.fromisoformat(told["recorded_at"])
    assert abs(drift) < timedelta(minutes=1)


def test_a_clock_put_back_meanwhile_is_mended_by_the_time_it_is_now(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    kerb.offline()
    kerb.page.clock.set_fixed_time(datetime.now(UTC) - timedelta(hours=3))
    card = kerb.page.locator(f"#case-{assigned['id']}")
    card.get_by_role("button", name="签收").click()
    card.locator(".doing").get_by_role("button", name="签收").click()
    expect(kerb.strip).to_have_text("离线，已保存 1 件")
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("1 件未被接受")
    (item,) = kerb.waiting().all()
    expect(item.locator(".why")).to_contain_text("时间早于上一环节")
    item.get_by_role("button", name="改为现在的时间再试").click()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    told = story(served, assigned["id"])[-1]
    drift = datetime.fromisoformat(told["happened_at"]) - datetime.fromisoformat(told["recorded_at"])
    assert abs(drift) < timedelta(minutes=1)


def test_who_was_overtaken_sees_what_changed_and_goes_on_from_there(
    look: Look, served: Served, assigned: dict[str, Any]
) -> None:  # fmt: skip
    kerb = Kerb(look, served, "roads")
    kerb.offline()
    card = kerb.page.locator(f"#case-{assigned['id']}")
    card.get_by_role("button", name="签收").click()
    card.locator(".doing").get_by_role("button", name="签收").click()
    voice = done(served.client("receiver"), "/requests", kind="help", place=town.GRID, text="路灯还是不亮")
    done(served.client("receiver"), f"/requests/{voice['id']}/attach", 1, issue=assigned["id"])
    reported(served, "路灯")
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("1 件未被接受")
    (item,) = kerb.waiting().all()
    expect(item.locator(".why")).to_contain_text("内容已被他人更新")
    item.get_by_role("button", name="查看变化").click()
    expect(item.locator(".news")).to_contain_text("receiver岗：关联诉求")
    item.get_by_role("button", name="按最新情况再试").click()
    expect(kerb.strip).to_contain_text("已发送 1 件")
    assert story(served, assigned["id"])[-1]["topic"] == "issue.accepted"


def test_an_expired_session_keeps_what_waits_and_nobody_else_sends_it(kerb: Kerb, served: Served) -> None:
    page = kerb.page
    kerb.offline()
    kerb.report("登录过期前所写")
    expect(kerb.strip).to_have_text("离线，已保存 1 件")
    page.context.clear_cookies()
    kerb.offline(False)
    expect(kerb.strip).to_contain_text("登录已过期，已保存 1 件")
    kerb.looking.sign_in("roads")
    expect(kerb.strip).to_contain_text("本机另有他人 1 件，由其本人登录后发送")
    assert page.locator("#waiting > li").count() == 0
    assert "登录过期前所写" not in page.content()
    assert reported(served, "登录过期前所写") == []
    kerb.go("我的")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login")
    kerb.looking.sign_in("worker")
    expect(kerb.strip).to_contain_text("已发送 1 件")
    (issue,) = reported(served, "登录过期前所写")
    assert issue["reported_by"] == "worker"


def test_after_signing_out_the_telephone_shows_nothing_of_anybody(kerb: Kerb, served: Served) -> None:
    done(served.client("worker"), "/issues", grid=town.GRID, text="只给本人看的")
    reported(served, "只给本人看的")
    kerb.page.reload()
    expect(kerb.card("只给本人看的")).to_be_visible()
    kerb.offline()
    kerb.page.reload()
    expect(kerb.card("只给本人看的")).to_be_visible()
    kerb.offline(False)
    kerb.page.reload()
    kerb.go("我的")
    kerb.page.get_by_role("button", name="退出登录").click()
    kerb.page.wait_for_url("**/login")
    kerb.offline()
    kerb.page.goto("/work")
    expect(kerb.page.get_by_text("离线，且未登录")).to_be_visible()
    assert "只给本人看的" not in kerb.page.content()
    assert "worker岗" not in kerb.page.content()
