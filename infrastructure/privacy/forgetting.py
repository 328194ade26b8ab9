"""`application.privacy.erasing.Forgetting` on PostgreSQL and the data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio.to_thread
import orjson
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from application.privacy.erasing import Sweep
from application.privacy.sealed import WrappedKey
from infrastructure import sql
from infrastructure.attachments.objects import FOLDER, Objects, open_store
from infrastructure.attachments.store import SealedStore
from infrastructure.borrowing import borrowed
from infrastructure.privacy.cipher import SubjectCipher
from infrastructure.privacy.vault import KEY_BYTES, Vault, subject_context

QUERY = sql.load("forgetting.sql")
SHORTEST = 6
"""Characters: fewer, as a name's two or three, stand in other people's records too."""
_CHUNK = 1 << 20
ATTACHMENTS = "attachments"
_WORDS = "leaving words"
_DATABASE = "postgres"
"""The folder of the embedded server: its tables are looked through by SQL."""


class PostgresForgetting:
    """`folder` is the data folder, in which nothing written by the service may hold the words either.

    Attachments lie there sealed, so they are looked for by name and not for words.
    """

    def __init__(self, vault: Vault, folder: Path, attachments: SealedStore | None = None) -> None:
        self._vault, self._folder = vault, folder
        self._attachments = attachments or SealedStore(vault, Objects(open_store(None, folder)))

    async def restrict(self, log_id: str, subject: UUID) -> None:
        async with borrowed(self._vault.pool) as connection:
            await connection.execute(QUERY["restrict"], _named(log_id, subject))

    async def destroy_key(self, log_id: str, subject: UUID) -> str:
        named = _named(log_id, subject)
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            row = await (await connection.execute(QUERY["lock_key"], named)).fetchone()
            if row is None:
                return ""  # nothing was ever told
            kek_id, wrapped, key_digest = row
            if wrapped is not None:
                await self._put_aside(connection, log_id, subject, WrappedKey(kek_id, wrapped))
                key_digest = sha256(wrapped).hexdigest()
                await connection.execute(QUERY["destroy_key"], named | {"key_digest": key_digest})
        return str(key_digest)

    async def clean(self, log_id: str, subject: UUID, case: UUID) -> Mapping[str, int]:
        named = _named(log_id, subject) | {"case": case}
        places = {"personal_detail": "clean_details", "request_answer": "clean_answers", "snapshot": "clean_snapshots"}
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            cleaned = {
                place: (await connection.execute(QUERY[query], named)).rowcount for place, query in places.items()
            }
        return cleaned | {ATTACHMENTS: await self._attachments.forget(log_id, subject)}

    async def sweep(self, log_id: str, subject: UUID) -> Sweep:
        words = await self._words(log_id, subject)
        wanted = {field: found for field, text in words.items() if (found := _longest_run(text))}
        async with borrowed(self._vault.pool) as connection:
            rows = await (await connection.execute(QUERY["sweep"], {"words": list(wanted.values())})).fetchall()
        looked_at = {str(place): int(count) for place, count, _ in rows}
        remains = {str(place): int(holding) for place, _, holding in rows if holding}
        needles = [word.encode() for word in wanted.values()]
        looked_at["files"], holding = await anyio.to_thread.run_sync(_files_holding, self._folder, needles)
        left = {"files": holding}
        looked_at[ATTACHMENTS], left[ATTACHMENTS] = await self._attachments.remaining(log_id, subject)
        remains |= {place: count for place, count in left.items() if count}
        return Sweep(looked_at, remains, sorted(words.keys() - wanted.keys()))

    async def drop_words(self, log_id: str, subject: UUID) -> None:
        async with borrowed(self._vault.pool) as connection:
            await connection.execute(QUERY["drop_words"], _named(log_id, subject))

    async def begun(self, log_id: str) -> Sequence[UUID]:
        async with borrowed(self._vault.pool) as connection:
            rows = await (await connection.execute(QUERY["begun"], {"log_id": log_id})).fetchall()
        return [stream for (stream,) in rows]

    async def _put_aside(
        self, connection: AsyncConnection[TupleRow], log_id: str, subject: UUID, key: WrappedKey
    ) -> None:
        rows = await (await connection.execute(QUERY["kept"], _named(log_id, subject))).fetchall()
        words = self._vault.opened(log_id, subject, key, dict(rows))
        fresh = os.urandom(KEY_BYTES)
        sealed = SubjectCipher(fresh, log_id, subject).seal(_WORDS, orjson.dumps(words).decode())
        made = self._vault.keeper.wrap(fresh, b"leaving\0" + subject_context(log_id, subject))
        await connection.execute(
            QUERY["put_aside"], _named(log_id, subject) | made._asdict() | {"sealed": sealed}
        )  # fmt: skip

    async def _words(self, log_id: str, subject: UUID) -> dict[str, str]:
        async with borrowed(self._vault.pool) as connection:
            row = await (await connection.execute(QUERY["leaving_words"], _named(log_id, subject))).fetchone()
        if row is None:
            return {}
        kek_id, wrapped, sealed = row
        key = self._vault.keeper.unwrap(WrappedKey(kek_id, wrapped), b"leaving\0" + subject_context(log_id, subject))
        told = orjson.loads(SubjectCipher(key, log_id, subject).unseal(_WORDS, sealed))
        return {field: text for field, text in told.items() if text}


def _named(log_id: str, subject: UUID) -> dict[str, Any]:
    return {"log_id": log_id, "subject": subject}


def _longest_run(text: str) -> str | None:
    """The longest piece without space, quote or backslash, which stands alike in text and in JSON; None if short."""
    runs = text.translate({ord(mark): " " for mark in '"\\'}).split()
    longest = max(runs, key=len, default="")
    return longest if len(longest) >= SHORTEST else None


def _files_holding(folder: Path, words: Sequence[bytes]) -> tuple[int, int]:
    """How many files there are below the folder, and how many of them hold one of the words."""
    count = holding = 0
    for path in _files(folder):
        count += 1
        holding += bool(words) and _holds(path, words)
    return count, holding


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        if Path(root) == folder:
            folders[:] = [name for name in folders if name not in (_DATABASE, FOLDER)]
        yield from (path for name in names if (path := Path(root, name)).is_file() and not path.is_symlink())


def _holds(path: Path, words: Sequence[bytes]) -> bool:
    """Whether one of the words stands in the file, which may be larger than memory."""
    overlap = max(map(len, words)) - 1
    kept = b""
    try:
        file = path.open("rb")
    except FileNotFoundError:  # an export was taken off its shelf meanwhile
        return False
    with file:
        while chunk := file.read(_CHUNK):
            kept += chunk
            if any(word in kept for word in words):
                return True
            kept = kept[-overlap:]
    return False
