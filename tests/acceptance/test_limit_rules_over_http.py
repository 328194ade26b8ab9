"""时限规则 over HTTP: drafted, refused for a tie, published, previewed, followed by cases, imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests import town
from tests.case_calls import call, done, nothing_written, refused, seen
from tests.limit_calls import RULES, TODAY, assigned, hours, limit, publish
from tests.served import Served

FIRST = "limits-1"
HEADER = "编号,事项,紧急程度,渠道,签收,处置,核查\n"


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


@pytest.fixture(scope="module")
def in_force(admin: httpx.Client) -> str:
    """The first edition, in force from today on."""
    publish(admin, FIRST, RULES)
    return FIRST


def preview(admin: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = call(admin, "/limits/preview", **({"category": town.LAMPS} | asked))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found | {"stages": {one["stage"]: one for one in found["stages"]}}


# --- the answer ---------------------------------------------------------------------------------


def test_the_preview_names_rule_and_edition_of_every_stage_and_what_lost_why(
    served: Served, admin: httpx.Client, in_force: str
) -> None:
    with nothing_written(served):
        answer = preview(admin, urgency="urgent")
    assert (answer["edition"], answer["catalogue"]) == (in_force, "2015.1")
    handle, accept = answer["stages"]["handle"], answer["stages"]["accept"]
    assert (handle["source"], handle["rule"], handle["limit"]["text"]) == ("rule", "2", "6个紧急工作时")
    assert handle["reason"] == "依时限规则 limits-1 第 2 条"
    assert [(lost["rule"], lost["why"]) for lost in handle["runners_up"]] == [
        ("", "紧急程度不及第 2 条"), ("3", "事项不及第 2 条"),
    ]  # fmt: skip
    assert (accept["rule"], accept["limit"]["amount"], accept["label"]) == ("1", 1, "签收")
    assert answer["stages"]["feedback"]["source"] == "nothing"
    assert answer["stages"]["feedback"]["reason"] == "时限规则 limits-1 没有规定"


def test_the_catalogue_stands_before_a_wider_rule(admin: httpx.Client, in_force: str) -> None:
    handle = preview(admin)["stages"]["handle"]
    assert (handle["source"], handle["limit"]["text"]) == ("catalogue", "2个工作日")
    assert [(lost["rule"], lost["why"]) for lost in handle["runners_up"]] == [("3", "事项不及编目")]


def test_a_draft_can_be_previewed_and_ties_are_refused_when_published(admin: httpx.Client, in_force: str) -> None:
    receipt = done(admin, "/limit-rules", code="tied", name="并列", based_on=in_force)
    tied = {"number": "9", "category": "asset", "limits": {"handle": limit(2, "minute")}}
    receipt = done(admin, "/limit-rules/tied/lay", receipt["version"], rules=[tied])
    assert preview(admin, edition="tied")["edition"] == "tied"
    answer = call(admin, "/limit-rules/tied/publish", receipt["version"], valid_from=TODAY.isoformat())
    assert "第 3 条与第 9 条" in refused(answer, 409, "rules-tie")["detail"]
    receipt = done(admin, "/limit-rules/tied/drop", receipt["version"], numbers=["9"])
    elsewhere = {"number": "8", "category": "matter-09999", "limits": {"handle": limit(2, "minute")}}
    receipt = done(admin, "/limit-rules/tied/lay", receipt["version"], rules=[elsewhere])
    answer = call(admin, "/limit-rules/tied/publish", receipt["version"], valid_from=TODAY.isoformat())
    refused(answer, 409, "rules-unsound")


def test_bad_rules_and_those_without_the_right_are_refused(served: Served, admin: httpx.Client, in_force: str) -> None:
    rules = [{"number": "1", "limits": {"accept": limit(99_999, "workday")}}]
    version = done(admin, "/limit-rules", code="bad", name="不合要求")["version"]
    refused(call(admin, "/limit-rules/bad/lay", version, rules=rules), 422, "bad-limit-rule")
    refused(call(admin, f"/limit-rules/{in_force}/drop", 5, numbers=["1"]), 409, "edition-published")
    refused(call(served.client("dispatcher"), "/limit-rules", code="own", name="自拟"), 403, "wrong-role")
    refused(call(admin, "/limits/preview", category="asset-09999"), 404, "no-such-entry")


# --- in the workflow ----------------------------------------------------------------------------


def test_each_stage_gets_its_clock_when_it_begins_and_none_shortens_the_leads(served: Served, in_force: str) -> None:
    path, receipt = assigned(served)
    row = seen(served.client("dispatcher"), path, receipt)
    assert hours(row, "accept_due", "assigned_at") == 1
    assert hours(row, "dispatch_due", "filed_at") == 0.5
    assert (row["limit_amount"], row["limit_unit"]) == (2, "workday")
    assert datetime.fromisoformat(row["due"]) > datetime.fromisoformat(row["accept_due"])
    assert hours(row, "case_due", "assigned_at") == 9 * 24
    # Nobody asked, so nobody is to be heard, told or called back.
    assert (row["contact_due"], row["feedback_due"], row["check_due"]) == (None, None, None)
    roads = served.client("roads")
    receipt = done(roads, f"{path}/accept", receipt["version"])
    receipt = done(roads, f"{path}/resolve", receipt["version"], measure="更换灯泡")
    resolved = seen(roads, path, receipt)
    assert hours(resolved, "check_due", "resolved_at") == 2
    assert resolved["due"] == row["due"]


def test_the_timeline_tells_each_clock_with_rule_and_edition(served: Served, in_force: str) -> None:
    path, receipt = assigned(served, urgency="urgent")
    steps = seen(served.client("dispatcher"), f"{path}/timeline", receipt)
    assigned_step, clocks = steps[-2:]
    assert (assigned_step["facts"]["edition"], assigned_step["facts"]["limit_amount"]) == (in_force, 6)
    set_ones = {one["stage"]: one for one in clocks["facts"]["clocks"]}
    assert {stage: one["rule"] for stage, one in set_ones.items()} == {"accept": "1", "handle": "2", "case": "1"}
    assert set_ones["handle"]["due"] == assigned_step["facts"]["due"]
    assert set_ones["case"]["due"] == assigned_step["facts"]["case_due"]
    assert clocks["facts"]["rules"] == in_force
    assert "环节时限（时限规则 limits-1）：签收 1个紧急工作时（第 1 条）" in clocks["what"]


def test_who_asks_is_to_be_heard_and_called_back_in_time(served: Served, in_force: str) -> None:
    receiver, dispatcher, roads = (served.client(who) for who in ("receiver", "dispatcher", "roads"))
    asked: dict[str, Any] = {
        "kind": "help",
        "channel": "hotline",
        "place": town.GRID,
        "category": town.LAMPS,
        "text": "路灯不亮",
    }
    request = done(receiver, "/requests", **asked)
    graded: dict[str, Any] = {"lead": town.ROADS, "urgency": "urgent"}
    receipt = done(dispatcher, f"/requests/{request['id']}/dispatch", request["version"], **graded)
    path = f"/issues/{receipt['id']}"
    row = seen(dispatcher, path, receipt)
    assert hours(row, "contact_due", "assigned_at") == 3
    assert (row["urgency"], row["limit_amount"], row["limit_unit"]) == ("urgent", 6, "urgent_hour")
    assert row["call_back_due"] is None
    receipt = done(roads, f"{path}/accept", receipt["version"])
    receipt = done(roads, f"{path}/resolve", receipt["version"], measure="更换灯泡")
    row = seen(roads, path, receipt)
    assert hours(row, "call_back_due", "due") == 24


def test_a_returned_case_waits_for_dispatch_and_the_same_unit_goes_on(served: Served, in_force: str) -> None:
    dispatcher, roads = served.client("dispatcher"), served.client("roads")
    path, receipt = assigned(served)
    receipt = done(roads, f"{path}/ask-return", receipt["version"], code="not_our_duty")
    receipt = done(served.client("dispatcher-2"), f"{path}/grant-return", receipt["version"])
    row = seen(dispatcher, path, receipt)
    assert row["accept_due"] is None
    returned, receipt = row, done(dispatcher, f"{path}/assign", receipt["version"], lead=town.ROADS)
    row = seen(dispatcher, path, receipt)
    assert datetime.fromisoformat(row["dispatch_due"]) == datetime.fromisoformat(returned["dispatch_due"])
    assert hours(returned, "dispatch_due", "changed_at") == 0.5
    steps = seen(dispatcher, f"{path}/timeline", receipt)
    resumed = {one["stage"]: one for one in steps[-1]["facts"]["clocks"]}["accept"]
    first = next(one for step in steps for one in step["facts"].get("clocks", []) if one["stage"] == "accept")
    assert resumed["clock_start"] == first["clock_start"]
    asked = next(step["happened_at"] for step in steps if step["topic"] == "issue.return_asked")
    stood = datetime.fromisoformat(steps[-2]["happened_at"]) - datetime.fromisoformat(asked)
    assert datetime.fromisoformat(resumed["due"]) - datetime.fromisoformat(first["due"]) == stood


# --- files and look-ups -------------------------------------------------------------------------


def test_editions_and_their_rules_are_looked_up(admin: httpx.Client, in_force: str) -> None:
    one = admin.get(f"/limit-rules/{in_force}")
    assert (one.headers["ETag"], one.json()["rules"], one.json()["valid_from"]) == ('"5"', 3, TODAY.isoformat())
    assert in_force in [edition["code"] for edition in admin.get("/limit-rules").json()["items"]]
    first = admin.get(f"/limit-rules/{in_force}/rules", params={"limit": 2}).json()
    assert ([one["number"] for one in first["items"]], first["next"]) == (["1", "2"], "2")
    assert first["items"][1] == {
        "number": "2", "name": "", "category": "asset-01037-1", "channel": None, "urgency": "urgent", "rank": 0,
        "limits": {"handle": {"amount": 6, "unit": "urgent_hour", "text": "6个紧急工作时"}},
    }  # fmt: skip


def test_a_list_is_imported_as_often_as_it_comes(admin: httpx.Client) -> None:
    lines = f"1,{town.LAMPS}-1,紧急,热线,30分钟,4紧急工作时,\n2,matter-09999,,,,1天,\n3,,,,,2小时,\n4,,,,,,\n"
    content, path = (HEADER + lines).encode(), "/limit-rules/imported/import"
    report = admin.post(path, content=content).json()
    assert (report["taken"], report["counts"]["rejected"]) == (False, 3)
    notes = {line["code"]: line["note"] for line in report["lines"]}
    assert "编目中没有 matter-09999" in notes["2"]
    assert "“小时”可能指工作时，也可能指紧急工作时" in notes["3"]
    assert "至少应有一个环节的时限" in notes["4"]
    assert admin.post(path, content=content, params={"skip_rejected": True}).json()["taken"]
    again = admin.post(path, content=content, params={"skip_rejected": True}).json()
    assert (again["counts"]["unchanged"], again["position"]) == (1, None)
    refused(admin.post(path, content=b"a,b\n"), 422, "bad-file")
