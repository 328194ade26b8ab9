"""Published checkpoints 公布的检查点: a file a log, outside the database, only ever appended to.

An entry is a signed note and an empty line. What an interrupted write left of an entry is completed by the next.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from domain.proof.breach import BreachKind, Broken
from domain.proof.checkpoint import Checkpoint
from domain.proof.note import BadNote, Note

TAIL_BYTES = 1 << 16
"""More than any entry has."""
SOME_BYTES = 1 << 12
SIGNED = "— ".encode()


class PublishedFiles:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, log_id: str) -> Path:
        return self._folder / f"{log_id}.checkpoints"

    def last(self, log_id: str, origin: str) -> tuple[str | None, bool]:
        try:
            with self.path(log_id).open("rb") as file:
                note, torn = _tail(file, origin)
                return note, bool(torn)
        except FileNotFoundError:
            return None, False

    def some(self, log_id: str, origin: str, where: float) -> list[str]:
        """The notes in a stretch of the file, `where` from 0 for its beginning to 1 for its end."""
        first = f"{origin}\n"
        try:
            with self.path(log_id).open("rb") as file:
                start = int(max(file.seek(0, os.SEEK_END) - SOME_BYTES, 0) * where)
                file.seek(start)
                octets = file.read(SOME_BYTES)
        except FileNotFoundError:
            return []
        parts = octets.decode(errors="surrogateescape").split(f"\n\n{first}")
        if start == 0:
            parts[0] = parts[0].removeprefix(first)
        return [f"{first}{part}\n" for part in parts[0 if start == 0 else 1 : -1]]

    def append(self, log_id: str, origin: str, note: str) -> None:
        entry, path = f"{note}\n".encode(), self.path(log_id)
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = not path.exists()
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last, torn = _tail(file, origin)
            if last is None or _size(last) < _size(note):  # else another sealer was quicker
                if not entry.startswith(torn):
                    raise Broken(BreachKind.FILE, 1)
                file.write(entry[len(torn) :])
                file.flush()
                os.fsync(file.fileno())
        if fresh:
            _sync_folder(self._folder)

    def every(self, log_id: str) -> Iterator[str]:
        try:
            file = self.path(log_id).open("rb")
        except FileNotFoundError:
            return
        with file:
            lines: list[bytes] = []
            for line in file:
                if line == b"\n" and lines and lines[-1].startswith(SIGNED):
                    yield b"".join(lines).decode(errors="surrogateescape")
                    lines = []
                else:
                    lines.append(line)
            if lines:
                yield b"".join(lines).decode(errors="surrogateescape")


def _size(note: str) -> int:
    try:
        return Checkpoint.parse(Note.parse(note).text).size
    except BadNote:
        raise Broken(BreachKind.FILE, 1) from None


def _tail(file: BinaryIO, origin: str) -> tuple[str | None, bytes]:
    """The last whole note, and what an interrupted write left after it. Raises `Broken` when none can be found."""
    end = file.seek(0, os.SEEK_END)
    start = max(end - TAIL_BYTES, 0)
    file.seek(start)
    octets, first = file.read(), f"{origin}\n".encode()
    gap = octets.rfind(b"\n\n")
    while gap != -1:
        whole, torn = octets[: gap + 1], octets[gap + 2 :]
        if whole[whole.rfind(b"\n", 0, gap) + 1 :].startswith(SIGNED):
            begin = whole.rfind(b"\n\n" + first)
            if begin == -1 and not (start == 0 and whole.startswith(first)):
                raise Broken(BreachKind.FILE, 1)
            return whole[begin + 2 if begin != -1 else 0 :].decode(errors="surrogateescape"), torn
        gap = octets.rfind(b"\n\n", 0, gap + 1)
    if start:
        raise Broken(BreachKind.FILE, 1)
    return None, octets


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
