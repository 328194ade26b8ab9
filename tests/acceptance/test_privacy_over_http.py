"""Personal data over HTTP: sealed to who may not read it, on record when read, found by telephone, and forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from tests.case_calls import at, call, dispatch, done, receive, refused, report
from tests.served import Served
from tests.town import DISTRICT, ROADS

TEXT, REPLY = "楼下三号井盖松动夜里响", "已派人当晚加固到位"
REQUESTER = {"name": "反映人欧阳某", "phone": "139 1234 5678", "address": "向阳里七号楼三单元"}
TOLD: dict[str, Any] = {"text": TEXT, "title": "井盖松动扰民", "requester": REQUESTER}
COUNTS = "/stats/rates"


def caught_up(served: Served) -> None:
    async def reach(services: Any) -> None:
        await services.readings.flush()
        for log in services.logs.every():
            await services.reach(log.log_id, await log.last_position())

    served.run(reach)


def reads(served: Served, path: str) -> list[dict[str, Any]]:
    caught_up(served)
    answer = served.client("auditor").get("/audit/reads", params={"case": path.rpartition("/")[2]})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_who_may_not_read_gets_the_reason_in_place_of_the_words(served: Served) -> None:
    path = receive(served, **TOLD)
    caught_up(served)
    for staff, names, state in (
        ("receiver", {"text", "title", "name", "phone", "address"}, "open"),
        ("worker", {"text", "title"}, "open"),
        ("supervisor", set[str](), "sealed"),
    ):
        shown = served.client(staff).get(path).json()
        assert set(shown["details"]) == names
        assert shown["withheld"] == dict.fromkeys({"text", "title", "name", "phone", "address"} - names, "sealed")
        assert (shown["request"]["text_state"], shown["request"]["text"]) == (state, TEXT if state == "open" else None)


def test_words_that_do_not_open_are_damaged_and_the_rest_is_shown(served: Served) -> None:
    path = receive(served, **TOLD)
    caught_up(served)
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        connection.execute(
            "UPDATE personal_detail SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE field = 'text'"
            " AND subject = (SELECT subject FROM served_request WHERE id = %s)",
            (UUID(path.rpartition("/")[2]),),
        )
    shown = served.client("receiver").get(path).json()
    assert (shown["request"]["text_state"], shown["request"]["text"]) == ("damaged", None)
    assert shown["withheld"] == {"text": "damaged"}
    assert shown["details"]["phone"] == REQUESTER["phone"]


# --- on record -----------------------------------------------------------------------------------


def test_contact_data_is_on_record_before_it_is_shown_and_without_a_word_of_it(served: Served) -> None:
    path = receive(served, **TOLD)
    caught_up(served)
    served.client("receiver").get(path).raise_for_status()
    (read,) = reads(served, path)
    assert (read["by"], read["role"], read["way"]) == ("receiver", "receiver", "details")
    assert set(read["fields"]) == {"text", "title", "name", "phone", "address"}
    served.client("supervisor").get(path).raise_for_status()  # who sees nothing reads nothing
    assert len(reads(served, path)) == 1


def test_what_lists_show_is_told_together(served: Served) -> None:
    paths = [receive(served, minutes, **TOLD) for minutes in (600, 601)]
    caught_up(served)
    for _ in range(3):
        served.client("worker").get("/requests", params={"limit": 5}).raise_for_status()
    found = [reads(served, path) for path in paths]
    assert found[0] == found[1]
    ((read,), _) = found
    assert (read["by"], read["way"]) == ("worker", "list")
    assert 2 <= read["cases"] <= 5


def test_a_text_of_a_worker_is_read_on_record_too(served: Served) -> None:
    path = report(served, text=TEXT)
    caught_up(served)
    assert served.client("dispatcher").get(path).json()["text"] == TEXT
    assert [(read["by"], read["fields"]) for read in reads(served, path)] == [("dispatcher", ["text", "title"])]


def test_readings_are_for_auditors(served: Served) -> None:
    case = receive(served).rpartition("/")[2]
    refused(served.client("receiver").get("/audit/reads", params={"case": case}), 403, "wrong-role")


# --- by telephone --------------------------------------------------------------------------------


def test_who_calls_again_is_known_again_and_the_search_is_on_record(served: Served) -> None:
    phone = "+86 188-0470-0001"
    mine = receive(served, requester={"phone": "18804700001"}, text="第一次来电")
    receive(served, requester={"phone": "18804700002"}, text="别人来电")
    caught_up(served)
    body = {"phone": phone, "reason": "来电人询问此前诉求"}
    found = served.client("receiver").post("/phone-searches", json=body)
    assert [row["id"] for row in found.json()] == [mine.rpartition("/")[2]]
    read = reads(served, mine)[-1]
    assert (read["way"], read["fields"], read["reason"]) == ("phone", ["phone"], body["reason"])
    assert served.client("receiver").post("/phone-searches", json=body | {"phone": "18804700003"}).json() == []
    refused(served.client("roads").post("/phone-searches", json=body), 403, "wrong-role")
    refused(served.client("receiver").post("/phone-searches", json={"phone": phone}), 422, "malformed")


# --- forgotten -----------------------------------------------------------------------------------


def test_an_erased_person_is_forgotten_and_every_count_is_as_before(served: Served) -> None:
    path = receive(served, **TOLD)
    done(served.client("receiver"), f"{path}/answer", 1, reply=REPLY, happened_at=at(5))
    caught_up(served)
    case = path.rpartition("/")[2]
    supervisor, auditor = served.client("supervisor"), served.client("auditor")
    period = {"start": at(-60), "end": at(60), "by": "unit"}
    before = supervisor.get(COUNTS, params=period).json()
    leaves = _leaves(served)
    served.house.services.erasing._retention *= 0  # the policy of this house, for one test
    order = {"case": case, "reason": "本人申请，处理目的已实现"}
    refused(served.client("receiver").post("/audit/erasures", json=order), 403, "wrong-role")
    certified = auditor.post("/audit/erasures", json=order).json()
    assert (certified["stage"], certified["remains"]) == ("certified", {})
    assert auditor.get(f"/audit/erasures/{case}").json() == certified
    refused(auditor.post("/audit/erasures", json=order), 409, "already-erased")
    caught_up(served)
    shown = served.client("receiver").get(path).json()
    assert (shown["details"], set(shown["withheld"].values())) == ({}, {"erased"})
    assert shown["request"]["text_state"] == "erased"
    steps = [step["what"] for step in served.client("receiver").get(f"{path}/timeline").json()]
    assert len(steps) == 2
    assert supervisor.get(COUNTS, params=period).json() == before
    assert _leaves(served)[: len(leaves)] == leaves


def test_what_is_under_way_is_not_erased(served: Served) -> None:
    path = receive(served, **TOLD)
    dispatch(served, path, lead=ROADS)
    order: dict[str, Any] = {"case": path.rpartition("/")[2], "reason": "本人申请"}
    assert served.client("auditor").post("/audit/erasures", json=order).json()["stage"] == "refused"
    assert call(served.client("auditor"), "/audit/erasures/hold", **order).json()["held"]
    refused(call(served.client("auditor"), "/audit/erasures/hold", **order), 409, "held-already")
    assert not call(served.client("auditor"), "/audit/erasures/lift", **order).json()["held"]
    refused(call(served.client("auditor"), "/audit/erasures/lift", **order), 409, "not-held")


def _leaves(served: Served) -> list[Any]:
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        query = "SELECT position, leaf_hash FROM event WHERE log_id = %s ORDER BY position"
        return connection.execute(query, (DISTRICT,)).fetchall()
