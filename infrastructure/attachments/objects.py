"""Objects: the sealed bytes of attachments, in a folder or in a bucket.

A copy of the store that lies about tells nothing, and with its key an attachment is gone from every backup of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import anyio.to_thread
import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from application.attachments import Variant
from domain.refusals import Busy
from infrastructure.attachments.sealing import seal, unseal

if TYPE_CHECKING:
    from obstore.store import ObjectStore

FOLDER = "attachments"
"""In the data folder."""
logger = structlog.get_logger(__name__)


def open_store(url: str | None, data_dir: Path) -> ObjectStore:
    """The bucket `url` names, e.g. s3://bucket/prefix, or a folder of the data folder."""
    if url is None:
        return LocalStore(data_dir / FOLDER, mkdir=True, automatic_cleanup=True)
    # A bucket within the house may be spoken to without TLS: what goes there is sealed.
    return S3Store.from_url(
        url, client_options={"timeout": "10s", "connect_timeout": "3s", "allow_http": True},
        retry_config={"max_retries": 2},
    )  # fmt: skip


class Objects:
    """Sealed objects of a store. Each call refuses `Busy` when the store does not answer.

    An attachment that is destroyed and brought again has another key. Objects lie beside each other by key, so who is
    late with one of before does not put it in place of one of now.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, digest: str, variant: Variant, content: bytes, key: bytes) -> None:
        path = _path(digest, key, variant)
        sealed = await anyio.to_thread.run_sync(seal, key, digest, variant.value, content)
        try:
            with _answered():
                await obstore.put_async(self._store, path, sealed)
                if isinstance(self._store, LocalStore) and self._store.prefix:
                    await anyio.to_thread.run_sync(_flush, self._store.prefix, path)
        except FileNotFoundError as error:  # destroyed at this very moment
            raise Busy(seconds=1) from error

    async def get(self, digest: str, variant: Variant, key: bytes) -> bytes | None:
        """None when it is not there, or is not what was put there: the operator is told."""
        try:
            with _answered():
                found = await obstore.get_async(self._store, _path(digest, key, variant))
                sealed = bytes(await found.bytes_async())
        except FileNotFoundError:
            logger.error("attachment_missing", digest=digest, variant=variant.value)
            return None
        content = await anyio.to_thread.run_sync(unseal, key, digest, variant.value, sealed)
        if content is None:
            logger.error("attachment_damaged", digest=digest, variant=variant.value)
        return content

    async def of(self, digest: str, key: bytes | None = None) -> list[str]:
        """The paths of what is there of an attachment, sealed under whatever key, or under this one."""
        with _answered():
            found = await obstore.list(self._store, prefix=_folder(digest)).collect_async()
        return [one["path"] for one in found if key is None or one["path"].startswith(_path(digest, key))]

    async def delete(self, digest: str, key: bytes | None = None) -> None:
        """All of it."""
        for path in await self.of(digest, key):
            with _answered(), suppress(FileNotFoundError):
                await obstore.delete_async(self._store, path)


@contextmanager
def _answered() -> Iterator[None]:
    """What the store says of an object that is not there passes; any other trouble is ours, and for the operator."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        logger.error("attachment_store_failed", error=type(error).__name__)
        raise Busy(seconds=5) from error


def _flush(root: Path, path: str) -> None:
    """Have a file outlive a power cut before any row says that it is there; a bucket sees to that itself."""
    for one in (root / path, *(root / parent for parent in PurePosixPath(path).parents)):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _folder(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _path(digest: str, key: bytes, variant: Variant | None = None) -> str:
    """Without a variant, what the paths of all begin with."""
    return f"{_folder(digest)}/{sha256(b'attachment copy' + key).hexdigest()[:16]}.{variant.value if variant else ''}"
