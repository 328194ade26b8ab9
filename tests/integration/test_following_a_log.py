"""Following a log: no event is lost, whether hints arrive, connections live or topics match."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from infrastructure.eventstore.columns import batch_values
from infrastructure.eventstore.commit import QUERY
from infrastructure.eventstore.factory import EventStoreFactory
from infrastructure.eventstore.recorders import LogApplicationRecorder
from infrastructure.eventstore.request import request
from infrastructure.eventstore.subscription import LogSubscription
from tests.appending import LOG, event


@pytest.fixture
def recorder(database_url: str) -> Iterator[LogApplicationRecorder]:
    parts = conninfo_to_dict(database_url)
    env = {f"POSTGRES_{name.upper()}": str(parts[name]) for name in ("dbname", "host", "port", "user")}
    factory = EventStoreFactory({**env, "POSTGRES_PASSWORD": "", "LOG_ID": LOG, "CREATE_TABLE": "n"})
    made = factory.application_recorder()
    assert isinstance(made, LogApplicationRecorder)
    yield made
    factory.close()


def take(subscription: LogSubscription, n: int) -> list[int]:
    """The positions of the next `n` events, which must come soon."""
    with ThreadPoolExecutor(1) as pool:
        taken = pool.submit(lambda: [next(subscription).id for _ in range(n)])
        try:
            return taken.result(timeout=10)
        except TimeoutError:
            subscription.stop()
            raise


def test_an_event_nobody_hinted_at_arrives(recorder: LogApplicationRecorder, database_url: str) -> None:
    with recorder.subscribe() as subscription:
        assert isinstance(subscription, LogSubscription)
        recorder.insert_events([event()])
        assert take(subscription, 1) == [1]
        with psycopg.connect(database_url) as connection:
            connection.execute(QUERY["append"], batch_values(LOG, [request([event()]).columns]))
        assert take(subscription, 1) == [2]


def test_events_recorded_while_one_begins_to_listen_arrive(recorder: LogApplicationRecorder) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [recorder.insert_events([event()]) for _ in range(200)])
        with recorder.subscribe() as subscription:
            assert isinstance(subscription, LogSubscription)
            assert take(subscription, 200) == list(range(1, 201))
        writing.result()


def test_a_follower_whose_connections_are_cut_goes_on(recorder: LogApplicationRecorder, database_url: str) -> None:
    with recorder.subscribe() as subscription:
        assert isinstance(subscription, LogSubscription)
        for round_ in range(3):
            recorder.insert_events([event()])
            assert take(subscription, 1) == [round_ + 1]
            with psycopg.connect(database_url) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


def test_a_follower_of_some_topics_moves_on_past_the_others(
    recorder: LogApplicationRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[int] = []
    select = recorder.select_notifications

    def seen(start: int, *args: object, **kwargs: object) -> object:
        starts.append(start)
        return select(start, *args, **kwargs)

    monkeypatch.setattr(recorder, "select_notifications", seen)
    with recorder.subscribe(topics=["rare"]) as subscription, ThreadPoolExecutor(1) as pool:
        assert isinstance(subscription, LogSubscription)
        taken = pool.submit(next, subscription)
        for last in (20, 40, 60):
            recorder.insert_events([event(topic="common") for _ in range(20)])
            deadline = monotonic() + 10
            while subscription.position < last and monotonic() < deadline:
                sleep(0.01)
            assert subscription.position == last
        recorder.insert_events([event(topic="rare")])
        assert taken.result(timeout=10).id == 61
    assert starts == sorted(set(starts)), "a stretch was read twice"


def test_more_than_a_page_arrives_in_order(recorder: LogApplicationRecorder) -> None:
    recorder.insert_events([event(topic=("rare", "common")[n % 2]) for n in range(2400)])
    with recorder.subscribe(gt=1, topics=["rare"]) as subscription:
        assert isinstance(subscription, LogSubscription)
        assert take(subscription, 1199) == list(range(3, 2401, 2))
