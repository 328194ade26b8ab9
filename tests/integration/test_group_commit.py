"""Group commit: many saves share a commit, and each is answered as if it were alone."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import DataError, IntegrityError, Tracking
from structlog.testing import capture_logs

from application.ports import RequestKey
from application.privacy.sealed import SealedDetails
from domain.refusals import Busy
from infrastructure.eventstore.columns import batch_values
from infrastructure.eventstore.commit import QUERY, AlreadyTracked, Conflict, KeyUsed
from infrastructure.eventstore.connecting import SETTINGS
from infrastructure.eventstore.line import Line
from infrastructure.eventstore.on_threads import ThreadCommitter
from infrastructure.eventstore.request import Answer, Origin, Request, request
from tests.appending import LOG, ask, committing, event, held, recorded, save
from tests.tampering import tamper

KEY = RequestKey("somebody k-1", "hash of what was asked")


def append_all(url: str, *requests: Request) -> list[Any]:
    """What becomes of requests that are made at once."""

    async def story() -> list[Any]:
        async with committing(url) as committer:
            return await asyncio.gather(*map(committer.append, requests), return_exceptions=True)

    return asyncio.run(story())


def commits(url: str) -> int:
    return int(ask(url, "SELECT count(DISTINCT xmin::text) FROM event")[0][0])


def test_sixty_four_saves_made_at_once_share_one_commit(database_url: str) -> None:
    answers = append_all(database_url, *(save() for _ in range(64)))
    assert [answer.first_position for answer in answers] == list(range(1, 65))
    assert commits(database_url) == 1


def test_positions_are_dense_and_only_offenders_are_refused(database_url: str) -> None:
    taken = uuid4()

    async def story() -> list[Any]:
        async with committing(database_url) as committer:
            await committer.append(save(taken))

            async def call(caller: int) -> list[Any]:
                asked = [save(taken if nth % 5 == caller % 5 else None) for nth in range(10)]
                return [*await asyncio.gather(*map(committer.append, asked), return_exceptions=True)]

            return [answer for answers in await asyncio.gather(*map(call, range(64))) for answer in answers]

    answers = asyncio.run(story())
    assert sum(isinstance(answer, Conflict) for answer in answers) == 128
    positions = sorted(answer.first_position for answer in answers if isinstance(answer, Answer))
    assert positions == list(range(2, 514))
    assert [position for position, _, _ in recorded(database_url)] == list(range(1, 514))


def test_threads_and_a_loop_stand_in_one_line(database_url: str) -> None:
    line = Line()

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(database_url, autocommit=True, **SETTINGS)

    async def story() -> None:
        async with committing(database_url, line) as in_loop:
            on_threads = ThreadCommitter(LOG, connect, line, waiting_seconds=10)
            loop = asyncio.get_running_loop()
            with ThreadPoolExecutor(16) as pool:
                for _ in range(20):
                    threads = [loop.run_in_executor(pool, on_threads.append, save()) for _ in range(16)]
                    await asyncio.gather(*threads, *(in_loop.append(save()) for _ in range(16)))
            on_threads.close()

    asyncio.run(story())
    assert [position for position, _, _ in recorded(database_url)] == list(range(1, 641))
    assert commits(database_url) < 640


# --- what never shares a commit ------------------------------------------------------------------


def test_two_versions_of_a_stream_are_recorded_one_after_the_other(database_url: str) -> None:
    stream = uuid4()
    first, other, second = append_all(database_url, save(stream), save(), save(stream, 2))
    assert (first.first_position, other.first_position, second.first_position) == (1, 2, 3)
    assert commits(database_url) == 2


def test_of_two_that_claim_a_version_the_first_gets_it(database_url: str) -> None:
    stream = uuid4()
    first, second = append_all(database_url, save(stream), save(stream))
    assert first.first_position == 1
    assert (second.stream_id, second.expected, second.actual) == (stream, 0, 1)


def test_a_request_key_used_twice_at_once_gets_one_answer(database_url: str) -> None:
    first, second = append_all(database_url, save(key=KEY), save(key=KEY))
    assert second == first
    assert len(recorded(database_url)) == 1
    other, fresh = append_all(database_url, save(key=RequestKey(KEY.key, "another hash")), save())
    assert isinstance(other, KeyUsed)
    assert fresh.first_position == 2


def test_a_follower_moves_on_and_never_back(database_url: str) -> None:
    asked = [save(tracking=Tracking("upstream", position)) for position in (1, 2, 2, 5, 4)]
    answers = append_all(database_url, *asked)
    assert [type(answer) for answer in answers] == [Answer, Answer, AlreadyTracked, Answer, AlreadyTracked]
    assert len(recorded(database_url)) == 3
    assert ask(database_url, "SELECT position FROM tracking") == [(5,)]


# --- all or nothing ------------------------------------------------------------------------------


def test_a_save_of_two_streams_is_refused_whole_beside_others_that_are_recorded(database_url: str) -> None:
    taken, fresh = uuid4(), uuid4()
    details = [SealedDetails(uuid4(), {"text": b"sealed"})]
    both = request([event(fresh), event(taken)], exact=True, key=KEY, details=details, tracking=Tracking("upstream", 1))
    _, refused, last = append_all(database_url, save(taken), both, save())
    assert isinstance(refused, Conflict)
    assert last.first_position == 2
    assert fresh not in {stream for _, stream, _ in recorded(database_url)}
    for table in ("request_answer", "personal_detail", "tracking"):
        assert ask(database_url, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


def test_events_of_one_save_are_together_and_in_order(database_url: str) -> None:
    one, two = uuid4(), uuid4()
    both = [event(one), event(two), event(one, 2), event(two, 2), event(one, 3)]
    answers = append_all(database_url, save(), request(both, exact=True, key=KEY), save())
    assert list(answers[1].positions) == [2, 3, 4, 5, 6]
    assert recorded(database_url)[1:6] == [(2, one, 1), (3, two, 1), (4, one, 2), (5, two, 2), (6, one, 3)]
    again = append_all(database_url, request(both, exact=True, key=KEY))
    assert again == [answers[1]]
    heads = ask(database_url, "SELECT stream_id, type, version, last_position FROM stream_head")
    assert {(one, "issue", 3, 6), (two, "issue", 2, 5)} < set(heads)


def test_an_error_nobody_foresaw_falls_on_its_culprit_alone(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE event ADD CHECK (topic <> 'poison')")
    poison = request([event(topic="poison")])
    with capture_logs() as logs:
        answers = append_all(database_url, *(save() for _ in range(5)), poison, *(save() for _ in range(5)))
    assert [n for n, answer in enumerate(answers) if not isinstance(answer, Answer)] == [5]
    assert isinstance(answers[5], psycopg.errors.CheckViolation)
    assert [position for position, _, _ in recorded(database_url)] == list(range(1, 11))
    assert [(entry["event"], entry["topics"]) for entry in logs] == [("append_failed", ["poison"])]


def test_what_postgresql_cannot_hold_is_refused_before_it_is_queued(database_url: str) -> None:
    """Found late, it would have left the follower's position moved without the events."""
    with pytest.raises(DataError):
        request([event(topic="a\0b")], tracking=Tracking("upstream", 7))
    with pytest.raises(DataError):
        request([event(version=2**63)])
    with pytest.raises(DataError):
        request([event()], details=[SealedDetails(uuid4(), {"\ud800": b"sealed"})])
    with pytest.raises(IntegrityError):
        request([event(stream := uuid4(), 2), event(stream, 1)])
    with pytest.raises(IntegrityError):
        request([event(stream, 1), event(stream, 3)], exact=True)
    assert ask(database_url, "SELECT count(*) FROM tracking") == [(0,)]


# --- too much ------------------------------------------------------------------------------------


def test_a_full_line_refuses_at_once_and_loses_nothing(database_url: str) -> None:
    async def story() -> None:
        async with committing(database_url, Line(most_waiting=2)) as committer:
            with held(database_url):
                running = asyncio.create_task(committer.append(save()))
                await asyncio.sleep(0.2)
                waiting = [asyncio.create_task(committer.append(save())) for _ in range(2)]
                await asyncio.sleep(0)
                with pytest.raises(Busy):
                    await committer.append(save())
            assert [answer.first_position for answer in await asyncio.gather(running, *waiting)] == [1, 2, 3]

    asyncio.run(story())


def test_who_waits_too_long_is_refused_and_nothing_is_recorded(database_url: str) -> None:
    async def story() -> None:
        async with committing(database_url, waiting_seconds=0.3) as committer:
            with held(database_url):
                running = asyncio.create_task(committer.append(save()))
                await asyncio.sleep(0.1)
                with pytest.raises(Busy):
                    await committer.append(save())
            assert (await running).first_position == 1
        assert len(recorded(database_url)) == 1

    asyncio.run(story())


def test_a_statement_that_takes_too_long_is_rolled_back_and_refused(database_url: str) -> None:
    async def story() -> None:
        async with committing(database_url, statement_seconds=0.2) as committer:
            with held(database_url), pytest.raises(Busy):
                await committer.append(save())
            assert (await committer.append(save())).first_position == 1

    asyncio.run(story())


def test_a_caller_that_goes_away_takes_its_request_along(database_url: str) -> None:
    async def story() -> None:
        async with committing(database_url) as committer:
            with held(database_url):
                running = asyncio.create_task(committer.append(save()))
                await asyncio.sleep(0.1)
                gone = asyncio.create_task(committer.append(save()))
                await asyncio.sleep(0)
                gone.cancel()
            assert (await running).first_position == 1
            assert (await committer.append(save())).first_position == 2

    asyncio.run(story())


# --- what a row says -----------------------------------------------------------------------------


def test_the_leaf_of_an_event_is_what_its_fields_say(database_url: str) -> None:
    origin = Origin("河东社区第一网格网格员", uuid4(), uuid4())
    append_all(database_url, save(), save(origin=origin))
    rows = ask(
        database_url,
        "SELECT log_id, position, stream_id, version, event_id, topic, schema_version, recorded_at, request_id,"
        " actor_ref, correlation_id, causation_id, state, leaf_hash FROM event ORDER BY position",
    )
    assert [row[9:12] for row in rows] == [("", rows[0][8], None), tuple(origin)]
    for *fields, state, leaf_hash in rows:
        leaf = [b"wangge-leaf-1", *map(octets, fields), hashlib.sha256(state).digest()]
        data = b"".join(struct.pack(">I", len(part)) + part for part in leaf)
        assert hashlib.sha256(b"\0" + data).digest() == leaf_hash


def octets(value: object) -> bytes:
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        value = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    if isinstance(value, int):
        return struct.pack(">q", value)
    return str(value or "").encode()


def test_the_time_of_recording_never_goes_back(database_url: str) -> None:
    append_all(database_url, save())
    ahead = datetime.now(UTC) + timedelta(hours=1)
    tamper(database_url, "UPDATE event SET recorded_at = %s", ahead)
    append_all(database_url, save())
    assert ask(database_url, "SELECT recorded_at FROM event WHERE position = 2") == [(ahead,)]


def test_an_append_that_could_not_see_what_it_waited_for_is_refused(database_url: str) -> None:
    append_all(database_url, save())
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute(QUERY["append"], batch_values(LOG, [save().columns]))
