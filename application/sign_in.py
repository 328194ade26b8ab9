"""SignIn 登录: from login and password to a short-lived token, and from a token to the actor.

A token says who signed in and when, nothing else: roles and areas are the registry's at the moment of
use, so a role taken away is gone with the next request.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from application.accounts import Account, Accounts
from application.ports import Clock
from application.tokens import Claims, Token, Tokens
from domain.actor import Actor
from domain.credentials import login_name, new_password, typed_password
from domain.refusals import BadCode, NoSuchEntry
from domain.registry.entry import civil_day
from domain.registry.refusals import BadText
from domain.sign_in_refusals import BadCredentials, NotSignedIn

SESSION = timedelta(hours=12)
"""How long renewing goes on after one sign-in: a shift and its overtime."""
NO_ACCOUNT = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands in a token for `changed_at` of an account that does not exist, so opening one ends the token."""
TRUSTED = timedelta(seconds=5)
"""How long an account seen in order is believed to be, so the longest a change in another process takes."""


class StaffRegister(Protocol):
    """The part of `application.registry.registry.Registry` that signing in needs."""

    def actor(self, staff: str, /, *, on: date | None = None) -> Actor:
        """Refuses `NotSignedIn` when unknown or gone."""


class SignIn:
    """登录 and what belongs to it: renewing, recognizing, and keeping the accounts."""

    def __init__(
        self,
        accounts: Accounts,
        registry: StaffRegister,
        tokens: Tokens,
        clock: Clock,
        *,
        lifetime: timedelta = timedelta(minutes=30),
    ) -> None:
        self._accounts, self._registry, self._tokens, self._clock = accounts, registry, tokens, clock
        self._lifetime = lifetime
        self._in_order: dict[str, tuple[datetime, datetime]] = {}  # staff id: changed_at, when seen

    async def sign_in(self, login: str, typed: str) -> Token:
        """登录. Refuses `BadCredentials` without telling what is wrong, `TooManyAttempts`, `Busy`."""
        at = self._clock()
        try:
            name = login_name(login)
        except BadCode:  # nobody can have it
            raise BadCredentials() from None
        account = await self._prove(name, typed, at)
        return self._signed(account.staff_id, account.changed_at, signed_in_at=at, at=at)

    async def issue(self, staff_id: str) -> Token:
        """签发 without a password, for the operator of the program; the member needs no account.

        Refuses `NoSuchEntry` for staff unknown or gone, and for a disabled account.
        """
        self._require_on_duty(staff_id)
        changed_at, at = await self._standing(staff_id), self._clock()
        if changed_at is None:
            raise NoSuchEntry(kind="可用账号", code=staff_id)
        return self._signed(staff_id, changed_at, signed_in_at=at, at=at)

    async def renew(self, token: str) -> Token:
        """续期: a fresh token for a valid one, until `SESSION` after signing in. Refuses `NotSignedIn`."""
        at = self._clock()
        claims, _ = await self._bearer(token, at)
        if at >= claims.signed_in_at + SESSION:
            raise NotSignedIn(staff=claims.staff_id)
        return self._signed(claims.staff_id, claims.account_changed_at, signed_in_at=claims.signed_in_at, at=at)

    async def who(self, token: str) -> Actor:
        """The actor as the registry has them now.

        Refuses `NotSignedIn`: the token is no good, the member gone, the account disabled or changed.
        """
        _, actor = await self._bearer(token, self._clock())
        return actor

    async def register(self, staff_id: str, login: str, chosen: str) -> None:
        """开通账号.

        Refuses `NoSuchEntry` for staff unknown or gone, `AlreadyRegistered`, `BadCode`, `BadText`,
        `WeakPassword`.
        """
        self._require_on_duty(staff_id)
        await self._accounts.add(staff_id, login_name(login), new_password(chosen), self._clock())
        self._in_order.pop(staff_id, None)

    async def change_password(self, staff_id: str, current: str, chosen: str) -> None:
        """修改口令 by its owner; all tokens end.

        Refuses `NoSuchEntry`, `BadText`, `WeakPassword`, and for `current` what `sign_in` does.
        """
        account, new, at = await self._account(staff_id), new_password(chosen), self._clock()
        await self._prove(account.login, current, at)
        await self._accounts.set_password(staff_id, new, at)
        self._in_order.pop(staff_id, None)

    async def reset_password(self, staff_id: str, chosen: str) -> None:
        """重置口令 by an administrator; all tokens and a lock-out end.

        Refuses `NoSuchEntry`, `BadText`, `WeakPassword`.
        """
        account = await self._account(staff_id)
        await self._accounts.set_password(staff_id, new_password(chosen), self._clock())
        await self._accounts.forget_failures(account.login)
        self._in_order.pop(staff_id, None)

    async def disable(self, staff_id: str) -> None:
        """停用账号; all tokens end, here at once, elsewhere within `TRUSTED`. Refuses `NoSuchEntry`."""
        await self._account(staff_id)
        await self._accounts.set_disabled(staff_id, True, self._clock())
        self._in_order.pop(staff_id, None)

    async def enable(self, staff_id: str) -> None:
        """恢复账号; tokens from before stay void. Refuses `NoSuchEntry`."""
        await self._account(staff_id)
        await self._accounts.set_disabled(staff_id, False, self._clock())

    async def _prove(self, login: str, typed: str, at: datetime) -> Account:
        await self._accounts.attempt(login, at)
        try:
            account = await self._accounts.check(login, typed_password(typed))
            if account is None or account.disabled:
                raise BadCredentials()
            self._registry.actor(account.staff_id)
        except (BadText, NotSignedIn):
            raise BadCredentials() from None
        await self._accounts.forget_failures(login)
        return account

    async def _bearer(self, token: str, at: datetime) -> tuple[Claims, Actor]:
        claims = self._tokens.read(token, at)
        actor = self._registry.actor(claims.staff_id, on=civil_day(at))
        changed_at, seen_at = self._in_order.get(claims.staff_id, (None, at))
        if changed_at != claims.account_changed_at or not timedelta() <= at - seen_at < TRUSTED:
            # Only a yes is believed: after a change elsewhere what is known here is stale, not the new token.
            if await self._standing(claims.staff_id) != claims.account_changed_at:
                raise NotSignedIn(staff=claims.staff_id)
            self._in_order[claims.staff_id] = (claims.account_changed_at, at)
        return claims, actor

    async def _standing(self, staff_id: str) -> datetime | None:
        """`changed_at` of the account, `NO_ACCOUNT` without one, None while it is disabled."""
        account = await self._accounts.of_staff(staff_id)
        if account is None:
            return NO_ACCOUNT
        return None if account.disabled else account.changed_at

    def _require_on_duty(self, staff_id: str) -> None:
        try:
            self._registry.actor(staff_id)
        except NotSignedIn:
            raise NoSuchEntry(kind="人员", code=staff_id) from None

    async def _account(self, staff_id: str) -> Account:
        account = await self._accounts.of_staff(staff_id)
        if account is None:
            raise NoSuchEntry(kind="账号", code=staff_id)
        return account

    def _signed(self, staff_id: str, changed_at: datetime, *, signed_in_at: datetime, at: datetime) -> Token:
        expires_at = min(at + self._lifetime, signed_in_at + SESSION).replace(microsecond=0)
        claims = Claims(staff_id, changed_at, signed_in_at, at, expires_at)
        return Token(self._tokens.sign(claims), expires_at, staff_id)
