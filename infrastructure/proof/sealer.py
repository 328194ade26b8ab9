"""The sealer 封存: seals all logs of a city, then the city's tree over their heads; of several processes each log has
one. Tells the operator how far it is, and where a log is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import anyio.to_thread
import psycopg
import structlog
from prometheus_client import Counter, Gauge

from application.proof.checking import Checking
from application.proof.ports import Leaves
from application.proof.sealing import Sealed, Sealing
from domain.proof.breach import Breach, BreachKind, Broken
from domain.proof.note import BadNote, NotSigned
from infrastructure.proof.leaves import EventLeaves, HeadLeaves
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import BadKeyFile, KeyRing
from infrastructure.proof.trees import Connection, LeaseLost, PostgresTrees, connected

SIZE = Gauge("wangge_sealed_size", "Events that the newest checkpoint of a log covers", ["log"])
UNSEALED = Gauge("wangge_unsealed_events", "Events of a log that no checkpoint covers yet", ["log"])
BROKEN = Gauge("wangge_log_broken_position", "First position where a log is not what was sealed; 0: none", ["log"])
REFUSED = Counter("wangge_sealing_refused_total", "Times a checkpoint was not signed, by why", ["log", "breach"])
TO_LOCATE = frozenset({BreachKind.FORK, BreachKind.TILE, BreachKind.FILE})
"""What a round notices by a root alone; where it is takes a look at the whole log."""
logger = structlog.get_logger(__name__)


def heads_of(city: str) -> str:
    """The id of the city's tree over the heads of its logs."""
    return f"{city}-heads"


class Sealer:
    """Seals in one process. `members` are the city's logs, its own among them."""

    def __init__(
        self, url: str, city: str, members: Sequence[str], ring: KeyRing, folder: Path, origin: str,
        now: Callable[[], datetime], *, how: Mapping[str, Any] = MappingProxyType({}), lease_seconds: float = 30.0,
    ) -> None:  # fmt: skip
        """`how` is what `Sealing` takes beside."""
        self._url, self._city, self._members = url, city, list(members)
        self._how, self._lease_seconds = how, lease_seconds
        self._ring, self._published, self._origin, self._now = ring, PublishedFiles(folder), origin, now

    async def look(self) -> None:
        """Seal what is new in every log that no other process seals."""
        await anyio.to_thread.run_sync(self.seal)

    def seal(self) -> dict[str, Breach]:
        """As `look`, on the calling thread; where logs are broken."""
        broken: dict[str, Breach] = {}
        failed: Exception | None = None
        self._ring.all_keys()  # the first is made before the moment it is to sign at
        with connected(self._url) as connection:
            trees = PostgresTrees(connection, seconds=self._lease_seconds)
            try:
                for leaves in self._all(connection):
                    try:
                        found = self._one(trees, leaves)
                    except (OSError, psycopg.errors.QueryCanceled, BadKeyFile) as error:
                        # A full disk, or one log that is too slow to read: the others are sealed all the same.
                        failed = failed or error
                        logger.exception("sealing_failed", log=leaves.log_id)
                        continue
                    if found:
                        broken[leaves.log_id] = found
            finally:
                trees.release()
        if failed:
            raise failed
        return broken

    def check(self, log_id: str, moved_to: Callable[[int], None] = lambda _: None) -> list[Breach]:
        """What is wrong with a log, all of it read again. Raises `KeyError` for a log that is none of ours."""
        with connected(self._url) as connection:
            leaves = {one.log_id: one for one in self._all(connection)}[log_id]
            return self._checked(PostgresTrees(connection), leaves, moved_to)

    @property
    def log_ids(self) -> list[str]:
        return [*self._members, heads_of(self._city)]

    def _all(self, connection: Connection) -> list[Leaves]:
        events: list[Leaves] = [EventLeaves(connection, log_id) for log_id in self._members]
        return [*events, HeadLeaves(connection, heads_of(self._city), self._members)]

    def _one(self, trees: PostgresTrees, leaves: Leaves) -> Breach | None:
        log_id = leaves.log_id
        suspected = trees.claim(log_id)
        if suspected is None:
            return None
        sealing = Sealing(trees, self._published, self._ring, self._origin, **self._how)
        try:
            if isinstance(leaves, HeadLeaves):
                leaves.gather(trees, self._is_ours)
            sealed = self._caught_up(sealing, trees, leaves, suspected)
        except Broken as broken:
            found = broken.breach
            if found.kind in TO_LOCATE:
                found = next(iter(self._checked(trees, leaves)), found)
            trees.alarm(log_id, found)
            BROKEN.labels(log=log_id).set(max(found.position, 1))
            REFUSED.labels(log=log_id, breach=found.kind.value).inc()
            logger.critical("log_broken", log=log_id, breach=found.kind.value, position=found.position)
            return found
        except LeaseLost:
            logger.warning("sealing_lease_lost", log=log_id)
            return None
        if trees.alarm(log_id, None):
            logger.warning("log_whole_again", log=log_id)
        BROKEN.labels(log=log_id).set(0)
        SIZE.labels(log=log_id).set(sealed.size)
        UNSEALED.labels(log=log_id).set(sealed.newest - sealed.size)
        return None

    def _is_ours(self, log_id: str, note: str) -> bool:
        try:
            self._ring.opened(f"{self._origin}/{log_id}", note)
        except (BadNote, NotSigned):
            return False
        return True

    def _caught_up(self, sealing: Sealing, trees: PostgresTrees, leaves: Leaves, suspected: int) -> Sealed:
        while True:
            sealed = sealing.round(leaves, self._now(), suspected)
            if sealed.size == sealed.newest:
                return sealed
            if trees.claim(leaves.log_id) is None:
                raise LeaseLost(leaves.log_id)

    def _checked(
        self, trees: PostgresTrees, leaves: Leaves, moved_to: Callable[[int], None] = lambda _: None
    ) -> list[Breach]:
        origin = f"{self._origin}/{leaves.log_id}"
        return Checking(trees, self._published, self._ring, leaves, origin, moved_to).run()
