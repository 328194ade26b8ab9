"""补封: what an earlier release kept in the clear is sealed, some rows at a time, each batch whole or not at all.

May be stopped and run again at any moment, also by several processes: a row is sealed once and found sealed after.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from domain.privacy_refusals import Forgotten
from infrastructure import sql
from infrastructure.privacy.cipher import SubjectCipher
from infrastructure.privacy.vault import Vault

QUERY = sql.load("sealing_late.sql")
_ROWS = 500
logger = structlog.get_logger(__name__)


async def seal_what_is_in_the_clear(database_url: str, vault: Vault) -> int:
    """How many fields were sealed. The owner's connection: what was in the clear is swept off the disk as well."""
    sealed = 0
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        while count := await _batch(connection, vault):
            sealed += count
            logger.info("sealed_late", fields=sealed)
        if sealed:
            # The rows as they were lie in the table's file until it is written anew.
            await connection.execute(QUERY["sweep"])
    return sealed


async def _batch(connection: AsyncConnection[TupleRow], vault: Vault) -> int:
    async with connection.transaction():
        rows = await (await connection.execute(QUERY["in_clear"], {"limit": _ROWS})).fetchall()
        for (log_id, subject), fields in groupby(rows, key=itemgetter(0, 1)):
            await _seal(connection, vault, log_id, subject, {field: value for *_, field, value in fields})
    return len(rows)


async def _seal(
    connection: AsyncConnection[TupleRow], vault: Vault, log_id: str, subject: UUID, fields: dict[str, str]
) -> None:
    try:
        cipher: SubjectCipher | None = SubjectCipher(await vault.key_of(log_id, subject), log_id, subject)
    except Forgotten:
        cipher = None
    tags = vault.tags(log_id, fields) if cipher else {}
    for field, value in fields.items():
        kept: dict[str, Any] = {"log_id": log_id, "subject": subject, "field": field, "tag": tags.get(field)}
        kept["sealed"] = cipher.seal(field, value) if cipher else None
        await connection.execute(QUERY["seal"], kept)
