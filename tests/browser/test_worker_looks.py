"""The worker's page as it looks and is reached: order, long texts, dark, enlarged, by keyboard; what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import FilePayload, expect

from tests import town
from tests.browser.conftest import Look
from tests.browser.kerb import HERE, Kerb, now_shown, photo
from tests.browser.looking import PHONE
from tests.case_calls import done
from tests.served import Served

LONG = "这是一段很长的情况说明，" * 333


def dispatched(served: Served, text: str, hours_ago: float) -> str:
    """An issue that was assigned to the roads office so long ago."""
    worker, dispatcher = served.client("worker"), served.client("dispatcher")
    then: dict[str, Any] = {"happened_at": (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat()}
    issue = done(worker, "/issues", grid=town.GRID, category=town.LAMPS, text=text, **then)["id"]
    done(dispatcher, f"/issues/{issue}/file", 1, **then)
    done(dispatcher, f"/issues/{issue}/assign", 2, lead=town.ROADS, **then)
    return str(issue)


def test_cards_stand_in_the_order_in_which_they_run_out(look: Look, served: Served) -> None:
    fresh = dispatched(served, "中心广场东侧两盏路灯不亮，晚上行人较多", 0)
    dispatched(served, "学校门口路灯忽明忽暗", 24 * 10)
    issue = dispatched(served, "北门灯杆倾斜，有倒塌危险", 1)
    blown: dict[str, Any] = {"units": [town.ROADS], "occasion": "emergency", "reason": "灯杆倾斜，请到场加固"}
    whistle = done(served.client("supervisor"), "/whistles", issue=issue, **blown)
    now_shown(served)
    served.client("dispatcher").get("/issues", params=now_shown(served))
    looking = look("roads", viewport=PHONE)
    cards = looking.page.locator(".card")
    expect(cards).to_have_count(4)
    expect(cards.nth(0)).to_contain_text("学校门口路灯忽明忽暗")
    expect(cards.nth(0).locator(".clock strong")).to_contain_text("已超")
    expect(cards.nth(1)).to_contain_text("吹哨：突发应急")
    expect(cards.nth(3)).to_have_id(f"case-{fresh}")
    expect(cards.nth(3).locator(".clock strong")).to_contain_text("还剩")
    assert looking.barriers() == []
    looking.picture("work-queue-phone")
    called = looking.page.locator(f"#case-{whistle['id']}")
    expect(called.get_by_role("link")).to_have_attribute("href", f"/issues/{issue}")
    called.get_by_role("button", name="报到").click()
    called.locator(".doing").get_by_role("button", name="报到").click()
    expect(called).to_have_count(0)
    told = served.client("supervisor").get(f"/whistles/{whistle['id']}/timeline", params=now_shown(served)).json()
    assert told[-1]["topic"] == "whistle.arrived"


def test_long_texts_in_the_dark_and_enlarged_twice(look: Look, served: Served) -> None:
    done(served.client("worker"), "/issues", grid=town.GRID, category=town.LAMPS, text=LONG)
    now_shown(served)
    for name, width, scheme in [("dark", PHONE[0], "dark"), ("large", PHONE[0] // 2, "light")]:
        looking = look("worker", viewport=(width, 740), color_scheme=scheme, **HERE)
        for place in ("待办", "上报", "我的"):
            looking.page.get_by_role("navigation", name="三处").get_by_role("link", name=place).click()
            assert looking.fits(), (name, place)
            assert looking.barriers() == [], (name, place)
            looking.picture(f"work-{name}-{['待办', '上报', '我的'].index(place)}")
        looking.page.context.close()


def test_targets_are_large_enough_for_a_thumb(look: Look, served: Served) -> None:
    done(served.client("worker"), "/issues", grid=town.GRID, text="拇指")
    now_shown(served)
    page = look("worker", viewport=PHONE, **HERE).page
    for place in ("待办", "上报", "我的"):
        page.get_by_role("navigation", name="三处").get_by_role("link", name=place).click()
        small = page.evaluate(
            "[...document.querySelectorAll('a, button, summary, select, input, textarea, label.take, label.chip')]"
            ".filter((one) => !one.matches('.skip, .unseen, .empty a, .chip input') && one.checkVisibility())"
            ".map((one) => [one.outerHTML.slice(0, 80), one.matches('label input') "
            "? one.closest('label').getBoundingClientRect().height : one.getBoundingClientRect().height])"
            ".filter(([, high]) => high < 44)"
        )
        assert small == [], place


def test_everything_is_reached_and_worked_by_keyboard(look: Look, served: Served) -> None:
    kerb = Kerb(look, served)
    page = kerb.page
    kerb.fill("键盘上报")
    page.keyboard.press("Tab")
    expect(page.locator(".voice > summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("如何解决的")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="上报", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(kerb.strip).to_contain_text("已发送 1 件")
    page.locator("#strip > button").focus()
    page.keyboard.press("Enter")
    expect(kerb.waiting()).to_have_count(1)


def test_enter_in_a_line_sends_nothing(look: Look, served: Served) -> None:
    kerb = Kerb(look, served)
    kerb.fill("回车不发送")
    kerb.page.get_by_label("查找类别").press("Enter")
    kerb.page.get_by_text("居民反映", exact=True).click()
    kerb.page.get_by_label("姓名").press("Enter")
    expect(kerb.page.get_by_label("情况")).to_have_value("回车不发送")
    expect(kerb.page.locator("[data-fault]")).to_be_hidden()


def test_what_is_kept_for_no_signal_is_of_nobody_and_of_this_edition_only(look: Look, served: Served) -> None:
    kerb = Kerb(look, served)
    kept = """async () => (await Promise.all((await caches.keys()).map(async (name) =>
      (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"""
    names = kerb.page.evaluate(kept)
    paths = sorted({name.removeprefix(served.url).split("/")[1] for name in names})
    assert paths == ["static", "work-shell"]
    shell = kerb.page.request.get("/work-shell").text()
    assert "worker岗" not in shell
    assert 'name="csrf"' not in shell
    again = """(async () => {
      await caches.open("wangge-of-before");
      const registration = await navigator.serviceWorker.getRegistration("/work");
      await registration.unregister();
    })()"""
    kerb.page.evaluate(again)
    kerb.page.reload()
    kerb.watched()
    kerb.page.wait_for_function("caches.keys().then((names) => !names.includes('wangge-of-before'))")
    assert len(kerb.page.evaluate("caches.keys()")) == 1


def test_a_file_that_is_no_picture_is_told_and_damaged_notes_do_no_harm(look: Look, served: Served) -> None:
    kerb = Kerb(look, served)
    kerb.fill("坏照片")
    field = kerb.page.locator("fieldset[data-pictures=found]")
    text: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    field.locator("input[type=file]").set_input_files([text])
    expect(field.get_by_role("alert")).to_contain_text("无法读取")
    whole = photo(point=(121.5, 50.78))["buffer"]
    place = "(bytes) => import(document.querySelector('script[src*=main]').src.replace('main.js', 'exif.js'))" \
            ".then((exif) => exif.placeIn(new Uint8Array(bytes).buffer))"  # fmt: skip
    found = kerb.page.evaluate(place, list(whole[:4096]))
    assert (round(found["longitude"], 4), round(found["latitude"], 4)) == (121.5, 50.78)
    assert kerb.page.evaluate(place, []) is None
    assert kerb.page.evaluate(place, list(b"\x89PNG\r\n\x1a\n")) is None
    for end in range(2, 260, 7):
        kerb.page.evaluate(place, list(whole[:end]))
        bent = bytearray(whole[:300])
        bent[end] ^= 0xFF
        kerb.page.evaluate(place, list(bent))
