"""Many at once: one of equal orders wins, a retry is one order, and two cases change together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NoReturn

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from tests.case_calls import ASKED, at, call, dispatch, done, events_of, receive, refused, report, rows, seen
from tests.served import Served

Call = Callable[[], httpx.Response]


def together(calls: Sequence[Call]) -> list[httpx.Response]:
    """All at once, as nearly as threads can."""
    start = Barrier(len(calls))

    def one(send: Call) -> httpx.Response:
        start.wait(30)
        return send()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def won_and_lost(answers: list[httpx.Response]) -> tuple[list[dict[str, Any]], list[int]]:
    """The receipts of who won; everybody else must have been told that something newer is there."""
    for answer in answers:
        if not answer.is_success:
            refused(answer, 412, "stale")
    lost = [number for number, answer in enumerate(answers) if not answer.is_success]
    return [answer.json() for answer in answers if answer.is_success], lost


def test_more_readers_than_connections_are_all_answered(served: Served) -> None:
    receiver = served.client("receiver")
    report(served)
    answers = together([lambda: receiver.get("/issues")] * 48)
    assert {answer.status_code for answer in answers} == {200}


def test_who_gets_no_connection_in_time_is_asked_to_come_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_free(*_: object, **__: object) -> NoReturn:
        raise PoolTimeout

    receiver = served.client("receiver")
    receiver.get("/work")
    monkeypatch.setattr(AsyncConnectionPool, "connection", none_free)
    answer = receiver.get("/issues")
    refused(answer, 503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1


def test_of_32_orders_on_one_version_exactly_one_wins(served: Served) -> None:
    issue, receiver = report(served), served.client("receiver")
    won, lost = won_and_lost(together([lambda: call(receiver, f"{issue}/file", 1)] * 32))
    assert [receipt["version"] for receipt in won] == [2]
    assert len(lost) == 31
    assert events_of(served, issue) == ["issue.reported", "issue.filed"]


def test_different_orders_on_one_version_exclude_each_other(served: Served) -> None:
    issue, receiver = report(served), served.client("receiver")
    orders: list[Call] = [lambda: call(receiver, f"{issue}/file", 1)] * 8
    orders += [lambda: call(receiver, f"{issue}/void", 1, reason="误报")] * 8
    orders += [lambda: call(served.client("worker"), f"{issue}/solve-on-spot", 1, measure="劝离")] * 8
    served.client("worker")
    won, _ = won_and_lost(together(orders))
    assert len(won) == 1
    assert len(events_of(served, issue)) == 2


def test_16_retries_under_one_key_are_one_order(served: Served) -> None:
    receiver, before = served.client("receiver"), rows(served)
    order = ASKED | {"happened_at": at(0), "requester": {"name": "反映人甲"}}
    answers = together([lambda: call(receiver, "/requests", key="at-once-1", **order)] * 16)
    assert {(answer.status_code, answer.text, answer.headers["ETag"]) for answer in answers} == {
        (201, answers[0].text, '"1"')
    }
    more = {table: after - before[table] for table, after in rows(served).items()}
    assert (more.pop("request_answer"), more.pop("personal_detail"), sum(more.values())) == (1, 2, 1)

    request = f"/requests/{answers[0].json()['id']}"
    retries = together([lambda: call(receiver, f"{request}/answer", 1, key="at-once-2", reply="好")] * 16)
    assert {(answer.status_code, answer.json()["version"]) for answer in retries} == {(200, 2)}
    assert len({answer.text for answer in retries}) == 1
    assert events_of(served, request) == ["request.received", "request.answered"]


def test_one_key_at_once_for_two_orders_is_for_one_of_them(served: Served) -> None:
    receiver, issues = served.client("receiver"), [report(served), report(served)]
    orders: list[Call] = [lambda: call(receiver, f"{issues[0]}/file", 1, key="two-orders")] * 4
    orders += [lambda: call(receiver, f"{issues[1]}/file", 1, key="two-orders")] * 4
    answers = together(orders)
    for answer in answers:
        if not answer.is_success:
            refused(answer, 422, "key-reused")
    assert sum(answer.is_success for answer in answers) == 4
    assert sorted(len(events_of(served, issue)) for issue in issues) == [1, 2]


def test_an_issue_is_opened_once_and_no_other_is_left_behind(served: Served) -> None:
    request, receiver = receive(served), served.client("receiver")
    before = rows(served)
    won, lost = won_and_lost(together([lambda: call(receiver, f"{request}/open-issue", 1)] * 12))
    assert (len(won), len(lost)) == (1, 11)
    assert events_of(served, f"/issues/{won[0]['id']}") == ["issue.reported", "issue.request_attached"]
    assert events_of(served, request) == ["request.received", "request.attached"]
    assert sum(rows(served).values()) == sum(before.values()) + 3


def test_requests_attached_at_once_are_attached_on_both_sides_or_on_neither(served: Served) -> None:
    issue, receiver = report(served), served.client("receiver")
    requests = [receive(served) for _ in range(16)]
    target = issue.removeprefix("/issues/")
    orders: list[Call] = [lambda path=path: call(receiver, f"{path}/attach", 1, issue=target) for path in requests]  # type: ignore[misc]  # mypy infers no lambda with a default
    won, lost = won_and_lost(together(orders))
    assert won
    assert events_of(served, issue) == ["issue.reported"] + ["issue.request_attached"] * len(won)
    for number, request in enumerate(requests):
        attached = [] if number in lost else ["request.attached"]
        assert events_of(served, request) == ["request.received", *attached]
    shown = seen(receiver, issue, max(won, key=lambda receipt: int(receipt["position"])))
    assert shown["voices"] == len(won)


def test_issues_merged_at_once_change_on_both_sides_or_on_neither(served: Served) -> None:
    into, dispatcher = report(served), served.client("dispatcher")
    issues = [report(served) for _ in range(8)]
    target = into.removeprefix("/issues/")
    orders: list[Call] = [lambda path=path: call(dispatcher, f"{path}/merge", 1, into=target) for path in issues]  # type: ignore[misc]  # mypy infers no lambda with a default
    won, lost = won_and_lost(together(orders))
    assert won
    assert events_of(served, into) == ["issue.reported"] + ["issue.absorbed"] * len(won)
    for number, issue in enumerate(issues):
        merged = [] if number in lost else ["issue.merged_into"]
        assert events_of(served, issue) == ["issue.reported", *merged]


def test_one_request_attached_to_many_at_once_hangs_on_one(served: Served) -> None:
    request, receiver = receive(served), served.client("receiver")
    issues = [report(served) for _ in range(12)]
    ids = [issue.removeprefix("/issues/") for issue in issues]
    orders: list[Call] = [lambda issue=issue: call(receiver, f"{request}/attach", 1, issue=issue) for issue in ids]  # type: ignore[misc]  # mypy infers no lambda with a default
    won, lost = won_and_lost(together(orders))
    assert (len(won), len(lost)) == (1, 11)
    assert events_of(served, request) == ["request.received", "request.attached"]
    for number, issue in enumerate(issues):
        attached = [] if number in lost else ["issue.request_attached"]
        assert events_of(served, issue) == ["issue.reported", *attached]


def test_one_issue_merged_into_many_at_once_goes_on_in_one(served: Served) -> None:
    issue, dispatcher = report(served), served.client("dispatcher")
    targets = [report(served) for _ in range(8)]
    ids = [target.removeprefix("/issues/") for target in targets]
    orders: list[Call] = [lambda into=into: call(dispatcher, f"{issue}/merge", 1, into=into) for into in ids]  # type: ignore[misc]  # mypy infers no lambda with a default
    won, lost = won_and_lost(together(orders))
    assert (len(won), len(lost)) == (1, 7)
    assert events_of(served, issue) == ["issue.reported", "issue.merged_into"]
    for number, target in enumerate(targets):
        absorbed = [] if number in lost else ["issue.absorbed"]
        assert events_of(served, target) == ["issue.reported", *absorbed]


def test_redos_at_once_send_the_issue_round_once_and_no_request_without_it(served: Served) -> None:
    verifier, roads, receiver = (served.client(name) for name in ("verifier", "roads", "receiver"))
    first, others = receive(served), [receive(served) for _ in range(3)]
    issue = dispatch(served, first, minutes=1)
    target = issue.removeprefix("/issues/")
    unhappy: dict[str, Any] = {"valid": True, "contacted": True, "solved": "unsolved"}
    for request in others:
        done(receiver, f"{request}/attach", 1, issue=target, happened_at=at(2))
    done(roads, f"{issue}/accept", 7, happened_at=at(3))
    done(roads, f"{issue}/resolve", 8, measure="更换灯具", happened_at=at(4))
    for request in (first, *others):
        body = unhappy | {"satisfaction": "dissatisfied", "happened_at": at(60 * 24 * 4)}
        done(verifier, f"{request}/call-back", 2, **body)
    orders: list[Call] = [
        lambda path=path: call(verifier, f"{path}/order-redo", 3, happened_at=at(60 * 24 * 4 + 1))  # type: ignore[misc]  # mypy infers no lambda with a default
        for path in (first, *others)
    ]
    won, lost = won_and_lost(together(orders))
    assert won
    assert events_of(served, issue)[8:] == ["issue.resolved", "issue.redo_ordered"]
    for number, request in enumerate((first, *others)):
        assert ("request.redo_ordered" in events_of(served, request)) is (number not in lost)
