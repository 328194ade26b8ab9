"""Tokens 令牌: what is given at sign-in, what it says, and the port that signs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Token:
    """令牌: what to send as `Authorization: Bearer` until `expires_at`."""

    token: str = field(repr=False)
    expires_at: datetime
    staff_id: str


@dataclass(frozen=True)
class Claims:
    """What a token says. It is void once `account_changed_at` is no longer that of the account."""

    staff_id: str
    account_changed_at: datetime
    signed_in_at: datetime
    issued_at: datetime
    expires_at: datetime


class Tokens(Protocol):
    """Signs claims so that nobody else can make or change a token."""

    def sign(self, claims: Claims) -> str: ...

    def read(self, token: str, at: datetime) -> Claims:
        """The claims of a token of ours. Refuses `NotSignedIn`: forged, changed, expired at `at`."""
