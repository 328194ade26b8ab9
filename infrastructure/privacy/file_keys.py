"""密钥文件: `application.privacy.keys.KeyKeeper` on a file that only its owner may read, one KEK a line, newest last.

Whoever has the file and the database reads everything: keep them, and their backups, apart.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.privacy.keys import KeyUnavailableError
from application.privacy.sealed import WrappedKey
from infrastructure.embedded_home import locked

_BYTES = 32
_NONCE = 12


class FileKeys:
    """The KEKs of one file, made with the first one when it is not there. Several processes may share it.

    Raises `PermissionError` when others may read the file, and `ValueError` when it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._keys: dict[str, AESGCM] = {}
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(path.with_suffix(".lock")):
                if not path.exists():
                    self._write([secrets.token_bytes(_BYTES)])
        self._refresh()

    @property
    def current(self) -> str:
        self._refresh()
        return next(reversed(self._keys))

    def wrap(self, key: bytes, context: bytes) -> WrappedKey:
        kek_id, nonce = self.current, os.urandom(_NONCE)
        return WrappedKey(kek_id, nonce + self._keys[kek_id].encrypt(nonce, key, _bound(kek_id, context)))

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        kek_id, sealed = wrapped
        if kek_id not in self._keys:
            self._refresh()
        if kek_id not in self._keys:
            raise KeyUnavailableError(kek_id)
        try:
            return self._keys[kek_id].decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(kek_id, context))
        except (InvalidTag, ValueError) as error:
            raise KeyUnavailableError(kek_id) from error

    def renew(self) -> str:
        with locked(self._path.with_suffix(".lock")):
            self._write([*self._read().values(), secrets.token_bytes(_BYTES)])
        return self.current

    def retire(self) -> list[str]:
        with locked(self._path.with_suffix(".lock")):
            *older, newest = self._read().items()
            self._write([newest[1]])
        self._refresh()
        return [kek_id for kek_id, _ in older]

    def _refresh(self) -> None:
        found = self._path.stat()
        seen = (found.st_ino, found.st_mtime_ns)  # each writing makes a new file
        if seen == self._read_at:
            return
        if found.st_mode & 0o077:
            raise PermissionError(f"{self._path} 可被其他用户读取，请执行 chmod 600；若可能已泄露，请更换主密钥。")
        self._keys = {kek_id: AESGCM(key) for kek_id, key in self._read().items()}
        self._read_at = seen

    def _read(self) -> dict[str, bytes]:
        try:
            keys = [bytes.fromhex(line) for line in self._path.read_text(encoding="ascii").split()]
        except ValueError:
            keys = []
        if not keys or any(len(key) != _BYTES for key in keys):
            raise ValueError(f"{self._path} 已损坏；请从备份恢复，否则已密封的个人信息无法读取。")
        return {sha256(b"wangge-kek" + key).hexdigest()[:16]: key for key in keys}

    def _write(self, keys: list[bytes]) -> None:
        descriptor, fresh = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)  # mode 0600
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(key.hex() + "\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)


def _bound(kek_id: str, context: bytes) -> bytes:
    return b"wangge-kek-1\0" + kek_id.encode() + b"\0" + context
