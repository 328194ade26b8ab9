"""查询码 made of the service's secret: derived each time, so that no table holds what opens a case."""

from __future__ import annotations

import hmac
from hashlib import sha256
from uuid import UUID

from domain.follow_code import follow_code

_NOBODY = UUID(int=0)


class FollowCodes:
    """`application.following.ports.FollowCodes`, under a key of its own that only `secret` gives."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"wangge-follow-codes-1", sha256)

    def of(self, request_id: UUID) -> str:
        return follow_code(int.from_bytes(hmac.digest(self._key, request_id.bytes, sha256), "big"))

    def proves(self, code: str, request_id: UUID | None) -> bool:
        same = hmac.compare_digest(self.of(request_id or _NOBODY).encode(), code.encode())
        return same and request_id is not None

    def digest(self, kind: str, value: str) -> bytes:
        """What failures are counted under: nobody finds the address again without the key."""
        return hmac.digest(self._key, f"{kind} {value}".encode(), sha256)
