"""Bringing, naming, forgetting and sweeping the same few pictures at once: nothing a case names is ever missing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from application.attachments import Variant
from domain.attachment_refusals import NoSuchAttachment
from domain.erasure import ErasureStage
from domain.refusals import Busy
from tests.album import Album
from tests.integration.test_erasing import ACT
from tests.pictures import picture, saved
from tests.projecting import ask
from tests.sealed_cases import NOON, Office, in_office

PICTURES = [saved(picture(color=(shade, 0, 0)), "PNG") for shade in (10, 20, 30)]
LATER = NOON + timedelta(days=3)
ONES, TURNS = 6, 6
NAMED = "SELECT DISTINCT digest FROM attachment_use WHERE erased_at IS NULL"
KEPT = "SELECT digest FROM attachment WHERE stored"


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_at_once_what_is_named_is_there_and_nothing_else(
    seed: int, database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def made(album: Album, content: bytes) -> UUID:
        """A case that names it, however often that is swept away in between."""
        while True:
            with suppress(Busy, NoSuchAttachment):
                return (await album.answered([await album.bring(content)])).id

    async def one(album: Album, dice: Random) -> None:
        for _ in range(TURNS):
            case = await made(album, dice.choice(PICTURES))
            if dice.random() < 0.5:
                # Somebody may be bringing the same picture at that very moment.
                while (await album.erasing().erase(ACT, case)).stage is not ErasureStage.CERTIFIED:
                    pass

    async def broom(album: Album, done: asyncio.Event) -> None:
        while not done.is_set():
            await album.store.sweep(LATER)
            await asyncio.sleep(0.02)

    async def story(house: Office) -> None:
        album, done = Album(house, tmp_path), asyncio.Event()
        sweeping = asyncio.create_task(broom(album, done))
        await asyncio.gather(*(one(album, Random(seed * 100 + n)) for n in range(ONES)))  # noqa: S311 - dice of a test
        done.set()
        await sweeping
        await album.store.sweep(LATER)
        named = {digest for (digest,) in ask(database_url, NAMED)}
        assert named
        assert {digest for (digest,) in ask(database_url, KEPT)} == named == album.files()
        for digest in named:
            assert (await album.store.content(digest, Variant.ORIGINAL)).content in PICTURES

    in_office(database_url, kek_file, story)


def test_who_brings_it_while_it_is_destroyed_is_asked_to_bring_it_again(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        put = album.objects.put

        async def destroyed_at_the_last(digest: str, variant: Variant, content: bytes, key: bytes) -> None:
            await put(digest, variant, content, key)
            await album.store.sweep(LATER)

        album.objects.put = destroyed_at_the_last  # type: ignore[method-assign]
        with pytest.raises(Busy):
            await album.bring(PICTURES[0])
        assert album.files() == set()

    in_office(database_url, kek_file, story)
