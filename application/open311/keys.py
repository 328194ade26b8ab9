"""接口密钥: who may send requests in through Open311, into which area, and how often. Only a digest is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from application.ports import Clock
from application.registry.registry import Registry
from domain.actor import Actor, Role
from domain.place import place_code
from domain.registry.entry import local_code, wording

PREFIX = "open311:"
"""What the actor of a key is called by: no code of a member of staff has a colon."""
USUAL_RATE = 60
_LONGEST_KEY = 200


@dataclass(frozen=True)
class ApiKey:
    """One key as it stands. `area` is a division's code; `jurisdiction` what its clients call that area, or "".

    `per_minute` is how often it opens in one minute; `ended_at` is None while it opens at all.
    """

    code: str
    name: str
    area: str
    jurisdiction: str
    per_minute: int
    added_at: datetime
    ended_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who acts with it: a receiver of its area, and nobody on the staff."""
        return Actor(id=PREFIX + self.code, roles=frozenset({Role.RECEIVER}), unit="", areas=(self.area,))


class ApiKeys(Protocol):
    """Where keys are kept. A `digest` is the SHA-256 of a key: of 256 random bits nothing slower is needed."""

    async def add(self, key: ApiKey, digest: bytes) -> None:
        """Refuses `AlreadyRegistered`."""

    async def every(self) -> Sequence[ApiKey]:
        """All, ended ones too, by code."""

    async def end(self, code: str, at: datetime) -> None:
        """Refuses `NoSuchEntry`. One that has ended stays as it is."""

    async def admit(self, digest: bytes, at: datetime) -> ApiKey:
        """The key, with this call counted, over all processes. Refuses `BadApiKey`, `TooManyCalls`."""


class KeepingApiKeys:
    """发放与停用."""

    def __init__(self, keys: ApiKeys, registry: Registry, clock: Clock) -> None:
        self._keys, self._registry, self._clock = keys, registry, clock

    async def add(
        self, *, code: str, name: str, area: str, jurisdiction: str = "", per_minute: int = USUAL_RATE
    ) -> tuple[ApiKey, str]:
        """发放: the key's entry, and the key itself, which is told this once.

        Refuses `BadCode`, `BadText`, `NoSuchEntry` for an area nobody registered, `AlreadyRegistered`.
        """
        place = place_code(area)
        self._registry.division(place)
        secret = f"w311_{secrets.token_urlsafe(32)}"
        key = ApiKey(
            local_code(code, "密钥代码"), wording(name, "持有者"), place,
            wording(jurisdiction, "辖区") if jurisdiction else "", per_minute, self._clock(),
        )  # fmt: skip
        await self._keys.add(key, digest_of(secret))
        return key, secret

    async def every(self) -> Sequence[ApiKey]:
        """All keys, by code."""
        return await self._keys.every()

    async def end(self, code: str) -> None:
        """停用, at once. Refuses `NoSuchEntry`."""
        await self._keys.end(code, self._clock())

    async def admit(self, secret: str) -> ApiKey:
        """The key somebody shows. Refuses `BadApiKey`, `TooManyCalls`."""
        return await self._keys.admit(digest_of(secret[:_LONGEST_KEY]), self._clock())


def digest_of(secret: str) -> bytes:
    """What is kept of a key."""
    return sha256(secret.encode(errors="replace")).digest()
