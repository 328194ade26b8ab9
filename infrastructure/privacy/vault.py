"""密钥库: the keys of subjects and of the telephone index, wrapped, in the database; sealing and opening with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import structlog
from psycopg_pool import AsyncConnectionPool

from application.ports import PersonalDetails
from application.privacy.keys import KeyKeeper, KeyUnavailableError
from application.privacy.sealed import SealedDetails, WrappedKey
from application.privacy.telephones import normalised
from domain.privacy_refusals import Forgotten
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.privacy.cipher import NotOpenedError, SubjectCipher, phone_tag

QUERY = sql.load("vault.sql")
KEY_BYTES = 32
PHONE = "phone"
Pool = AsyncConnectionPool[Any]
logger = structlog.get_logger(__name__)


class WrongKeyFile(ValueError):
    """The keys in the database were wrapped by a KEK that the keeper does not hold."""


class Vault:
    """Seals and opens what people told. Keys are unwrapped for each use and never kept, so a destroyed one is gone."""

    def __init__(self, pool: Pool, keeper: KeyKeeper) -> None:
        self.pool, self.keeper = pool, keeper
        self._index_keys: dict[str, bytes] = {}

    async def open(self, log_ids: Iterable[str]) -> None:
        """Have the index keys of the logs at hand, made on first use. Raises `WrongKeyFile`."""
        for log_id in log_ids:
            self._index_keys[log_id] = await self._index_key(log_id)

    async def _index_key(self, log_id: str) -> bytes:
        fresh = self.keeper.wrap(os.urandom(KEY_BYTES), index_context(log_id))
        async with borrowed(self.pool) as connection:
            await connection.execute(QUERY["make_index_key"], {"log_id": log_id, **fresh._asdict()})
            cursor = await connection.execute(QUERY["index_key"], {"log_id": log_id})
            found = await cursor.fetchone()
        try:
            return self.keeper.unwrap(WrappedKey(*(found or ("", b""))), index_context(log_id))
        except KeyUnavailableError as error:
            wrong = "主密钥文件与数据库不符：请放回密封此数据库所用的主密钥文件 (WANGGE_KEK_FILE)"
            raise WrongKeyFile(wrong) from error

    async def seal(self, log_id: str, details: PersonalDetails, *, fresh: bool) -> SealedDetails:
        """As `application.ports.Log.seal`."""
        subject, made = details.subject, None
        if fresh:
            key = os.urandom(KEY_BYTES)
            made = self.keeper.wrap(key, subject_context(log_id, subject))
        else:
            key = await self.key_of(log_id, subject)
        cipher = SubjectCipher(key, log_id, subject)
        return SealedDetails(
            subject,
            {name: cipher.seal(name, value) for name, value in details.fields.items()},
            made,
            self.tags(log_id, details.fields),
        )

    def opened(
        self, log_id: str, subject: UUID, key: WrappedKey | None, sealed: Mapping[str, bytes]
    ) -> dict[str, str | None]:
        """The words of each field; None, and a line for the operator, where they do not open."""
        found: dict[str, str | None] = dict.fromkeys(sealed)
        field = ""
        try:
            cipher = SubjectCipher(self.unwrapped(log_id, subject, key), log_id, subject)
            for field, value in sealed.items():
                found[field] = cipher.unseal(field, value)
        except (KeyUnavailableError, NotOpenedError) as error:
            logger.error("sealed_value_damaged", log=log_id, subject=str(subject), field=field,
                         error=type(error).__name__)  # fmt: skip
        return found

    def unwrapped(self, log_id: str, subject: UUID, key: WrappedKey | None) -> bytes:
        """A subject's key. Raises `KeyUnavailableError`."""
        if key is None:
            raise KeyUnavailableError("")
        return self.keeper.unwrap(key, subject_context(log_id, subject))

    def tag_of(self, log_id: str, number: str) -> int:
        """What a telephone number is looked up by in a log."""
        return phone_tag(self._index_keys[log_id], normalised(number))

    def tags(self, log_id: str, fields: dict[str, str]) -> dict[str, int]:
        """What fields are looked up by, of those that are."""
        return {PHONE: self.tag_of(log_id, fields[PHONE])} if fields.get(PHONE) else {}

    async def key_of(self, log_id: str, subject: UUID) -> bytes:
        """The key of a subject of before, made now for one whose words an earlier release kept without.

        Refuses `Forgotten`.
        """
        named = {"log_id": log_id, "subject": subject}
        async with borrowed(self.pool) as connection:
            found = await (await connection.execute(QUERY["subject_key"], named)).fetchone()
            if found is None:
                fresh = self.keeper.wrap(os.urandom(KEY_BYTES), subject_context(log_id, subject))
                await connection.execute(QUERY["make_subject_key"], named | fresh._asdict())
                found = await (await connection.execute(QUERY["subject_key"], named)).fetchone()
        kek_id, wrapped, restricted = found or ("", None, False)
        if wrapped is None or restricted:
            raise Forgotten()
        return self.unwrapped(log_id, subject, WrappedKey(kek_id, wrapped))


def subject_context(log_id: str, subject: UUID) -> bytes:
    """What a wrapped key of a subject is bound to."""
    return b"subject\0" + log_id.encode() + b"\0" + subject.bytes


def index_context(log_id: str) -> bytes:
    """What the wrapped index key of a log is bound to."""
    return b"index\0" + log_id.encode()


def hook_context(code: str, version: int) -> bytes:
    """What the wrapped secret of a webhook is bound to."""
    return b"webhook\0" + code.encode() + b"\0" + str(version).encode()
