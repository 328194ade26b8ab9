"""查询码 made of the service's secret: derived each time, so that no table holds what opens a case."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from domain.case_number import CaseNumber
from domain.follow_code import follow_code

_LONGEST_TIME = 12
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

    def pass_for(self, number: CaseNumber, until: datetime) -> str:
        seconds = int(until.timestamp())
        return f"{seconds}.{self.digest('pass', f'{number} {seconds}').hex()}"

    def admits(self, pass_: str, number: CaseNumber, at: datetime) -> bool:
        seconds, dot, proof = pass_.partition(".")
        if not dot or not seconds.isascii() or not seconds.isdigit() or len(seconds) > _LONGEST_TIME:
            return False
        ours = self.digest("pass", f"{number} {seconds}").hex()
        return hmac.compare_digest(ours.encode(), proof.encode()) and at.timestamp() < int(seconds)

    def digest(self, kind: str, value: str) -> bytes:
        """What failures are counted under: nobody finds the address again without the key."""
        return hmac.digest(self._key, f"{kind} {value}".encode(), sha256)
