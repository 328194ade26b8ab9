"""Checking 核对: read a whole log again and hold it against its tree, its signed heads and the published file.

Two of the three, events, tiles and signed heads, tell which one is wrong. Memory is bounded by the leaves between
two heads.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from application.proof.ports import Leaf, Leaves, Published, Ring, Trees
from domain.proof.breach import Breach, BreachKind
from domain.proof.checkpoint import Checkpoint
from domain.proof.note import BadNote, NotSigned
from domain.proof.tiles import HEIGHT, WIDTH, Tile, place, split
from domain.proof.tree import RightEdge, Subtree

MOST_FOUND = 100


@dataclass(frozen=True)
class _Signed:
    """A head that we signed, and where it was found."""

    size: int
    root: bytes
    found_in: BreachKind


class Checking:
    """The check of one log."""

    def __init__(
        self, trees: Trees, published: Published, ring: Ring, leaves: Leaves, origin: str,
        moved_to: Callable[[int], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._trees, self._published, self._ring, self._leaves = trees, published, ring, leaves
        self._origin, self._moved_to = origin, moved_to
        self._found: list[Breach] = []
        self._edge = RightEdge()

    def run(self) -> list[Breach]:
        """What is wrong, first position first, at most a hundred; empty when all is as it was signed."""
        for leaf in islice(self._leaves.between(-(2**62), 0), 1):
            self._tell(BreachKind.INSERTED, leaf.position)
        newest, stored = self._leaves.newest(), self._trees.last_head(self._leaves.log_id)
        last = 0
        for head in heapq.merge(self._stored(), self._said(), key=lambda one: one.size):
            last = head.size
            if head.found_in is BreachKind.FILE and head.size > (stored.size if stored else 0):
                self._tell(BreachKind.ROLLED_BACK, (stored.size if stored else 0) + 1)
                break
            if head.size > newest:
                self._tell(BreachKind.TRUNCATED, newest + 1)
                break
            if not self._on(head):
                break
        self._unsealed(max(last, self._edge.size), newest)
        return sorted(self._found)[:MOST_FOUND]

    def _tell(self, kind: BreachKind, position: int) -> None:
        if len(self._found) < 2 * MOST_FOUND:
            self._found.append(Breach(position, kind))

    def _stored(self) -> Iterator[_Signed]:
        for head in self._trees.heads(self._leaves.log_id, 0):
            said = self._opened(head.note)
            if said is None or (said.size, said.root) != (head.size, head.root):
                self._tell(BreachKind.HEAD, min(head.size, said.size if said else head.size))
            else:
                yield _Signed(said.size, said.root, BreachKind.HEAD)

    def _said(self) -> Iterator[_Signed]:
        before = 0
        for note in self._published.every(self._leaves.log_id):
            said = self._opened(note)
            if said is None and self._being_written(note, before):
                return
            if said is None or said.size <= before:
                self._tell(BreachKind.FILE, before + 1)
            else:
                before = said.size
                yield _Signed(said.size, said.root, BreachKind.FILE)

    def _being_written(self, left: str, before: int) -> bool:
        """Whether what is left at the end of the file is the beginning of the head that comes next."""
        pending = next(iter(self._trees.heads(self._leaves.log_id, before)), None)
        octets = left.encode(errors="surrogateescape")  # it may end within a sign
        return pending is not None and f"{pending.note}\n".encode().startswith(octets)

    def _opened(self, note: str) -> Checkpoint | None:
        try:
            return self._ring.opened(self._origin, note)
        except (BadNote, NotSigned):
            return None

    def _on(self, head: _Signed) -> bool:
        """Go on to a head, telling what is wrong on the way; whether one can go on from there."""
        after = self._edge.size
        if head.size == after:
            if self._edge.root != head.root:
                self._tell(BreachKind.FORK, after)
            return True
        rows, held = self._rows(after, head.size), self._held(after, head.size)
        by_rows = self._edge_over(rows)
        differ = [after + 1 + i for i, (row, sealed) in enumerate(zip(rows, held, strict=True)) if row != sealed]
        if by_rows.root == head.root:
            wrong, self._edge = BreachKind.TILE, by_rows
        else:
            wrong, self._edge = BreachKind.CHANGED, self._edge_over(held)
            if self._edge.root != head.root:
                self._tell(BreachKind.FORK, differ[0] if differ else after + 1)
                return False
        known = {one.position for one in self._found}
        for position in differ:
            if position not in known:
                self._tell(wrong, position)
        self._upper(after, head.size)
        self._moved_to(head.size)
        return True

    def _rows(self, after: int, upto: int) -> list[bytes]:
        """The hashes of the events of a stretch, as their rows say; none for one that is missing."""
        rows = [b""] * (upto - after)
        for leaf in self._leaves.between(after, upto):
            self._own(leaf)
            rows[leaf.position - after - 1] = leaf.made
        for position, row in enumerate(rows, after + 1):
            if not row:
                self._tell(BreachKind.MISSING, position)
        return rows

    def _own(self, leaf: Leaf) -> None:
        if leaf.made != leaf.stored:
            self._tell(BreachKind.CHANGED, leaf.position)

    def _held(self, after: int, upto: int) -> list[bytes]:
        """The hashes of leaves of a stretch, as the tiles have them; none where a tile lacks them."""
        numbers = range(after // WIDTH, (upto - 1) // WIDTH + 1)
        tiles = self._trees.tiles(self._leaves.log_id, (Tile(0, number) for number in numbers))
        held: list[bytes] = []
        for number in numbers:
            hashes = split(tiles.get(Tile(0, number), b""))[:WIDTH]
            held += hashes + [b""] * (WIDTH - len(hashes))
        start = numbers[0] * WIDTH
        return held[after - start : upto - start]

    def _edge_over(self, leaves: list[bytes]) -> RightEdge:
        edge = self._edge.copy()
        for leaf in leaves:
            edge.append(leaf)
        return edge

    def _upper(self, after: int, upto: int) -> None:
        """Hold the tiles above the leaves against the ones below, where subtrees became full."""
        level = 1
        while upto >> HEIGHT * level > after >> HEIGHT * level:
            for index in range(after >> HEIGHT * level, upto >> HEIGHT * level):
                above, first, _ = place(Subtree(HEIGHT * level, index))
                below = Tile(level - 1, index)
                tiles = self._trees.tiles(self._leaves.log_id, (above, below))
                edge = RightEdge()
                for one in split(tiles.get(below, b"")):
                    edge.append(one)
                if split(tiles.get(above, b""))[first : first + 1] != [edge.root]:
                    known = {one.position >> HEIGHT * level for one in self._found}
                    if index not in known:
                        self._tell(BreachKind.TILE, (index << HEIGHT * level) + 1)
            level += 1

    def _unsealed(self, after: int, newest: int) -> None:
        """What no head covers yet must still stand without a gap, each row as its leaf says."""
        expected = after + 1
        for leaf in self._leaves.between(after, newest):
            if leaf.position != expected:
                self._tell(BreachKind.MISSING, expected)
            self._own(leaf)
            expected = leaf.position + 1
