"""What sealing and checking ask of the outside. All of it waits for its answer, so it is called on a thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.proof.checkpoint import Checkpoint
from domain.proof.note import Note
from domain.proof.tiles import Tile


class Leaf(NamedTuple):
    """A leaf read back: its hash made anew from the stored row, and the hash stored beside it."""

    position: int
    made: bytes
    stored: bytes


class Leaves(Protocol):
    """What a tree is grown over: the events of a log, or the checkpoints of the districts."""

    @property
    def log_id(self) -> str: ...

    def newest(self) -> int:
        """The last position there is; 0 for an empty log."""
        ...

    def between(self, after: int, upto: int) -> Iterator[Leaf]:
        """What stands after `after` and up to `upto`, ascending; gaps are left to the caller."""
        ...


@dataclass(frozen=True)
class StoredHead:
    """A signed checkpoint as stored: row and note each say the same, unless somebody touched them."""

    size: int
    root: bytes
    note: str


class Trees(Protocol):
    """The stored trees and their signed heads."""

    def tiles(self, log_id: str, wanted: Iterable[Tile]) -> Mapping[Tile, bytes]: ...

    def last_head(self, log_id: str) -> StoredHead | None: ...

    def heads(self, log_id: str, after: int) -> Iterator[StoredHead]:
        """The heads larger than `after`, ascending."""
        ...

    def seal(self, log_id: str, head: StoredHead, tiles: Mapping[Tile, bytes], at: datetime, *, after: int) -> None:
        """Store the grown tiles and the head, both or neither, durably.

        Raises when the lease is lost, or the last head is no longer the one of size `after`.
        """
        ...


class Published(Protocol):
    """The append-only files outside the database."""

    def last(self, log_id: str, origin: str) -> tuple[str | None, bool]:
        """The last whole note of the file, and whether anything is left after it.

        Raises `Broken` for a file that holds none where one must be.
        """
        ...

    def some(self, log_id: str, origin: str, where: float) -> list[str]:
        """A few notes that follow each other, somewhere between the beginning, 0, and the end, 1."""
        ...

    def append(self, log_id: str, origin: str, note: str) -> None:
        """Add a note, durably, unless it is there; what an interrupted call began is completed. Raises `Broken`."""
        ...

    def every(self, log_id: str) -> Iterator[str]:
        """All whole notes, oldest first, and what is left at the end if it is part of none."""
        ...


class Ring(Protocol):
    """The signing keys in their periods, and the keys that are trusted."""

    def sign(self, checkpoint: Checkpoint, at: datetime) -> Note:
        """The checkpoint signed with every key of that moment."""
        ...

    def opened(self, origin: str, note: str) -> Checkpoint:
        """The checkpoint of a note that a trusted key signed. Raises `BadNote` and `NotSigned`."""
        ...
