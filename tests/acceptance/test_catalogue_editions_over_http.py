"""立案标准版次 over HTTP: imported, compared, tried and published while cases are open; nothing of the past changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.registry.entry import civil_day
from interfaces.wiring import now
from tests import town
from tests.case_calls import call, done, nothing_written, refused, seen
from tests.served import Served

TODAY = civil_day(now())
LATER = TODAY + timedelta(days=30)
OPEN_LIMIT = "matter-06022"
HEADER = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限\n"
FILE = HEADER + "06,市容环境,22,非法伐树,园林中心,城管局,未经审批砍伐,制止,1紧急工作时制止\n,,,,,,树木受损,恢复,3天\n"
HEDGES = FILE.replace("22,非法伐树", "71,毁损绿篱")
Json = dict[str, Any]


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


def bring(client: httpx.Client, code: str, content: str | bytes, **query: Any) -> httpx.Response:
    asked = {"kind": "matter", "effective_from": LATER.isoformat()} | query
    raw = content.encode() if isinstance(content, str) else content
    return client.post(f"/catalogue/editions/{code}/import", params=asked, content=raw)


def edition(client: httpx.Client, code: str) -> Json:
    found: Json = client.get(f"/catalogue/editions/{code}").raise_for_status().json()
    return found


def change(client: httpx.Client, code: str, command: str, /, **body: Any) -> Json:
    return done(client, f"/catalogue/editions/{code}/{command}", edition(client, code)["version"], **body)


def drafted(client: httpx.Client, code: str, /, **body: Any) -> str:
    usual = {"name": f"立案标准 {code}", "source": "test", "effective_from": LATER.isoformat()}
    done(client, "/catalogue/editions", **(usual | {"code": code} | body))
    return code


def lamps(**said: Any) -> Json:
    return {
        "code": town.LAMPS, "name": "路灯", "class_name": "测试大类", "condition": "存在问题",
        "closing_condition": "恢复原状", "limit_amount": 2, "limit_unit": "workday", "lead": town.ROADS,
    } | said  # fmt: skip


def filed(served: Served, category: str = town.LAMPS) -> str:
    dispatcher = served.client("dispatcher")
    path = f"/issues/{done(dispatcher, '/issues', grid=town.GRID, category=category, text='有情况')['id']}"
    done(dispatcher, f"{path}/file", 1)
    return path


def assigned(served: Served, path: str) -> Json:
    """The issue after it was assigned, and the facts of the assignment."""
    dispatcher = served.client("dispatcher")
    receipt = done(dispatcher, f"{path}/assign", 2, lead=town.ROADS)
    steps: list[Json] = seen(dispatcher, f"{path}/timeline", receipt)
    facts: Json = steps[-1]["facts"]
    return facts


def everything(served: Served, *paths: str) -> list[Any]:
    """The district's log, its statistics by street and by unit, and its cases, once the boards show all of it."""
    log = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    asked = {"start": "2024-01-01T00:00:00Z", "end": "2028-12-31T00:00:00Z", "wait": f"{town.DISTRICT}:{log}"}
    client = served.client("supervisor")
    rates = [
        client.get("/stats/rates", params=asked | {"by": by}).raise_for_status().json() for by in ("street", "unit")
    ]
    issues = client.get("/issues", params={"limit": 200, "wait": asked["wait"]}).raise_for_status().json()
    shown = [*issues["items"], *(client.get(path).raise_for_status().json() for path in paths)]
    clockless = [{name: value for name, value in one.items() if name != "clocks"} for one in shown]  # they run
    return [log, *rates, *clockless]


# --- the second edition while cases are open ----------------------------------------------------


@dataclass(frozen=True)
class Published:
    """What the second edition found and left: cases filed, assigned and resolved under the first; all else before."""

    waiting: str
    running: str
    before: list[Any]
    after: list[Any]


@pytest.fixture(scope="module")
def second(served: Served, admin: httpx.Client) -> Published:
    """An edition in force from today: lamps have another limit, noise is gone, one limit waits for a decision."""
    waiting, running, finished = filed(served), filed(served), filed(served)
    assigned(served, running)
    assigned(served, finished)
    crew = served.client("roads")
    done(crew, f"{finished}/accept", 3)
    done(crew, f"{finished}/resolve", 4, measure="更换灯泡")
    before = everything(served, waiting, running, finished)
    drafted(admin, "second", effective_from=TODAY.isoformat(), copies=["asset", "matter"])
    bring(admin, "second", FILE, effective_from=TODAY.isoformat()).raise_for_status()
    change(admin, "second", "put-condition", **lamps(limit_amount=1, limit_unit="urgent_hour"))
    change(admin, "second", "strike-condition", condition=town.NOISE)
    change(admin, "second", "publish")
    return Published(waiting, running, before, everything(served, waiting, running, finished))


def test_a_second_edition_is_published_while_cases_are_open_and_nothing_of_the_past_changes(
    second: Published,
) -> None:
    assert second.after == second.before


def test_a_case_is_assigned_under_the_edition_it_was_filed_under_and_a_new_one_under_the_new(
    served: Served, second: Published
) -> None:
    kept, new = assigned(served, second.waiting), assigned(served, filed(served))
    assert (kept["edition"], kept["limit_amount"], kept["limit_unit"]) == ("2015.1", 2, "workday")
    assert (new["edition"], new["limit_amount"], new["limit_unit"]) == ("second", 1, "urgent_hour")


def test_nothing_is_filed_under_what_the_edition_no_longer_lists(served: Served, second: Published) -> None:
    dispatcher = served.client("dispatcher")
    reported = done(dispatcher, "/issues", grid=town.GRID, text="夜间噪声")
    refused(call(dispatcher, f"/issues/{reported['id']}/file", 1, category=town.NOISE), 422, "not-valid-then")


def test_the_catalogue_shows_what_holds_on_a_day_and_all_it_ever_said(admin: httpx.Client, second: Published) -> None:
    path = f"/catalogue/{town.LAMPS}"
    yesterday = {"on": (TODAY - timedelta(days=1)).isoformat()}
    now_in_force, before = admin.get(path).json(), admin.get(path, params=yesterday).json()
    assert (now_in_force["edition"], now_in_force["limit"]) == ("second", {"amount": 1, "unit": "urgent_hour"})
    assert (before["edition"], before["limit"]) == ("2015.1", {"amount": 2, "unit": "workday"})
    revisions = admin.get(f"{path}/revisions").json()
    assert [(one["edition"], one["since"]) for one in revisions[:2]] == [
        ("2015.1", "2015-01-01"), ("second", TODAY.isoformat()),
    ]  # fmt: skip


def test_a_limit_nobody_decided_keeps_a_case_from_being_assigned_until_somebody_does(
    served: Served, admin: httpx.Client, second: Published
) -> None:
    path, dispatcher = filed(served, OPEN_LIMIT), served.client("dispatcher")
    with nothing_written(served):
        problem = refused(call(dispatcher, f"{path}/assign", 2, lead=town.ROADS), 409, "limit-undecided")
    assert "1紧急工作时制止" in problem["detail"]
    waiting = admin.get("/catalogue/undecided", params={"edition": "second"}).json()
    assert [one["condition"]["code"] for one in waiting["items"]] == [OPEN_LIMIT]
    assert waiting["items"][0]["standing"] == "in_force"
    decision: Json = {"limit_amount": 1, "limit_unit": "urgent_hour"}
    change(admin, "second", "decide-limit", limit_text="1紧急工作时制止", reason="先行制止", **decision)
    assert admin.get("/catalogue/undecided", params={"edition": "second"}).json() == {"items": [], "next": None}
    assert assigned(served, path)["limit_unit"] == "urgent_hour"
    version = admin.get(f"/catalogue/{OPEN_LIMIT}").json()["version"]
    again = call(admin, f"/catalogue/{OPEN_LIMIT}/decide-limit", version, edition="second", **decision)
    refused(again, 409, "limit-settled")


# --- a trial on past cases ----------------------------------------------------------------------


def test_an_edition_is_tried_on_past_cases_and_writes_nothing(
    served: Served, admin: httpx.Client, second: Published
) -> None:
    drafted(admin, "trial", copies=["asset"])
    change(admin, "trial", "put-condition", **lamps(limit_amount=3, limit_unit="natural_day", lead=None))
    window = {"start": "2015-01-01T00:00:00Z", "end": "2035-01-01T00:00:00Z"}
    supervisor = served.client("supervisor")
    with nothing_written(served):
        whole = supervisor.get("/catalogue/editions/trial/try", params=window).raise_for_status().json()
    found = {one["id"]: one for one in whole["items"]}
    one = found[second.running.rpartition("/")[2]]
    assert (one["edition_then"], one["limit_then"]) == ("2015.1", {"amount": 2, "unit": "workday"})
    assert (one["limit_now"], one["listed"]) == ({"amount": 3, "unit": "natural_day"}, True)
    assert (one["lead_then"], one["lead_now"]) == (town.ROADS, None)
    assert one["due_then"] != one["due_now"]
    counts = whole["counts"]
    assert counts["cases"] == counts["untouched"] + len(whole["items"])
    assert counts["other_limit"] == counts["other_lead"] == len(whole["items"])
    pages, cursor = [], ""
    while cursor is not None:
        page = supervisor.get("/catalogue/editions/trial/try", params={**window, "limit": 1, "after": cursor}).json()
        assert page["counts"] == counts
        pages += page["items"]
        cursor = page["next"]
    assert pages == whole["items"]


def test_a_trial_is_of_a_time_and_of_ones_own_area_and_for_those_who_answer_for_limits(
    served: Served, admin: httpx.Client, second: Published
) -> None:
    path, window = "/catalogue/editions/second/try", {"start": "2015-01-01T00:00:00Z", "end": "2035-01-01T00:00:00Z"}
    refused(served.client("worker").get(path, params=window), 403, "wrong-role")
    refused(admin.get(path, params={"start": window["end"], "end": window["start"]}), 422, "bad-period-asked")
    refused(admin.get("/catalogue/editions/none/try", params=window), 404, "no-such-entry")
    long_ago = admin.get(path, params=window | {"end": "2016-01-01T00:00:00Z"}).json()
    assert (long_ago["counts"]["cases"], long_ago["items"], long_ago["next"]) == (0, [], None)


# --- withdrawn by hand --------------------------------------------------------------------------


def test_a_case_filed_before_its_condition_was_withdrawn_goes_on(served: Served, admin: httpx.Client) -> None:
    body: Json = {"code": "matter-06901", "name": "临时类", "class_name": "测试大类", "condition": "存在问题",
            "closing_condition": "恢复", "limit_amount": 3, "limit_unit": "natural_day", "edition": "by-hand",
            "valid_from": "2015-01-01"}  # fmt: skip
    done(admin, "/catalogue", **body)
    path = filed(served, "matter-06901")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    done(admin, "/catalogue/matter-06901/withdraw", 1, last_day=yesterday)
    assert assigned(served, path)["edition"] == "by-hand"


# --- importing ----------------------------------------------------------------------------------


def test_a_standard_is_imported_compared_and_shown(served: Served, admin: httpx.Client) -> None:
    with nothing_written(served):
        trial = bring(admin, "e1", HEDGES, dry_run=True).raise_for_status().json()
    first = bring(admin, "e1", HEDGES, name="试行标准").raise_for_status().json()
    assert {**first, "dry_run": True, "taken": False, "position": None} == trial
    assert (first["taken"], first["counts"]["pending"], first["counts"]["added"]) == (True, 1, 1)
    again = bring(admin, "e1", HEDGES).json()
    assert (again["counts"]["unchanged"], again["position"]) == (2, None)
    shown = edition(admin, "e1")
    assert (shown["name"], shown["standing"], shown["conditions"], shown["undecided"]) == ("试行标准", "draft", 2, 1)
    page = admin.get("/catalogue/editions/e1/conditions", params={"limit": 1}).json()
    one = page["items"][0]
    assert (one["code"], one["limit"], one["limit_text"]) == ("matter-06071", None, "1紧急工作时制止")
    assert one["proposal"] == {"amount": 1, "unit": "urgent_hour"}
    assert one["lead_units"] == [{"name": "园林中心", "unit": None}]
    rest = admin.get("/catalogue/editions/e1/conditions", params={"after": page["next"]}).json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["matter-06071-2"], None)
    difference = admin.get("/catalogue/editions/e1/difference").json()
    assert difference["counts"]["added"] == 2
    assert difference["counts"]["withdrawn"] >= 1
    gone = admin.get("/catalogue/editions/e1/difference", params={"change": "withdrawn"}).json()
    assert town.RUBBISH in {one["code"] for one in gone["items"]}
    done(admin, "/catalogue/editions/e1/discard", shown["version"])
    refused(call(admin, "/catalogue/editions/e1/publish", shown["version"] + 1), 409, "edition-settled")


def test_the_published_tables_come_in_whole(served: Served, admin: httpx.Client, shared_data: Path) -> None:
    matters = (shared_data / "cn_case_standard_events.csv").read_bytes()
    assets = (shared_data / "cn_case_standard_components.csv").read_bytes()
    for kind, content, lines in (("matter", matters, 147), ("asset", assets, 279)):
        report = bring(admin, "whole", content, kind=kind).raise_for_status().json()
        assert report["taken"]
        assert len(report["lines"]) == sum(report["counts"].values()) == lines
    assert edition(admin, "whole")["conditions"] == 423


@pytest.mark.parametrize(
    ("asked", "content", "status", "code"),
    [
        ({"effective_from": None}, FILE, 422, "bad-file"),
        ({}, "x,y\n", 422, "bad-file"),
        ({"kind": "road"}, FILE, 422, "malformed"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(
    admin: httpx.Client, asked: Json, content: str, status: int, code: str
) -> None:
    given = {name: value for name, value in ({"effective_from": LATER.isoformat()} | asked).items() if value}
    answer = admin.post(
        "/catalogue/editions/none/import", params={"kind": "matter"} | given, content=content.encode()
    )  # fmt: skip
    refused(answer, status, code)


def test_only_an_administrator_brings_a_standard_in(served: Served) -> None:
    refused(bring(served.client("dispatcher"), "e9", FILE), 403, "wrong-role")


def test_names_of_units_are_mapped_by_an_administrator_only(
    served: Served, admin: httpx.Client, second: Published
) -> None:
    named = {one["name"]: one for one in admin.get("/catalogue/unit-names").json()["items"]}
    assert named["园林中心"] == {"name": "园林中心", "unit": None, "leads": 2, "supervises": 0}
    refused(
        call(served.client("dispatcher"), "/catalogue/unit-names", name="园林中心", unit=town.WATER), 403, "wrong-role"
    )
    done(admin, "/catalogue/unit-names", name="园林中心", unit=town.WATER)
    mapped = admin.get("/catalogue/unit-names", params={"mapped": True, "limit": 1}).json()
    assert [one["unit"] for one in mapped["items"]] == [town.WATER]
    shown = admin.get(f"/catalogue/{OPEN_LIMIT}").json()
    assert shown["lead_units"] == [{"name": "园林中心", "unit": town.WATER}]
    done(admin, "/catalogue/unit-names", name="园林中心", unit=None)
    refused(call(admin, "/catalogue/unit-names", name="园林中心", unit="U-NONE"), 404, "no-such-entry")


def test_the_next_local_code_is_told(admin: httpx.Client) -> None:
    asked = {"kind": "matter", "heading": "31"}
    assert admin.get("/catalogue/local-codes/next", params=asked).json() == {"code": "matter-31999"}
    drafted(admin, "local")
    change(admin, "local", "put-condition", **lamps(code="matter-31999", name="无人机扰民"))
    assert admin.get("/catalogue/editions/local/conditions").json()["items"][0]["name"] == "无人机扰民（自定义）"
    assert admin.get("/catalogue/local-codes/next", params=asked).json() == {"code": "matter-31998"}


def test_editions_are_listed_page_by_page(admin: httpx.Client) -> None:
    drafted(admin, "listed-1")
    drafted(admin, "listed-2")
    page = admin.get("/catalogue/editions", params={"name": "listed", "limit": 1}).json()
    assert ([one["code"] for one in page["items"]], page["next"]) == (["listed-1"], "listed-1")
    rest = admin.get("/catalogue/editions", params={"name": "listed", "after": page["next"]}).json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["listed-2"], None)


def test_a_retried_publication_gets_its_first_answer(admin: httpx.Client, second: Published) -> None:
    drafted(admin, "retried", copies=["asset"])
    change(admin, "retried", "put-condition", **lamps(code="asset-09901"))
    version = edition(admin, "retried")["version"]
    first = done(admin, "/catalogue/editions/retried/publish", version, key="publish-retried")
    again = done(admin, "/catalogue/editions/retried/publish", version, key="publish-retried")
    assert again == first
    refused(call(admin, "/catalogue/editions/retried/discard", version + 1), 409, "edition-settled")
