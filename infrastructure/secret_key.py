"""The key tokens are signed with: what the operator set, or one made once and kept in the data folder."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from infrastructure.settings import Settings

_BYTES = 32


def secret_key(settings: Settings) -> bytes:
    """The key, 32 bytes or more: one for every process of a data folder, also when two make it at once.

    Raises `PermissionError` when others may read the file, since a key that others know proves nothing, and
    `ValueError` when the file is too short to be a key.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} 可被其他用户读取，请执行 chmod 600；若可能已泄露，请删除后重新生成。")
    key = path.read_bytes()
    if len(key) < _BYTES:
        raise ValueError(f"{path} 不足 {_BYTES} 字节，已损坏；删除后重新生成，已发出的令牌随之失效。")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix="secret.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first, so theirs is the key
            os.link(fresh, path)  # appears whole or not at all
    finally:
        os.unlink(fresh)
