"""How the bytes of an attachment, and what it says of itself, are sealed: AES-256-GCM under a key of its own.

Bound to digest and part, so that none passes for another. Layout as of a sealed field: format, nonce, ciphertext.
"""

from __future__ import annotations

import os
from datetime import datetime

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.attachments import Attachment

KEY_BYTES = 32
_FORMAT = b"\x01"
_NONCE = 12
_TOLD = "told"


def key_context(digest: str) -> bytes:
    """What the wrapped key of an attachment is bound to."""
    return b"attachment\0" + digest.encode()


def seal(key: bytes, digest: str, part: str, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, content, _place(digest, part))


def unseal(key: bytes, digest: str, part: str, sealed: bytes) -> bytes | None:
    """None for what was changed, moved, cut off or sealed under another key."""
    nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, rest, _place(digest, part)) if sealed[:1] == _FORMAT else None
    except (InvalidTag, ValueError):
        return None


def seal_told(key: bytes, one: Attachment) -> bytes | None:
    """When and where it was taken; None where it does not say."""
    told = (one.taken_at, one.longitude, one.latitude)
    return None if told == (None, None, None) else seal(key, one.digest, _TOLD, orjson.dumps(told))


def unseal_told(key: bytes, digest: str, sealed: bytes | None) -> tuple[datetime | None, float | None, float | None]:
    plain = unseal(key, digest, _TOLD, sealed) if sealed else None
    at, longitude, latitude = orjson.loads(plain) if plain else (None, None, None)
    return at and datetime.fromisoformat(at), longitude, latitude


def _place(digest: str, part: str) -> bytes:
    return f"wangge-attachment-1\0{digest}\0{part}".encode()
