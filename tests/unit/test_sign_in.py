"""登录: who may sign in, for how long, and what ends it."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from application.accounts import Account
from application.sign_in import SESSION, TRUSTED, SignIn
from application.tokens import Token
from domain.actor import Actor, Role
from domain.lockout import LASTS, MOST_FAILURES, require_unlocked
from domain.refusals import AlreadyRegistered, BadCode, NoSuchEntry, Refused
from domain.registry.refusals import BadText
from domain.sign_in_refusals import BadCredentials, NotSignedIn, TooManyAttempts, WeakPassword
from infrastructure.tokens import SignedTokens

pytestmark = pytest.mark.anyio

STAFF, LOGIN, PASSWORD, OTHER = "hedong-01", "hedong.grid01", "lamp kerb nine", "quite another one"
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE, LIFETIME = timedelta(minutes=1), timedelta(minutes=30)


class MemoryAccounts:
    """`Accounts` without a database; passwords lie in clear, and what is asked is counted."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.passwords: dict[str, str] = {}
        self.failures: dict[str, list[datetime]] = {}
        self.checks = self.looks = 0

    async def attempt(self, login: str, at: datetime) -> None:
        require_unlocked(self.failures.get(login, []), at)
        self.failures.setdefault(login, []).append(at)

    async def forget_failures(self, login: str) -> None:
        self.failures.pop(login, None)

    async def check(self, login: str, password: str) -> Account | None:
        self.checks += 1
        found = next((each for each in self.accounts.values() if each.login == login), None)
        return found if found and self.passwords[found.staff_id] == password else None

    async def of_staff(self, staff_id: str) -> Account | None:
        self.looks += 1
        return self.accounts.get(staff_id)

    async def add(self, staff_id: str, login: str, password: str, at: datetime) -> None:
        if staff_id in self.accounts or any(each.login == login for each in self.accounts.values()):
            raise AlreadyRegistered(kind="账号", code=login)
        self.accounts[staff_id] = Account(staff_id, login, False, at)
        self.passwords[staff_id] = password

    async def set_password(self, staff_id: str, password: str, at: datetime) -> None:
        self.accounts[staff_id] = replace(self.accounts[staff_id], changed_at=at)
        self.passwords[staff_id] = password

    async def set_disabled(self, staff_id: str, disabled: bool, at: datetime) -> None:
        self.accounts[staff_id] = replace(self.accounts[staff_id], disabled=disabled, changed_at=at)


class Roll:
    """The staff of the registry."""

    def __init__(self) -> None:
        self.roles = {STAFF: {Role.WORKER}, "hedong-02": {Role.WORKER}}

    def actor(self, staff: str, /, *, on: date | None = None) -> Actor:
        if staff not in self.roles:
            raise NotSignedIn(staff=staff)
        return Actor(staff, frozenset(self.roles[staff]), "hedong", ("150785001001",))


class Office:
    """One account and a clock set to nine, a minute after the account was opened."""

    def __init__(self) -> None:
        self.accounts, self.roll, self.now = MemoryAccounts(), Roll(), NINE
        self.accounts.accounts[STAFF] = Account(STAFF, LOGIN, False, NINE - MINUTE)
        self.accounts.passwords[STAFF] = PASSWORD
        self.door = self.process()

    def process(self) -> SignIn:
        """One more process on the same accounts, with the same key."""
        return SignIn(self.accounts, self.roll, SignedTokens(b"k" * 32), lambda: self.now, lifetime=LIFETIME)

    async def enter(self) -> Token:
        return await self.door.sign_in(LOGIN, PASSWORD)

    async def fail(self, times: int, login: str = LOGIN) -> None:
        for _ in range(times):
            await refused(BadCredentials, self.door.sign_in(login, OTHER))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def office() -> Office:
    return Office()


async def refused(kind: type[Refused], asked: Awaitable[object]) -> Refused:
    with pytest.raises(kind) as told:
        await asked
    return told.value


# --- signing in ---------------------------------------------------------------------------------


async def test_login_and_password_give_a_token_for_the_lifetime(office: Office) -> None:
    token = await office.enter()
    assert (token.staff_id, token.expires_at) == (STAFF, NINE + LIFETIME)
    assert token.token not in repr(token)
    assert await office.door.who(token.token) == office.roll.actor(STAFF)


async def test_capitals_blanks_and_full_width_letters_of_a_phone_are_the_same_login(office: Office) -> None:
    await office.door.sign_in(" Hedong.GRID01 ", PASSWORD)
    await office.door.sign_in("ｈｅｄｏｎｇ．grid０１", "ｌａｍｐ　kerb　nine")


async def test_a_wrong_password_and_an_unknown_login_are_told_and_checked_alike(office: Office) -> None:
    wrong = await refused(BadCredentials, office.door.sign_in(LOGIN, OTHER))
    unknown = await refused(BadCredentials, office.door.sign_in("nobody", OTHER))
    assert (wrong.facts, wrong.detail()) == (unknown.facts, unknown.detail())
    assert office.accounts.checks == 2
    assert len(office.accounts.failures[LOGIN]) == len(office.accounts.failures["nobody"]) == 1


@pytest.mark.parametrize("login", ["", "a b", "河东", "x" * 65, "a\x00", "\ud800", "-a"])
async def test_a_login_nobody_can_have_is_refused_like_any_other(office: Office, login: str) -> None:
    await refused(BadCredentials, office.door.sign_in(login, PASSWORD))


@pytest.mark.parametrize("typed", ["", PASSWORD + "\n", "\ud800" * 12, "x" * 129])
async def test_a_password_nobody_can_have_is_refused_and_counted(office: Office, typed: str) -> None:
    await refused(BadCredentials, office.door.sign_in(LOGIN, typed))
    assert len(office.accounts.failures[LOGIN]) == 1


async def test_who_left_or_whose_account_is_disabled_cannot_sign_in(office: Office) -> None:
    await office.door.disable(STAFF)
    await refused(BadCredentials, office.enter())
    await office.door.enable(STAFF)
    await office.enter()
    del office.roll.roles[STAFF]
    await refused(BadCredentials, office.enter())


# --- too many attempts --------------------------------------------------------------------------


async def test_after_five_failures_even_the_right_password_must_wait(office: Office) -> None:
    await office.fail(MOST_FAILURES)
    told = await refused(TooManyAttempts, office.enter())
    assert told.facts == {"seconds": 900}
    assert office.accounts.checks == MOST_FAILURES, "a locked login costs no hashing"


async def test_trying_while_locked_does_not_prolong_the_wait(office: Office) -> None:
    await office.fail(MOST_FAILURES)
    office.now += LASTS - MINUTE
    await refused(TooManyAttempts, office.enter())
    office.now += MINUTE
    await office.enter()


async def test_signing_in_forgets_earlier_failures(office: Office) -> None:
    await office.fail(MOST_FAILURES - 1)
    await office.enter()
    await office.fail(MOST_FAILURES - 1)
    await office.enter()


async def test_a_login_nobody_has_is_locked_too_and_no_other_with_it(office: Office) -> None:
    await office.fail(MOST_FAILURES, "nobody")
    await refused(TooManyAttempts, office.door.sign_in("NOBODY", OTHER))
    await office.enter()


# --- who ----------------------------------------------------------------------------------------


async def test_roles_are_those_of_the_registry_at_the_moment_of_use(office: Office) -> None:
    token = await office.enter()
    office.roll.roles[STAFF] = {Role.VERIFIER}
    assert (await office.door.who(token.token)).roles == {Role.VERIFIER}
    del office.roll.roles[STAFF]
    await refused(NotSignedIn, office.door.who(token.token))


async def test_an_expired_and_a_forged_token_are_refused(office: Office) -> None:
    token = await office.enter()
    await refused(NotSignedIn, office.door.who(token.token[:-3] + "abc"))
    office.now += LIFETIME + MINUTE
    await refused(NotSignedIn, office.door.who(token.token))


async def test_a_disabled_account_ends_its_tokens_here_at_once_and_elsewhere_within_seconds(
    office: Office,
) -> None:
    elsewhere, token = office.process(), await office.enter()
    await elsewhere.who(token.token)
    await office.door.disable(STAFF)
    await refused(NotSignedIn, office.door.who(token.token))
    await elsewhere.who(token.token)
    office.now += TRUSTED
    await refused(NotSignedIn, elsewhere.who(token.token))


async def test_a_token_from_before_a_disabling_stays_void_when_the_account_is_enabled(office: Office) -> None:
    token = await office.enter()
    office.now += MINUTE
    await office.door.disable(STAFF)
    await office.door.enable(STAFF)
    await refused(NotSignedIn, office.door.who(token.token))
    await office.door.who((await office.enter()).token)


async def test_an_account_disabled_by_hand_in_the_database_ends_its_tokens(office: Office) -> None:
    token = await office.enter()
    office.accounts.accounts[STAFF] = replace(office.accounts.accounts[STAFF], disabled=True)
    await refused(NotSignedIn, office.door.who(token.token))


async def test_an_account_in_order_is_not_asked_for_at_each_request(office: Office) -> None:
    token = await office.enter()
    for _ in range(10):
        await office.door.who(token.token)
    assert office.accounts.looks == 1


async def test_a_clock_set_back_does_not_prolong_what_is_believed(office: Office) -> None:
    token = await office.enter()
    await office.door.who(token.token)
    await office.process().disable(STAFF)
    office.now -= timedelta(seconds=1)
    await refused(NotSignedIn, office.door.who(token.token))


# --- issued by the operator ---------------------------------------------------------------------


async def test_the_operator_issues_a_token_to_staff_with_or_without_an_account(office: Office) -> None:
    for staff_id in (STAFF, "hedong-02"):
        token = await office.door.issue(staff_id)
        assert (token.staff_id, token.expires_at) == (staff_id, NINE + LIFETIME)
        assert (await office.door.who(token.token)).id == staff_id


async def test_no_token_is_issued_to_strangers_or_for_a_disabled_account(office: Office) -> None:
    await refused(NoSuchEntry, office.door.issue("stranger"))
    await office.door.disable(STAFF)
    await refused(NoSuchEntry, office.door.issue(STAFF))


async def test_opening_an_account_ends_a_token_issued_without_one(office: Office) -> None:
    token = await office.door.issue("hedong-02")
    await office.door.who(token.token)
    await office.door.register("hedong-02", "hedong.grid02", PASSWORD)
    await refused(NotSignedIn, office.door.who(token.token))


# --- renewing -----------------------------------------------------------------------------------


async def test_a_valid_token_is_renewed_and_an_expired_one_is_not(office: Office) -> None:
    token = await office.enter()
    office.now += LIFETIME - MINUTE
    fresh = await office.door.renew(token.token)
    assert (fresh.staff_id, fresh.expires_at) == (STAFF, office.now + LIFETIME)
    office.now += 2 * MINUTE
    await office.door.who(fresh.token)
    await refused(NotSignedIn, office.door.renew(token.token))


async def test_renewing_ends_twelve_hours_after_signing_in(office: Office) -> None:
    token = await office.enter()
    while office.now < NINE + SESSION - LIFETIME:
        office.now += LIFETIME - MINUTE
        token = await office.door.renew(token.token)
    assert token.expires_at == NINE + SESSION
    office.now = NINE + SESSION
    await office.door.who(token.token)  # clocks may differ by a few seconds
    await refused(NotSignedIn, office.door.renew(token.token))


async def test_a_token_of_a_changed_account_is_not_renewed(office: Office) -> None:
    token = await office.enter()
    await office.door.reset_password(STAFF, OTHER)
    await refused(NotSignedIn, office.door.renew(token.token))


# --- accounts -----------------------------------------------------------------------------------


async def test_an_account_is_opened_for_a_member_of_staff_with_twelve_characters(office: Office) -> None:
    await office.door.register("hedong-02", "Hedong.Grid02", "x" * 12)
    assert (await office.door.sign_in("hedong.grid02", "x" * 12)).staff_id == "hedong-02"


@pytest.mark.parametrize(
    ("staff_id", "login", "chosen", "kind"),
    [
        ("hedong-02", "new", "x" * 11, WeakPassword),
        ("hedong-02", "new", "x" * 129, BadText),
        ("hedong-02", "new", "tab\tin the middle", BadText),
        ("hedong-02", "a b", PASSWORD, BadCode),
        ("hedong-02", LOGIN.upper(), PASSWORD, AlreadyRegistered),
        (STAFF, "new", PASSWORD, AlreadyRegistered),
        ("stranger", "new", PASSWORD, NoSuchEntry),
    ],
)
async def test_an_account_that_must_not_be_opened_is_refused(
    office: Office, staff_id: str, login: str, chosen: str, kind: type[Refused]
) -> None:
    await refused(kind, office.door.register(staff_id, login, chosen))
    assert list(office.accounts.accounts) == [STAFF]


async def test_a_changed_password_opens_and_ends_what_the_old_one_opened(office: Office) -> None:
    token = await office.enter()
    await office.door.who(token.token)
    await office.door.change_password(STAFF, PASSWORD, OTHER)
    await refused(NotSignedIn, office.door.who(token.token))
    await refused(BadCredentials, office.enter())
    await office.door.sign_in(LOGIN, OTHER)


async def test_a_token_under_a_changed_password_is_good_at_once_where_the_old_one_was_known(
    office: Office,
) -> None:
    elsewhere = office.process()
    await elsewhere.who((await office.enter()).token)
    await office.door.change_password(STAFF, PASSWORD, OTHER)
    await elsewhere.who((await office.door.sign_in(LOGIN, OTHER)).token)


async def test_a_token_from_before_is_not_carried_by_one_from_after_a_change(office: Office) -> None:
    elsewhere, before = office.process(), await office.enter()
    await office.door.change_password(STAFF, PASSWORD, OTHER)
    await elsewhere.who((await office.door.sign_in(LOGIN, OTHER)).token)
    await refused(NotSignedIn, elsewhere.who(before.token))


async def test_guessing_the_current_password_locks_as_signing_in_does(office: Office) -> None:
    for _ in range(MOST_FAILURES):
        await refused(BadCredentials, office.door.change_password(STAFF, OTHER, "x" * 12))
    await refused(TooManyAttempts, office.door.change_password(STAFF, PASSWORD, "x" * 12))
    await refused(TooManyAttempts, office.enter())


async def test_a_weak_new_password_is_refused_before_the_current_one_is_tried(office: Office) -> None:
    await refused(WeakPassword, office.door.change_password(STAFF, OTHER, "short"))
    await refused(WeakPassword, office.door.reset_password(STAFF, "short"))
    assert (office.accounts.failures, office.accounts.passwords[STAFF]) == ({}, PASSWORD)


async def test_a_reset_password_lifts_the_lock(office: Office) -> None:
    await office.fail(MOST_FAILURES)
    await office.door.reset_password(STAFF, OTHER)
    await office.door.sign_in(LOGIN, OTHER)


async def test_there_is_nothing_to_change_without_an_account(office: Office) -> None:
    await refused(NoSuchEntry, office.door.change_password("hedong-02", PASSWORD, OTHER))
    await refused(NoSuchEntry, office.door.reset_password("hedong-02", OTHER))
    await refused(NoSuchEntry, office.door.disable("hedong-02"))
    await refused(NoSuchEntry, office.door.enable("hedong-02"))
