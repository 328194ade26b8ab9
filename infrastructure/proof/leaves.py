"""What trees are grown over, read back from rows and hashed anew: the events of a log, the heads of a city's logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from application.proof.ports import Leaf
from domain.proof.leaf import event_octets, head_leaf_hash, state_hash
from domain.proof.note import Note
from domain.proof.tree import leaf_hash
from infrastructure import sql
from infrastructure.proof.trees import Connection, PostgresTrees

QUERY = sql.load("proof.sql")
AT_ONCE = 1_000
"""Rows that are taken over at once, while the database reads on."""
MOST = 50_000
"""Rows of one statement: each has a time limit."""
SINCE = 946_684_800_000_000
"""PostgreSQL counts microseconds from 2000 on, a leaf from 1970."""


class EventLeaves:
    """The events of a log."""

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection, self.log_id = connection, log_id
        self._octets = event_octets(log_id)

    def newest(self) -> int:
        row = self._connection.execute(QUERY["newest_event"], {"log_id": self.log_id}).fetchone()
        return int(row[0]) if row else 0

    def between(self, after: int, upto: int) -> Iterator[Leaf]:
        octets = self._octets
        for (
            position, stream, version, event, topic, schema_version, recorded, request, actor, correlation, causation,
            state, stored,
        ) in _rows(self._connection, "events", self.log_id, after, upto):  # fmt: skip
            made = b""  # no leaf has a position below 0
            if position >= 0:
                made = leaf_hash(octets(
                    position, stream, version, event, topic, schema_version, int.from_bytes(recorded, "big") + SINCE,
                    request, actor, correlation, causation, state_hash(state),
                ))  # fmt: skip
            yield Leaf(position, made, stored)


class HeadLeaves:
    """The heads of the logs of a city, in the order in which the city's tree took them in."""

    def __init__(self, connection: Connection, log_id: str, members: Sequence[str]) -> None:
        self._connection, self.log_id, self._members = connection, log_id, list(members)

    def gather(self, trees: PostgresTrees, signed: Callable[[str, str], bool]) -> None:
        """Take in the newest head of each log that has a new one, under the lease of the city's tree.

        `signed` tells whether the note of a log is ours; what is not stays out, and is the alarm of its own log.
        """
        asked = {"log_id": self.log_id, "members": self._members}
        with trees.held(self.log_id):
            position = self.newest()
            for member, size, note in self._connection.execute(QUERY["new_heads"], asked).fetchall():
                if not signed(member, note):
                    continue
                position, head = position + 1, Note.parse(note).text
                facts = {"position": position, "member": member, "size": size, "head": head}
                values = {"log_id": self.log_id, "leaf_hash": head_leaf_hash(head), **facts}
                self._connection.execute(QUERY["add_head"], values)

    def newest(self) -> int:
        row = self._connection.execute(QUERY["newest_sealed_head"], {"log_id": self.log_id}).fetchone()
        return int(row[0]) if row else 0

    def between(self, after: int, upto: int) -> Iterator[Leaf]:
        for position, head, stored in _rows(self._connection, "sealed_heads", self.log_id, after, upto):
            yield Leaf(position, head_leaf_hash(head), stored)


def _rows(connection: Connection, query: str, log_id: str, after: int, upto: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a stretch, position first, taken over while the database reads on."""
    count = MOST
    while count == MOST:
        asked, count = {"log_id": log_id, "after": after, "upto": upto, "limit": MOST}, 0
        for row in connection.cursor().stream(QUERY[query], asked, binary=True, size=AT_ONCE):
            yield row
            after, count = row[0], count + 1
