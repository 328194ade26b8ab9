"""The event store under the event library's own suites: what they expect of any persistence module holds here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from eventsourcing.persistence import InfrastructureFactory, Tracking
from eventsourcing.tests.application import ApplicationTestCase, ExampleApplicationTestCase
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.tests.projection import (
    AggregateEventCountersProjectionTestCase,
    EventCountersView,
    EventCountersViewTestCase,
    EventSourcedProjectionTestCase,
)
from eventsourcing.utils import Environment, get_topic
from psycopg.conninfo import conninfo_to_dict

from infrastructure.eventstore.factory import EventStoreFactory
from infrastructure.eventstore.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    SnapshotRecorder,
)

ENV: dict[str, str] = {}
"""The environment of the test that runs, for suites that hold theirs on the class."""


@pytest.fixture(autouse=True)
def env(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of the test's own, named as the library wants it; also in the process, where some suites look."""
    parts = conninfo_to_dict(database_url)
    ENV.update(
        PERSISTENCE_MODULE="infrastructure.eventstore",
        LOG_ID="150785",
        COUNTERS_LOG_ID="150786",
        POSTGRES_DBNAME=str(parts["dbname"]),
        POSTGRES_HOST=str(parts["host"]),
        POSTGRES_PORT=str(parts["port"]),
        POSTGRES_USER=str(parts["user"]),
        POSTGRES_PASSWORD="",
    )
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    yield
    for factory in OPENED:
        factory.close()
    OPENED.clear()


OPENED: list[EventStoreFactory] = []


def factory(log_id: str = "") -> EventStoreFactory:
    made = InfrastructureFactory.construct({**ENV, "LOG_ID": log_id or uuid4().hex})
    assert isinstance(made, EventStoreFactory)
    OPENED.append(made)
    return made


class TestAggregateRecorder(AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return factory().aggregate_recorder()


class TestSnapshotRecorder(AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return factory().aggregate_recorder("snapshots")

    def test_it_is_one(self) -> None:
        assert isinstance(self.create_recorder(), SnapshotRecorder)


class TestApplicationRecorder(ApplicationRecorderTestCase[Any]):
    EXPECT_CONTIGUOUS_NOTIFICATION_IDS = True

    def create_recorder(self) -> Any:
        return factory().application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(TrackingRecorderTestCase):
    def create_recorder(self) -> Any:
        return factory().tracking_recorder()


class TestProcessRecorder(ProcessRecorderTestCase):
    def create_recorder(self) -> Any:
        return factory().process_recorder()


class TestNonInterleaving(NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> Any:
        return factory().application_recorder()


class View(LogTrackingRecorder, EventCountersView):
    """How many events there were, as the projection suites ask."""

    TABLE: ClassVar[str] = "CREATE TABLE IF NOT EXISTS counted (name text PRIMARY KEY, n int NOT NULL)"

    def create_table(self) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(self.TABLE.encode())

    def get_created_event_counter(self) -> int:
        return self._counted("created")

    def get_subsequent_event_counter(self) -> int:
        return self._counted("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._count("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._count("subsequent", tracking)

    def _counted(self, name: str) -> int:
        with self.datastore.cursor() as cursor:
            row = cursor.execute("SELECT n FROM counted WHERE name = %s", (name,)).fetchone()
        return int(row["n"]) if row else 0

    def _count(self, name: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO counted AS c VALUES (%s, 1) ON CONFLICT (name) DO UPDATE SET n = c.n + 1", (name,)
            )


class OtherTrackingRecorder(LogTrackingRecorder):
    """One that the factory is told to make instead of its own."""


class TestFactory(InfrastructureFactoryTestCase[EventStoreFactory]):
    def setUp(self) -> None:
        self.env = Environment("Test", dict(ENV))
        super().setUp()

    def expected_factory_class(self) -> Any:
        return EventStoreFactory

    def expected_aggregate_recorder_class(self) -> Any:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> Any:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> Any:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> Any:
        return OtherTrackingRecorder

    def expected_process_recorder_class(self) -> Any:
        return LogProcessRecorder

    def test_a_log_must_be_named(self) -> None:
        for strange in ({"LOG_ID": ""}, {"ORIGINATOR_ID_TYPE": "text"}, {"POSTGRES_SCHEMA": "other"}):
            with pytest.raises(OSError, match=next(iter(strange))):
                EventStoreFactory({**ENV, **strange})


class TestExampleApplication(ExampleApplicationTestCase):
    expected_factory_topic = get_topic(EventStoreFactory)


@pytest.mark.filterwarnings("always::DeprecationWarning")
class TestApplication(ApplicationTestCase):
    pass


class TestEventCountersView(EventCountersViewTestCase):
    def construct_event_counters_view(self) -> EventCountersView:
        return factory().tracking_recorder(View)  # type: ignore[return-value]


class TestProjection(AggregateEventCountersProjectionTestCase):
    view_class = View
    env = ENV


class TestEventSourcedProjection(EventSourcedProjectionTestCase):
    env = ENV


# Else they would be collected as tests of this module.
del AggregateRecorderTestCase, ApplicationRecorderTestCase, TrackingRecorderTestCase, ProcessRecorderTestCase
del NonInterleavingNotificationIDsBaseCase, InfrastructureFactoryTestCase, ExampleApplicationTestCase
del ApplicationTestCase, EventCountersViewTestCase, AggregateEventCountersProjectionTestCase
del EventSourcedProjectionTestCase
