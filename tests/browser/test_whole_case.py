"""One case from the kerb to the requester's own answer, page by page, by the people whose pages they are.

It begins ten days ago, so that its limit has ended by today: the service's clock is set, everything else is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from interfaces import wiring
from tests.browser.conftest import Look
from tests.browser.kerb import Kerb, now_shown, photo
from tests.browser.looking import PHONE
from tests.served import Served

SAID = "小区北门的路灯半个月不亮了，老人晚上不敢出门"
MEASURE = "更换灯头和接触器，夜间复查已亮"


class Clock:
    """The service's clock: real, but for how far it is behind."""

    behind = timedelta(days=10)

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


@pytest.fixture(scope="module", autouse=True)
def clock() -> Iterator[Clock]:
    """Set before the service is wired."""
    with pytest.MonkeyPatch.context() as patch:
        set_back = Clock()
        patch.setattr(wiring, "now", set_back)
        yield set_back


def order(page: Page, name: str) -> Locator:
    """The form of an order, unfolded."""
    form = page.get_by_role("form", name=name, exact=True)
    if form.is_hidden():
        page.locator("summary", has_text=name).first.click()
    return form


def sent(kerb: Kerb) -> None:
    expect(kerb.strip).to_contain_text("✓ 已发送")


def reported_by_the_worker(look: Look, served: Served) -> tuple[str, str, str]:
    """The issue, and the number and code that the worker tells the resident."""
    kerb = Kerb(look, served)
    kerb.fill("北门路灯不亮", photos=1)
    kerb.page.get_by_label("查找类别").fill("ludeng")
    kerb.page.locator("[data-hits=category]").get_by_role("button", name="路灯").click()
    kerb.page.get_by_text("居民反映", exact=True).click()
    kerb.page.get_by_label("反映内容").fill(SAID)
    kerb.page.get_by_label("电话").fill("13600000000")
    kerb.offline()
    kerb.send()
    expect(kerb.strip).to_have_text("离线，已保存 1 件")
    kerb.offline(False)
    sent(kerb)
    kerb.waiting()
    ticket = kerb.page.locator(".ticket").inner_text()
    number, code = ticket.partition("案件号 ")[2].split("，查询码 ")
    receiver = served.client("receiver")
    (request,) = receiver.get("/requests", params={"text": "老人晚上", **now_shown(served)}).json()["items"]
    return request["issue"], number, code


def dispatched(look: Look, served: Served, issue: str) -> None:
    page = look("dispatcher").page
    page.goto(f"/desk/issues/{issue}?wait={now_shown(served)['wait']}")
    order(page, "立案").get_by_role("button", name="立案").click()
    expect(page.locator(".brief")).to_contain_text("立案：路灯")
    order(page, "派遣").get_by_role("button", name="派遣").click()
    page.wait_for_url(lambda url: issue not in url)


def handled(look: Look, served: Served, issue: str) -> None:
    kerb = Kerb(look, served, "roads")
    card = kerb.page.locator(f"#case-{issue}")
    card.get_by_role("button", name="签收").click()
    card.locator(".doing").get_by_role("button", name="签收").click()
    sent(kerb)
    card.get_by_role("button", name="办结反馈").click()
    card.get_by_label("办理措施").fill(MEASURE)
    card.locator("input[type=file]").set_input_files([photo(red=30)])
    expect(card.locator(".doing img")).to_have_count(1)
    card.locator(".doing").get_by_role("button", name="办结反馈").click()
    expect(kerb.strip).to_contain_text("✓ 已发送 2 件")


def checked(look: Look, served: Served, issue: str) -> None:
    page = look("verifier").page
    page.goto(f"/issues/{issue}?wait={now_shown(served)['wait']}")
    form = order(page, "核查")
    form.get_by_label("通过", exact=True).check()
    form.get_by_role("button", name="核查").click()
    expect(page.locator(".story")).to_contain_text("核查通过")


def rated_by_the_requester(look: Look, number: str, code: str) -> None:
    looking = look(None, viewport=PHONE)
    page = looking.page
    page.goto("/follow")
    page.get_by_label("案件号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text(MEASURE)).to_be_visible()
    for answer in ("没有联系", "解决", "满意"):
        page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您的评价")
    assert looking.barriers() == []


def test_from_the_kerb_to_the_requesters_own_answer(look: Look, served: Served, clock: Clock) -> None:
    issue, number, code = reported_by_the_worker(look, served)
    dispatched(look, served, issue)
    handled(look, served, issue)
    checked(look, served, issue)
    clock.behind = timedelta()
    rated_by_the_requester(look, number, code)
    served.sign_out()  # the tokens of ten days ago have run out
    assert story_of_the_request(served)[-1]["topic"] == "request.called_back"
    page = look("supervisor").page
    page.goto(f"/issues/{issue}")
    expect(page.locator(".story")).to_contain_text("核查通过")
    page.locator(".voice a").click()
    expect(page.locator(".story")).to_contain_text("自评")


def story_of_the_request(served: Served) -> list[dict[str, str]]:
    receiver = served.client("receiver")
    (request,) = receiver.get("/requests", params={"text": "老人晚上", **now_shown(served)}).json()["items"]
    steps: list[dict[str, str]] = receiver.get(f"/requests/{request['id']}/timeline").json()
    return steps
