"""Exporting 导出: a bundle that whoever trusts nobody can verify alone. What is in it: docs/bundle-format.md."""

from __future__ import annotations

import json
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from psycopg.rows import dict_row

from domain.case_id import erasure_id
from domain.proof.checkpoint import Checkpoint
from domain.proof.note import BadNote, Note
from domain.proof.refusals import NoSuchPosition, NotYetSealed
from domain.proof.tiles import HEIGHT, WIDTH, Tile, Tiled, needed
from domain.proof.tree import inclusion_ranges
from domain.refusals import NoSuchCase
from infrastructure import sql
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import KeyRing
from infrastructure.proof.trees import Connection, PostgresTrees, connected

QUERY = sql.load("exporting.sql")
FORMAT = "wangge-bundle-1"
AT_ONCE = 1_000
TILES_AT_ONCE = 256
Row = dict[str, Any]
Form = tuple[str, int]
"""Topic and schema version."""
Moved = Callable[[int], None]


@dataclass(frozen=True)
class Exported:
    """What was written: how many events of which log, from position to position, in a tree of so many leaves."""

    log: str
    events: int
    first: int
    last: int
    size: int


class Exporter:
    """Writes bundles of the logs of one database. `schema_of` is the JSON schema of an event, None for one unknown."""

    def __init__(
        self, url: str, ring: KeyRing, published: PublishedFiles, origin: str,
        schema_of: Callable[[str, int], Mapping[str, Any] | None],
    ) -> None:  # fmt: skip
        self._url, self._ring, self._published = url, ring, published
        self._origin, self._schema_of = origin, schema_of

    def log(
        self, log_id: str, folder: Path, *, first: int = 1, last: int | None = None, moved: Moved = lambda _: None
    ) -> Exported:
        """The events from `first` to `last`, or to the newest checkpoint, into an empty or new `folder`.

        Refuses `NotYetSealed` and `NoSuchPosition`. Raises `FileExistsError` when the folder holds something.
        """
        with _snapshot(self._url) as connection, _whole(folder) as part:
            size = self._sealed(connection, log_id, last or 1)
            last = last or size
            if not 1 <= first <= last:
                raise NoSuchPosition(log=log_id, position=first)
            self._tiles(connection, log_id, part, size, first, last)
            asked = {"log_id": log_id, "first": first, "last": last}
            count, seen = self._rows(connection, "stretch", asked, part / "events.ndjson", moved)
            self._beside(connection, log_id, part, size, seen, None)
            return self._signed_off(part, Exported(log_id, count, first, last, size), None)

    def case(self, log_id: str, case_id: UUID, folder: Path) -> Exported:
        """The events of one case, each with its path to the newest checkpoint. Refuses `NoSuchCase`, `NotYetSealed`."""
        with _snapshot(self._url) as connection, _whole(folder) as part:
            size = self._sealed(connection, log_id, 1)
            asked = {"log_id": log_id, "case_id": case_id, "last": size}
            positions: list[int] = []
            count, seen = self._rows(connection, "stream", asked, part / "events.ndjson", positions.append, each=True)
            if not count:
                raise NoSuchCase(case=case_id)
            with (part / "proofs.ndjson").open("wb") as file:
                for position in positions:
                    file.write(orjson.dumps(self._path(connection, log_id, position, size)) + b"\n")
            self._beside(connection, log_id, part, size, seen, case_id)
            exported = Exported(log_id, count, positions[0], positions[-1], size)
            return self._signed_off(part, exported, case_id)

    # --- parts of a bundle ------------------------------------------------------------------------

    def _sealed(self, connection: Connection, log_id: str, wanted: int) -> int:
        head = PostgresTrees(connection).last_head(log_id)
        if head is None or head.size < wanted:
            raise NotYetSealed(log=log_id, sealed=head.size if head else 0, asked=wanted)
        return head.size

    def _tiles(self, connection: Connection, log_id: str, folder: Path, size: int, first: int, last: int) -> None:
        """The leaves of the stretch, the last leaves, and all that stands above leaves."""
        low = {(first - 1) // WIDTH + n for n in range((last - 1) // WIDTH - (first - 1) // WIDTH + 1)}
        wanted = [Tile(0, number) for number in sorted(low | ({size // WIDTH} if size % WIDTH else set()))]
        level = 1
        while size >> HEIGHT * level:
            wanted += [Tile(level, number) for number in range(((size >> HEIGHT * level) - 1) // WIDTH + 1)]
            level += 1
        for begin in range(0, len(wanted), TILES_AT_ONCE):
            stored = PostgresTrees(connection).tiles(log_id, wanted[begin : begin + TILES_AT_ONCE])
            for tile, hashes in stored.items():
                place = folder / "tiles" / str(tile.level)
                place.mkdir(parents=True, exist_ok=True)
                (place / str(tile.number)).write_bytes(hashes)

    def _rows(
        self, connection: Connection, query: str, asked: Mapping[str, Any], file: Path, moved: Moved, *,
        each: bool = False,
    ) -> tuple[int, set[Form]]:  # fmt: skip
        """How many were written, and the forms that were seen. `moved` is told now and then, or of each."""
        count, seen = 0, set[Form]()
        with file.open("wb") as out:
            for row in _read(connection, query, asked):
                out.write(orjson.dumps(row) + b"\n")
                count += 1
                seen.add((row["topic"], row["schema_version"]))
                if each or count % AT_ONCE == 0:
                    moved(row["position"])
        return count, seen

    def _path(self, connection: Connection, log_id: str, position: int, size: int) -> Row:
        ranges = [(position - 1, position), *inclusion_ranges(position - 1, size)]
        tree = Tiled(PostgresTrees(connection).tiles(log_id, needed(ranges)))
        leaf, *path = tree.path(ranges)
        return {"position": position, "leaf_hash": leaf.hex(), "path": [_base64(one) for one in path]}

    def _beside(
        self,
        connection: Connection,
        log_id: str,
        folder: Path,
        size: int,
        seen: set[Form],
        case: UUID | None,
    ) -> None:
        asked = {"log_id": log_id, "last": size, "stream": case and erasure_id(case)}
        with (folder / "erasures.ndjson").open("wb") as out:
            for row in list(_read(connection, "erasures", asked)):
                out.write(orjson.dumps(row | self._path(connection, log_id, row["position"], size)) + b"\n")
                seen.add((row["topic"], row["schema_version"]))
        notes = [note for note in self._published.every(log_id) if _size(note) <= size]
        (folder / "checkpoints.txt").write_text("".join(f"{note}\n" for note in notes), "utf-8")
        name = f"{self._origin}/{log_id}"
        (folder / "keys.txt").write_text("".join(f"{key.named(name)}\n" for key in self._ring.all_keys()), "utf-8")
        (folder / "schemas").mkdir()
        for topic, version in sorted(seen):
            if schema := self._schema_of(topic, version):
                text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True)
                (folder / "schemas" / f"{topic}.v{version}.json").write_text(text + "\n", "utf-8")

    def _signed_off(self, folder: Path, exported: Exported, case: UUID | None) -> Exported:
        """The manifest comes last: a folder without one is no bundle."""
        manifest = {"format": FORMAT, "origin": f"{self._origin}/{exported.log}", **vars(exported)}
        if case:
            manifest["case"] = str(case)
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
        return exported


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    """A connection on which everything is of one moment."""
    with connected(url) as connection, connection.transaction():
        connection.execute(QUERY["one_moment"])
        yield connection


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Where to write what becomes `folder` once it is whole; nothing is left of what is not."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        yield part
        part.chmod(0o755)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _read(connection: Connection, query: str, asked: Mapping[str, Any]) -> Iterator[Row]:
    for row in connection.cursor(row_factory=dict_row).stream(QUERY[query], asked, size=AT_ONCE):
        recorded = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
        # Whoever put other bytes there is told so by the hash of what is written here.
        state = row["state"].decode("utf-8", "replace")
        yield row | {"recorded_at": recorded, "state": state, "leaf_hash": row["leaf_hash"].hex()}


def _base64(octets: bytes) -> str:
    return b64encode(octets).decode()


def _size(note: str) -> int:
    try:
        return Checkpoint.parse(Note.parse(note).text).size
    except BadNote:
        return 0  # it is shown as it is: whoever verifies says what is wrong with it
