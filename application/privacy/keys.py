"""密钥保管: the port to whoever holds the key-encryption keys (KEK): a file by default, a KMS or an HSM as well."""

from __future__ import annotations

from typing import Protocol

from application.privacy.sealed import WrappedKey


class KeyUnavailableError(Exception):
    """A wrapped key does not open: its KEK is not at hand, or it was wrapped by another or for another use."""


class KeyKeeper(Protocol):
    """Wraps and unwraps keys of 32 bytes and never gives a KEK out. `context` says what the key is for."""

    @property
    def current(self) -> str:
        """The id of the KEK that wraps from now on."""

    def wrap(self, key: bytes, context: bytes) -> WrappedKey: ...

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Raises `KeyUnavailableError`."""

    def renew(self) -> str:
        """换主密钥: a new KEK wraps from now on; older ones still unwrap. Gives its id."""

    def retire(self) -> list[str]:
        """Forget every KEK but the current one, once nothing is wrapped by them. Gives their ids."""
