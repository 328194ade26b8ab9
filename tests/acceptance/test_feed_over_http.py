"""The feed by pages: CloudEvents that others' library reads, in order, whole, and for whom it is meant."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from infrastructure.feed import case_events
from infrastructure.projections.read_model import Facts, Happened, UnknownEvent
from infrastructure.projections.telling import VERSIONS
from tests import town
from tests.case_calls import dispatch, receive, refused, report
from tests.feed_calls import LOG, end_of, everything, hire, page_of
from tests.served import Served


def test_pages_of_any_size_give_every_event_of_a_case_once_and_in_order(served: Served) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    issue = dispatch(served, receive(served))
    whole = everything(auditor, before)
    assert {"wangge.request.received", "wangge.issue.assigned"} < {one["type"] for one in whole}
    assert [one["position"] for one in whole] == sorted({one["position"] for one in whole})
    assert everything(auditor, before, limit=1) == everything(auditor, before, limit=2) == whole
    assert {one["subject"] for one in whole} >= {issue.removeprefix("/issues/")}


def test_an_envelope_is_what_others_understand_by_a_cloud_event(served: Served) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    issue = report(served)
    (envelope,) = everything(auditor, before, topic="issue.reported")
    read = JSONFormat().read(CloudEvent, json.dumps(envelope))
    assert (read.get_specversion(), read.get_type()) == ("1.0", "wangge.issue.reported")
    assert (read.get_id(), read.get_source()) == (f"{LOG}:{envelope['position']}", f"urn:wangge:log:{LOG}")
    assert f"/issues/{read.get_subject()}" == issue
    assert read.get_dataschema() == f"urn:wangge:event:issue.reported:{VERSIONS['issue.reported']}"
    assert read.get_extension("caseversion") == 1
    assert read.get_time() is not None
    data = read.get_data()
    assert isinstance(data, dict)
    assert (data["grid"], data["by"], data["category"]) == (town.GRID, "worker", town.LAMPS)


def test_no_envelope_holds_words_keys_to_them_or_the_whereabouts_of_who_wants_secrecy(served: Served) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    requester = {"name": "反映人甲", "phone": "13800000000"}
    receive(served, requester=requester, **town.POINT)
    receive(served, requester=requester, confidential=True, **town.POINT)
    plain, secret = everything(auditor, before, topic="request.received")
    text = json.dumps([plain, secret], ensure_ascii=False)
    assert not [word for word in ("反映人甲", "13800000000", "路灯三天不亮", "sealed") if word in text]
    assert "subject" not in plain["data"]
    assert plain["data"]["longitude"] == town.POINT["longitude"]
    assert (secret["data"]["longitude"], secret["data"]["latitude"]) == (None, None)


def test_topics_and_families_leave_out_the_rest_and_still_come_to_the_end(served: Served) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    dispatch(served, receive(served))
    issues = everything(auditor, before, topic="issue.*")
    assert {one["type"].split(".")[1] for one in issues} == {"issue"}
    some = everything(auditor, before, topic=["issue.assigned", "request.received"])
    assert [one["type"] for one in some] == ["wangge.request.received", "wangge.issue.assigned"]
    page = page_of(auditor, after=before, topic="whistle.*")
    assert (page["items"], page["next"], page["at_head"]) == ([], page["newest"], True)


def test_a_rare_topic_is_found_though_a_question_looks_through_few_positions(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_events, "LOOKED_THROUGH", 2)
    auditor = served.client("auditor")
    before = end_of(auditor)
    dispatch(served, receive(served))
    first = page_of(auditor, after=before, topic="issue.assigned")
    assert (first["items"], first["next"], first["at_head"]) == ([], before + 2, False)
    assert [one["type"] for one in everything(auditor, before, topic="issue.assigned")] == ["wangge.issue.assigned"]


def test_an_event_that_a_newer_program_wrote_holds_readers_up_instead_of_being_left_out(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor, events = served.client("auditor"), served.house.tail.events
    before, tell = end_of(auditor), events._tell
    dispatch(served, receive(served))
    whole = everything(auditor, before)

    def tell_as_an_older_program(event: Happened) -> Facts:
        if event.topic == "issue.filed":
            raise UnknownEvent(event.topic)
        return tell(event)

    with monkeypatch.context() as patch:
        patch.setattr(events, "_tell", tell_as_an_older_program)
        page = page_of(auditor, after=before)
        again = page_of(auditor, after=page["next"])
    filed = next(one["position"] for one in whole if one["type"] == "wangge.issue.filed")
    assert page["items"] == [one for one in whole if one["position"] < filed]
    assert (page["next"], page["at_head"]) == (filed - 1, False)
    assert (again["items"], again["next"]) == ([], page["next"])
    assert page["items"] + everything(auditor, again["next"]) == whole


def test_who_sees_part_of_a_log_gets_the_events_of_its_cases_as_they_lay(served: Served) -> None:
    hire(served, "street-supervisor", [town.OTHER_STREET])
    auditor, street = served.client("auditor"), served.client("street-supervisor")
    before = end_of(auditor)
    receive(served)
    receive(served, place=town.OTHER_GRID)
    assert len(everything(auditor, before, topic="request.received")) == 2
    (own,) = everything(street, before)
    assert own["data"]["place"] == town.OTHER_GRID


@pytest.mark.parametrize(
    ("staff", "params", "status", "code"),
    [
        ("worker", {}, 403, "wrong-role"),
        ("receiver", {}, 403, "wrong-role"),
        ("supervisor", {"log": "150781"}, 404, "no-such-log"),
        ("supervisor", {"topic": "issue.dreamt"}, 422, "no-such-topic"),
        ("supervisor", {"topic": "reading.recorded"}, 422, "no-such-topic"),
        ("supervisor", {"after": 10**9}, 409, "past-the-end"),
        ("supervisor", {"after": -1}, 422, "malformed"),
        ("supervisor", {"limit": 501}, 422, "malformed"),
    ],
)
def test_what_is_not_for_the_reader_or_not_there_is_refused(
    served: Served, staff: str, params: dict[str, Any], status: int, code: str
) -> None:
    for path in ("/feed", "/feed/stream"):
        if path == "/feed" or "limit" not in params:
            refused(served.client(staff).get(path, params={"log": LOG} | params), status, code)


def test_a_stranger_gets_nothing(served: Served) -> None:
    for path in ("/feed", "/feed/stream", "/feed/stream?notice=true"):
        refused(httpx.get(f"{served.url}/api/v1{path}", params={"log": LOG}), 401, "not-signed-in")
