"""The export shelf 导出架 as a folder: of each export a folder with `export.json`, what is being written, the one file.

Several processes may share it: who works on it holds a lock on it, so of all of them one writes at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from application.audit.exports import Export, ExportState, Verification

_FACTS, _FILE, _LOCK = "export.json", "bundle.zip", ".lock"
_ID = re.compile(r"[0-9a-f]{8,64}")


class ExportShelf:
    """`keys` gives the public keys of a log."""

    def __init__(self, folder: Path, keys: Callable[[str], Sequence[str]]) -> None:
        self.folder, self.keys = folder, keys

    def put(self, export: Export) -> None:
        place = self.place(export.id)
        place.mkdir(parents=True, exist_ok=True)
        fresh = place / f".{_FACTS}"
        fresh.write_text(json.dumps(asdict(export), ensure_ascii=False, default=_plain, indent=1) + "\n", "utf-8")
        os.replace(fresh, place / _FACTS)

    def every(self) -> Sequence[Export]:
        """The newest first. A folder that holds no export is passed by."""
        found = []
        for file in self.folder.glob(f"*/{_FACTS}"):
            try:
                found.append(_read(json.loads(file.read_bytes())))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # removed meanwhile, or none of ours
        return sorted(found, key=lambda one: one.asked_at, reverse=True)

    def remove(self, export: str) -> None:
        shutil.rmtree(self.place(export), ignore_errors=True)

    def file(self, export: str) -> Path:
        return self.place(export) / _FILE

    def place(self, export: str) -> Path:
        """The folder of an export. Raises `ValueError` for what is no id."""
        if not _ID.fullmatch(export):
            raise ValueError(export)
        return self.folder / export

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else works on the shelf; nobody does until the end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(facts: dict[str, Any]) -> Export:
    verified = facts["verified"]
    facts |= {
        "case": UUID(facts["case"]) if facts["case"] else None,
        "asked_at": datetime.fromisoformat(facts["asked_at"]),
        "finished_at": datetime.fromisoformat(facts["finished_at"]) if facts["finished_at"] else None,
        "state": ExportState(facts["state"]),
        "verified": Verification(**verified | {"problems": tuple(verified["problems"])}) if verified else None,
    }
    return Export(**facts)
