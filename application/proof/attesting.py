"""Attesting 查证: whether events are still what was sealed, found out from their bytes, paths and signatures.

No flag is believed: the leaf is made anew from the row, led up its path to the root, and that held against the newest
head that was signed and published.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from application.proof.ports import Published, Ring
from application.proof.proving import SealedHead, SealedLogs
from domain.proof.breach import Broken
from domain.proof.leaf import EventLeaf
from domain.proof.note import BadNote, NotSigned
from domain.proof.tiles import Tiled, TileMissing, needed
from domain.proof.tree import Range, Subtree, inclusion_ranges
from domain.proof.verifying import includes


class Verdict(StrEnum):
    """查证结果."""

    PROVEN = "proven"  #: it is in the tree of a signed head, as it stands
    WAITING = "waiting"  #: no head covers it yet
    MISMATCH = "mismatch"  #: it is not what was sealed, or cannot be shown to be

    @property
    def label(self) -> str:
        """The word people read."""
        return {"proven": "已证实", "waiting": "待封存", "mismatch": "不符"}[self.value]


class Doubt(StrEnum):
    """What a mismatch lies in."""

    CHANGED = "changed"  #: the event is another than the one that was sealed
    LEAF = "leaf"  #: the event is the one, the hash kept beside it is not its own
    TREE = "tree"  #: the stored tree does not lead to the signed root
    HEAD = "head"  #: the stored head is not one that we signed
    BEHIND = "behind"  #: a head was published that the database does not know any more


DOUBTS = {
    Doubt.CHANGED: "此处的事件不是当初封存的那一条。",
    Doubt.LEAF: "事件本身未变，存放在旁的叶哈希不是它的。",
    Doubt.TREE: "存储的哈希树通不到签过名的根。",
    Doubt.HEAD: "数据库里的检查点不是我们签的。",
    Doubt.BEHIND: "已公布的检查点包含此位置，数据库里却没有那个检查点。",
}


@dataclass(frozen=True)
class Stored:
    """An event as its row has it, nothing read into it. `leaf_hash` is the one kept beside it."""

    leaf: EventLeaf
    state: bytes
    leaf_hash: bytes


@dataclass(frozen=True)
class Attested:
    """What became of looking: the hash of what stands there, the one in the tree, the way up, the signed head."""

    position: int
    verdict: Verdict
    doubt: Doubt | None
    made: bytes
    beside: bytes
    sealed: bytes | None
    path: tuple[bytes, ...]
    head: SealedHead | None

    @property
    def why(self) -> str:
        """What is wrong, in words; empty when nothing is."""
        return DOUBTS[self.doubt] if self.doubt else ""


class Attesting:
    """Looks at events. `origin` is the common beginning of the logs' names in checkpoints."""

    def __init__(self, stored: SealedLogs, published: Published, ring: Ring, origin: str) -> None:
        self._stored, self._published, self._ring, self._origin = stored, published, ring, origin

    async def of(self, log_id: str, events: Sequence[Stored]) -> list[Attested]:
        """One answer an event, in their order. Some tiles are read for each, so ask for a hundred at most."""
        # The file first: heads are stored before they are published, so the database must know what it says.
        said = await asyncio.to_thread(self._said, log_id)
        head = await self._stored.head(log_id, None)
        size = head.size if head else 0
        spans: list[Range] = []
        for event in events:
            index = event.leaf.position - 1
            if index < size:
                spans += [(index, index + 1), *inclusion_ranges(index, size)]
        tree = Tiled(await self._stored.tiles(log_id, needed(spans)))
        ours = head is not None and self._ours(log_id, head)
        return [_look(event, tree, head, ours=ours, said=said) for event in events]

    def _said(self, log_id: str) -> int:
        """The size of the last published head; 0 where none can be read: the sealer tells about that."""
        origin = f"{self._origin}/{log_id}"
        with suppress(Broken, BadNote, NotSigned):
            note, _ = self._published.last(log_id, origin)
            return self._ring.opened(origin, note).size if note else 0
        return 0

    def _ours(self, log_id: str, head: SealedHead) -> bool:
        try:
            signed = self._ring.opened(f"{self._origin}/{log_id}", head.note)
        except (BadNote, NotSigned):
            return False
        return (signed.size, signed.root) == (head.size, head.root)


def _look(event: Stored, tree: Tiled, head: SealedHead | None, *, ours: bool, said: int) -> Attested:
    position, made, index = event.leaf.position, event.leaf.hash, event.leaf.position - 1
    sealed: bytes | None = None
    path: tuple[bytes, ...] = ()
    doubt: Doubt | None = None
    covered = head is not None and position <= head.size
    if head is not None and covered:
        with suppress(TileMissing):
            sealed = tree.subtree(Subtree(0, index))
            path = tuple(tree.inclusion(index, head.size))
        if not ours:
            doubt = Doubt.HEAD
        elif not includes(head.root, head.size, index, made, path):
            stands = sealed is not None and includes(head.root, head.size, index, sealed, path)
            doubt = Doubt.CHANGED if stands else Doubt.TREE
    elif position <= said:
        doubt = Doubt.BEHIND
    if doubt is None and made != event.leaf_hash:
        doubt = Doubt.LEAF if covered else Doubt.CHANGED
    verdict = Verdict.MISMATCH if doubt else Verdict.PROVEN if covered else Verdict.WAITING
    return Attested(position, verdict, doubt, made, event.leaf_hash, sealed, path, head if covered else None)
