"""Signing keys 签名密钥: Ed25519, in a file that nobody else may read, each with the period in which it signs.

While the periods of two overlap both sign, so that whoever trusts the old key learns to trust the new one.
"""

from __future__ import annotations

import json
import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.proof.checkpoint import Checkpoint
from domain.proof.note import ED25519, Note, NotSigned, Signature, VerifierKey, signers

ALGORITHM = "ed25519"


class BadKeyFile(ValueError):
    """The file of signing keys cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class SigningKey:
    """One key, and when it signs: from `since`, and before `until` if that is known."""

    private: bytes
    since: datetime
    until: datetime | None = None

    @property
    def public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    def signs_at(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

    def named(self, name: str) -> VerifierKey:
        """What others check its signatures with."""
        return VerifierKey(name, ED25519, self.public)


class KeyRing:
    """The keys of a file, read again when it has changed. The first is made by whoever needs it first."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now
        self._read: tuple[int, Sequence[SigningKey]] = (-1, ())

    def all_keys(self) -> Sequence[SigningKey]:
        """All keys, oldest first. Raises `BadKeyFile`."""
        if not self._path.exists():
            self._write([SigningKey(Ed25519PrivateKey.generate().private_bytes_raw(), self._now())], first=True)
        found = self._path.stat()
        if found.st_mode & 0o077:
            raise BadKeyFile(f"{self._path} 可被其他用户读取，请执行 chmod 600；若可能已泄露，请轮换密钥。")
        if found.st_mtime_ns != self._read[0]:
            self._read = (found.st_mtime_ns, _parsed(self._path))
        return self._read[1]

    def rotate(self, overlap: timedelta) -> SigningKey:
        """Add a key that signs from now on; those that sign now go on for `overlap`."""
        at = self._now()
        fresh = SigningKey(Ed25519PrivateKey.generate().private_bytes_raw(), at)
        ends = at + overlap
        kept = [
            SigningKey(key.private, key.since, ends if key.until is None else min(key.until, ends))
            for key in self.all_keys()
        ]
        self._write([*kept, fresh])
        return fresh

    def sign(self, checkpoint: Checkpoint, at: datetime) -> Note:
        """The checkpoint signed with every key of that moment, oldest first. Raises `BadKeyFile` when there is none."""
        octets = checkpoint.text.encode()
        signing = [key for key in self.all_keys() if key.signs_at(at)]
        if not signing:
            raise BadKeyFile(f"{self._path} 中没有当前有效的密钥，请执行 wangge key rotate。")
        return Note(checkpoint.text, tuple(
            Signature(
                checkpoint.origin, key.named(checkpoint.origin).id,
                Ed25519PrivateKey.from_private_bytes(key.private).sign(octets),
            )
            for key in signing
        ))  # fmt: skip

    def opened(self, origin: str, note: str) -> Checkpoint:
        parsed = Note.parse(note)
        signers(parsed, [key.named(origin) for key in self.all_keys()], signed_with)
        checkpoint = Checkpoint.parse(parsed.text)
        if checkpoint.origin != origin:
            raise NotSigned(f"this is a checkpoint of {checkpoint.origin}, not of {origin}")
        return checkpoint

    def _write(self, keys: Sequence[SigningKey], *, first: bool = False) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        written = [
            {
                "algorithm": ALGORITHM, "private": b64encode(key.private).decode(), "since": key.since.isoformat(),
                "until": key.until and key.until.isoformat(),
            }
            for key in keys
        ]  # fmt: skip
        descriptor, fresh = tempfile.mkstemp(dir=self._path.parent, prefix="signing.")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(json.dumps({"keys": written}, indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            if first:
                with suppress(FileExistsError):  # another process was first, so theirs is the key
                    os.link(fresh, self._path)
            else:
                os.replace(fresh, self._path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(fresh)


def signed_with(key: VerifierKey, text: bytes, signature: bytes) -> bool:
    """Whether the Ed25519 `key` made the signature."""
    if key.algorithm != ED25519:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _parsed(path: Path) -> list[SigningKey]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))["keys"]
        keys = []
        for one in written:
            if one["algorithm"] != ALGORITHM:
                raise ValueError(one["algorithm"])
            until = one["until"] and datetime.fromisoformat(one["until"])
            key = SigningKey(b64decode(one["private"]), datetime.fromisoformat(one["since"]), until)
            _ = key.public
            keys.append(key)
    except (ValueError, KeyError, TypeError):
        raise BadKeyFile(f"{path} 不是有效的签名密钥文件，请从备份恢复。") from None
    if not keys:
        raise BadKeyFile(f"{path} 中没有密钥，请从备份恢复。")
    return keys
