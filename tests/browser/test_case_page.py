"""A case's page: the story, the clocks as ribbons, the voices, for everyone who may see it and for nobody else."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.conftest import PICTURES, Look
from tests.browser.looking import PHONE
from tests.case_calls import done, hire, seen
from tests.served import Served
from tests.town import DISTRICT, GRID, LAMPS, ROADS

SPOKEN = "小区北门路灯三天不亮，晚上看不清路，请尽快修理。"
PHONE_NUMBER = "13800000000"


def china(day: int, clock: str, month: int = 9) -> str:
    return f"2026-{month:02}-{day:02}T{clock}:00+08:00"


@pytest.fixture(scope="module")
def case(served: Served) -> tuple[str, str]:
    """The paths of a request and of its issue: returned once, extended, resolved late and checked."""
    receiver, dispatcher, roads = map(served.client, ("receiver", "dispatcher", "roads"))
    asked = done(
        receiver, "/requests", kind="help", place=GRID, category=LAMPS, text=SPOKEN, title="路灯不亮",
        requester={"name": "反映人甲", "phone": PHONE_NUMBER}, happened_at=china(28, "16:40"),
    )  # fmt: skip
    request = f"/requests/{asked['id']}"
    opened = done(receiver, f"{request}/open-issue", 1, happened_at=china(28, "16:45"))
    issue = f"/issues/{opened['id']}"
    done(receiver, f"{issue}/file", 2, happened_at=china(29, "09:00"))
    done(dispatcher, f"{issue}/assign", 3, lead=ROADS, happened_at=china(29, "10:20"))
    done(roads, f"{issue}/accept", 4, happened_at=china(29, "11:00"))
    done(roads, f"{issue}/ask-return", 5, code="not_our_duty", reason="灯杆属物业", happened_at=china(29, "15:00"))
    done(dispatcher, f"{issue}/refuse-return", 6, reason="已核实属市政", happened_at=china(30, "10:00"))
    done(roads, f"{request}/contact", 2, reached=True, happened_at=china(30, "11:00"))
    done(roads, f"{issue}/resolve", 7, measure="更换灯具", evidence=["照片-1"], happened_at=china(10, "09:00", 10))
    receipt = done(roads, f"{request}/feed-back", 3, reply="已更换灯具，请查看", happened_at=china(10, "09:30", 10))
    seen(receiver, issue, receipt)
    return request, issue


def test_a_case_tells_its_story_and_its_clocks(look: Look, served: Served, case: tuple[str, str]) -> None:
    looking = look("dispatcher")
    page = looking.page
    page.goto(case[1])
    expect(page.get_by_role("heading", level=1)).to_contain_text("路灯")
    steps = page.locator(".story > .step")
    expect(steps.last).to_contain_text("办理反馈（街道解决，已超时）：更换灯具")
    expect(steps.last).to_contain_text("roads岗（承办人，道路照明所）")
    expect(steps.nth(5)).to_contain_text("灯杆属物业")
    told = served.client("dispatcher").get(f"{case[1]}/clocks").json()["clocks"][0]
    expect(page.locator(".sentence").first).to_have_text(told["clock"]["why"])
    assert looking.barriers() == []
    assert looking.fits()
    page.locator(".voice a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("路灯不亮")
    expect(page.locator(".words").first).to_have_text(SPOKEN)
    expect(page.locator(".story .words")).to_have_text("已更换灯具，请查看")
    assert looking.barriers() == []


def test_a_ribbon_is_its_spans_on_one_ruler(look: Look, served: Served, case: tuple[str, str]) -> None:
    page = look("dispatcher").page
    page.goto(case[1])
    shown = served.client("dispatcher").get(f"{case[1]}/clocks").json()["clocks"][0]
    ribbon = page.locator(".ribbon").first
    pieces: list[list[float]] = ribbon.locator(".piece").evaluate_all(
        "all => all.map(one => [+one.dataset.number, one.getBoundingClientRect().width])"
    )
    lengths = [_length(span) for span in shown["spans"]]
    widths = [sum(width for number, width in pieces if number == n) for n in range(1, len(lengths) + 1)]
    assert sum(lengths) > 3600
    for length, width in zip(lengths, widths, strict=True):
        assert abs(width / sum(widths) - length / sum(lengths)) < 0.005
    paused = next(n for n, span in enumerate(shown["spans"], 1) if span["reason"] == "pause")
    told = ribbon.locator(f".piece[data-number='{paused}'] title").first
    expect(told).to_contain_text("申请退单：非本单位职责（灯杆属物业）", use_inner_text=False)
    expect(told).to_contain_text("工作日历 cn-office", use_inner_text=False)
    stage = page.locator("section.clock").first
    stage.focus()
    page.keyboard.press("ArrowRight")
    expect(stage.locator(".readout")).to_contain_text("计入")
    stage.locator("summary").click()
    expect(stage.locator("tbody tr")).to_have_count(len(lengths))


def _length(span: dict[str, Any]) -> float:
    return (datetime.fromisoformat(span["to"]) - datetime.fromisoformat(span["from"])).total_seconds()


def test_who_asked_is_shown_when_opened_and_that_is_on_record(
    look: Look, served: Served, case: tuple[str, str]
) -> None:
    page = look("receiver").page
    page.goto(case[0])
    assert PHONE_NUMBER not in page.content()
    before = len(_readings(served, case[0]))
    page.get_by_role("link", name="查看联系方式").click()
    expect(page.locator("#contact")).to_contain_text(PHONE_NUMBER)
    assert len(_readings(served, case[0])) == before + 1


def _readings(served: Served, request: str) -> list[dict[str, Any]]:
    at = served.run(lambda services: services.logs.holding(UUID(request.rpartition("/")[2])).last_position())
    asked = {"case": request.rpartition("/")[2], "wait": f"{DISTRICT}:{at}"}
    found = served.client("auditor").get("/audit/reads", params=asked).json()
    return [one for one in found if "phone" in one["fields"]]


def test_words_are_for_those_whose_work_needs_them(look: Look, case: tuple[str, str]) -> None:
    page = look("auditor").page
    for path in case:
        page.goto(path)
        assert SPOKEN not in page.content()
        assert "反映人甲" not in page.content()
    expect(page.get_by_text("内容已密封").first).to_be_visible()
    page.goto(f"{case[0]}?contact=true")
    assert PHONE_NUMBER not in page.content()


def test_who_may_not_see_a_case_is_told_there_is_none(look: Look, case: tuple[str, str]) -> None:
    page = look("elsewhere").page
    for path in case:
        answer = page.goto(path)
        assert answer
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("没有这个案件")
        assert "路灯" not in page.content()


def test_a_case_is_read_without_script_on_a_telephone_in_the_dark(look: Look, case: tuple[str, str]) -> None:
    looking = look("supervisor", viewport=PHONE, java_script_enabled=False, color_scheme="dark")
    looking.page.goto(case[1])
    expect(looking.page.locator(".ribbon").first).to_be_visible()
    expect(looking.page.locator(".story > .step").last).to_contain_text("办理反馈")
    looking.picture("case-phone-dark", whole=True)


def test_a_case_fits_a_telephone_and_paper(look: Look, case: tuple[str, str]) -> None:
    looking = look("dispatcher", viewport=PHONE, color_scheme="dark")
    looking.page.goto(case[1])
    assert looking.fits()
    assert looking.barriers() == []
    looking.page.emulate_media(media="print")
    looking.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(looking.page.locator(".spans table").first).to_be_visible()


def reported(served: Served, **given: Any) -> str:
    """The path of a filed issue."""
    receipt = done(served.client("worker"), "/issues", grid=GRID, category=LAMPS, text="路灯不亮", **given)
    issue = f"/issues/{receipt['id']}"
    seen(served.client("receiver"), issue, done(served.client("receiver"), f"{issue}/file", 1))
    return issue


def test_the_next_step_is_taken_on_the_page_and_reaches_the_next_in_line(look: Look, served: Served) -> None:
    issue = reported(served)
    page = look("dispatcher").page
    page.goto(issue)
    page.locator("summary", has_text="派遣").first.click()
    lead = page.get_by_role("combobox", name="主办单位")
    lead.fill("dlzm")
    expect(page.get_by_role("option", name="道路照明所")).to_be_visible()
    lead.press("Enter")
    expect(lead).to_have_value("道路照明所")
    page.get_by_role("button", name="派遣").click()
    expect(page.locator(".story > .step").last).to_contain_text("第 1 次派遣，主办：道路照明所")
    handler = look("roads").page
    handler.goto(issue)
    handler.get_by_role("button", name="签收").click()
    expect(handler.locator(".story > .step").last).to_contain_text("签收")
    handler.locator("summary", has_text="申请延期").click()
    handler.get_by_role("form", name="申请延期").get_by_label("理由（必填）").fill("灯杆须定制")
    handler.get_by_role("button", name="申请延期").click()
    expect(handler.locator(".story > .step").last).to_contain_text("申请延期")
    expect(handler.locator(".story > .step").last).to_contain_text("灯杆须定制")


def test_a_step_refused_is_told_in_words_and_leaves_what_was_typed(look: Look, served: Served) -> None:
    issue = reported(served)
    looking = look("dispatcher")
    page = looking.page
    page.goto(issue)
    page.locator("summary", has_text="派遣").first.click()
    page.get_by_role("combobox", name="主办单位").fill("道路照明")
    page.get_by_role("option", name="道路照明所").click()
    receipt = done(served.client("dispatcher-2"), f"{issue}/assign", 2, lead=ROADS)
    page.get_by_role("button", name="派遣").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("内容已被他人更新")
    expect(page.get_by_role("combobox", name="主办单位")).to_have_value("道路照明所")
    assert looking.barriers() == []
    seen(served.client("dispatcher"), issue, receipt)
    refusal.get_by_role("link", name="刷新页面").click()
    expect(page.locator(".story > .step").last).to_contain_text("第 1 次派遣")


def test_a_case_that_waits_for_others_says_so(look: Look, case: tuple[str, str]) -> None:
    page = look("roads").page
    page.goto(case[1])
    expect(page.get_by_role("button", name="核查")).to_have_count(0)
    expect(page.locator(".steps")).to_contain_text("此案现在不等您办理")


NAMES = {"short": "丁", "long": "阿不都热合曼·吾买尔江尼"}
"""Of staff of the roads office: one character, and twelve."""


@pytest.fixture(scope="module")
def pair(served: Served) -> dict[str, str]:
    """Two handlers of the roads office, by how long their names are: whoever asks does not endorse."""
    for code, name in NAMES.items():
        hire(served, code, name)
    return NAMES


def photo() -> bytes:
    """A picture of a lamp, drawn here."""
    picture = Image.new("RGB", (1200, 900), "#20303a")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((590, 300, 615, 900), fill="#8a9699")
    draw.ellipse((500, 180, 700, 330), fill="#f2c46d")
    kept = BytesIO()
    picture.save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture(scope="module")
def fine_case(served: Served, pair: dict[str, str]) -> str:
    """An issue over the National Day: once paused, once extended, resolved on a worked Saturday, with a picture."""
    receiver, dispatcher, roads = served.client("receiver"), served.client("dispatcher"), served.client("long")
    asked = done(
        receiver, "/requests", kind="help", place=GRID, category=LAMPS, text=SPOKEN, title="小区北门路灯不亮",
        happened_at=china(28, "16:40"),
    )  # fmt: skip
    opened = done(receiver, f"/requests/{asked['id']}/open-issue", 1, happened_at=china(28, "16:45"))
    issue = f"/issues/{opened['id']}"
    done(receiver, f"{issue}/file", 2, happened_at=china(29, "09:00"))
    done(dispatcher, f"{issue}/assign", 3, lead=ROADS, happened_at=china(29, "10:20"))
    done(roads, f"{issue}/accept", 4, happened_at=china(29, "11:00"))
    done(roads, f"{issue}/ask-return", 5, code="not_our_duty", reason="灯杆属物业", happened_at=china(29, "15:00"))
    done(dispatcher, f"{issue}/refuse-return", 6, reason="现场核实，灯杆属市政", happened_at=china(30, "10:00"))
    done(roads, f"{issue}/ask-extension", 7, reason="灯杆须定制", happened_at=china(30, "14:30"))
    done(served.client("short"), f"{issue}/endorse-extension", 8, happened_at=china(30, "15:10"))
    done(dispatcher, f"{issue}/grant-extension", 9, reason="情况属实", happened_at=china(30, "16:00"))
    taken = roads.post("/attachments", content=photo()).raise_for_status().json()["digest"]
    resolved = done(
        roads, f"{issue}/resolve", 10, measure="更换灯具和镇流器，夜间试灯正常", evidence=[taken],
        happened_at=china(10, "10:40", 10),
    )  # fmt: skip
    seen(receiver, issue, resolved)
    return issue


def test_a_ribbon_shows_what_was_paused_extended_off_and_worked(look: Look, fine_case: str) -> None:
    looking = look("verifier")
    page = looking.page
    page.goto(fine_case)
    ribbon = page.locator(".ribbon").first
    assert set(ribbon.locator(".sign").all_text_contents()) == {"停", "休", "班"}
    for kind in ("counted", "extended", "pause", "night", "holiday"):
        assert ribbon.locator(f".piece.{kind}").count() > 0, kind
    marks = ribbon.locator(".mark title")
    assert [text.partition("：")[0] for text in marks.all_text_contents()] == ["原到期", "到期", "停止"]
    expect(page.locator(".pictures img")).to_have_js_property("naturalWidth", 320)
    expect(page.locator(".story > .step").last).to_contain_text(NAMES["long"])
    looking.picture("case-desk")
    assert looking.barriers() == []
    looking.page.set_viewport_size({"width": 720, "height": 450})  # as 1440 at 200 %
    assert looking.fits()
    page.locator(".aside > section").first.screenshot(path=PICTURES / "case-ribbons.png")


def test_a_case_of_forty_steps_is_read_to_its_end(look: Look, served: Served, pair: dict[str, str]) -> None:
    issue = reported(served)
    done(served.client("dispatcher"), f"{issue}/assign", 2, lead=ROADS)
    for nth in range(19):
        done(served.client("short"), f"{issue}/ask-return", 3 + 2 * nth, code="needs_lead", reason="须他单位牵头")
        receipt = done(served.client("dispatcher"), f"{issue}/refuse-return", 4 + 2 * nth, reason="请继续办理")
    seen(served.client("dispatcher"), issue, receipt)
    looking = look("dispatcher", viewport=PHONE)
    looking.page.goto(issue)
    assert looking.page.locator(".step").count() >= 41
    assert looking.fits()
    assert looking.barriers() == []
