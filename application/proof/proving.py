"""Proving 证明: checkpoints, inclusion, consistency, receipts and proof files of logs, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.actor import Act, Role
from domain.proof.breach import BreachKind
from domain.proof.evidence import Evidence
from domain.proof.leaf import EventLeaf
from domain.proof.refusals import NoSuchPosition, NotYetSealed, SizesBackwards, TreeDamaged
from domain.proof.tiles import Tile, Tiled, TileMissing, needed
from domain.proof.tree import Range, Subtree, consistency_ranges, inclusion_ranges
from domain.refusals import NoSuchLog

MAY_SEE_LEAVES = (Role.AUDITOR, Role.SUPERVISOR, Role.ADMIN)
"""A leaf names actors, topics and times."""


@dataclass(frozen=True)
class SealedHead:
    """A signed head. `note` ends with what witnesses added."""

    size: int
    root: bytes
    note: str
    sealed_at: datetime


@dataclass(frozen=True)
class LogStanding:
    """How far a log is sealed, and where it is broken, if it is."""

    log: str
    newest: int
    sealed: int
    sealed_at: datetime | None
    breach: BreachKind | None
    breach_position: int | None
    breach_since: datetime | None


class SealedLogs(Protocol):
    """The stored trees, as questions are asked of them."""

    async def head(self, log_id: str, size: int | None) -> SealedHead | None:
        """The newest head, or the first that covers `size` leaves."""
        ...

    async def tiles(self, log_id: str, wanted: Iterable[Tile]) -> Mapping[Tile, bytes]: ...

    async def leaf(self, log_id: str, position: int) -> tuple[EventLeaf, bytes] | None:
        """The leaf of an event, made from its row, and the hash stored beside it."""
        ...

    async def standing(self) -> Sequence[LogStanding]:
        """Every tree there is, the city's over its logs last."""
        ...


@dataclass(frozen=True)
class Inclusion:
    """That a leaf is in a tree: what to begin with, where to arrive, and the path."""

    log: str
    position: int
    size: int
    leaf_hash: bytes
    root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Consistency:
    """That a tree begins with all of a smaller one."""

    log: str
    old_size: int
    old_root: bytes
    new_size: int
    new_root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class WriteReceipt:
    """回执: what a write put at a position, to be kept and held against a later proof."""

    log: str
    position: int
    leaf_hash: bytes
    recorded_at: datetime
    sealed_size: int


@dataclass(frozen=True)
class Proven:
    """A proof file: the leaf in full, and the evidence."""

    leaf: EventLeaf
    evidence: Evidence
    head: SealedHead


class Proving:
    """Answers from what is stored; nothing here is to be believed, all of it can be checked."""

    def __init__(self, stored: SealedLogs, events: Sequence[str], trees: Sequence[str]) -> None:
        """`events` are the logs of events, `trees` the ids of all trees."""
        self._stored, self._events, self._trees = stored, frozenset(events), frozenset(trees)

    async def standing(self) -> Sequence[LogStanding]:
        return await self._stored.standing()

    async def checkpoint(self, log_id: str, size: int | None = None) -> SealedHead:
        """The newest head, or the first that covers `size`. Refuses `NoSuchLog` and `NotYetSealed`."""
        self._require(log_id, self._trees)
        head = await self._stored.head(log_id, size)
        if head is None:
            newest = await self._stored.head(log_id, None) if size else None
            raise NotYetSealed(log=log_id, sealed=newest.size if newest else 0, asked=size or 1)
        return head

    async def inclusion(self, log_id: str, position: int, size: int | None = None) -> Inclusion:
        """That the leaf at `position` is in the tree of `size`, or of the newest head.

        Refuses `NoSuchLog`, `NotYetSealed`, `SizesBackwards` and `TreeDamaged`.
        """
        head = await self.checkpoint(log_id, max(size, position) if size else None)
        size = size or head.size
        if position > size:
            if position > head.size:
                raise NotYetSealed(log=log_id, sealed=head.size, asked=position)
            raise SizesBackwards(start=position, end=size)
        index = position - 1
        tree = await self._tree(log_id, [(index, position), (0, size), *inclusion_ranges(index, size)])
        try:
            leaf, root = tree.subtree(Subtree(0, index)), tree.root(size)
            return Inclusion(log_id, position, size, leaf, root, tuple(tree.inclusion(index, size)))
        except TileMissing as missing:
            raise TreeDamaged(log=log_id, position=missing.position) from None

    async def consistency(self, log_id: str, old: int, new: int | None = None) -> Consistency:
        """That the tree of `new`, or of the newest head, begins with the one of `old`. Refuses as `inclusion`."""
        head = await self.checkpoint(log_id, max(new, old) if new else None)
        new = new or head.size
        if old > new:
            if old > head.size:
                raise NotYetSealed(log=log_id, sealed=head.size, asked=old)
            raise SizesBackwards(start=old, end=new)
        tree = await self._tree(log_id, [(0, old), (0, new), *consistency_ranges(old, new)])
        try:
            path = tuple(tree.consistency(old, new))
            return Consistency(log_id, old, tree.root(old), new, tree.root(new), path)
        except TileMissing as missing:
            raise TreeDamaged(log=log_id, position=missing.position) from None

    async def receipt(self, log_id: str, position: int) -> WriteReceipt:
        """What stands at `position`. Refuses `NoSuchLog` and `NoSuchPosition`."""
        self._require(log_id, self._events)
        found, head = await self._stored.leaf(log_id, position), await self._stored.head(log_id, None)
        if found is None:
            raise NoSuchPosition(log=log_id, position=position)
        leaf, stored = found
        return WriteReceipt(log_id, position, stored, leaf.recorded_at, head.size if head else 0)

    async def proof(self, act: Act, log_id: str, position: int, size: int | None = None) -> Proven:
        """The proof file of an event, in the newest head or the first that covers `size`.

        Refuses `WrongRole`, `OutsideArea` and as `receipt` and `inclusion`.
        """
        act.as_one_of(*MAY_SEE_LEAVES)
        self._require(log_id, self._events)
        act.within(log_id)
        found = await self._stored.leaf(log_id, position)
        if found is None:
            raise NoSuchPosition(log=log_id, position=position)
        head = await self.checkpoint(log_id, max(size, position) if size else None)
        shown = await self.inclusion(log_id, position, head.size)
        return Proven(found[0], Evidence(position, shown.leaf_hash, shown.path, head.note), head)

    async def _tree(self, log_id: str, ranges: Sequence[Range]) -> Tiled:
        return Tiled(await self._stored.tiles(log_id, needed(ranges)))

    @staticmethod
    def _require(log_id: str, known: frozenset[str]) -> None:
        if log_id not in known:
            raise NoSuchLog(log=log_id)
