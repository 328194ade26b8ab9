"""Webhooks whose receiver fails in every way there is: nothing is lost, order is kept, and nobody else waits."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from application.feed import retrying
from infrastructure.feed import webhook_sending, webhook_work
from tests.case_calls import call, refused, report
from tests.feed_calls import LOG, Hook, end_of, everything, hook, receiver
from tests.receiver import Receiver, Reply, receiving
from tests.served import Served

__all__ = ["hook", "receiver"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The night passes in a second."""
    monkeypatch.setattr(retrying, "SCHEDULE_SECONDS", (0.05,) * 9)
    monkeypatch.setattr(webhook_sending, "LONGEST_SECONDS", 0.4)
    monkeypatch.setattr(webhook_work, "FIGURES_SECONDS", 0.1)
    monkeypatch.setattr(webhook_work, "LOOK_SECONDS", 0.05)


def times(count: int, reply: Reply, then: Reply = 204) -> Callable[[dict[str, Any]], Reply]:
    """One reply so many times, then another for ever."""
    left = [reply] * count
    return lambda _envelope: left.pop() if left else then


def reports(served: Served, count: int) -> list[str]:
    """So many events, by their ids."""
    auditor = served.client("auditor")
    before = end_of(auditor)
    for _ in range(count):
        report(served)
    return [one["id"] for one in everything(auditor, before)]


@pytest.mark.parametrize("fault", [500, 503, 429, 404, 302, 0])
def test_what_fails_is_tried_again_and_what_comes_after_waits(
    served: Served, receiver: Receiver, hook: Hook, fault: int
) -> None:
    receiver.reply = times(3, (fault, {"Location": receiver.url}) if fault == 302 else fault)
    first, second = reports(served, 2)
    assert receiver.wait_for_accepted(2) == [first, second]
    assert [one.id for one in receiver.taken] == [first] * 4 + [second]
    assert len({one.verified(hook.secret)["id"] for one in receiver.taken}) == 2


def test_who_hangs_is_given_up_and_asked_again(served: Served, receiver: Receiver, hook: Hook) -> None:
    receiver.reply = receiver.hang
    (only,) = reports(served, 1)
    receiver.wait_for(lambda: hook.standing()["failure"] == "timeout")
    receiver.reply = times(0, 204)
    assert receiver.wait_for_accepted(1) == [only]
    receiver.released.set()


def test_who_is_away_gets_everything_when_they_are_back(served: Served) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    away = Receiver()
    away.port = port
    hook = Hook(served, away)
    expected = reports(served, 3)
    away.wait_for(lambda: hook.standing()["failure"] == "no-connection")
    assert hook.standing()["attempts"] > 0
    with receiving(port) as back:
        assert back.wait_for_accepted(3) == expected
    hook.do("end")


def test_an_event_that_is_refused_is_parked_and_the_rest_goes_on(
    served: Served, receiver: Receiver, hook: Hook
) -> None:
    seen: list[str] = []

    def refuse_the_first(envelope: dict[str, Any]) -> Reply:
        seen.append(envelope["id"])
        return 422 if envelope["id"] == seen[0] else 204

    receiver.reply = refuse_the_first
    first, *rest = expected = reports(served, 3)
    assert receiver.wait_for_accepted(2) == rest
    receiver.wait_for(lambda: len(hook.parked()) == 1)
    (parked,) = hook.parked()
    assert (f"{parked['log']}:{parked['position']}", parked["status"], parked["failure"]) == (first, 422, "status-422")
    assert parked["attempts"] == retrying.REFUSED_TRIES
    assert hook.standing()["parked"] == 1

    resend = f"{hook.path}/deliveries/{parked['log']}/{parked['position']}/resend"
    assert call(hook.admin, resend).status_code == 202
    receiver.wait_for(lambda: len(hook.parked()) == 1 and [one.id for one in receiver.taken].count(first) == 6)
    receiver.reply = times(0, 204)
    assert call(hook.admin, resend).status_code == 202
    receiver.wait_for(lambda: set(receiver.accepted()) == set(expected))
    receiver.wait_for(lambda: hook.parked() == [])


def test_three_refused_in_a_row_halt_it_and_resuming_goes_on_with_the_third(
    served: Served, receiver: Receiver, hook: Hook
) -> None:
    receiver.reply = times(0, 0, then=403)
    expected = reports(served, 5)
    receiver.wait_for(lambda: bool(hook.standing()["halted"]))
    assert len(hook.parked()) == retrying.PARKED_IN_A_ROW - 1
    tries = len(receiver.taken)
    receiver.wait_for(lambda: f'wangge_webhook_halted{{log="{LOG}",webhook="{hook.code}"}} 1.0' in figures(served))
    assert f'wangge_webhook_backlog_events{{log="{LOG}",webhook="{hook.code}"}} 3.0' in figures(served)
    assert len(receiver.taken) == tries
    receiver.reply = times(0, 204)
    hook.do("resume", reason="接收方已恢复")
    assert receiver.wait_for_accepted(3) == expected[2:]
    assert hook.standing()["halted"] is False


def test_who_says_gone_is_left_alone_at_once(served: Served, receiver: Receiver, hook: Hook) -> None:
    receiver.reply = times(0, 0, then=410)
    reports(served, 2)
    receiver.wait_for(lambda: bool(hook.standing()["halted"]))
    assert [one.answered for one in receiver.taken] == [410]
    assert hook.parked() == []


def test_one_that_fails_holds_up_no_other(served: Served, receiver: Receiver, hook: Hook) -> None:
    receiver.reply = receiver.hang
    with receiving() as well:
        other = Hook(served, well)
        expected = reports(served, 5)
        assert well.wait_for_accepted(5) == expected
        other.do("end")
    receiver.released.set()


def test_an_answer_without_end_is_cut_off(served: Served, receiver: Receiver, hook: Hook) -> None:
    receiver.reply = times(1, (200, {"Content-Length": str(10**9)}))
    (only,) = reports(served, 1)
    receiver.wait_for(lambda: hook.standing()["backlog"] == 0)
    assert set(receiver.accepted()) == {only}


def test_what_was_never_delivered_cannot_be_sent_again(served: Served, hook: Hook) -> None:
    refused(call(hook.admin, f"{hook.path}/deliveries/{LOG}/1/resend"), 404, "no-such-delivery")
    refused(call(served.client("auditor"), f"{hook.path}/deliveries/{LOG}/1/resend"), 403, "wrong-role")


def test_deliveries_are_paged_from_the_latest_on(served: Served, receiver: Receiver, hook: Hook) -> None:
    expected = reports(served, 5)
    receiver.wait_for_accepted(5)
    receiver.wait_for(lambda: hook.standing()["backlog"] == 0)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        params: dict[str, str | int] = {"limit": 2, "state": "delivered", **cursor}
        page = hook.admin.get(f"{hook.path}/deliveries", params=params).raise_for_status().json()
        seen += [f"{one['log']}:{one['position']}" for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == expected[::-1]
    refused(hook.admin.get(f"{hook.path}/deliveries", params={"cursor": "nonsense"}), 422, "bad-cursor")


def figures(served: Served) -> str:
    return httpx.get(f"{served.url}/metrics").text
