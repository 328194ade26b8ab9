"""派遣规则 over HTTP: drafted, refused for a tie, published, followed by assignments, previewed and tried on cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.registry.entry import civil_day
from interfaces.wiring import now
from tests import town
from tests.case_calls import call, dispatch, done, nothing_written, receive, refused, report, seen
from tests.served import Served

E1, NEXT = "dispatch-1", "dispatch-2"
TODAY = civil_day(now())
FILE = "编号,事项,工作时间,主办,抄送\n"


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


@pytest.fixture(scope="module")
def dispatcher(served: Served) -> httpx.Client:
    return served.client("dispatcher")


def rule(number: str, lead: str, **said: Any) -> dict[str, Any]:
    return {"number": number, "lead": lead} | said


@pytest.fixture(scope="module")
def published(admin: httpx.Client) -> str:
    """An edition in force: noise to the water works with the street copied in, lamps as the catalogue says."""
    done(admin, "/dispatch-rules", code=E1, name="第一版")
    rules = [
        rule("1", town.WATER, category=town.NOISE, copies=["@street"], name="噪声"),
        rule("2", "@street", category=town.NOISE, place=town.OTHER_STREET),
        rule("3", town.ROADS, category="matter", rank=-1),
    ]
    done(admin, f"/dispatch-rules/{E1}/lay", 1, rules=rules)
    done(admin, f"/dispatch-rules/{E1}/publish", 4, valid_from=TODAY.isoformat())
    return E1


def assigned(served: Served, category: str, **said: Any) -> dict[str, Any]:
    """The last step on the timeline of an issue reported, filed and assigned now."""
    dispatcher = served.client("dispatcher")
    body: dict[str, Any] = {"grid": town.GRID, "category": category, "text": "有情况"}
    path = f"/issues/{done(dispatcher, '/issues', **body)['id']}"
    done(dispatcher, f"{path}/file", 1)
    receipt = done(dispatcher, f"{path}/assign", 2, **said)
    steps: list[dict[str, Any]] = seen(dispatcher, f"{path}/timeline", receipt)
    return steps[-1]


# --- editions -----------------------------------------------------------------------------------


def test_a_tie_is_refused_when_published_with_both_rules_and_a_case_named(admin: httpx.Client) -> None:
    done(admin, "/dispatch-rules", code="tied", name="并列")
    path = "/dispatch-rules/tied"
    tied = [rule("7", town.ROADS, category=town.LAMPS), rule("12", town.WATER, category=town.LAMPS)]
    done(admin, f"{path}/lay", 1, rules=tied)
    problem = refused(call(admin, f"{path}/publish", 3, valid_from=TODAY.isoformat()), 409, "rules-tie")
    assert "第 12 条与第 7 条" in problem["detail"]
    assert problem["facts"]["pairs"] == ["第 12 条与第 7 条"]
    done(admin, f"{path}/drop", 3, numbers=["7"])
    done(admin, f"{path}/publish", 4, valid_from=(TODAY + timedelta(days=300)).isoformat())
    refused(call(admin, f"{path}/lay", 5, rules=[rule("9", town.ROADS)]), 409, "edition-published")


def test_what_is_not_registered_is_refused_when_published(admin: httpx.Client) -> None:
    done(admin, "/dispatch-rules", code="unsound", name="无此单位")
    done(admin, "/dispatch-rules/unsound/lay", 1, rules=[rule("1", "U-NOBODY", category="matter-09999")])
    answer = call(admin, "/dispatch-rules/unsound/publish", 2, valid_from=TODAY.isoformat())
    assert refused(answer, 409, "rules-unsound")["facts"]["count"] == 2


def test_rules_are_never_retroactive(admin: httpx.Client, published: str) -> None:
    done(admin, "/dispatch-rules", code="late", name="追溯", based_on=published)
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    refused(call(admin, "/dispatch-rules/late/publish", 4, valid_from=yesterday), 422, "not-retroactive")


def test_editions_and_their_rules_are_looked_up(admin: httpx.Client, published: str) -> None:
    one = admin.get(f"/dispatch-rules/{published}")
    assert one.headers["ETag"] == '"5"'
    assert (one.json()["rules"], one.json()["valid_from"]) == (3, TODAY.isoformat())
    assert published in [edition["code"] for edition in admin.get("/dispatch-rules").json()["items"]]
    first = admin.get(f"/dispatch-rules/{published}/rules", params={"limit": 2}).json()
    assert [one["number"] for one in first["items"]] == ["1", "2"]
    rest = admin.get(f"/dispatch-rules/{published}/rules", params={"after": first["next"]}).json()
    assert ([one["number"] for one in rest["items"]], rest["next"]) == (["3"], None)
    assert rest["items"][0] | {"rank": 0} == {
        "number": "3", "name": "", "category": "matter", "place": "", "channel": None, "hours": "any", "weekdays": [],
        "season_from": None, "season_until": None, "rank": 0, "lead": town.ROADS, "copies": [], "assists": [],
        "valid_from": None, "valid_until": None,
    }  # fmt: skip


def test_rules_are_kept_by_administrators(dispatcher: httpx.Client) -> None:
    refused(call(dispatcher, "/dispatch-rules", code="own", name="自拟"), 403, "wrong-role")
    refused(call(dispatcher, "/dispatch-rules/none/lay", 1, rules=[rule("1", town.ROADS)]), 404, "no-such-entry")


def test_a_list_is_imported_as_often_as_it_comes(admin: httpx.Client) -> None:
    content = f"{FILE}1,{town.LAMPS},工作时间之外,{town.WATER},属地街道\n2,matter-09999,,{town.ROADS},\n".encode()
    path = "/dispatch-rules/imported/import"
    assert not admin.post(path, content=content).json()["taken"]
    tried = admin.post(path, content=content, params={"dry_run": True, "skip_rejected": True}).json()
    assert (tried["taken"], tried["counts"]["added"], tried["counts"]["rejected"]) == (False, 1, 1)
    refused(admin.get("/dispatch-rules/imported"), 404, "no-such-entry")
    assert admin.post(path, content=content, params={"skip_rejected": True}).json()["taken"]
    again = admin.post(path, content=content, params={"skip_rejected": True}).json()
    assert (again["counts"]["unchanged"], again["position"]) == (1, None)
    refused(admin.post(path, content=b"a,b\n"), 422, "bad-file")


# --- the answer ---------------------------------------------------------------------------------


def test_an_assignment_without_a_lead_follows_the_rules_and_says_which(served: Served, published: str) -> None:
    step = assigned(served, town.NOISE, assists=[town.ROADS])
    facts = step["facts"]
    assert (facts["lead"], facts["copies"], facts["assists"]) == (town.WATER, [town.STREET_OFFICE], [town.ROADS])
    assert (facts["basis"], facts["rules"], facts["rule"]) == ("rule", published, "1")
    assert f"依派遣规则 {published} 第 1 条" in step["what"]


def test_what_a_person_names_is_theirs(served: Served, published: str) -> None:
    facts = assigned(served, town.NOISE, lead=town.ROADS)["facts"]
    assert (facts["lead"], facts["copies"]) == (town.ROADS, [])
    assert (facts["basis"], facts["rules"], facts["rule"]) == ("person", "", "")


def test_without_a_rule_the_catalogue_decides(served: Served, published: str) -> None:
    step = assigned(served, town.LAMPS)
    assert (step["facts"]["lead"], step["facts"]["basis"], step["facts"]["rule"]) == (town.ROADS, "catalogue", "")
    assert "依编目" in step["what"]


def test_a_request_is_dispatched_by_the_rules_too(served: Served, dispatcher: httpx.Client, published: str) -> None:
    request = done(served.client("receiver"), "/requests", kind="help", place=town.GRID, category=town.NOISE, text="吵")
    path = f"/requests/{request['id']}/dispatch"
    issue = done(dispatcher, path, 1, grid=town.GRID, category=town.NOISE)
    last = seen(dispatcher, f"/issues/{issue['id']}/timeline", issue)[-1]["facts"]
    assert (last["basis"], last["rule"], last["lead"]) == ("rule", "1", town.WATER)


def test_a_preview_answers_and_assigns_nothing(served: Served, dispatcher: httpx.Client, published: str) -> None:
    asked = {"category": town.NOISE, "grid": town.GRID, "channel": "hotline"}
    with nothing_written(served):
        answer = dispatcher.post("/dispatch/preview", json=asked).json()
        point = dispatcher.post("/dispatch/preview", json={"category": town.NOISE} | town.POINT).json()
    assert (answer["edition"], answer["rule"], answer["basis"]) == (published, "1", "rule")
    assert (answer["lead"], answer["copies"]) == (town.WATER, [town.STREET_OFFICE])
    assert answer["runners_up"] == [{"rule": "3", "name": "", "why": "优先级不及第 1 条"}]
    inputs = answer["inputs"]
    assert (inputs["category"], inputs["place"], inputs["channel"]) == (town.NOISE, town.GRID, "hotline")
    assert inputs["calendar_version"]
    assert point["lead"] == town.WATER
    night = dispatcher.post("/dispatch/preview", json=asked | {"at": "2026-11-02T23:00:00+08:00"}).json()
    assert (night["edition"], night["lead"], night["inputs"]["working"]) == ("", town.STREET_OFFICE, False)
    assert night["off_list"] == [town.STREET_OFFICE]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"category": "matter-09999"}, 404, "no-such-entry"),
        ({"category": town.NOISE, "grid": "150785009001001"}, 404, "no-such-entry"),
        ({"category": town.NOISE, "at": "3000-01-01T00:00:00+08:00"}, 422, "implausible-time"),
        ({"category": town.NOISE, "edition": "nowhere"}, 404, "no-such-entry"),
        ({"category": "06028"}, 422, "malformed"),
    ],
)
def test_a_preview_of_what_is_not_there_is_refused(
    dispatcher: httpx.Client, asked: dict[str, Any], status: int, code: str
) -> None:
    refused(dispatcher.post("/dispatch/preview", json={"grid": town.GRID} | asked), status, code)


# --- the test bench -----------------------------------------------------------------------------


def test_a_draft_is_tried_on_past_cases_and_every_difference_listed(
    served: Served, admin: httpx.Client, dispatcher: httpx.Client, published: str
) -> None:
    issue = dispatch(served, receive(served), lead=town.ROADS, copies=[town.WATER])
    done(admin, "/dispatch-rules", code=NEXT, name="第二版", based_on=published)
    done(admin, f"/dispatch-rules/{NEXT}/lay", 4, rules=[rule("4", town.WATER, category=town.LAMPS)])
    report(served, 5)
    log = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    window = {"edition": NEXT, "wait": f"{town.DISTRICT}:{log}"}
    with nothing_written(served):
        whole = dispatcher.get("/dispatch/trial", params=window).json()
    found = {one["id"]: one for one in whole["differences"]}
    one = found[issue.rpartition("/")[2]]
    assert one["parts"] == ["lead", "copies"]
    assert one["then"] == {"lead": town.ROADS, "copies": [town.WATER], "assists": []}
    assert one["now"] == {"lead": town.WATER, "copies": [], "assists": []}
    assert (one["rule"], one["basis"]) == ("4", "rule")
    by_rule = {count["rule"]: count for count in whole["counts"]}
    assert whole["examined"] == sum(count["examined"] for count in whole["counts"])
    assert whole["different"] == len(whole["differences"]) == sum(count["different"] for count in whole["counts"])
    assert by_rule["4"]["different"] >= 1
    assert whole["next"] is None
    _pages_add_up(dispatcher, window, whole)


def _pages_add_up(client: httpx.Client, window: dict[str, str], whole: dict[str, Any]) -> None:
    pages: list[dict[str, Any]] = []
    cursor = None
    while cursor is not None or not pages:
        asked = window | {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        pages.append(client.get("/dispatch/trial", params=asked).json())
        cursor = pages[-1]["next"]
    assert [one for page in pages for one in page["differences"]] == whole["differences"]
    assert sum(page["examined"] for page in pages) == whole["examined"]


def test_a_trial_is_of_a_time_and_of_ones_own_area(served: Served, dispatcher: httpx.Client, published: str) -> None:
    window = {"edition": published, "since": "2001-01-01T00:00:00+08:00", "until": "2001-02-01T00:00:00+08:00"}
    assert dispatcher.get("/dispatch/trial", params=window).json() == {
        "examined": 0, "different": 0, "counts": [], "differences": [], "next": None,
    }  # fmt: skip
    elsewhere = served.client("elsewhere").get("/dispatch/trial", params={"edition": published}).json()
    assert elsewhere["examined"] == 0


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"edition": "nowhere"}, 404, "no-such-entry"),
        ({"cursor": "x"}, 422, "bad-cursor"),
        ({"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, 422, "bad-period-asked"),
    ],
)
def test_a_trial_asked_wrongly_is_refused(
    dispatcher: httpx.Client, published: str, asked: dict[str, str], status: int, code: str
) -> None:
    refused(dispatcher.get("/dispatch/trial", params={"edition": published} | asked), status, code)


def test_rules_are_tried_by_those_who_dispatch_or_keep_them(served: Served, published: str) -> None:
    answer = served.client("worker").get("/dispatch/trial", params={"edition": published})
    refused(answer, 403, "wrong-role")
