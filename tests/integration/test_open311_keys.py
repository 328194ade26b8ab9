"""Keys of Open311 in PostgreSQL: the count holds over processes, and what ended stays ended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from psycopg_pool import AsyncConnectionPool

from application.open311.keys import ApiKey, digest_of
from domain.open311_refusals import BadApiKey, TooManyCalls
from domain.refusals import AlreadyRegistered, NoSuchEntry
from infrastructure.open311.api_keys import PostgresApiKeys

AT = datetime(2026, 11, 2, 1, 0, 20, tzinfo=UTC)
KEY = ApiKey("app", "某客户端", "150785", "", 10, AT)
DIGEST = digest_of("secret")


async def tried(keys: PostgresApiKeys, at: datetime) -> bool:
    try:
        return await keys.admit(DIGEST, at) == KEY
    except TooManyCalls:
        return False


def test_two_processes_let_no_more_through_than_one(database_url: str) -> None:
    async def race() -> list[int]:
        async with AsyncConnectionPool(database_url) as one, AsyncConnectionPool(database_url) as other:
            both = [PostgresApiKeys(one), PostgresApiKeys(other)]
            await both[0].add(KEY, DIGEST)
            found = []
            for at in (AT, AT + timedelta(seconds=39), AT + timedelta(seconds=40)):
                found.append(sum(await asyncio.gather(*(tried(both[n % 2], at) for n in range(25)))))
            with pytest.raises(TooManyCalls) as refused:
                await both[1].admit(DIGEST, AT + timedelta(seconds=55))
            assert refused.value.facts == {"most": 10, "seconds": 45}
            return found

    # The third time it is another minute.
    assert asyncio.run(race()) == [10, 0, 10]


def test_a_key_is_added_once_and_ended_for_good(database_url: str) -> None:
    async def live() -> None:
        async with AsyncConnectionPool(database_url) as pool:
            keys = PostgresApiKeys(pool)
            await keys.add(KEY, DIGEST)
            for code, digest in (("app", b"other"), ("other", DIGEST)):
                with pytest.raises(AlreadyRegistered):
                    await keys.add(ApiKey(code, "", "150785", "", 1, AT), digest)
            with pytest.raises(BadApiKey):
                await keys.admit(digest_of("wrong"), AT)
            await keys.end("app", AT)
            await keys.end("app", AT + timedelta(days=1))
            (ended,) = await keys.every()
            assert ended.ended_at == AT
            with pytest.raises(BadApiKey):
                await keys.admit(DIGEST, AT)
            with pytest.raises(NoSuchEntry):
                await keys.end("nobody", AT)

    asyncio.run(live())
