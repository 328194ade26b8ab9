"""Accounts in PostgreSQL, passwords as Argon2id hashes: `application.accounts.Accounts`."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256

import anyio.to_thread
from anyio import CapacityLimiter
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row, scalar_row
from psycopg_pool import AsyncConnectionPool
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from application.accounts import Account
from domain.lockout import MOST_FAILURES, REMEMBERED, require_unlocked
from domain.refusals import AlreadyRegistered, Busy
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("accounts.sql")
ARGON2ID = Argon2Hasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""Memory and passes of RFC 9106 section 4, second recommended option, but on one lane instead of four: the
same work, and a sign-in holds one core for longer instead of all at once."""
MOST_WAITING = 64


@dataclass(frozen=True)
class _Row(Account):
    password_hash: str = field(repr=False)


class PostgresAccounts:
    """Hashes on worker threads, on half of the cores: a rush of sign-ins leaves room for other work."""

    def __init__(self, pool: AsyncConnectionPool, passwords: PasswordHash | None = None) -> None:
        self._pool = pool
        self._passwords = passwords or PasswordHash((ARGON2ID,))
        self._nobody = self._passwords.hash(secrets.token_hex())
        self._cores = CapacityLimiter(max(1, (os.cpu_count() or 1) // 2))

    async def attempt(self, login: str, at: datetime) -> None:
        # Here and not at the hashing: who is sent away for want of room has not failed.
        if self._cores.statistics().tasks_waiting >= MOST_WAITING:
            raise Busy(seconds=5)
        digest = _digest(login)
        async with borrowed(self._pool) as connection, connection.transaction():
            await connection.execute(QUERY["take_turns"], {"turn": int.from_bytes(digest[:8], "big", signed=True)})
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(QUERY["failures"], {"login_digest": digest, "most": MOST_FAILURES})
            require_unlocked(await cursor.fetchall(), at)
            await connection.execute(QUERY["count_failure"], {"login_digest": digest, "at": at})
            await connection.execute(QUERY["prune"], {"before": at - REMEMBERED})

    async def forget_failures(self, login: str) -> None:
        await self._execute("forget_failures", login_digest=_digest(login))

    async def check(self, login: str, password: str) -> Account | None:
        async with borrowed(self._pool) as connection:
            cursor = connection.cursor(row_factory=class_row(_Row))
            await cursor.execute(QUERY["by_login"], {"login": login})
            row = await cursor.fetchone()
        known = row.password_hash if row else self._nobody
        verify = partial(self._passwords.verify_and_update, password, known)
        right, stronger = await anyio.to_thread.run_sync(verify, limiter=self._cores)
        if row is None or not right:
            return None
        if stronger:
            await self._execute("rehash", staff_id=row.staff_id, known=known, stronger=stronger)
        return Account(row.staff_id, row.login, row.disabled, row.changed_at)

    async def of_staff(self, staff_id: str) -> Account | None:
        async with borrowed(self._pool) as connection:
            cursor = connection.cursor(row_factory=class_row(Account))
            await cursor.execute(QUERY["of_staff"], {"staff_id": staff_id})
            return await cursor.fetchone()

    async def add(self, staff_id: str, login: str, password: str, at: datetime) -> None:
        password_hash = await self._hash(password)
        try:
            await self._execute("add", staff_id=staff_id, login=login, password_hash=password_hash, at=at)
        except UniqueViolation as error:
            if error.diag.constraint_name == "account_login_key":
                raise AlreadyRegistered(kind="账号", code=login) from None
            raise AlreadyRegistered(kind="人员账号", code=staff_id) from None

    async def set_password(self, staff_id: str, password: str, at: datetime) -> None:
        password_hash = await self._hash(password)
        await self._execute("set_password", staff_id=staff_id, password_hash=password_hash, at=at)

    async def set_disabled(self, staff_id: str, disabled: bool, at: datetime) -> None:
        await self._execute("set_disabled", staff_id=staff_id, disabled=disabled, at=at)

    async def _hash(self, password: str) -> str:
        return await anyio.to_thread.run_sync(self._passwords.hash, password, limiter=self._cores)

    async def _execute(self, query: str, **facts: object) -> None:
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY[query], facts)


def _digest(login: str) -> bytes:
    return sha256(login.encode()).digest()
