"""What an append promises when connections break, processes compete and sessions hang: once, and in order."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable, Iterator
from math import inf
from time import monotonic

import psycopg
import pytest
from eventsourcing.persistence import Tracking

from application.ports import RequestKey
from domain.refusals import Busy
from infrastructure.eventstore import commit, connecting
from infrastructure.eventstore.connecting import LostConnectionError
from infrastructure.eventstore.in_loop import LoopCommitter
from infrastructure.eventstore.request import Request, request
from tests.appending import Proxy, append_many, ask, committing, held, recorded, save

KEY = RequestKey("somebody k-1", "hash of what was asked")
KINDS: dict[str, Callable[[], Request]] = {
    "with a key": lambda: save(key=KEY),
    "without a key": save,
    "of a follower alone": lambda: request([], tracking=Tracking("upstream", 7)),
}


@pytest.fixture
def proxy(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(commit, "HINT_SECONDS", inf)  # what is cut shall be an append
    made = Proxy(database_url)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hint follows its commit by itself, so the cut that is meant for an append might meet it instead."""
    monkeypatch.setattr(commit, "HINT_SECONDS", inf)


def warm(story: Callable[[LoopCommitter], Awaitable[None]], url: str) -> None:
    async def whole() -> None:
        async with committing(url) as committer:
            await committer.append(save())
            await story(committer)

    asyncio.run(whole())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["cut_before", "cut_after"])
def test_a_save_whose_connection_is_cut_is_recorded_once_and_answered(
    database_url: str, proxy: Proxy, where: str, kind: str
) -> None:
    asked = KINDS[kind]()

    async def story(committer: LoopCommitter) -> None:
        setattr(proxy, where, True)
        answer = await committer.append(asked)
        assert (answer.first_position, answer.n) == (2, len(asked.events))
        assert (await committer.append(save())).first_position == 2 + answer.n

    warm(story, proxy.url)
    assert proxy.cuts == 1
    assert len(recorded(database_url)) == 2 + len(asked.events)


def test_an_append_that_still_waits_for_the_lock_when_its_connection_is_cut_is_recorded_once(
    database_url: str, proxy: Proxy
) -> None:
    async def story(committer: LoopCommitter) -> None:
        with held(database_url):
            proxy.cut_after = True
            asked = asyncio.create_task(committer.append(save()))
            waiting = (
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%append%'"
            )
            while ask(database_url, waiting) != [(2,)]:  # the one cut off, and the second attempt
                assert not asked.done()
                await asyncio.sleep(0.05)
        assert (await asked).first_position == 2

    warm(story, proxy.url)
    assert len(recorded(database_url)) == 2


def test_when_the_database_does_not_come_back_a_key_makes_it_safe_to_ask_again(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(committer: LoopCommitter) -> None:
        monkeypatch.setattr(connecting, "PATIENCE_SECONDS", 0)
        proxy.cut_after = True
        with pytest.raises(Busy):
            await committer.append(save(key=KEY))
        await committer.append(save())
        proxy.cut_after = True
        with pytest.raises(LostConnectionError):
            await committer.append(save())

    warm(story, proxy.url)


def test_two_processes_on_one_database_leave_no_gap(database_url: str) -> None:
    append_many(database_url, 1, 1)
    start_afresh = multiprocessing.get_context("spawn")
    others = [start_afresh.Process(target=append_many, args=(database_url, 16, 40)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
        assert other.exitcode == 0
    assert [position for position, _, _ in recorded(database_url)] == list(range(1, 1282))


def test_a_session_that_hangs_in_a_transaction_keeps_nobody_waiting(database_url: str) -> None:
    append_many(database_url, 1, 1)
    with psycopg.connect(database_url) as hanging:
        hanging.execute(
            "INSERT INTO account (staff_id, login, password_hash, changed_at) VALUES ('a', 'b', 'c', now())"
        )
        hanging.execute("SELECT count(*) FROM event")
        start = monotonic()
        append_many(database_url, 4, 5)
        assert [position for position, _, _ in recorded(database_url)] == list(range(1, 22))
        assert monotonic() - start < 5
