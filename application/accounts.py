"""Accounts 账号: the port behind which logins, password hashes and failed attempts are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Account:
    """Who may sign in under `login`. `changed_at` grows with every change of password or standing."""

    staff_id: str
    login: str
    disabled: bool
    changed_at: datetime


class Accounts(Protocol):
    """All accounts of the city. Logins and passwords come in the form `domain.credentials` gives them."""

    async def attempt(self, login: str, at: datetime) -> None:
        """Count an attempt as a failure until `forget_failures`, whether or not anybody has the login.

        Refuses `TooManyAttempts` as `domain.lockout` says, and `Busy` when many wait; neither is counted.
        Attempts on one login come one after another in all processes, so of many at once none slips through.
        """

    async def forget_failures(self, login: str) -> None: ...

    async def check(self, login: str, password: str) -> Account | None:
        """The account when the password is its own, else None; equally slow when nobody has the login."""

    async def of_staff(self, staff_id: str) -> Account | None: ...

    async def add(self, staff_id: str, login: str, password: str, at: datetime) -> None:
        """Refuses `AlreadyRegistered` when the member has an account or another has the login."""

    async def set_password(self, staff_id: str, password: str, at: datetime) -> None: ...

    async def set_disabled(self, staff_id: str, disabled: bool, at: datetime) -> None: ...
