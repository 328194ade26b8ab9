"""The export shelf: asked for on the page, verified by the verifier alone, taken away and verified there again."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from application.audit import exports
from tests import town
from tests.browser.auditing import forged, newest, positions, resolved, sealed
from tests.browser.looking import PHONE, Looking
from tests.served import Served

Look = Callable[..., Looking]
DONE_MS = 60_000


@pytest.fixture(scope="module")
def case(served: Served) -> str:
    """Six steps, sealed."""
    found = resolved(served)
    sealed(served)
    return found


def asked(page: Page, reason: str, **given: str) -> Locator:
    """The card of an export asked for on the form, once it is finished."""
    page.goto("/audit/exports" + (f"?case={given['case']}" if "case" in given else ""))
    if "first" in given:
        page.get_by_label("一段").check()
        page.get_by_label("自位置").fill(given["first"])
        page.get_by_label("至位置").fill(given["last"])
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="导出并核验").click()
    card = page.locator(".shelf li", has_text=reason)
    expect(card.get_by_role("button", name="移除")).to_be_visible(timeout=DONE_MS)
    return card


def taken_away(page: Page, card: Locator, folder: Path) -> Path:
    """The bundle, unpacked somewhere else."""
    with page.expect_download() as download:
        card.get_by_role("link", name="取走").click()
    with zipfile.ZipFile(download.value.path()) as packed:
        packed.extractall(folder)
    (bundle,) = folder.iterdir()
    return bundle


def told(bundle: Path, verifier: Path, *more: str) -> dict[str, Any]:
    """What the standalone verifier says, run with nothing of ours around."""
    command = [sys.executable, "-I", str(verifier), str(bundle), "--json", *more]
    done = subprocess.run(command, capture_output=True, check=False, env={})
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["ok"] else 1)
    return found


def test_a_log_is_exported_verified_taken_away_and_verified_again(
    look: Look, served: Served, case: str, tmp_path: Path
) -> None:
    looking = look("auditor")
    page = looking.page
    card = asked(page, "年度审计，整本核对")
    expect(card).to_contain_text("核验成立")
    expect(card).to_contain_text("auditor岗")
    assert looking.barriers() == []
    assert looking.fits()
    looking.picture("audit-shelf", whole=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="verifier.py").click()
    verifier = tmp_path / "verifier.py"
    download.value.save_as(verifier)
    card.get_by_text("在别处重做的命令").click()
    key = card.locator(".command").inner_text().split("--key '")[1].split("'")[0]
    found = told(taken_away(page, card, tmp_path / "away"), verifier, "--key", key)
    assert (found["ok"], found["events"]) == (
        True,
        newest(served) if found["events"] == newest(served) else found["events"],
    )
    assert found["events"] >= positions(served, case)[-1]
    card.get_by_role("button", name="移除").click()
    expect(page.locator(".shelf li", has_text="年度审计，整本核对")).to_have_count(0)


def test_a_case_and_a_part_are_exported_alone(look: Look, case: str, tmp_path: Path) -> None:
    page = look("auditor", java_script_enabled=False).page
    page.goto(f"/audit/exports?case={case}")
    page.get_by_label("理由").fill("核对一案")
    page.get_by_role("button", name="导出并核验").click()
    card = page.locator(".shelf li", has_text="核对一案")
    for _ in range(300):
        page.reload()
        if card.get_by_role("link", name="取走").count():
            break
        page.wait_for_timeout(100)
    expect(card).to_contain_text("核验成立：6 条事件")
    bundle = taken_away(page, card, tmp_path / "case")
    assert json.loads((bundle / "manifest.json").read_text("utf-8"))["case"] == case
    part = asked(look("admin").page, "核对一段", first="2", last="4")
    expect(part).to_contain_text("核验成立：3 条事件")


def test_an_export_of_a_forgery_does_not_hold_and_names_the_position(
    look: Look, served: Served, tmp_path: Path
) -> None:
    case = resolved(served)
    sealed(served)
    position = positions(served, case)[4]
    looking = look("auditor", viewport=PHONE, color_scheme="dark")
    with forged(served, position):
        card = asked(looking.page, "怀疑被改")
    expect(card).to_contain_text(f"核验不成立，最先出错的位置：{position}")
    expect(card).to_contain_text("与封存时不符")
    assert looking.fits()
    assert looking.barriers() == []
    verifier = Path(__file__).parents[2] / "interfaces" / "cli" / "verifier.py"
    found = told(taken_away(looking.page, card, tmp_path / "away"), verifier)
    assert found["first_bad"]["position"] == position


def test_what_is_asked_wrongly_is_told_on_the_form_and_asking_is_on_record(
    look: Look, served: Served, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = look("auditor").page
    page.goto("/audit/exports")
    page.get_by_label("一个案件").check()
    page.get_by_label("案件标识").fill("150785-1")
    page.get_by_label("理由").fill("核对")
    page.get_by_role("button", name="导出并核验").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("理由")).to_have_value("核对")
    asked(page, "查阅有记录", case=case)
    readings = served.client("auditor").get(
        "/audit/reads", params={"case": case, "wait": f"{town.DISTRICT}:{newest(served)}"}
    )
    assert ("export", "查阅有记录", "auditor") in {(one["way"], one["reason"], one["by"]) for one in readings.json()}
    assert page.request.post("/audit/exports", form={"log": town.DISTRICT, "reason": "x"}).status == 403
    form: dict[str, str | float | bool] = {
        "log": town.DISTRICT, "scope": "case", "case": case, "reason": "提交两次", "key": "00112233aabbccdd",
    }  # fmt: skip
    form["csrf"] = page.locator("form.asking input[name=csrf]").input_value()
    assert [page.request.post("/audit/exports", form=form).status for _ in range(2)] == [200, 200]
    page.goto("/audit/exports")
    expect(page.locator(".shelf > li", has_text="提交两次")).to_have_count(1)
    expect(page.locator("[data-busy=yes]")).to_have_count(0, timeout=DONE_MS)
    monkeypatch.setattr(exports, "MOST_KEPT", 0)
    full = page.request.post("/audit/exports", form={**form, "key": "ffeeddccbbaa9988"})
    assert full.status == 409
    assert "导出架已满" in full.text()
    assert look("supervisor").page.request.get("/audit/exports").status == 403
    assert page.request.get("/audit/exports/0123456789abcdef/file").status == 404
