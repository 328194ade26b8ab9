"""Merkle tree 默克尔树 (RFC 6962 section 2.1): hashes, the right edge that grows, what a proof is made of.

Leaves are numbered from 0; the leaf of an event has the index `position - 1`. A range of leaves is named by its
begin and its end, the end not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32
Range = tuple[int, int]


def leaf_hash(octets: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(b"\x00" + octets).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


class Subtree(NamedTuple):
    """A full subtree: the leaves from `number << level` on, `1 << level` of them."""

    level: int
    number: int


def subtrees(begin: int, end: int) -> list[Subtree]:
    """The full subtrees, from left to right, that a tree holds of a range which is a subtree of it, full or not."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append(Subtree(level, begin >> level))
        begin += 1 << level
    return found


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring full subtrees, each smaller than the one to its left."""
    if not hashes:
        return EMPTY_ROOT
    *rest, root = hashes
    for left in reversed(rest):
        root = node_hash(left, root)
    return root


def full_hash(hashes: Sequence[bytes]) -> bytes:
    """The hash of a full subtree over the hashes of its parts, a power of two of them."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]


class RightEdge:
    """右缘: the hashes of the full subtrees at the right edge of a tree, all that is needed to go on.

    `full`, when given, is told of each subtree that becomes full, above the leaves.
    """

    def __init__(
        self, size: int = 0, hashes: Sequence[bytes] = (), full: Callable[[Subtree, bytes], None] | None = None
    ) -> None:
        if len(hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} hashes at its right edge")
        self.size = size
        self._hashes, self._full = list(hashes), full

    def append(self, octets: bytes, level: int = 0) -> None:
        """Add the hash of the next leaf, or of the next full subtree of a level, where one begins."""
        hashes, index = self._hashes, self.size >> level
        self.size += 1 << level
        while index & 1:
            octets = sha256(b"\x01" + hashes.pop() + octets).digest()
            index >>= 1
            level += 1
            if self._full:
                self._full(Subtree(level, index), octets)
        hashes.append(octets)

    def copy(self) -> RightEdge:
        """The same edge, going on by itself and telling nobody."""
        return RightEdge(self.size, self._hashes)

    @property
    def root(self) -> bytes:
        return folded(self._hashes)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What the path of an inclusion proof is made of, leaf's sibling first (2.1.1). Refuses an index past the end."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among {size}")
    found: list[Range] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _left(end - begin)
        found.append((middle, end) if index < middle else (begin, middle))
        begin, end = (begin, middle) if index < middle else (middle, end)
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """What a consistency proof between two sizes is made of (2.1.2); nothing from 0 on or between equal sizes."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not go on from one of {old}")
    return list(_consistency(old, 0, new, whole=True))[::-1] if 0 < old < new else []


def _consistency(old: int, begin: int, end: int, *, whole: bool) -> Iterator[Range]:
    while old < end:
        middle = begin + _left(end - begin)
        if old <= middle:
            yield middle, end
            end = middle
        else:
            yield begin, middle
            begin, whole = middle, False
    if not whole:
        yield begin, end


def _left(count: int) -> int:
    """The largest power of two below `count`: so many leaves go to the left."""
    return 1 << (count - 1).bit_length() - 1
