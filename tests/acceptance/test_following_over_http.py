"""查询办理进度 over HTTP: number and code open one case and no other, and its requester answers for themselves."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from tests import pictures
from tests.case_calls import ASKED, at, call, done, events_of, refused, seen
from tests.followed_case import MEASURE, caught_up, handled, received
from tests.served import Served
from tests.town import ROADS

ANSWERS: dict[str, Any] = {"contacted": True, "solved": "partly", "satisfaction": "basically"}
COMMENT = "灯是亮了但是夜里仍会闪烁两次"
NEVER = "150785-999999999"


def follow(served: Served, number: str, code: str, address: str = "203.0.113.1") -> httpx.Response:
    headers = {"Follow-Code": code, "X-Forwarded-For": address}
    return httpx.get(f"{served.url}/api/v1/follow/{number}", headers=headers, timeout=30)


def rate(served: Served, receipt: dict[str, Any], **answers: Any) -> httpx.Response:
    headers = {"Follow-Code": receipt["follow_code"], "X-Forwarded-For": "203.0.113.1"}
    path = f"{served.url}/api/v1/follow/{receipt['number']}/answer"
    return httpx.post(path, json=answers, headers=headers, timeout=30)


def looked_up(served: Served, receipt: dict[str, Any]) -> dict[str, Any]:
    caught_up(served, receipt)
    answer = follow(served, receipt["number"], receipt["follow_code"])
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


# --- looking -------------------------------------------------------------------------------------


def test_who_is_received_is_told_what_opens_their_case(served: Served) -> None:
    receipt = received(served)
    shown = looked_up(served, receipt)
    assert (shown["number"], shown["standing"], shown["kind"]) == (receipt["number"], "received", "求助")
    assert (shown["category"], shown["place"], shown["unit"]) == ("路灯", "第1网格", "")
    assert [step["state"] for step in shown["steps"]] == ["done", "now", "ahead", "ahead", "ahead"]
    assert shown["answering"] == {"open": False, "since": None, "why": "办理时限届满后请您评价。"}


def test_the_case_is_told_in_plain_words_with_unit_and_measures_and_no_person(served: Served) -> None:
    receipt = handled(served)
    answer = follow(served, receipt["number"].replace("-", "－"), receipt["follow_code"].lower())
    shown = answer.json()
    assert shown["told"] == "道路照明所已办理，正在核查。"
    assert (shown["unit"], shown["due"], shown["late"]) == ("道路照明所", "2026-11-04T01:10:00Z", False)
    assert [one["measure"] for one in shown["measures"]] == [MEASURE]
    assert [step["state"] for step in shown["steps"]] == ["done", "done", "done", "now", "now"]
    assert shown["answering"] == {"open": True, "since": "2026-11-04T01:10:00Z", "why": ""}
    for hidden in ("roads", "dispatcher", ROADS, ASKED["text"], receipt["id"]):
        assert hidden not in answer.text


def test_pictures_of_what_was_done_are_shown_drawn_anew_and_no_others(served: Served) -> None:
    brought = {
        staff: served.client(staff).post("/attachments", content=pictures.photo((400, 300), color=color)).json()
        for staff, color in (("roads", (1, 2, 3)), ("receiver", (4, 5, 6)))
    }  # fmt: skip
    after, before = (brought[staff]["digest"] for staff in ("roads", "receiver"))
    pdf = served.client("roads").post("/attachments", content=pictures.PDF).json()["digest"]
    receipt = handled(served, minutes=70, evidence=[after, "工单 7 号", pdf])
    (measure,) = looked_up(served, receipt)["measures"]
    assert measure["pictures"] == [after]
    shown = follow(served, f"{receipt['number']}/pictures/{after}", receipt["follow_code"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert b"Exif" not in shown.content
    for digest in (before, pdf, "0" * 64):
        answer = follow(served, f"{receipt['number']}/pictures/{digest}", receipt["follow_code"])
        refused(answer, 404, "no-such-attachment")
    other = received(served)
    wrong = follow(served, f"{receipt['number']}/pictures/{after}", other["follow_code"], "203.0.113.12")
    refused(wrong, 404, "not-followed")


def test_what_is_late_is_said_to_be(served: Served) -> None:
    receipt = handled(served, resolve=False)
    shown = looked_up(served, receipt)
    assert (shown["standing"], shown["late"]) == ("handling", True)


@pytest.mark.parametrize(("command", "standing"), [("answer", "answered"), ("divert", "diverted")])
def test_what_needs_no_unit_was_replied_to(served: Served, command: str, standing: str) -> None:
    receipt = received(served)
    code = {"code": "beyond_duty"} if command == "divert" else {}
    last = done(served.client("receiver"), f"/requests/{receipt['id']}/{command}", 1, reply="已说明", **code)
    shown = looked_up(served, receipt | {"position": last["position"]})
    assert shown["standing"] == standing
    assert [step["name"] for step in shown["steps"]] == ["受理", "答复"]
    assert not shown["answering"]["open"]


# --- not looking ---------------------------------------------------------------------------------


def test_a_wrong_number_and_a_wrong_code_are_told_alike(served: Served) -> None:
    mine, other = received(served), received(served, 1)
    last = seen(served.client("receiver"), f"/requests/{other['id']}", other)
    assert last
    problems = [
        refused(follow(served, number, code, "203.0.113.2"), 404, "not-followed")
        for number, code in [
            (mine["number"], other["follow_code"]), (NEVER, mine["follow_code"]), ("110101-1", mine["follow_code"]),
            (mine["number"], "2222-2222"), ("没有", "none"), (mine["number"], "x"), (mine["id"], mine["follow_code"]),
        ]
    ]  # fmt: skip
    assert {str(problem) for problem in problems} == {str(problems[0])}


def test_the_number_of_an_issue_opens_nothing(served: Served) -> None:
    receipt = received(served)
    issue = done(served.client("dispatcher"), f"/requests/{receipt['id']}/dispatch", 1)
    served.run(lambda services: services.reach(issue["log"], issue["position"]))
    number = f"{receipt['log']}-{receipt['position'] + 1}"
    refused(follow(served, number, receipt["follow_code"], "203.0.113.3"), 404, "not-followed")


def test_an_address_that_guesses_must_wait_and_others_need_not(served: Served) -> None:
    mine, other = received(served), received(served, 1)
    assert looked_up(served, other)
    for _ in range(20):
        refused(follow(served, mine["number"], other["follow_code"], "203.0.113.9"), 404, "not-followed")
    answer = follow(served, mine["number"], mine["follow_code"], "203.0.113.9")
    refused(answer, 429, "too-many-guesses")
    assert 3_000 < int(answer.headers["Retry-After"]) <= 3_600
    assert follow(served, mine["number"], mine["follow_code"], "203.0.113.10").status_code == 200
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        rows = connection.execute("SELECT DISTINCT digest FROM follow_failure").fetchall()
    assert not any(b"203.0.113" in digest or b"150785" in digest for (digest,) in rows)


def test_a_number_that_is_guessed_at_from_everywhere_is_closed_for_a_while(served: Served) -> None:
    mine, other = received(served), received(served, 1)
    assert looked_up(served, other)
    for nth in range(100):
        follow(served, mine["number"], other["follow_code"], f"198.51.100.{nth}")
    refused(follow(served, mine["number"], mine["follow_code"], "198.51.100.200"), 429, "too-many-guesses")
    assert looked_up(served, other)
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        connection.execute("UPDATE follow_failure SET failed_at = failed_at - interval '1 hour'")
    assert follow(served, mine["number"], mine["follow_code"], "198.51.100.200").status_code == 200


def test_a_slip_of_the_finger_is_no_guess(served: Served) -> None:
    mine = received(served)
    slip = ("3" if mine["follow_code"][0] == "2" else "2") + mine["follow_code"][1:]
    for _ in range(25):
        refused(follow(served, mine["number"], slip, "203.0.113.11"), 404, "not-followed")
    looked_up(served, mine)
    assert follow(served, mine["number"], mine["follow_code"], "203.0.113.11").status_code == 200


# --- answering -----------------------------------------------------------------------------------


def test_the_answers_count_as_a_call_back_and_the_sentence_is_sealed(served: Served) -> None:
    receipt = handled(served, minutes=200)
    path, supervisor = f"/requests/{receipt['id']}", served.client("supervisor")
    period = {"start": at(200), "end": at(201)}
    assert supervisor.get("/stats/rates", params=period).json()["pooled"]["counts"]["valid_call_backs"] == 0
    shown = rate(served, receipt, **ANSWERS, comment=COMMENT).raise_for_status().json()
    assert (shown["standing"], shown["answering"]["why"]) == ("heard", "您已作出评价。")
    assert {name: shown["said"][name] for name in ANSWERS} == ANSWERS
    assert [(step["name"], step["state"]) for step in shown["steps"]][3:] == [("办完", "now"), ("评价", "done")]
    counts = supervisor.get("/stats/rates", params=period).json()["pooled"]
    assert counts["counts"]["valid_call_backs"] == 1
    assert counts["rates"]["satisfaction"] == 0.9
    told = served.client("receiver").get(f"{path}/timeline").json()[-1]
    assert (told["who"], told["what"]) == ("反映人", "反映人自评，单位已联系，部分解决，基本满意")
    assert COMMENT not in str(told)
    details = served.client("verifier").get(path).json()["details"]
    assert details["comment_3"] == COMMENT
    assert COMMENT not in served.client("supervisor").get(path).text
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        swept = connection.execute("SELECT sum(looked_at), sum(holding) FROM sweep_for(%s)", ([COMMENT],)).fetchone()
    assert swept
    assert swept[0] > 100
    assert swept[1] == 0


def test_pressing_twice_is_heard_once_and_other_answers_come_too_late(served: Served) -> None:
    receipt = handled(served, minutes=210)
    first = rate(served, receipt, **ANSWERS, comment=COMMENT).raise_for_status().json()
    assert rate(served, receipt, **ANSWERS, comment=COMMENT).raise_for_status().json() == first
    refused(rate(served, receipt, **ANSWERS | {"satisfaction": "dissatisfied"}), 409, "already-heard")
    refused(rate(served, receipt, **ANSWERS), 409, "already-heard")
    assert events_of(served, receipt["id"])[-1:] == ["request.called_back"]
    again = {"valid": True, **ANSWERS}
    refused(call(served.client("verifier"), f"/requests/{receipt['id']}/call-back", 3, **again), 409, "wrong-stage")


def test_nothing_is_answered_before_the_limit_ends_nor_without_one(served: Served) -> None:
    receipt = received(served)
    looked_up(served, receipt)
    refused(rate(served, receipt, **ANSWERS), 409, "no-deadline")
    issue = done(served.client("dispatcher"), f"/requests/{receipt['id']}/dispatch", 1)
    shown = looked_up(served, receipt | {"position": issue["position"]})
    assert not shown["answering"]["open"]
    assert shown["answering"]["since"] == shown["due"]
    refused(rate(served, receipt, **ANSWERS, comment=COMMENT), 409, "limit-still-running")
    assert "request.called_back" not in events_of(served, receipt["id"])


def test_who_was_not_content_is_asked_again_after_the_redo(served: Served) -> None:
    receipt = handled(served, minutes=220)
    rate(served, receipt, **ANSWERS | {"solved": "unsolved"}).raise_for_status()
    last = done(served.client("dispatcher"), f"/requests/{receipt['id']}/order-redo", 3)
    shown = looked_up(served, receipt | {"position": last["position"]})
    assert (shown["standing"], shown["round"], shown["said"]) == ("assigned", 2, None)
    refused(rate(served, receipt, **ANSWERS), 409, "limit-still-running")


@pytest.mark.parametrize(
    "wrong",
    [
        {}, ANSWERS | {"contacted": "yes"}, ANSWERS | {"solved": "maybe"}, ANSWERS | {"comment": "长" * 501},
        ANSWERS | {"comment": "前\x00后"}, ANSWERS | {"valid": True}, ANSWERS | {"satisfaction": None},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_malformed(served: Served, wrong: dict[str, Any]) -> None:
    refused(rate(served, received(served), **wrong), 422, "malformed")


# --- telling the code again ----------------------------------------------------------------------


def test_intake_tells_the_code_again_and_that_is_on_record(served: Served) -> None:
    receipt = received(served)
    path = f"/requests/{receipt['id']}"
    ticket = seen(served.client("verifier"), f"{path}/follow-ticket", receipt)
    assert ticket == {"number": receipt["number"], "code": receipt["follow_code"]}
    for staff in ("roads", "worker", "supervisor", "admin"):
        refused(served.client(staff).get(f"{path}/follow-ticket"), 403, "wrong-role")
    refused(served.client("elsewhere").get(f"{path}/follow-ticket"), 404, "no-such-case")
    read = served.client("auditor").get("/audit/reads", params={"case": receipt["id"]})
    assert [(one["by"], one["fields"]) for one in read.json()] == [("verifier", ["follow_code"])]
