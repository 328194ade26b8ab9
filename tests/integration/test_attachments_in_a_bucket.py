"""Objects in a bucket, spoken to as in production, and in a folder: the same promises, and what if it fails."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.attachments import Variant
from domain.refusals import Busy
from infrastructure.attachments.objects import FOLDER, Objects, open_store
from infrastructure.settings import WrongSettings, load
from tests.bucket import Bucket, bucket

ORIGINAL, THUMBNAIL = Variant.ORIGINAL, Variant.THUMBNAIL
ONE, TWO = "1" * 64, "2" * 64
KEY, CONTENT = os.urandom(32), os.urandom(200_000)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with bucket() as server:
        settings = {
            "AWS_ACCESS_KEY_ID": "city", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "cn-north-1",
            "AWS_ENDPOINT_URL": server.url,
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield server


async def promises(objects: Objects) -> None:
    """What is put is got, what is deleted is gone, and neither is any the worse for being asked twice."""
    assert await objects.of(ONE) == []
    assert await objects.get(ONE, ORIGINAL, KEY) is None
    await objects.put(ONE, ORIGINAL, CONTENT, KEY)
    await objects.put(ONE, ORIGINAL, CONTENT, KEY)
    await objects.put(ONE, THUMBNAIL, b"small", KEY)
    await objects.put(TWO, THUMBNAIL, b"other", KEY)
    assert await objects.get(ONE, ORIGINAL, KEY) == CONTENT
    assert await objects.get(ONE, THUMBNAIL, KEY) == b"small"
    assert await objects.get(ONE, ORIGINAL, os.urandom(32)) is None
    await objects.put(ONE, THUMBNAIL, b"of before", os.urandom(32))
    assert await objects.get(ONE, THUMBNAIL, KEY) == b"small"
    assert (len(await objects.of(ONE)), len(await objects.of(ONE, KEY))) == (3, 2)
    for _ in range(2):
        await objects.delete(ONE)
        assert await objects.of(ONE) == []
        assert await objects.get(ONE, ORIGINAL, KEY) is None
    assert await objects.get(TWO, THUMBNAIL, KEY) == b"other"


def test_a_folder_keeps_its_promises(tmp_path: Path) -> None:
    asyncio.run(promises(Objects(open_store(None, tmp_path))))
    (file,) = [path for path in (tmp_path / FOLDER).rglob("*") if path.is_file()]
    assert (file.parent.name, file.suffix) == (TWO, ".thumbnail")
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [TWO[:2]]


def test_a_bucket_keeps_its_promises_and_nothing_lies_in_the_data_folder(there: Bucket, tmp_path: Path) -> None:
    asyncio.run(promises(Objects(open_store("s3://photos/wangge", tmp_path))))
    (path,) = there.objects
    assert path.startswith(f"/photos/wangge/22/{TWO}/")
    assert there.signed_by == {"city"}
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_fails_is_told_as_busy(there: Bucket, tmp_path: Path) -> None:
    objects = Objects(open_store("s3://photos", tmp_path))

    async def everything() -> None:
        for work in (objects.put(ONE, ORIGINAL, b"1", KEY), objects.get(ONE, ORIGINAL, KEY), objects.of(ONE),
                     objects.delete(ONE)):  # fmt: skip
            with pytest.raises(Busy):
                await work

    there.broken = True
    asyncio.run(everything())


def test_a_folder_that_cannot_be_written_to_is_told_as_busy(tmp_path: Path) -> None:
    objects = Objects(open_store(None, tmp_path))
    (tmp_path / FOLDER / ONE[:2]).write_text("in the way")
    with pytest.raises(Busy):
        asyncio.run(objects.put(ONE, ORIGINAL, b"1", KEY))


def test_where_attachments_are_kept_is_told_by_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_ATTACHMENT_STORE", "s3://photos/wangge")
    assert load().attachment_store == "s3://photos/wangge"
    monkeypatch.setenv("WANGGE_ATTACHMENT_STORE", "photos")
    with pytest.raises(WrongSettings, match="WANGGE_ATTACHMENT_STORE"):
        load()
