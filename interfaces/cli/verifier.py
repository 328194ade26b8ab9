"""Verify 核验 an exported bundle: one file, the standard library and `cryptography`, no database, no network.

Written from docs/proof-format.md and docs/bundle-format.md; shares no code with what writes bundles. Copy it anywhere:

    python verifier.py BUNDLE --key VKEY [--key …] [--checkpoints FILE] [--receipt POSITION:HEX …] [--json]

Ends with 0 when all is proven, 1 when something is not as it was signed, 2 when there is nothing to verify.
"""

from __future__ import annotations

import argparse
import json
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "wangge-bundle-1"
WIDTH, HEIGHT, HASH = 256, 8, 32
MOST_TOLD = 100
ZERO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
TICK = timedelta(microseconds=1)
PROVEN, BROKEN, UNREADABLE = 0, 1, 2


class Unreadable(Exception):
    """There is no bundle to verify, or not all of it."""


@dataclass
class Found:
    """What was checked, and what is wrong: each with the first position it may concern and the last."""

    events: int = 0
    checkpoints: int = 0
    receipts: int = 0
    certificates: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, kind: str, text: str, first: int, last: int | None = None) -> None:
        if len(self.problems) < MOST_TOLD:
            self.problems.append({"kind": kind, "text": text, "position": first, "up_to": last or first})

    @property
    def first_bad(self) -> dict[str, Any] | None:
        """The sharpest finding: an exact position comes before a stretch it lies in."""
        exact = [one for one in self.problems if one["position"] == one["up_to"]]
        return min(exact or self.problems, key=lambda one: int(one["position"]), default=None)


# --- hashes ---------------------------------------------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def full(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of neighbours."""
    while len(hashes) > 1:
        hashes = [node(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over full subtrees, each smaller than the one to its left."""
    root = hashes[-1] if hashes else sha256(b"").digest()
    for left in reversed(hashes[:-1]):
        root = node(left, root)
    return root


def sized(octets: bytes) -> bytes:
    return len(octets).to_bytes(4, "big") + octets


def number(value: int) -> bytes:
    return b"\x00\x00\x00\x08" + value.to_bytes(8, "big", signed=True)


def uuid(text: str) -> bytes:
    return b"\x00\x00\x00\x10" + bytes.fromhex(text.replace("-", ""))


def leaf_of(row: dict[str, Any]) -> bytes:
    """The leaf hash of a row: section 2 of the proof format."""
    recorded = (datetime.fromisoformat(row["recorded_at"]) - ZERO) // TICK
    causation = row["causation_id"]
    octets = (
        b"\x00\x00\x00\x0dwangge-leaf-1", sized(row["log"].encode()), number(row["position"]), uuid(row["stream_id"]),
        number(row["version"]), uuid(row["event_id"]), sized(row["topic"].encode()), number(row["schema_version"]),
        number(recorded), uuid(row["request_id"]), sized(row["actor_ref"].encode()), uuid(row["correlation_id"]),
        uuid(causation) if causation else bytes(4), b"\x00\x00\x00\x20", sha256(row["state"].encode()).digest(),
    )  # fmt: skip
    return sha256(b"\x00" + b"".join(octets)).digest()


def included(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node(one, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node(found, one)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


# --- checkpoints ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A verifier key as `wangge key show` prints it."""

    name: str
    id: bytes
    public: Ed25519PublicKey

    @classmethod
    def parse(cls, text: str) -> Key:
        name, _, rest = text.strip().partition("+")
        stated, _, octets = rest.partition("+")
        try:
            key = b64decode(octets, validate=True)
            told = sha256(name.encode() + b"\n" + key).digest()[:4]
            if key[0] != 1 or told.hex() != stated:
                raise ValueError(text)
            return cls(name, told, Ed25519PublicKey.from_public_bytes(key[1:]))
        except (ValueError, IndexError):
            raise Unreadable(f"不是公钥：{text[:120]}") from None

    def signed(self, text: str, signature: bytes) -> bool:
        try:
            self.public.verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Head:
    """A checkpoint: its root commits to the first `size` leaves. `why` says what is wrong with it, "" for nothing."""

    size: int
    root: bytes
    why: str


def heads_of(file: Path, origin: str, keys: Sequence[Key]) -> Iterator[Head]:
    """The checkpoints of a file, as section 6 has them: a text up to an empty line, signatures up to the next."""
    parts = file.read_text("utf-8").split("\n\n")
    for text, signatures in zip(parts[::2], parts[1::2], strict=False):
        yield head_of(text + "\n", signatures, origin, keys)


def head_of(text: str, signatures: str, origin: str, keys: Sequence[Key]) -> Head:
    try:
        said, size, root = text.split("\n")[:3]
        head = Head(int(size), b64decode(root, validate=True), "")
    except ValueError:
        return Head(0, b"", "检查点残缺")
    why = "" if said == origin else f"检查点属于 {said}"
    known, good = {(key.name, key.id): key for key in keys}, 0
    for line in signatures.split("\n"):
        mark, name, octets = [*line.split(" "), "", ""][:3]
        raw = b64decode(octets + "==") if mark == "\u2014" else b""
        if key := known.get((name, raw[:4])):
            good += 1
            why = why if key.signed(text, raw[4:]) else why or "签名不成立"
    return Head(head.size, head.root, why or ("" if good else "没有受信任的公钥签过名"))


# --- the tree in the bundle -------------------------------------------------------------------------------


class Tiles:
    """The tiles of the bundle; what is not there cannot be asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = lru_cache(maxsize=4096)(self._from_file)

    def _from_file(self, level: int, index: int) -> list[bytes]:
        file = self._folder / str(level) / str(index)
        octets = file.read_bytes() if file.is_file() else b""
        return [octets[i : i + HASH] for i in range(0, len(octets) - HASH + 1, HASH)]

    def leaf(self, position: int) -> bytes | None:
        tile = self._read(0, (position - 1) // WIDTH)
        return tile[(position - 1) % WIDTH] if len(tile) > (position - 1) % WIDTH else None

    def root(self, size: int) -> bytes | None:
        """The root over the first `size` leaves; None where a tile for it is missing."""
        hashes, begin = [], 0
        while begin < size:
            height = (size - begin).bit_length() - 1
            level, within = divmod(height, HEIGHT)
            first = (begin >> level * HEIGHT) % WIDTH
            tile = self._read(level, begin >> (level + 1) * HEIGHT)[first : first + (1 << within)]
            if len(tile) != 1 << within:
                return None
            hashes.append(full(tile))
            begin += 1 << height
        return folded(hashes)

    def badly_built(self, size: int) -> Iterator[tuple[int, int]]:
        """The stretches of positions under a tile that its parent does not stand for."""
        level = 1
        while size >> level * HEIGHT:
            for index in range(size >> level * HEIGHT):
                below, above = self._read(level - 1, index), self._read(level, index // WIDTH)
                if below and (len(below) != WIDTH or above[index % WIDTH : index % WIDTH + 1] != [full(below)]):
                    yield (index << level * HEIGHT) + 1, (index + 1) << level * HEIGHT
            level += 1


# --- the bundle -----------------------------------------------------------------------------------------


class Bundle:
    """A folder as `wangge export` writes it."""

    def __init__(self, folder: Path, tell: Callable[[int, int], None]) -> None:
        self.folder, self.tell, self.found = folder, tell, Found()
        try:
            self.manifest = json.loads((folder / "manifest.json").read_bytes())
            if self.manifest["format"] != FORMAT:
                raise Unreadable(f"不认识的格式：{self.manifest['format']}")
            self.log, self.origin = str(self.manifest["log"]), str(self.manifest["origin"])
            self.first, self.last = int(self.manifest["first"]), int(self.manifest["last"])
            self.count, self.size = int(self.manifest["events"]), int(self.manifest["size"])
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"{folder} 不是导出包：{type(error).__name__}") from None
        self.tiles, self.of_a_case = Tiles(folder / "tiles"), bool(self.manifest.get("case"))
        self.schemas: dict[tuple[str, int], set[str]] = {}

    def verify(self, keys: Sequence[Key], outside: Path | None, receipts: dict[int, bytes]) -> Found:
        head = self._heads(keys, outside)
        leaf_at = self._by_paths(head) if self.of_a_case else self.tiles.leaf
        if not self.of_a_case:
            for first, last in self.tiles.badly_built(self.size):
                self.found.wrong("tile", "哈希树的瓦片与上层不符", first, last)
        self._rows(leaf_at, receipts)
        self._certificates(head)
        return self.found

    def _heads(self, keys: Sequence[Key], outside: Path | None) -> Head | None:
        """Hold every checkpoint against the tree; the one the bundle was made at, if it is there and signed."""
        made_at = self._agreed(heads_of(self.folder / "checkpoints.txt", self.origin, keys), "检查点")
        if outside:
            self._agreed(heads_of(outside, self.origin, keys), "手中的检查点")
        if made_at is None or made_at.size != self.size:
            after = made_at.size + 1 if made_at else 1
            text = f"没有签过名的检查点证明包内的树（{self.size}）"
            self.found.wrong("checkpoint", text, min(after, self.size), max(self.size, 1))
            return None
        return made_at

    def _agreed(self, heads: Iterator[Head], called: str) -> Head | None:
        """The last of ascending checkpoints that the tree in the bundle agrees with."""
        agreed: Head | None = None
        for head in heads:
            self.found.checkpoints += 1
            after = agreed.size + 1 if agreed else 1
            root = None if self.of_a_case else self.tiles.root(head.size)
            if head.why or (agreed and head.size <= agreed.size):
                why = head.why or "大小没有递增"
                self.found.wrong("checkpoint", f"{called}（{head.size}）：{why}", after, max(head.size, after))
            elif head.size > self.size:
                text = f"{called}已签到 {head.size}，包内只到 {self.size}"
                self.found.wrong("truncated", text, self.size + 1, head.size)
            elif root not in (None, head.root):
                self.found.wrong("fork", f"{called}（{head.size}）的根与包内的树不符", after, head.size)
            elif root or self.of_a_case:
                agreed = head
        return agreed

    def _by_paths(self, head: Head | None) -> Callable[[int], bytes | None]:
        """For a case: the leaf each path proves. A path that leads elsewhere proves none."""
        proven: dict[int, bytes] = {}
        for line in self._lines("proofs.ndjson"):
            path, leaf = [b64decode(one) for one in line["path"]], bytes.fromhex(line["leaf_hash"])
            if head and included(head.root, head.size, int(line["position"]) - 1, leaf, path):
                proven[int(line["position"])] = leaf
        return proven.get

    def _certificates(self, head: Head | None) -> None:
        """The certificates of erasure: each an event of the log, proven by its path."""
        for row in self._lines("erasures.ndjson"):
            path, position = [b64decode(one) for one in row["path"]], int(row["position"])
            if not head or not included(head.root, head.size, position - 1, leaf_of(row), path):
                self.found.wrong("certificate", f"位置 {position} 的遗忘证明不在封存的日志中", position)
            self.found.certificates += 1

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        file = self.folder / name
        if not file.is_file():
            raise Unreadable(f"导出包缺少 {name}")
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    def _rows(self, leaf_at: Callable[[int], bytes | None], receipts: dict[int, bytes]) -> None:
        expected, version, before = self.first, 0, ""
        for row in self._lines("events.ndjson"):
            position = int(row["position"])
            if self.of_a_case:
                version += 1
                if row["version"] != version or row["stream_id"] != self.manifest["case"]:
                    self.found.wrong("missing", f"本案第 {version} 步缺失或次序不对", position)
                    version = int(row["version"])
            elif position != expected:
                kind, text = ("missing", "缺失") if position > expected else ("order", "重复或次序颠倒")
                self.found.wrong(kind, f"位置 {expected} {text}（读到 {position}）", expected)
            expected = position + 1
            self._row(row, position, leaf_at(position), receipts)
            if row["recorded_at"] < before:
                self.found.wrong("time", f"位置 {position} 的记录时间早于前一条", position)
            before = row["recorded_at"]
        if not self.of_a_case and expected <= self.last:
            self.found.wrong("truncated", f"应到位置 {self.last}，只到 {expected - 1}", expected, self.last)
        if self.found.events != self.count:
            self.found.notes.append(f"清单写明 {self.count} 条，实有 {self.found.events} 条")

    def _row(self, row: dict[str, Any], position: int, sealed: bytes | None, receipts: dict[int, bytes]) -> None:
        self.found.events += 1
        if self.found.events % 1000 == 0:
            self.tell(self.found.events, self.count)
        try:
            made = leaf_of(row)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self.found.wrong("changed", f"位置 {position} 的记录残缺（{type(error).__name__}）", position)
            return
        if row["log"] != self.log or made != sealed:
            self.found.wrong("changed", f"位置 {position}（{row['topic']}）与封存时不符", position)
        elif row["leaf_hash"] != made.hex():
            self.found.wrong("leaf", f"位置 {position} 所附叶哈希不是这一条的", position)
        if (held := receipts.pop(position, None)) is not None:
            self.found.receipts += 1
            if held != made:
                self.found.wrong("receipt", f"位置 {position} 与手中的回执不符", position)
        self._form(row, position)

    def _form(self, row: dict[str, Any], position: int) -> None:
        """Whether the state is what its schema says: an object with all it must have."""
        key = (row["topic"], row["schema_version"])
        if key not in self.schemas:
            file = self.folder / "schemas" / f"{row['topic']}.v{row['schema_version']}.json"
            self.schemas[key] = set(json.loads(file.read_bytes()).get("required", ())) if file.is_file() else set()
        try:
            state = json.loads(row["state"])
        except ValueError:
            state = None
        if not isinstance(state, dict) or not self.schemas[key] <= state.keys():
            self.found.wrong("form", f"位置 {position}（{row['topic']}）不合其格式", position)


# --- the command ----------------------------------------------------------------------------------------


def told(found: Found, *, as_json: bool) -> str:
    """What was checked and what is wrong, for people or for a program."""
    if as_json:
        facts = {"ok": not found.problems, "first_bad": found.first_bad, **asdict(found)}
        return json.dumps(facts, ensure_ascii=False) + "\n"
    lines = [
        f"已核验 {found.events} 条事件、{found.checkpoints} 个检查点、"
        f"{found.receipts} 份回执、{found.certificates} 份遗忘证明",
        *found.notes,
    ]
    lines += [f"  {one['kind']}：{one['text']}" for one in found.problems]
    if (bad := found.first_bad) is None:
        return "\n".join([*lines, "全部成立"]) + "\n"
    stretch = "" if bad["position"] == bad["up_to"] else f"（至 {bad['up_to']} 之间）"
    return "\n".join([*lines, f"不成立，最先出错的位置：{bad['position']}{stretch}"]) + "\n"


def progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{total}")


def receipt(text: str) -> tuple[int, bytes]:
    position, _, octets = text.partition(":")
    return int(position), bytes.fromhex(octets)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify", description="核验导出包：不连数据库，不连网络，不信任服务")
    parser.add_argument("bundle", type=Path, help="导出包文件夹")
    parser.add_argument(
        "--key", action="append", default=[], help="信任的公钥，可给多个；缺省用包内的，只能证明包前后一致"
    )
    parser.add_argument("--checkpoints", type=Path, help="手中另存的检查点文件")
    parser.add_argument("--receipt", action="append", default=[], type=receipt, help="回执，位置:叶哈希")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    asked = parser.parse_args(arguments)
    try:
        bundle = Bundle(asked.bundle, progress)
        texts = asked.key or (asked.bundle / "keys.txt").read_text("utf-8").split()
        found = bundle.verify([Key.parse(one) for one in texts], asked.checkpoints, dict(asked.receipt))
    except (Unreadable, OSError, UnicodeError, KeyError, json.JSONDecodeError) as error:
        sys.stderr.write(f"无法核验：{error}\n")
        return UNREADABLE
    if not asked.key:
        found.notes.append("所用公钥取自包内：只证明包前后一致，不证明出自何人，请以 --key 给出另行取得的公钥")
    sys.stdout.write(told(found, as_json=asked.json))
    return BROKEN if found.problems else PROVEN


if __name__ == "__main__":
    sys.exit(main())
