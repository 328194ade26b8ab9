"""Growing a tree 生长: the tiles of a tree as leaves are added, from its right edge on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.proof.tiles import HEIGHT, WIDTH, Tile, Tiled, needed, place
from domain.proof.tree import HASH_BYTES, RightEdge, Subtree, full_hash


def growing_tiles(size: int) -> set[Tile]:
    """The tiles to read before a tree of that size goes on: its right edge, the partial ones, the last of leaves."""
    tiles, level = {*needed([(0, size)]), Tile(0, max(size - 1, 0) >> HEIGHT)}, 0
    while size >> HEIGHT * level:
        tiles.add(Tile(level, size >> HEIGHT * (level + 1)))
        level += 1
    return tiles


class Growing:
    """A tree of `size` leaves that goes on; `tiles` are those that `growing_tiles` names, as stored.

    Raises `TileMissing` when they hold less than the tree.
    """

    def __init__(self, size: int, tiles: Mapping[Tile, bytes]) -> None:
        self._edge = RightEdge(size, Tiled(tiles).edge(size), self._became_full)
        self.changed: dict[Tile, bytearray] = {}
        self._before = {tile: hashes[: _width(tile, size) * HASH_BYTES] for tile, hashes in tiles.items()}

    @property
    def size(self) -> int:
        return self._edge.size

    @property
    def root(self) -> bytes:
        return self._edge.root

    def add(self, leaves: Sequence[bytes]) -> None:
        """Append the hashes of leaves."""
        done = 0
        while done < len(leaves):
            some = leaves[done : done + WIDTH - self.size % WIDTH]
            done += len(some)
            self._keep(Subtree(0, self.size), b"".join(some))
            if len(some) == WIDTH:
                above, octets = Subtree(HEIGHT, self.size >> HEIGHT), full_hash(some)
                self._keep(above, octets)
                self._edge.append(octets, HEIGHT)
            else:
                for leaf in some:
                    self._edge.append(leaf)

    def _became_full(self, subtree: Subtree, octets: bytes) -> None:
        if subtree.level % HEIGHT == 0:
            self._keep(subtree, octets)

    def _keep(self, subtree: Subtree, octets: bytes) -> None:
        tile = place(subtree)[0]
        held = self.changed.get(tile)
        if held is None:
            held = self.changed[tile] = bytearray(self._before.get(tile, b""))
        held += octets


def _width(tile: Tile, size: int) -> int:
    """How many hashes a tile has in a tree of that size."""
    return min(max((size >> HEIGHT * tile.level) - (tile.number << HEIGHT), 0), 1 << HEIGHT)
