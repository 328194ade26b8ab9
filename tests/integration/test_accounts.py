"""账号 in PostgreSQL: passwords only as hashes, and failures counted for all processes together."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from application.accounts import Account
from domain.lockout import LASTS, MOST_FAILURES, REMEMBERED
from domain.refusals import AlreadyRegistered, Busy, Refused
from domain.sign_in_refusals import TooManyAttempts
from infrastructure import accounts as module
from infrastructure.accounts import ARGON2ID, PostgresAccounts

pytestmark = pytest.mark.anyio

STAFF, LOGIN, PASSWORD, OTHER = "hedong-01", "hedong.grid01", "lamp kerb nine", "quite another one"
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)


class Light(PasswordHash):
    """Hashes too cheaply for anything but tests, and counts."""

    def __init__(self, passes: int = 1) -> None:
        super().__init__((Argon2Hasher(time_cost=passes, memory_cost=8, parallelism=1),))
        self.verified = 0

    def verify_and_update(self, password: str | bytes, hash: str | bytes) -> tuple[bool, str | None]:
        self.verified += 1
        return super().verify_and_update(password, hash)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool]:
    async with AsyncConnectionPool(database_url, min_size=1, max_size=8, open=False) as pool:
        yield pool


@pytest.fixture
async def accounts(pool: AsyncConnectionPool) -> PostgresAccounts:
    """Holds one account, opened at nine."""
    accounts = PostgresAccounts(pool, Light())
    await accounts.add(STAFF, LOGIN, PASSWORD, NINE)
    return accounts


def rows(url: str, table: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [str(row) for row in connection.execute(f"SELECT * FROM {table}".encode())]  # noqa: S608 - names of tables from this file


async def outcome(accounts: PostgresAccounts, login: str, at: datetime) -> str:
    try:
        await accounts.attempt(login, at)
    except Refused as refused:
        return refused.code()
    return "counted"


async def test_an_account_is_found_by_its_password_and_by_its_staff(accounts: PostgresAccounts) -> None:
    account = Account(STAFF, LOGIN, disabled=False, changed_at=NINE)
    assert await accounts.check(LOGIN, PASSWORD) == account
    assert await accounts.of_staff(STAFF) == account
    assert await accounts.check(LOGIN, OTHER) is None
    assert await accounts.of_staff("hedong-02") is None


async def test_a_login_nobody_has_costs_the_same_hashing(pool: AsyncConnectionPool) -> None:
    light = Light()
    assert await PostgresAccounts(pool, light).check("nobody", PASSWORD) is None
    assert light.verified == 1


async def test_the_hash_nobody_has_is_as_costly_as_the_others(pool: AsyncConnectionPool) -> None:
    accounts = PostgresAccounts(pool)
    assert accounts._nobody.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert not ARGON2ID.check_needs_rehash(accounts._nobody)


async def test_a_login_and_a_member_of_staff_have_one_account(accounts: PostgresAccounts) -> None:
    with pytest.raises(AlreadyRegistered) as login_taken:
        await accounts.add("hedong-02", LOGIN, OTHER, NINE)
    assert login_taken.value.facts == {"kind": "账号", "code": LOGIN}
    with pytest.raises(AlreadyRegistered) as staff_taken:
        await accounts.add(STAFF, "another", OTHER, NINE)
    assert staff_taken.value.facts == {"kind": "人员账号", "code": STAFF}
    assert await accounts.check(LOGIN, PASSWORD)


async def test_no_password_lies_anywhere_in_clear_even_one_typed_as_a_login(
    accounts: PostgresAccounts, database_url: str
) -> None:
    await accounts.set_password(STAFF, OTHER, NINE)
    await accounts.attempt("lamp-kerb-nine", NINE)
    tables = ("account", "sign_in_failure")
    kept = [row for table in tables for row in rows(database_url, table)]
    assert len(kept) == 2
    assert not [row for row in kept if PASSWORD in row or OTHER in row or "lamp-kerb-nine" in row]


async def test_a_changed_password_replaces_the_old_one(accounts: PostgresAccounts) -> None:
    await accounts.set_password(STAFF, OTHER, NINE + MINUTE)
    assert await accounts.check(LOGIN, PASSWORD) is None
    assert await accounts.check(LOGIN, OTHER) == Account(STAFF, LOGIN, False, NINE + MINUTE)


async def test_disabling_and_enabling_leave_the_password_alone(accounts: PostgresAccounts) -> None:
    await accounts.set_disabled(STAFF, True, NINE + MINUTE)
    assert await accounts.check(LOGIN, PASSWORD) == Account(STAFF, LOGIN, True, NINE + MINUTE)
    await accounts.set_disabled(STAFF, False, NINE + 2 * MINUTE)
    assert await accounts.check(LOGIN, PASSWORD) == Account(STAFF, LOGIN, False, NINE + 2 * MINUTE)


async def test_each_change_is_later_than_the_last_whatever_the_clock_says(accounts: PostgresAccounts) -> None:
    await accounts.set_password(STAFF, OTHER, NINE)
    await accounts.set_disabled(STAFF, True, NINE - MINUTE)
    account = await accounts.of_staff(STAFF)
    assert account
    assert account.changed_at == NINE + 2 * MICROSECOND


async def test_a_hash_grows_with_the_parameters_at_the_next_sign_in_and_tokens_stay_valid(
    accounts: PostgresAccounts, pool: AsyncConnectionPool, database_url: str
) -> None:
    stronger = PostgresAccounts(pool, Light(passes=2))
    assert await stronger.check(LOGIN, OTHER) is None
    assert "t=1," in rows(database_url, "account")[0]
    assert await stronger.check(LOGIN, PASSWORD) == Account(STAFF, LOGIN, False, NINE)
    assert "t=2," in rows(database_url, "account")[0]
    assert await stronger.check(LOGIN, PASSWORD) == await accounts.of_staff(STAFF)


# --- failures -----------------------------------------------------------------------------------


async def test_failures_lock_across_processes_and_restarts(accounts: PostgresAccounts, database_url: str) -> None:
    async with AsyncConnectionPool(database_url, open=False) as second:
        elsewhere = PostgresAccounts(second, Light())
        for n in range(MOST_FAILURES):
            await (accounts, elsewhere)[n % 2].attempt(LOGIN, NINE)
        for each in (accounts, elsewhere, PostgresAccounts(second, Light())):
            with pytest.raises(TooManyAttempts) as refused:
                await each.attempt(LOGIN, NINE + MINUTE)
            assert refused.value.facts == {"seconds": 840}
        assert await outcome(elsewhere, "another", NINE) == "counted"
        assert await outcome(elsewhere, LOGIN, NINE + LASTS) == "counted"


async def test_of_many_guesses_at_once_through_two_processes_five_are_let_through(
    accounts: PostgresAccounts, database_url: str
) -> None:
    async with AsyncConnectionPool(database_url, max_size=8, open=False) as second:
        elsewhere = PostgresAccounts(second, Light())
        asked = [outcome((accounts, elsewhere)[n % 2], LOGIN, NINE) for n in range(40)]
        assert Counter(await asyncio.gather(*asked)) == {"counted": 5, "too-many-attempts": 35}


async def test_forgetting_failures_unlocks_one_login(accounts: PostgresAccounts) -> None:
    for login in (LOGIN, "another"):
        for _ in range(MOST_FAILURES):
            await accounts.attempt(login, NINE)
    await accounts.forget_failures(LOGIN)
    assert await outcome(accounts, LOGIN, NINE) == "counted"
    assert await outcome(accounts, "another", NINE) == "too-many-attempts"


async def test_failures_that_no_longer_matter_are_pruned_also_those_of_others(
    accounts: PostgresAccounts, database_url: str
) -> None:
    await accounts.attempt("nobody", NINE)
    await accounts.attempt(LOGIN, NINE + MICROSECOND)
    await accounts.attempt(LOGIN, NINE + REMEMBERED + MICROSECOND)
    assert len(rows(database_url, "sign_in_failure")) == 2


async def test_a_refused_attempt_leaves_nothing(accounts: PostgresAccounts, database_url: str) -> None:
    for _ in range(MOST_FAILURES):
        await accounts.attempt(LOGIN, NINE)
    assert await outcome(accounts, LOGIN, NINE) == "too-many-attempts"
    assert len(rows(database_url, "sign_in_failure")) == MOST_FAILURES


async def test_where_too_many_wait_an_attempt_is_sent_away_and_not_counted(
    accounts: PostgresAccounts, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    with pytest.raises(Busy):
        await accounts.attempt(LOGIN, NINE)
    assert rows(database_url, "sign_in_failure") == []
