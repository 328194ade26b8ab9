"""Every look at what is sealed is listed, and who was forgotten, with the proof of the certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import case_calls as calls
from tests import town
from tests.browser.auditing import newest, resolved, sealed
from tests.browser.looking import PHONE, Looking
from tests.served import Served

Look = Callable[..., Looking]
TOLD: dict[str, Any] = {"requester": {"name": "反映人欧阳某", "phone": "13912345678"}}


def put_on_record(served: Served) -> None:
    """What was read of lists, which waits some seconds; and the boards show it."""

    async def flush(services: object) -> None:
        await services.readings.flush()  # type: ignore[attr-defined]

    served.run(flush)
    position = newest(served)
    served.run(lambda services: services.reach(town.DISTRICT, position))


def test_each_look_at_what_is_sealed_is_listed_and_leads_to_its_event(look: Look, served: Served) -> None:
    path = calls.receive(served, **TOLD)
    assert served.client("receiver").get(path, params={"wait": f"150785:{newest(served)}"}).status_code == 200
    put_on_record(served)
    sealed(served)
    looking = look("auditor")
    page = looking.page
    page.goto("/audit/reads")
    row = page.locator("tbody tr", has_text="打开反映人信息").first
    expect(row).to_contain_text("receiver岗")
    expect(row).to_contain_text("电话")
    assert looking.barriers() == []
    assert looking.fits()
    page.goto(f"/audit/reads?case={path.rpartition('/')[2]}&by=receiver")
    page.locator("tbody th a").first.click()
    expect(page.locator("h1")).to_contain_text("reading.recorded")
    expect(page.locator(".verdict strong")).to_have_text("已证实")
    assert "13912345678" not in page.content()
    page.goto("/audit/reads?by=nobody")
    expect(page.locator(".empty")).to_be_visible()
    admin = look("admin").page
    answer = admin.goto("/audit/reads")
    assert answer
    assert answer.status == 403
    admin.goto("/audit")
    expect(admin.get_by_role("link", name="阅览记录")).to_have_count(0)


def test_a_position_of_no_case_is_shown_with_its_proof_and_one_of_a_case_is_its_film(
    look: Look, served: Served
) -> None:
    sealed(served)
    looking = look("auditor", viewport=PHONE)
    page = looking.page
    page.goto(f"/audit?q={town.CITY}-3")
    expect(page.locator("h1")).to_contain_text("1507 位置 3")
    expect(page.locator(".verdict strong")).to_have_text("已证实")
    assert looking.fits()
    assert looking.barriers() == []
    case = resolved(served)
    position = newest(served)
    page.goto(f"/audit/events/{town.DISTRICT}/{position}")
    assert page.url.endswith(f"/audit/cases/{case}?at={position}")


def test_the_forgotten_are_listed_with_a_certificate_that_is_proven(
    look: Look, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = calls.receive(served, **TOLD)
    calls.done(served.client("receiver"), f"{path}/answer", 1, reply="已答复", happened_at=calls.at(5))
    monkeypatch.setattr(served.house.services.erasing, "_retention", timedelta())
    order = {"case": path.rpartition("/")[2], "reason": "本人申请，处理目的已实现"}
    assert served.client("auditor").post("/audit/erasures", json=order).json()["stage"] == "certified"
    held = calls.receive(served, **TOLD).rpartition("/")[2]
    served.client("auditor").post("/audit/erasures/hold", json={"case": held, "reason": "诉讼"}).raise_for_status()
    sealed(served)
    looking = look("auditor")
    page = looking.page
    page.goto("/audit/erasures")
    card = page.locator(".shelf li", has_text=order["case"])
    expect(card).to_contain_text("已出具证明")
    expect(card).to_contain_text("已证实")
    expect(page.locator(".shelf li", has_text=held)).to_contain_text("依法保全中")
    assert looking.barriers() == []
    looking.picture("audit-erasures", whole=True)
    card.get_by_role("link", name="遗忘证明在位置").click()
    expect(page.locator("h1")).to_contain_text("erasure.certified")
    expect(page.locator(".verdict strong")).to_have_text("已证实")
