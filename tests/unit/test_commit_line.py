"""The line before a log: first come, first served, no two that claim the same in one batch, nobody forgotten."""

from __future__ import annotations

from time import monotonic
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent, Tracking

from application.ports import RequestKey
from domain.refusals import Busy
from infrastructure.eventstore import line as module
from infrastructure.eventstore.line import Line, Pending
from infrastructure.eventstore.request import Answer, Request, request

ANSWER = Answer(1, 1, uuid4(), 1)


def of(*streams: object, **beside: object) -> Request:
    return request([StoredEvent(stream, 1, "issue.reported", b"12345678") for stream in streams], **beside)  # type: ignore[arg-type]


def pending(asked: Request, patience: float = 10) -> Pending:
    return Pending(asked, monotonic() + patience, lambda: None)


def stand(line: Line, *requests: Request) -> list[Pending]:
    waiting = [pending(asked) for asked in requests]
    for one in waiting:
        line.put(one)
    return waiting


def test_only_who_finds_nobody_serving_serves() -> None:
    line = Line()
    assert line.put(pending(of(uuid4())))
    assert not line.put(pending(of(uuid4())))
    line.take()
    assert line.leave()
    assert line.put(pending(of(uuid4())))
    assert not line.leave()  # somebody waits, so it is still being served
    assert not line.put(pending(of(uuid4())))


@pytest.mark.parametrize("claim", ["stream", "key", "follower"])
def test_what_claims_the_same_is_held_back_and_goes_first_in_the_next_batch(claim: str) -> None:
    stream = uuid4()
    first, second = {
        "stream": (of(stream), of(uuid4(), stream)),
        "key": (of(uuid4(), key=RequestKey("k", "a")), of(uuid4(), key=RequestKey("k", "b"))),
        "follower": (of(tracking=Tracking("up", 1)), of(tracking=Tracking("up", 2))),
    }[claim]
    line, other, later = Line(), of(uuid4()), of(uuid4())
    one, two, three = stand(line, first, second, other)
    assert line.take() == [one, three]
    (four,) = stand(line, later)
    assert line.take() == [two, four]


def test_nobody_overtakes_who_is_held_back() -> None:
    a, b = uuid4(), uuid4()
    line = Line()
    one, both, behind = stand(line, of(a), of(a, b), of(b))
    assert [line.take() for _ in range(3)] == [[one], [both], [behind]]


def test_a_batch_is_bounded_in_requests_and_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REQUESTS", 3)
    monkeypatch.setattr(module, "MOST_BYTES", 20)
    line = Line()
    small = stand(line, *(of() for _ in range(4)))
    assert line.take() == small[:3]
    large = stand(line, of(uuid4()), of(uuid4()), of(uuid4()), of(*(uuid4() for _ in range(9))))
    assert [line.take() for _ in range(3)] == [[small[3], *large[:2]], [large[2]], [large[3]]]


def test_a_full_line_refuses_and_one_that_has_room_again_does_not() -> None:
    line = Line(most_waiting=1)
    stand(line, of())
    with pytest.raises(Busy):
        line.put(pending(of()))
    line.take()
    line.put(pending(of()))


def test_who_waited_too_long_is_told_and_not_served() -> None:
    line, late = Line(), pending(of(), patience=-1)
    line.put(late)
    (on_time,) = stand(line, of())
    assert line.take() == [on_time]
    with pytest.raises(Busy):
        late.result()


def test_a_request_is_withdrawn_while_it_waits_and_not_when_it_is_served() -> None:
    line = Line()
    one, two = stand(line, of(), of())
    assert line.withdraw(one)
    assert line.take() == [two]
    assert not line.withdraw(two)


def test_the_first_outcome_counts() -> None:
    told: list[None] = []
    one = Pending(of(), monotonic(), lambda: told.append(None))
    one.settle(ANSWER)
    one.settle(Busy(seconds=1))
    assert one.result() == ANSWER
    assert told == [None]
