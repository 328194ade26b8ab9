"""The auditor's film: stepping, what each step changed, proofs that are really looked at, and a forgery that shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from domain.actor import Act
from tests import case_calls as calls
from tests import town
from tests.browser.auditing import broken, forged, newest, positions, resolved, sealed, storied
from tests.browser.looking import DESK, PHONE, Looking
from tests.served import Served

Look = Callable[..., Looking]
LONG = "更换灯泡，夜里试亮正常。" * 333 + "完毕。"


@pytest.fixture(scope="module")
def case(served: Served) -> str:
    """Six steps, sealed."""
    found = resolved(served, measure=LONG, text=LONG)
    sealed(served)
    return found


@pytest.fixture(scope="module")
def long_case(served: Served) -> str:
    """Forty steps: given back and dispatched again and again."""
    issue = calls.dispatch(served, calls.receive(served))
    roads, dispatcher = served.client("roads"), served.client("dispatcher")
    version = 4
    for turn in range(12):
        minutes = 20 + turn * 10
        calls.done(
            roads,
            f"{issue}/ask-return",
            version,
            code="not_our_duty",
            reason="非本单位职责",
            happened_at=calls.at(minutes),
        )
        last = calls.done(
            dispatcher,
            f"{issue}/refuse-return",
            version + 1,
            reason="仍由你单位办理",
            happened_at=calls.at(minutes + 2),
        )
        version = last["version"]
    calls.seen(served.client("auditor"), issue, last)
    sealed(served)
    return issue.rpartition("/")[2]


def verdicts(page: Page) -> list[str]:
    """What the strip says of each step."""
    return [text.split()[-1] for text in page.locator(".frame .mark").all_inner_texts()]


def test_a_case_is_stepped_through_by_links_and_keys(look: Look, served: Served, case: str) -> None:
    looking = look("auditor")
    page, where = looking.page, positions(served, case)
    page.goto(f"/audit/cases/{case}?at={where[0]}")
    expect(page.locator(".where")).to_have_text("第 1 / 6 步")
    page.get_by_role("link", name="下一步").click()
    expect(page.locator(".where")).to_have_text("第 2 / 6 步")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".where")).to_have_text("第 3 / 6 步")
    page.keyboard.press("End")
    expect(page.locator(".where")).to_have_text("第 6 / 6 步")
    assert page.url.endswith(f"at={where[-1]}")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".where")).to_have_text("第 5 / 6 步")
    page.go_back()
    expect(page.locator(".where")).to_have_text("第 6 / 6 步")
    scrubber = page.get_by_role("slider", name="第几步")
    scrubber.fill("4")
    expect(page.locator("h2#h-event")).to_contain_text("派遣")
    expect(page.get_by_role("status")).to_contain_text("第 4 步，共 6 步：派遣，已证实")
    expect(scrubber).to_be_focused()
    assert looking.barriers() == []
    assert looking.fits()


def test_each_step_shows_what_is_stored_what_it_changed_and_never_the_words(
    look: Look, served: Served, case: str
) -> None:
    page = look("auditor").page
    where = positions(served, case)
    page.goto(f"/audit/cases/{case}?at={where[4]}")
    row = page.locator(".diff tr", has_text="环节")
    expect(row.locator("del")).to_contain_text("派遣")
    expect(row.locator("ins")).to_contain_text("签收")
    expect(page.locator(".told")).to_have_text("签收")
    expect(page.locator(".stored")).to_contain_text("2026年11月2日 09:20:00")


def test_a_whole_story_is_a_strip_of_its_own(look: Look, served: Served) -> None:
    case = storied(served)
    sealed(served)
    looking = look("auditor")
    page = looking.page
    page.goto(f"/audit/cases/{case}?step=10")
    expect(page.locator("h2#h-event")).to_contain_text("返工")
    expect(page.locator(".diff tr", has_text="轮次").locator("del")).to_have_text("原为 1")
    assert set(verdicts(page)) == {"已证实"}
    looking.picture("audit-film-desk")
    page.emulate_media(media="print")
    assert looking.fits()
    expect(page.locator(".transport .button").first).to_be_hidden()
    dark = look("auditor", color_scheme="dark")
    dark.page.goto(f"/audit/cases/{case}?step=10")
    assert dark.barriers() == []
    dark.picture("audit-film-dark")


def test_what_people_said_is_shown_as_sealed_with_its_commitment(look: Look, served: Served) -> None:
    request = calls.receive(served, text=LONG, requester={"name": "反映人欧阳某", "phone": "13912345678"})
    answer = served.client("auditor").get(request, params={"wait": f"150785:{newest(served)}"})
    assert answer.status_code == 200
    page = look("auditor").page
    first = page.goto(f"/audit/cases/{request.rpartition('/')[2]}")
    assert first
    sealed = page.locator(".fields .sealed")
    expect(sealed).to_have_count(3)
    expect(sealed.first).to_contain_text("已封存")
    assert all(len(hash.strip()) == 64 for hash in sealed.locator(".hash").all_inner_texts())
    for word in ("夜里试亮", "欧阳", "13912345678"):
        assert word not in first.text()


def test_a_film_fits_a_telephone_and_reads_without_scripts(look: Look, case: str) -> None:
    looking = look("auditor", viewport=PHONE, java_script_enabled=True, color_scheme="dark")
    looking.page.goto(f"/audit/cases/{case}")
    expect(looking.page.locator(".verdict strong")).to_have_text("已证实")
    assert looking.fits()
    assert looking.barriers() == []
    looking.picture("audit-film-phone", whole=True)
    long = looking.page.locator(".fields details", has_text="更换灯泡")
    expect(looking.page.locator(".told")).to_contain_text("全文见下")
    long.locator("summary").click()
    expect(long).to_contain_text(LONG)
    assert looking.fits()
    plain = look("auditor", java_script_enabled=False).page
    plain.goto(f"/audit/cases/{case}")
    plain.get_by_role("link", name="首步", exact=True).click()
    expect(plain.locator(".where")).to_have_text("第 1 / 6 步")
    expect(plain.locator(".diff ins").first).to_be_visible()


def test_a_case_of_many_steps_is_shown_whole_and_a_new_step_waits_for_its_seal(
    look: Look, served: Served, long_case: str
) -> None:
    looking = look("auditor", viewport=DESK)
    page = looking.page
    page.goto(f"/audit/cases/{long_case}")
    count = len(positions(served, long_case))
    assert count >= 28
    assert verdicts(page) == ["已证实"] * count
    assert looking.fits()
    calls.done(served.client("roads"), f"/issues/{long_case}/accept", count, happened_at=calls.at(400))
    page.goto(f"/audit/cases/{long_case}")
    assert verdicts(page)[-1] == "待封存"
    expect(page.locator(".verdict strong")).to_have_text("待封存")
    sealed(served)
    page.reload()
    expect(page.locator(".verdict strong")).to_have_text("已证实")


def test_two_moments_stand_side_by_side(look: Look, served: Served, case: str) -> None:
    looking = look("auditor")
    where = positions(served, case)
    looking.page.goto(f"/audit/cases/{case}/difference?from={where[0]}&to={where[-1]}")
    expect(looking.page.locator(".diff tr", has_text="主办单位").locator("ins")).to_contain_text("道路照明所")
    expect(looking.page.locator(".between li")).to_have_count(5)
    assert looking.barriers() == []
    looking.page.goto(f"/audit/cases/{case}/difference?from={where[2]}&to={where[2]}")
    expect(looking.page.locator("main")).to_contain_text("两个时刻之间没有变化")


def test_only_auditors_and_administrators_look_and_within_their_area(served: Served, look: Look, case: str) -> None:
    for staff in ("worker", "supervisor"):
        page = look(staff).page
        answer = page.goto(f"/audit/cases/{case}")
        assert answer
        assert answer.status == 403

    async def hire(services: object) -> None:
        await services.staff.join(  # type: ignore[attr-defined]
            Act(town.ADMIN, town.START), code="west-auditor", name="西街道审计岗", unit="U-CENTRE",
            roles=["auditor"], areas=[town.OTHER_STREET],
        )  # fmt: skip
        await services.sign_in.register("west-auditor", "west-auditor", "lange genug für alle")  # type: ignore[attr-defined]

    served.run(hire)
    served.passwords["west-auditor"] = "lange genug für alle"
    page = look("west-auditor").page
    answer = page.goto(f"/audit/cases/{case}")
    assert answer
    assert answer.status == 404
    expect(page.locator("main")).not_to_contain_text("道路照明所")


def test_a_forgery_shows_at_its_very_position_and_nowhere_else(look: Look, served: Served) -> None:
    case = resolved(served)
    sealed(served)
    where = positions(served, case)
    with forged(served, where[4]):
        looking = look("auditor")
        page = looking.page
        page.goto(f"/audit/cases/{case}?at={where[4]}")
        assert verdicts(page) == ["已证实"] * 4 + ["不符", "已证实"]
        expect(page.locator(".verdict strong")).to_have_text("不符")
        expect(page.get_by_role("alert")).to_contain_text(f"位置 {where[4]}")
        expect(page.get_by_role("alert")).to_contain_text("不是当初封存的那一条")
        looking.picture("audit-tampered")
        assert looking.barriers() == []


@pytest.mark.parametrize(
    ("was", "told"), [('"measure":', '"measur":'), ('"role":"handler"', '"role":"nobody"'), ("{", "")]
)
def test_a_step_that_cannot_be_read_any_more_is_shown_as_it_is_with_its_proof(
    look: Look, served: Served, case: str, was: str, told: str
) -> None:
    where = positions(served, case)
    page = look("auditor").page
    with broken(served, where[5], was, told):
        page.goto(f"/audit/cases/{case}?at={where[5]}")
        assert verdicts(page) == ["已证实"] * 5 + ["不符"]
        expect(page.locator(".proof .verdict strong")).to_have_text("不符")
        expect(page.get_by_role("alert").first).to_contain_text("读不出来")
        page.locator(".frame").nth(3).click()
        expect(page.locator(".verdict strong")).to_have_text("已证实")
