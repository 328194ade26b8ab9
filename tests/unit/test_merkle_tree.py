"""The Merkle tree of RFC 6962: published vectors, an independent recursion, and any size at random."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.proof.growing import Growing, growing_tiles
from domain.proof.tiles import Tile, Tiled, TileMissing, needed
from domain.proof.tree import (
    EMPTY_ROOT,
    RightEdge,
    Subtree,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
)
from domain.proof.verifying import extends, includes

# The eight inputs that implementations of certificate transparency are compared on, and the roots of each beginning.
INPUTS = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = st.integers(0, 1_500)


def recursion(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 2.1 word for word, sharing nothing with what it judges."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\x01" + recursion(leaves[:k]) + recursion(leaves[k:])).digest()


def made(size: int) -> list[bytes]:
    return [number.to_bytes(3, "big") for number in range(size)]


def stored(leaves: list[bytes]) -> Tiled:
    tree = Growing(0, {})
    tree.add([leaf_hash(one) for one in leaves])
    return Tiled({tile: bytes(hashes) for tile, hashes in tree.changed.items()})


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_published(size: int) -> None:
    edge = RightEdge()
    for one in INPUTS[:size]:
        edge.append(leaf_hash(one))
    assert edge.root.hex() == ROOTS[size - 1] == stored(INPUTS).root(size).hex()


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_inclusion_paths_are_those_published_and_hold(index: int, size: int) -> None:
    path = stored(INPUTS).inclusion(index, size)
    assert [one.hex() for one in path] == PATHS[index, size]
    assert includes(bytes.fromhex(ROOTS[size - 1]), size, index, leaf_hash(INPUTS[index]), path)


def test_consistency_paths_are_those_published() -> None:
    path = stored(INPUTS).consistency(6, 8)
    assert [one.hex() for one in path] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert stored(INPUTS).consistency(1, 1) == []


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert RightEdge().root == EMPTY_ROOT == recursion([])
    assert extends(0, EMPTY_ROOT, 8, bytes.fromhex(ROOTS[7]), [])
    assert not extends(0, bytes(32), 8, bytes.fromhex(ROOTS[7]), [])


@given(st.data())
def test_any_leaf_of_any_tree_is_proven_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1_500))
    index = data.draw(st.integers(0, size - 1))
    leaves = made(size)
    root, tree = recursion(leaves), stored(leaves)
    assert tree.root(size) == root
    path = tree.inclusion(index, size)
    leaf = leaf_hash(leaves[index])
    assert includes(root, size, index, leaf, path)
    assert not includes(root, size, index, leaf_hash(b"other"), path)
    assert not includes(root, size, index, leaf, [*path, bytes(32)])
    assert not includes(root, size, (index + 1) % size, leaf, path) or size == 1
    assert not includes(root, size, size, leaf, path)
    if path:
        wrong = data.draw(st.integers(0, len(path) - 1))
        assert not includes(root, size, index, leaf, [*path[:wrong], bytes(32), *path[wrong + 1 :]])
        assert not includes(root, size, index, leaf, path[:-1])


@given(st.data())
def test_any_tree_begins_with_any_smaller_one_and_with_no_other(data: st.DataObject) -> None:
    new = data.draw(SIZES)
    old = data.draw(st.integers(0, new))
    leaves = made(new)
    old_root, new_root = recursion(leaves[:old]), recursion(leaves)
    path = stored(leaves).consistency(old, new)
    assert extends(old, old_root, new, new_root, path)
    assert not extends(old, bytes(32), new, new_root, path)
    assert not extends(old, old_root, new, bytes(32), path) or old == 0
    assert not extends(old, old_root, new, new_root, [*path, bytes(32)])
    if path:
        assert not extends(old, old_root, new, new_root, path[:-1])
        assert not extends(old + 1, old_root, new, new_root, path)


@given(st.lists(st.integers(0, 600), max_size=5))
def test_a_tree_grown_in_steps_has_the_tiles_and_root_of_one_grown_at_once(steps: list[int]) -> None:
    leaves, tiles, size = [leaf_hash(one) for one in made(sum(steps))], dict[Tile, bytes](), 0
    for step in steps:
        tree = Growing(size, {tile: tiles[tile] for tile in growing_tiles(size) if tile in tiles})
        tree.add(leaves[size : size + step])
        size += step
        tiles |= {tile: bytes(hashes) for tile, hashes in tree.changed.items()}
        assert tree.root == recursion(made(size))
    once = Growing(0, {})
    once.add(leaves)
    assert tiles == {tile: bytes(hashes) for tile, hashes in once.changed.items()}
    assert all(Tiled(tiles).root(part) == recursion(made(part)) for part in range(0, size, 97))


def test_a_tree_of_70_000_leaves_has_the_tiles_that_the_specification_counts() -> None:
    tree = Growing(0, {})
    tree.add([leaf_hash(one) for one in made(70_000)])
    widths = {tile: len(hashes) // 32 for tile, hashes in tree.changed.items()}
    level_0 = [width for tile, width in sorted(widths.items()) if tile.level == 0]
    assert level_0 == [256] * 273 + [112]
    assert {tile: width for tile, width in widths.items() if tile.level} == {
        Tile(1, 0): 256, Tile(1, 1): 17, Tile(2, 0): 1,
    }  # fmt: skip


@given(st.integers(1, 2**40), st.integers(1, 2**40))
def test_a_proof_reads_few_tiles_whatever_the_size(one: int, other: int) -> None:
    old, new = sorted((one, other))
    assert len(needed([*inclusion_ranges(old - 1, new), *consistency_ranges(old, new)])) <= 3 * 6


def test_a_tile_that_is_missing_or_cut_short_is_named() -> None:
    with pytest.raises(TileMissing) as missing:
        Tiled({Tile(0, 0): bytes(32 * 255)}).subtree(Subtree(7, 1))
    assert (missing.value.tile, missing.value.position) == (Tile(0, 0), 129)


def test_an_index_past_the_end_and_sizes_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="leaf 8 is not among 8"):
        inclusion_ranges(8, 8)
    with pytest.raises(ValueError, match="does not go on from one of 9"):
        consistency_ranges(9, 8)
    with pytest.raises(ValueError, match="2 hashes at its right edge"):
        RightEdge(5, [bytes(32)])
