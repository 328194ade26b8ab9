"""How one field is sealed: AES-256-GCM under the subject's key, bound to log, subject and field.

A subject is random and of one case, and a reply's field names the version of its event, so a sealed value moved to
another person, field or log does not open. Layout: one byte of format (1), 12 of nonce, the rest from the cipher.
"""

from __future__ import annotations

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = b"\x01"
_NONCE = 12
_TAG_BITS = 15
"""Of a telephone's tag: some 2^18 Chinese mobile numbers share one, so the table tells nobody who is in it."""


class NotOpenedError(Exception):
    """A sealed value that was changed, moved or sealed under another key."""


class SubjectCipher:
    """Seals and opens the fields of one subject."""

    def __init__(self, key: bytes, log_id: str, subject: UUID) -> None:
        self._cipher = AESGCM(key)
        # A log's id has no zero byte and a subject always sixteen, so no two places are alike.
        self._place = b"wangge-sealed-1\0" + log_id.encode() + b"\0" + subject.bytes

    def seal(self, field: str, value: str) -> bytes:
        """Raises `UnicodeEncodeError` for half a character."""
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, value.encode(), self._place + field.encode())

    def unseal(self, field: str, sealed: bytes) -> str:
        """Raises `NotOpenedError`."""
        if sealed[:1] != _FORMAT:
            raise NotOpenedError(field)
        nonce, value = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, value, self._place + field.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise NotOpenedError(field) from error


def phone_tag(index_key: bytes, number: str) -> int:
    """The truncated HMAC-SHA-256 that a normalised telephone number is found by."""
    digest = hmac.digest(index_key, b"phone\0" + number.encode(), "sha256")
    return int.from_bytes(digest[:4], "big") >> (32 - _TAG_BITS)
