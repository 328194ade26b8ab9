"""kill -9 of the service and of PostgreSQL at each step of an append and of a batch, and at any moment, 20 rounds.

Always: no acknowledged event is lost, no position missing or double, a key that is asked again is answered as the
first time, and no event is told to a read model twice.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest

from domain.refusals import Busy
from infrastructure.eventstore.commit import KeyUsed
from infrastructure.eventstore.log import EventLog, open_logs
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from tests import case_log, town
from tests.appending import committing
from tests.cluster import Cluster
from tests.muting import Muting
from tests.projecting import ask, reached, shown, with_projector
from tests.soundness import require_counted, require_sound
from tests.surviving import LOG, WRITERS, Counted, asked, events_of, project, read, serve

MODELS = (Counted(), *PROJECTIONS)
VICTIMS = ("service", "PostgreSQL")
PATIENCE_SECONDS = 30
AFRESH = multiprocessing.get_context("forkserver")
AFRESH.set_forkserver_preload(["tests.surviving"])


@pytest.fixture(scope="module")
def cluster(open_folder: Path) -> Iterator[Cluster]:
    made = Cluster(open_folder / "killed", {})
    Counted.create(made.url)
    yield made
    made.stop()


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    yield cluster.url
    ask(cluster.url, "DROP FUNCTION IF EXISTS hold CASCADE")
    cluster.empty()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


class Service:
    """The process that is killed and started again."""

    def __init__(self, what: Callable[[str, Path], None], url: str, ledger: Path) -> None:
        self._what, self.url, self.ledger = what, url, ledger
        self.start()

    def start(self, url: str | None = None) -> None:
        self._process: BaseProcess = AFRESH.Process(target=self._what, args=(url or self.url, self.ledger), daemon=True)
        self._process.start()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def until(self, happened: Callable[[], object]) -> None:
        """Wait for what the service brings about; it must live meanwhile."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            failed = self.ledger.with_suffix(".failed")
            assert self._process.is_alive(), failed.read_text() if failed.exists() else "the service is gone"
            assert time.monotonic() < give_up, "waited in vain"
            time.sleep(0.005)

    def answers_everybody(self) -> None:
        """Wait until every writer is answered once more."""
        lines = len(read(self.ledger))
        self.until(lambda: len({one.writer for one in read(self.ledger, lines)}) == WRITERS)


@pytest.fixture
def starting(url: str, ledger: Path) -> Iterator[Callable[..., Service]]:
    """Starts a service, at an address of its own perhaps, that is ended after the test."""
    started: list[Service] = []

    def start(what: Callable[[str, Path], None], at: str = url) -> Service:
        started.append(Service(what, at, ledger))
        started[-1].url = url  # where it is started again
        return started[-1]

    yield start
    for service in started:
        service.kill()


# --- steps at which it is stopped -----------------------------------------------------------------

HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1);
    RETURN NULL;
END $$
"""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND backend_type = 'client backend'"
)
TRIGGER = {
    "rows": "CREATE TRIGGER held AFTER INSERT OR UPDATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION hold()",
    "moved": "CREATE TRIGGER held AFTER UPDATE ON {} FOR EACH ROW"
    " WHEN (NEW.position > OLD.position) EXECUTE FUNCTION hold()",
    "commit": "CREATE CONSTRAINT TRIGGER held AFTER INSERT OR UPDATE ON {} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION hold()",
    "commit of moved": "CREATE CONSTRAINT TRIGGER held AFTER UPDATE ON {} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN (NEW.position > OLD.position) EXECUTE FUNCTION hold()",
}
Step = tuple[str, str]  # what holds it there, and on which table
APPEND: dict[str, Step] = {
    "it waits for the log": ("row", "log"),
    "its events are written": ("rows", "event"),
    "its heads are written": ("rows", "stream_head"),
    "its keys are written": ("rows", "request_answer"),
    "its followers are moved": ("rows", "tracking"),
    "its personal details are written": ("rows", "personal_detail"),
    "it commits": ("commit", "event"),
}
BATCH: dict[str, Step] = {
    "its events are read": ("row", "projection_generation"),
    "its position is moved": ("moved", "projection_progress"),
    "its counts are written": ("rows", "counted"),
    "its issues are written": ("rows", "issue_board"),
    "its timeline is written": ("rows", "timeline"),
    "its facts are written": ("rows", "outcome"),
    "it commits": ("commit of moved", "projection_progress"),
}


@contextmanager
def held(url: str, step: Step) -> Iterator[Callable[[], None]]:
    """Whoever comes to the step stays there, until it is let go on or PostgreSQL is killed."""
    how, table = step
    if how in TRIGGER:
        ask(url, HOLD)
        ask(url, TRIGGER[how].format(table))
    with closing(psycopg.connect(url)) as connection:
        connection.execute(f"SELECT FROM {table} FOR UPDATE" if how == "row" else "SELECT pg_advisory_xact_lock(1)")
        yield connection.close


def waiting(url: str) -> int:
    return int(ask(url, WAITING)[0][0])


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("step", APPEND)
def test_an_append_is_killed_when(
    step: str, victim: str, cluster: Cluster, url: str, ledger: Path, starting: Callable[..., Service]
) -> None:
    service = starting(serve)
    service.answers_everybody()
    with held(url, APPEND[step]) as let_go:
        service.until(lambda: waiting(url))
        time.sleep(0.05)  # until everybody else waits behind it
        before = len(read(ledger))
        assert len(require_sound(url, ledger)) == len({*read(ledger)}), "nothing is recorded that is not answered"
        if victim == "service":
            service.kill()
            service.start()
            service.until(lambda: waiting(url) > 1)  # for the first one's lock: it does not know that nobody listens
            let_go()
        else:
            cluster.kill()
            cluster.start()
    service.answers_everybody()
    assert len(read(ledger)) >= before + WRITERS
    require_sound(url, ledger)


@pytest.mark.parametrize("victim", VICTIMS)
def test_an_append_is_killed_when_it_is_recorded_and_its_answer_is_on_the_way(
    victim: str, cluster: Cluster, url: str, ledger: Path, starting: Callable[..., Service]
) -> None:
    proxy = Muting(url, b"writer ")
    service = starting(serve, at=proxy.url)
    service.answers_everybody()
    proxy.listens.set()
    service.until(proxy.muted.is_set)
    service.until(lambda: ask(url, "SELECT max(position) FROM event")[0][0] > _last_answered(ledger))
    unanswered = set(require_sound(url, ledger)) - set(read(ledger))
    assert unanswered
    if victim == "service":
        service.kill()
        service.start()
    else:
        cluster.kill()
        cluster.start()
    service.answers_everybody()
    assert unanswered <= set(read(ledger)), "answered, and as it was recorded at first"
    require_sound(url, ledger)
    proxy.close()


def _last_answered(ledger: Path) -> int:
    return max(one.first_position + one.n - 1 for one in read(ledger))


# --- a batch of a projection ----------------------------------------------------------------------


@pytest.fixture
def newest(url: str) -> int:
    """The last position of a log of cases of which the read models have told the first part."""
    telling = case_log.Telling()
    told = case_log.write(url, telling.events(5))

    async def story(one: Projector) -> None:
        assert await one.catch_up() == len(MODELS) * told

    with_projector(url, story, models=MODELS)
    return case_log.write(url, telling.events(15))


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("step", BATCH)
def test_a_batch_is_killed_when(
    step: str, victim: str, cluster: Cluster, url: str, newest: int, starting: Callable[..., Service]
) -> None:
    with held(url, BATCH[step]) as let_go:
        service = starting(project)
        service.until(lambda: waiting(url))
        require_counted(url)
        if victim == "service":
            service.kill()
            service.start()
            let_go()
        else:
            cluster.kill()
            cluster.start()
    require_counted(url)
    _require_told_once(url, service, newest)


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_batch_is_killed_when_it_is_committed_and_the_projector_does_not_know(
    victim: str, cluster: Cluster, url: str, newest: int, starting: Callable[..., Service]
) -> None:
    proxy = Muting(url, b"synchronous_commit", b"COMMIT")
    proxy.listens.set()
    (before,) = ask(url, "SELECT sum(position) FROM projection_progress")
    service = starting(project, at=proxy.url)
    service.until(lambda: proxy.muted.is_set() and ask(url, "SELECT sum(position) FROM projection_progress") > [before])
    if victim == "service":
        service.kill()
        service.start()
    else:
        cluster.kill()
        cluster.start()
    require_counted(url)
    _require_told_once(url, service, newest)
    proxy.close()


def _require_told_once(url: str, service: Service, newest: int) -> None:
    """The read models come to the end, and tell what they tell when they are filled anew, undisturbed."""
    behind = "SELECT count(*) FROM projection_progress WHERE position < %s"
    service.until(lambda: ask(url, behind, newest) == [(0,)])
    service.kill()
    require_counted(url)
    before = shown(url)
    assert len(before["timeline"]) == newest

    async def story(one: Projector) -> None:
        await one.rebuild()

    with_projector(url, story)
    assert shown(url) == before


# --- a database that is away for long -------------------------------------------------------------


def test_a_database_that_was_away_for_long_is_found_as_soon_as_it_is_back(cluster: Cluster, url: str) -> None:
    async def story() -> None:
        async with open_logs(url, town.CITY, [LOG], ()) as logs:
            log = logs.named(LOG)
            await log.committer.append(asked(1, 1))
            cluster.kill()
            for _ in range(4):  # the last two wait in vain for a connection
                with pytest.raises(Busy):
                    await log.last_position()
            cluster.start()
            began = time.monotonic()
            while await _busy(log):
                pass
            assert await log.last_position() == len(events_of(1, 1))
            assert time.monotonic() - began < 1

    asyncio.run(story())


def test_a_projector_ends_in_good_order_without_its_database(cluster: Cluster, url: str, newest: int) -> None:
    async def story(one: Projector) -> None:
        one.pool.timeout = 0.5
        following = asyncio.create_task(one.run())
        await reached(one, "counted", newest)
        cluster.kill()
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        cluster.start()

    with_projector(url, story, models=[Counted()])


async def _busy(log: EventLog) -> bool:
    try:
        await log.last_position()
    except Busy:
        return True
    return False


# --- at any moment --------------------------------------------------------------------------------

ROUNDS = 20


def test_whoever_is_killed_at_any_moment_nothing_is_lost_or_doubled(
    cluster: Cluster, url: str, ledger: Path, starting: Callable[..., Service]
) -> None:
    """The moments are those of pytest-randomly's seed, which a failure shows."""
    service = starting(serve)
    recorded = 0
    for nth in range(ROUNDS):
        service.answers_everybody()
        time.sleep(random.uniform(0.0, 0.3))  # noqa: S311 - nothing secret hangs on it
        KILLS[nth % len(KILLS)](cluster, service)
        service.answers_everybody()
        before, recorded = recorded, len(require_sound(url, ledger))
        assert recorded >= before + WRITERS
    newest = require_sound(url, ledger)[-1]
    service.until(lambda: ask(url, "SELECT min(position) FROM projection_progress")[0][0] > newest.first_position)
    service.kill()
    require_sound(url, ledger)
    asyncio.run(_asked_again(url, ledger))


def _service(cluster: Cluster, service: Service) -> None:
    service.kill()
    service.start()


def _server(cluster: Cluster, service: Service) -> None:
    cluster.kill()
    cluster.start()


def _one_process(cluster: Cluster, service: Service) -> None:
    cluster.kill_one()


def _both(cluster: Cluster, service: Service) -> None:
    cluster.kill()
    service.kill()
    cluster.start()
    service.start()


KILLS = (_service, _server, _one_process, _service, _server, _both)


async def _asked_again(url: str, ledger: Path) -> None:
    """Each writer's first and last requests are answered as ever, and refused for another body."""
    answered = sorted(set(read(ledger)))
    async with committing(url) as committer:
        for one in (*answered[::50], *answered[-WRITERS:]):
            answer = await committer.append(asked(one.writer, one.nth))
            assert (answer.first_position, answer.n) == (one.first_position, one.n)
        with pytest.raises(KeyUsed):
            await committer.append(asked(one.writer, one.nth, "another body"))
