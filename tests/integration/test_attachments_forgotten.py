"""Forgetting a case's people takes what the case alone names: bytes, rows and keys; and looks whether it is gone."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from application.attachments import Variant
from domain.attachment_refusals import NoSuchAttachment
from domain.case_id import new_case_id
from domain.erasure import ErasureStage
from infrastructure.attachments.objects import FOLDER
from infrastructure.attachments.pictures import examine
from infrastructure.privacy.forgetting import PostgresForgetting
from infrastructure.privacy.rotating import PostgresRotation
from tests.album import Album
from tests.integration.test_erasing import ACT, Killed
from tests.pictures import jpeg, photo
from tests.projecting import ask
from tests.sealed_cases import NOON, RECEIVER, Office, in_office
from tests.town import DISTRICT

ALONE, SHARED = photo((640, 480)), jpeg((10, 20, 30))


def test_what_a_case_alone_named_goes_with_it_and_nothing_else(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        alone, shared = await album.bring(ALONE), await album.bring(SHARED)
        request, other = await album.answered([alone, shared]), await album.answered([shared])
        assert album.files() == {alone, shared}
        done = await album.erasing().erase(ACT, request.id)
        assert done.stage is ErasureStage.CERTIFIED
        assert done.looked_at["attachments"] == 2
        assert album.files() == {shared}
        with pytest.raises(NoSuchAttachment):
            await album.store.content(alone, Variant.ORIGINAL)
        assert await album.store.of_case(request.id) == []
        assert not await album.store.names(request.id, shared)
        assert [one.digest for one in await album.store.of_case(other.id)] == [shared]
        assert (await album.store.content(shared, Variant.ORIGINAL)).content == SHARED
        assert ask(database_url, "SELECT digest FROM vault.attachment_key") == [(shared,)]
        # Whoever brings the same picture again brings a new one.
        assert await album.store.renew(alone, RECEIVER.id, NOON) is None
        assert await album.bring(ALONE) == alone
        assert (await album.store.content(alone, Variant.ORIGINAL)).content == ALONE

    in_office(database_url, kek_file, story)


def test_while_words_are_only_kept_pictures_are_not_shown_either(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        digest = await album.bring(ALONE)
        request = await album.answered([digest])
        assert [use.case for use in await album.store.uses(digest, 10)] == [request.id]
        await PostgresForgetting(house.vault, tmp_path, album.store).restrict(DISTRICT, request.subject)
        assert await album.store.uses(digest, 10) == []
        assert await album.store.of_case(request.id) == []
        assert album.files() == {digest}

    in_office(database_url, kek_file, story)


def test_bytes_that_came_back_are_found_and_not_certified_away(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        digest = await album.bring(ALONE)
        request = await album.answered([digest])
        (file,) = (tmp_path / FOLDER).rglob("*.original")
        kept = file.read_bytes()
        stubborn = album.store.forget

        async def restored(log_id: str, subject: object) -> int:
            count = await stubborn(log_id, request.subject)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(kept)
            return count

        album.store.forget = restored  # type: ignore[method-assign]
        found = await album.erasing().erase(ACT, request.id)
        assert (found.stage, found.remains) == (ErasureStage.REMAINS, {"attachments": 1})
        file.unlink()
        assert (await album.erasing().erase(ACT, request.id)).stage is ErasureStage.CERTIFIED

    in_office(database_url, kek_file, story)


def test_what_lies_in_the_store_tells_nothing_and_does_not_pass_for_another(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        one, two = await album.bring(ALONE), await album.bring(SHARED)
        lying = b"".join(file.read_bytes() for file in (tmp_path / FOLDER).rglob("*.*"))
        assert ALONE[:200] not in lying
        assert b"secret-maker" not in lying
        first, second = (next((tmp_path / FOLDER / digest[:2] / digest).glob("*.original")) for digest in (one, two))
        kept = first.read_bytes()
        first.write_bytes(second.read_bytes())
        for damage in (second.read_bytes(), kept[:-1], b"", kept[1:]):
            first.write_bytes(damage)
            with pytest.raises(NoSuchAttachment):
                await album.store.content(one, Variant.ORIGINAL)
        first.write_bytes(kept)
        assert (await album.store.content(one, Variant.ORIGINAL)).content == ALONE

    in_office(database_url, kek_file, story)


def test_its_keys_are_wrapped_anew_with_the_others(database_url: str, kek_file: Path, tmp_path: Path) -> None:
    async def story(house: Office) -> None:
        album, rotation = Album(house, tmp_path), PostgresRotation(house.vault)
        digest = await album.bring(ALONE)
        before = ask(database_url, "SELECT kek_id FROM vault.attachment_key")[0][0]
        newest = await rotation.rotate(lambda done, total: None)
        assert (await rotation.standing()).get(str(before), 0) == 0
        assert ask(database_url, "SELECT kek_id FROM vault.attachment_key") == [(newest,)]
        assert (await album.store.content(digest, Variant.ORIGINAL)).content == ALONE
        renewed = await album.store.renew(digest, RECEIVER.id, NOON)
        assert renewed == examine(ALONE).attachment

    in_office(database_url, tmp_path / "own.keys", story)


def test_a_case_never_names_what_was_swept_away_a_moment_before(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        digest = await album.bring(ALONE)
        assert await album.store.sweep(NOON.replace(year=2027)) == 1
        with pytest.raises(NoSuchAttachment):
            await album.answered([digest])
        assert ask(database_url, "SELECT count(*) FROM event") == [(0,)]

    in_office(database_url, kek_file, story)


def test_what_a_save_that_failed_had_noted_keeps_nothing(database_url: str, kek_file: Path, tmp_path: Path) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        digest = await album.bring(ALONE)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(house.log, "committer", None)
            with pytest.raises(AttributeError):
                await album.answered([digest])
        assert len(await album.store.uses(digest, 10)) == 1
        assert await album.store.sweep(NOON.replace(year=2027)) == 0
        await album.bring(ALONE)
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE attachment_use SET named_at = named_at - interval '2 hours'")
        assert await album.store.sweep(NOON.replace(year=2027)) == 1
        assert album.files() == set()

    in_office(database_url, kek_file, story)


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_that_is_killed_while_bytes_go_goes_on_to_the_same_end(
    when: str, database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        alone = await album.bring(ALONE)
        request = await album.answered([alone])
        delete = album.objects.delete

        async def killed(digest: str, key: bytes | None = None) -> None:
            if when == "after":
                await delete(digest, key)
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(album.objects, "delete", killed)
            with pytest.raises(Killed):
                await album.erasing().erase(ACT, request.id)
        # Nobody is told that it is there, nor shown it.
        assert await album.store.renew(alone, RECEIVER.id, NOON) is None
        assert await album.store.of_case(request.id) == []
        assert await album.erasing().resume(ACT) == 1
        done = await album.erasing().find(ACT, request.id)
        assert (done.stage, done.remains) == (ErasureStage.CERTIFIED, {})
        assert album.files() == set()
        assert ask(database_url, "SELECT count(*) FROM vault.attachment_key") == [(0,)]

    in_office(database_url, kek_file, story)


def test_a_picture_of_many_cases_is_found_in_the_one_that_is_asked_for(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        album = Album(house, tmp_path)
        shared = await album.bring(SHARED)
        cases = [(await album.answered([shared])).id for _ in range(5)]
        assert [use.case for use in await album.store.uses(shared, 3)] == cases[:1:-1]
        assert await album.store.names(cases[0], shared)
        assert not await album.store.names(new_case_id(DISTRICT, NOON, b"nobody's"), shared)

    in_office(database_url, kek_file, story)
