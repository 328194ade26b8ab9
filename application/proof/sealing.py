"""Sealing 封存: grow a log's tree over what is new, sign its head, publish it; or refuse, and say where it broke.

Nothing is signed that does not go on from the last stored and the last published head. Tiles and head are stored
before the head is published, so a process that is killed leaves at most a head to be published by the next.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.proof.ports import Leaf, Leaves, Published, Ring, StoredHead, Trees
from domain.proof.breach import BreachKind, Broken
from domain.proof.checkpoint import Checkpoint
from domain.proof.growing import Growing, growing_tiles
from domain.proof.note import BadNote, NotSigned
from domain.proof.tiles import WIDTH, Tile, Tiled, TileMissing, needed, split
from domain.proof.tree import EMPTY_ROOT, inclusion_ranges
from domain.proof.verifying import includes

MOST = 65_536
"""Leaves a head at most: a log that was never sealed gets many."""
SWEPT = 2
"""Tiles of old leaves that are read again in each round."""


@dataclass(frozen=True)
class Sealed:
    """How far a log is sealed, and how far it goes."""

    size: int
    newest: int


class Sealing:
    """Seals logs one at a time. `origin` is the common beginning of their names in checkpoints."""

    def __init__(
        self, trees: Trees, published: Published, ring: Ring, origin: str, *, most: int = MOST, swept: int = SWEPT,
        step: Callable[[str], None] = lambda _: None, dice: random.Random | None = None,
    ) -> None:  # fmt: skip
        self._trees, self._published, self._ring, self._origin = trees, published, ring, origin
        self._most, self._swept, self._step = most, swept, step
        self._dice = dice or random.SystemRandom()

    def origin(self, log_id: str) -> str:
        return f"{self._origin}/{log_id}"

    def round(self, leaves: Leaves, now: datetime, suspected: int = 0) -> Sealed:
        """Seal what is new, up to a bound. `suspected` is a position to look at again before anything is signed.

        Raises `Broken` when the log is not what was signed; then nothing is stored, signed or published.
        """
        log_id = leaves.log_id
        head = self._standing(log_id)
        newest = leaves.newest()
        if newest < head.size:
            raise Broken(BreachKind.TRUNCATED, newest + 1)
        self._sweep(leaves, head, suspected)
        self._sweep_file(log_id)
        tree = self._grown(leaves, head, min(newest, head.size + self._most))
        if tree.size == head.size:
            return Sealed(head.size, newest)
        self._step("grown")
        made = Checkpoint(head.origin, tree.size, tree.root)
        note = str(self._ring.sign(made, now))
        self._step("signed")
        tiles = {tile: bytes(hashes) for tile, hashes in tree.changed.items()}
        self._trees.seal(log_id, StoredHead(made.size, made.root, note), tiles, now, after=head.size)
        self._step("stored")
        self._published.append(log_id, made.origin, note)
        self._step("published")
        return Sealed(made.size, newest)

    def _standing(self, log_id: str) -> Checkpoint:
        """The last head; what was stored and not yet published is published first."""
        origin, stored, said = self.origin(log_id), self._trees.last_head(log_id), None
        head = self.opened(log_id, stored) if stored else Checkpoint(origin, 0, EMPTY_ROOT)
        note, left = self._published.last(log_id, origin)
        if note is not None:
            said = self._said(origin, note)
            if said.size > head.size:
                raise Broken(BreachKind.ROLLED_BACK, head.size + 1)
            if said.size == head.size and said.root != head.root:
                raise Broken(BreachKind.FORK, 1)
        self._on_one_tree(log_id, head, said)
        for pending in self._trees.heads(log_id, said.size if said else 0):
            self.opened(log_id, pending)
            self._published.append(log_id, origin, pending.note)
            left = False
        if left:
            raise Broken(BreachKind.FILE, head.size + 1)
        return head

    def opened(self, log_id: str, head: StoredHead) -> Checkpoint:
        """The checkpoint of a stored head. Raises `Broken` when it is not one that we signed."""
        try:
            found = self._ring.opened(self.origin(log_id), head.note)
        except (BadNote, NotSigned):
            raise Broken(BreachKind.HEAD, head.size) from None
        if (found.size, found.root) != (head.size, head.root):
            raise Broken(BreachKind.HEAD, min(found.size, head.size))
        return found

    def _said(self, origin: str, note: str) -> Checkpoint:
        try:
            return self._ring.opened(origin, note)
        except (BadNote, NotSigned):
            raise Broken(BreachKind.FILE, 1) from None

    def _on_one_tree(self, log_id: str, head: Checkpoint, said: Checkpoint | None) -> None:
        sizes = {head.size, said.size if said else head.size}
        tree = Tiled(self._trees.tiles(log_id, needed((0, size) for size in sizes)))
        try:
            if tree.root(head.size) != head.root:
                raise Broken(BreachKind.TILE, 1)
            if said and tree.root(said.size) != said.root:
                raise Broken(BreachKind.FORK, 1)
        except TileMissing as missing:
            raise Broken(BreachKind.TILE, missing.position) from None

    def _sweep(self, leaves: Leaves, head: Checkpoint, suspected: int) -> None:
        """Read some full tiles' leaves again; the last ones are read whenever the tree grows."""
        full = head.size // WIDTH
        chosen = {self._dice.randrange(full) for _ in range(self._swept)} if full else set()
        if 0 < suspected <= head.size:
            chosen.add((suspected - 1) // WIDTH)
        for number in sorted(chosen):
            first, end = number * WIDTH, min((number + 1) * WIDTH, head.size)
            tiles = self._trees.tiles(leaves.log_id, needed([(first, end), *inclusion_ranges(first, head.size)]))
            authentic = self._authentic(tiles, first, head)
            held = split(tiles.get(Tile(0, number), b""))
            try:
                found = _standing_leaves(leaves, first, end)
                _compare(found, held)
            except Broken as broken:
                if not authentic and broken.breach.kind is BreachKind.CHANGED:
                    raise Broken(BreachKind.TILE, broken.breach.position) from None
                raise
            if not authentic:
                raise Broken(BreachKind.TILE, first + 1)

    def _sweep_file(self, log_id: str) -> None:
        """Read a few published heads again: each is ours, and larger than the one before."""
        origin, before = self.origin(log_id), 0
        for note in self._published.some(log_id, origin, self._dice.random()):
            size = self._said(origin, note).size
            if size <= before:
                raise Broken(BreachKind.FILE, before + 1)
            before = size

    def _authentic(self, tiles: Mapping[Tile, bytes], first: int, head: Checkpoint) -> bool:
        tree = Tiled(tiles)
        try:
            leaf, path = split(tiles.get(Tile(0, first // WIDTH), bytes(32)))[0], tree.inclusion(first, head.size)
        except TileMissing:
            return False
        return includes(head.root, head.size, first, leaf, path)

    def _grown(self, leaves: Leaves, head: Checkpoint, upto: int) -> Growing:
        """The tree with what is new, the leaves of its last tile seen to be what they were."""
        tiles = self._trees.tiles(leaves.log_id, growing_tiles(head.size))
        tree = Growing(head.size, tiles)
        first = max(head.size - 1, 0) // WIDTH * WIDTH
        found = _standing_leaves(leaves, first, upto)
        held = split(tiles.get(Tile(0, first // WIDTH), b""))[: head.size - first]
        if len(held) < head.size - first:
            raise Broken(BreachKind.TILE, first + len(held) + 1)
        _compare(found[: len(held)], held)
        tree.add([leaf.made for leaf in found[len(held) :]])
        return tree


def _standing_leaves(leaves: Leaves, after: int, upto: int) -> list[Leaf]:
    """All leaves of a stretch. Raises `Broken` for a gap, and for a row that is not what its leaf says."""
    found = list(leaves.between(after, upto))
    for position, leaf in enumerate(found, after + 1):
        if leaf.position != position:
            raise Broken(BreachKind.MISSING, position)
        if leaf.made != leaf.stored:
            raise Broken(BreachKind.CHANGED, position)
    if len(found) < upto - after:
        raise Broken(BreachKind.MISSING, after + len(found) + 1)
    return found


def _compare(leaves: Sequence[Leaf], held: Sequence[bytes]) -> None:
    for leaf, sealed in zip(leaves, held, strict=False):
        if leaf.made != sealed:
            raise Broken(BreachKind.CHANGED, leaf.position)
