"""Verification of proofs 验证 (RFC 9162 sections 2.1.3.2 and 2.1.4.2), from hashes alone."""

from __future__ import annotations

from collections.abc import Sequence

from domain.proof.tree import EMPTY_ROOT, node_hash


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree with `root` over `size` leaves has `leaf`, a leaf's hash, at `index`."""
    if not 0 <= index < size:
        return False
    at, last, computed = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            computed = node_hash(beside, computed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            computed = node_hash(computed, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and computed == root


def extends(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree with `new_root` begins with all of the one with `old_root`."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)  # a full tree is a subtree of the new one and left out of the path
    if not hashes:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
