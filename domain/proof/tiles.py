"""Tiles 瓦片 (C2SP tlog-tiles): the stored form of a tree, 256 hashes wide, so that any proof reads few of them.

A tile of level 0 holds hashes of leaves; each hash of a tile above stands for one full tile below. The last tile of
a level may be partial; it only ever grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.proof.tree import (
    HASH_BYTES,
    Range,
    Subtree,
    consistency_ranges,
    folded,
    full_hash,
    inclusion_ranges,
    subtrees,
)

HEIGHT = 8
WIDTH = 1 << HEIGHT


class Tile(NamedTuple):
    """Which tile: `level` counts tiles, not hashes, from the leaves up."""

    level: int
    number: int


class TileMissing(LookupError):
    """A tile is not stored, or holds fewer hashes than a tree of the asked size has there."""

    def __init__(self, tile: Tile, position: int) -> None:
        super().__init__(f"tile {tile.level}/{tile.number}")
        self.tile, self.position = tile, position


def place(subtree: Subtree) -> tuple[Tile, int, int]:
    """The tile with the hashes under a full subtree, the number of the first of them and of the one after the last."""
    level, height = divmod(subtree.level, HEIGHT)
    number, first = divmod(subtree.number << height, WIDTH)
    return Tile(level, number), first, first + (1 << height)


def needed(ranges: Iterable[Range]) -> set[Tile]:
    """The tiles to read for the hashes of `ranges`."""
    return {place(subtree)[0] for begin, end in ranges for subtree in subtrees(begin, end)}


def split(hashes: bytes) -> list[bytes]:
    """The single hashes of a tile."""
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


class Tiled:
    """Hashes of a tree from the tiles at hand. Every method raises `TileMissing` for one it lacks."""

    def __init__(self, tiles: Mapping[Tile, bytes]) -> None:
        self._tiles = tiles

    def subtree(self, subtree: Subtree) -> bytes:
        tile, first, end = place(subtree)
        hashes = self._tiles.get(tile, b"")[first * HASH_BYTES : end * HASH_BYTES]
        if len(hashes) != (end - first) * HASH_BYTES:
            raise TileMissing(tile, (subtree.number << subtree.level) + 1)
        return full_hash(split(hashes))

    def edge(self, size: int) -> list[bytes]:
        """The right edge of the tree over the first `size` leaves."""
        return [self.subtree(one) for one in subtrees(0, size)]

    def root(self, size: int) -> bytes:
        return folded(self.edge(size))

    def path(self, ranges: Iterable[Range]) -> list[bytes]:
        """The hash of each range, which is a proof when the ranges are those of one."""
        return [folded([self.subtree(one) for one in subtrees(*span)]) for span in ranges]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return self.path(inclusion_ranges(index, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        return self.path(consistency_ranges(old, new))
