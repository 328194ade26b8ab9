"""A keeper of keys that forgets with the process, as a KMS would stand behind the same port."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.privacy.keys import KeyUnavailableError
from application.privacy.sealed import WrappedKey


class MemoryKeys:
    """`KeyKeeper` in memory."""

    def __init__(self) -> None:
        self.keys: dict[str, AESGCM] = {}
        self.renew()

    @property
    def current(self) -> str:
        return next(reversed(self.keys))

    def wrap(self, key: bytes, context: bytes) -> WrappedKey:
        nonce = os.urandom(12)
        return WrappedKey(self.current, nonce + self.keys[self.current].encrypt(nonce, key, context))

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        try:
            return self.keys[wrapped.kek_id].decrypt(wrapped.wrapped[:12], wrapped.wrapped[12:], context)
        except (KeyError, InvalidTag) as error:
            raise KeyUnavailableError(wrapped.kek_id) from error

    def renew(self) -> str:
        self.keys[f"memory-{len(self.keys) + 1}"] = AESGCM(AESGCM.generate_key(256))
        return self.current

    def retire(self) -> list[str]:
        older = [kek_id for kek_id in self.keys if kek_id != self.current]
        for kek_id in older:
            del self.keys[kek_id]
        return older
