"""The feed as a stream: nothing lost or told twice, whatever breaks off, and nobody stays who may not."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from application.feed import streams
from tests import town
from tests.case_calls import dispatch, receive, refused, report
from tests.event_source import opened
from tests.feed_calls import LOG, end_of, everything
from tests.served import Served


def readers(served: Served) -> int:
    return served.house.services.feed_streams.readers


def until(condition: Any) -> None:
    """Wait some seconds at most until something is so."""
    for _ in range(200):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("still not so")


def test_what_is_recorded_while_somebody_follows_arrives_at_once(served: Served) -> None:
    auditor = served.client("auditor")
    with opened(auditor, log=LOG) as source:
        until(lambda: readers(served) == 1)
        began = time.monotonic()
        issue = report(served)
        (seen,) = source.take(1)
    assert time.monotonic() - began < 2
    assert (seen.event, seen.data["type"]) == ("message", "wangge.issue.reported")
    assert seen.data["subject"] == issue.removeprefix("/issues/")
    assert seen.last_id == seen.data["id"] == f"{LOG}:{seen.data['position']}"
    until(lambda: readers(served) == 0)


def test_coming_back_with_the_last_id_loses_and_repeats_nothing(served: Served) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    got: list[dict[str, Any]] = []
    last_id = f"{LOG}:{before}"
    for nth in range(4):
        dispatch(served, receive(served))
        with opened(auditor, last_id, log=LOG) as source:
            got += [seen.data for seen in source.take(3 + nth)]
            last_id = source.last_id
    expected = everything(auditor, before)
    with opened(auditor, last_id, log=LOG) as source:
        got += [seen.data for seen in source.take(len(expected) - len(got))]
    assert got == expected


def test_the_header_wins_over_the_address_since_a_browser_sends_both(served: Served) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    receive(served)
    report(served)
    first, second, *_ = everything(auditor, before)
    with opened(auditor, log=LOG, after=before) as source:
        assert source.take(1)[0].data == first
    with opened(auditor, first["id"], log=LOG, after=before) as source:
        assert source.take(1)[0].data == second
    refused(auditor.get("/feed/stream", params={"log": LOG}, headers={"Last-Event-ID": "yesterday"}), 422, "malformed")


def test_what_a_filter_passes_by_moves_the_last_id_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.2)
    auditor = served.client("auditor")
    before = end_of(auditor)
    receive(served)
    with opened(auditor, f"{LOG}:{before}", log=LOG, topic="issue.reported") as source:
        source.wait_for_another_id()
        report(served)
        assert source.take(1)[0].data["type"] == "wangge.issue.reported"
    assert int(source.last_id.partition(":")[2]) > before


def test_notices_tell_how_far_each_log_is_and_hold_no_event(served: Served) -> None:
    with opened(served.client("worker"), notice=True) as source:
        first = {seen.data["log"]: seen.data["position"] for seen in source.take(2)}
        assert set(first) == {LOG, town.CITY}
        began = time.monotonic()
        for _ in range(5):
            report(served)
        (second,) = source.take(1)
        report(served)
        (third,) = source.take(1)
    assert second.event == "notice"
    assert set(second.data) == {"log", "position"}
    assert first[LOG] < second.data["position"] < third.data["position"]
    assert time.monotonic() - began >= streams.NOTICE_SECONDS


def test_a_reader_whose_account_ends_is_let_go_and_told_why(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.2)
    supervisor = served.client("supervisor")
    with opened(supervisor, log=LOG) as source:
        served.run(lambda services: services.sign_in.disable("supervisor"))
        seen = source.take(1)
        assert [(one.event, one.data["code"]) for one in seen] == [("end", "not-signed-in")]
        assert source.take(1) == []
    served.run(lambda services: services.sign_in.enable("supervisor"))
    served.clients.pop("supervisor").close()


def test_beyond_its_room_a_process_asks_to_come_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_READERS", 1)
    auditor = served.client("auditor")
    with opened(auditor, log=LOG):
        until(lambda: readers(served) == 1)
        answer = auditor.get("/feed/stream", params={"log": LOG})
        refused(answer, 503, "busy")
        assert int(answer.headers["Retry-After"]) > 0


def test_fifty_idle_readers_hold_no_connection_and_one_event_wakes_them_all(served: Served) -> None:
    auditor = served.client("auditor")
    many = httpx.Limits(max_connections=60)
    with (
        httpx.Client(base_url=auditor.base_url, headers=auditor.headers, limits=many) as client,
        ExitStack() as stack,
    ):
        sources = [stack.enter_context(opened(client, log=LOG)) for _ in range(50)]
        until(lambda: readers(served) == 50)
        until(lambda: busy_connections(served) == 0)
        issue = report(served)
        subjects = {source.take(1)[0].data["subject"] for source in sources}
    assert subjects == {issue.removeprefix("/issues/")}
    until(lambda: readers(served) == 0)


def busy_connections(served: Served) -> int:
    """How many of the services' connections are lent out."""
    stats = served.house.projector.pool.get_stats()
    return int(stats["pool_size"] - stats["pool_available"])
