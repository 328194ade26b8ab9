"""诉求查询 in a browser: on a telephone, with scripts and without, from the slip or a link to the thanks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.conftest import Look
from tests.browser.looking import PHONE
from tests.case_calls import done
from tests.followed_case import MEASURE, caught_up, handled, received
from tests.served import Served

COMMENT = "谢谢，灯亮了，就是夜里偶尔还闪"


def enter(page: Page, receipt: dict[str, Any]) -> None:
    """As from a slip: number and code typed by hand."""
    page.goto("/follow")
    page.get_by_label("案件号").fill(receipt["number"].replace("-", "－"))
    page.get_by_label("查询码").fill(receipt["follow_code"].lower().replace("-", " "))
    page.get_by_role("button", name="查询", exact=True).click()
    page.wait_for_url(f"**/follow/{receipt['number']}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_slip_to_thanks_on_a_telephone(look: Look, served: Served, scripts: bool) -> None:
    photo = pictures.photo((640, 480), color=(20, 60 + scripts, 40))
    after = served.client("roads").post("/attachments", content=photo).raise_for_status().json()["digest"]
    receipt = handled(served, minutes=10 * scripts, evidence=[after])
    looking = look(None, viewport=PHONE, java_script_enabled=scripts)
    page = looking.page
    with page.expect_response(f"**/pictures/{after}/thumbnail") as shown:
        enter(page, receipt)
        page.get_by_alt_text("处置照片").scroll_into_view_if_needed()
    assert (shown.value.status, shown.value.headers["content-type"]) == (200, "image/jpeg")
    expect(page.get_by_role("heading", level=1)).to_have_text("道路照明所已办理，正在核查。")
    expect(page.get_by_text(MEASURE)).to_be_visible()
    assert page.locator(".steps li").all_inner_texts()[3].startswith("办完")
    assert "路灯三天不亮" not in page.content()  # whoever finds the slip does not read what was said
    for name in ("没有联系", "部分解决", "基本满意"):
        page.get_by_label(name).check()
    page.get_by_label("想说的话").fill(COMMENT)
    if scripts:
        assert looking.fits()
        assert looking.barriers() == []
        looking.picture("follow-rating-phone", whole=True)
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您的评价")
    assert page.url.endswith(f"/follow/{receipt['number']}")
    expect(page.get_by_text("部分解决")).to_be_visible()
    if scripts:
        assert looking.barriers() == []
        looking.picture("follow-thanks-phone", whole=True)
    page.reload()  # nothing is sent again
    expect(page.get_by_role("status")).to_be_visible()
    details = served.client("verifier").get(f"/requests/{receipt['id']}").json()
    assert (details["request"]["said_solved"], details["details"]["comment_3"]) == ("partly", COMMENT)
    page.get_by_role("button", name="查询完毕，退出").click()
    page.goto(f"/follow/{receipt['number']}")
    expect(page.get_by_label("查询码")).to_be_visible()


def test_a_link_opens_the_case_and_its_code_is_gone_from_the_address(look: Look, served: Served) -> None:
    receipt = received(served)
    looking = look(None, viewport=PHONE)
    asked: list[str] = []
    looking.page.on("request", lambda request: asked.append(request.url))
    looking.page.goto(receipt["follow_path"])
    expect(looking.page.get_by_role("heading", level=1)).to_have_text("您反映的事项已受理，正在确定由谁办理。")
    assert looking.page.url.endswith(f"/follow/{receipt['number']}")
    assert not any(receipt["follow_code"] in url for url in asked)
    looking.page.goto("/follow")
    looking.page.goto(receipt["follow_path"])  # who is in already is not asked again
    expect(looking.page).to_have_url(f"{served.url}/follow/{receipt['number']}")
    (cookie,) = looking.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/follow")
    assert looking.barriers() == []


def test_a_link_with_a_wrong_code_says_so_once(look: Look, served: Served) -> None:
    receipt, other = received(served), received(served, 1)
    page = look(None, viewport=PHONE).page
    page.goto(f"/follow/{receipt['number']}#{other['follow_code']}")
    expect(page.get_by_role("alert")).to_contain_text("编号或查询码不正确")
    expect(page.get_by_label("案件号")).to_have_value(receipt["number"])
    expect(page.get_by_label("查询码")).to_have_value("")


def test_what_is_missing_is_asked_for_with_the_rest_kept(look: Look, served: Served) -> None:
    receipt = handled(served, minutes=30)
    looking = look(None, viewport=PHONE)
    page = looking.page
    enter(page, receipt)
    page.evaluate("document.querySelector('form.rating').noValidate = true")
    page.get_by_label("未解决").check()
    page.get_by_label("想说的话").fill(COMMENT)
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("alert")).to_contain_text("请回答：承办单位联系过您吗？")
    expect(page.get_by_label("未解决")).to_be_checked()
    expect(page.get_by_label("想说的话")).to_have_value(COMMENT)
    assert looking.barriers() == []


def test_before_the_limit_the_page_says_when_to_come_back(look: Look, served: Served) -> None:
    receipt = received(served)
    caught_up(served, done(served.client("dispatcher"), f"/requests/{receipt['id']}/dispatch", 1))
    looking = look(None)
    enter(looking.page, receipt)
    expect(looking.page.get_by_text("届满后请您再来评价")).to_be_visible()
    expect(looking.page.get_by_role("heading", level=1)).to_have_text("已派给道路照明所，等待签收。")
    assert looking.page.get_by_role("button", name="提交评价").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_in_light_and_dark_twice_as_large_and_on_paper(look: Look, served: Served, scheme: str) -> None:
    receipt = handled(served, minutes=40, resolve=False)
    looking = look(None, viewport=(180, 370), color_scheme=scheme)  # 360 by 740 at 200 %
    enter(looking.page, receipt)
    expect(looking.page.get_by_text("已超过办理时限", exact=True)).to_be_visible()
    assert looking.fits()
    assert looking.barriers() == []
    looking.page.emulate_media(media="print")
    expect(looking.page.get_by_role("button", name="提交评价")).to_be_hidden()
    expect(looking.page.get_by_text("承办单位", exact=True)).to_be_visible()


# --- what no browser of ours would send ----------------------------------------------------------


@contextmanager
def inside(served: Served, receipt: dict[str, Any], address: str = "203.0.113.50") -> Iterator[httpx.Client]:
    """A client with a pass."""
    with httpx.Client(base_url=served.url, headers={"X-Forwarded-For": address}, timeout=30) as client:
        answer = client.post("/follow", data={"number": receipt["number"], "code": receipt["follow_code"]})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/follow/{receipt['number']}?entered=1")
        yield client


def test_a_pass_is_of_one_case_and_no_other_site_uses_it(served: Served) -> None:
    mine, other = handled(served, minutes=50), received(served, 51)
    answers = {"contacted": "yes", "solved": "solved", "satisfaction": "satisfied"}
    with inside(served, mine) as client:
        assert "查询码共八位" in client.get(f"/follow/{other['number']}").text
        path = f"/follow/{mine['number']}/answer"
        for csrf in ({}, {"csrf": "0" * 64}):
            assert client.post(path, data=answers | csrf).status_code == 403
        proof = client.get(f"/follow/{mine['number']}").text.split('name="csrf" value="')[1][:64]
        wrong = client.post(f"/follow/{other['number']}/answer", data=answers | {"csrf": proof})
        assert "查询码共八位" in wrong.text
        assert client.post(path, data=answers | {"csrf": proof}).status_code == 303
        assert client.post(path, data=answers | {"csrf": proof}).status_code == 303  # pressed twice, heard once
        again = client.post(path, data=answers | {"csrf": proof, "solved": "unsolved"})
        assert (again.status_code, "已收到您的评价" in again.text) == (409, True)


def test_an_altered_or_older_pass_opens_nothing(served: Served) -> None:
    receipt = received(served)
    with inside(served, receipt, "203.0.113.51") as client:
        value = client.cookies["wangge_follow"]
        seconds, _, proof = value.partition(".")
        for altered in (f"{int(seconds) + 1}.{proof}", f"1.{proof}", "", ".", "x.y", f"{'9' * 500}.{proof}"):
            answer = httpx.get(f"{served.url}/follow/{receipt['number']}", cookies={"wangge_follow": altered})
            assert "查询码共八位" in answer.text
            assert answer.status_code == 200


def test_who_keeps_no_cookie_and_who_took_too_long_are_told_so(served: Served) -> None:
    receipt = handled(served, minutes=80)
    with inside(served, receipt, "203.0.113.54") as client:
        assert (
            client.get(f"/follow/{receipt['number']}?entered=1").headers["location"] == f"/follow/{receipt['number']}"
        )
        client.cookies.clear()
        forgetful = client.get(f"/follow/{receipt['number']}?entered=1").text
        assert "浏览器没有保存查询凭证" in forgetful
        late = client.post(f"/follow/{receipt['number']}/answer", data={"contacted": "yes", "csrf": "0" * 64})
        assert "查询已过期" in late.text
        assert receipt["number"] in late.text


def test_other_sites_neither_enter_nor_leave_for_anybody(served: Served) -> None:
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("/follow", "/follow/leave"):
        assert httpx.post(f"{served.url}{path}", data={}, headers=elsewhere).status_code == 403


def test_who_guesses_is_told_to_wait(served: Served) -> None:
    mine, other = received(served), received(served, 1)
    headers = {"X-Forwarded-For": "203.0.113.77"}
    wrong = {"number": mine["number"], "code": other["follow_code"]}
    statuses = {httpx.post(f"{served.url}/follow", data=wrong, headers=headers).status_code for _ in range(20)}
    assert statuses == {404}
    answer = httpx.post(f"{served.url}/follow", data=wrong, headers=headers)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3_000
    assert "查询失败次数过多" in answer.text


@pytest.mark.parametrize("comment", ["长" * 501, "前\x07后"])
def test_a_sentence_that_cannot_be_kept_is_told_and_kept_in_the_form(served: Served, comment: str) -> None:
    receipt = handled(served, minutes=60)
    answers = {"contacted": "yes", "solved": "solved", "satisfaction": "satisfied", "comment": comment}
    with inside(served, receipt, "203.0.113.52") as client:
        proof = client.get(f"/follow/{receipt['number']}").text.split('name="csrf" value="')[1][:64]
        answer = client.post(f"/follow/{receipt['number']}/answer", data=answers | {"csrf": proof})
    assert answer.status_code == 422
    assert "还没有提交" in answer.text


def test_staff_and_auditors_see_that_the_requester_rated(look: Look, served: Served) -> None:
    receipt = handled(served, minutes=70)
    answers = {"contacted": "no", "solved": "unsolved", "satisfaction": "dissatisfied", "comment": COMMENT}
    with inside(served, receipt, "203.0.113.53") as client:
        proof = client.get(f"/follow/{receipt['number']}").text.split('name="csrf" value="')[1][:64]
        client.post(f"/follow/{receipt['number']}/answer", data=answers | {"csrf": proof})
    told = "反映人自评，单位未联系，未解决，不满意"
    staff, auditor = look("verifier"), look("auditor")
    staff.page.goto(f"/requests/{receipt['id']}")
    expect(staff.page.get_by_text(told)).to_be_visible()
    expect(staff.page.get_by_text(COMMENT)).to_be_visible()
    assert staff.page.get_by_text("反映人（反映人）").count() == 0
    auditor.page.goto(f"/audit/cases/{receipt['id']}")
    expect(auditor.page.get_by_text(told).first).to_be_visible()
    assert COMMENT not in auditor.page.content()
