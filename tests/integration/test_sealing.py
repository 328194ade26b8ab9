"""Sealing on a real database: what is kept, what the event commits to, who finds what again, rotation, late sealing."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from application.ports import PersonalDetails
from application.privacy.sealed import WrappedKey
from domain.privacy_refusals import Forgotten, KeysStillWrapped
from infrastructure.privacy.rotating import PostgresRotation
from infrastructure.privacy.sealing_late import seal_what_is_in_the_clear
from infrastructure.privacy.vault import WrongKeyFile
from tests.projecting import ask
from tests.sealed_cases import KEPT, KEY, REPLY, WORDS, Office, in_office

UNTOUCHED = ("SELECT leaf_hash FROM event ORDER BY position", "SELECT * FROM personal_detail ORDER BY subject, field")


def opened(house: Office, url: str, subject: Any) -> dict[str, str | None]:
    """All words of a subject, as a reader with every right gets them."""
    ((kek_id, wrapped),) = ask(url, KEY, subject)
    kept = {str(field): sealed for field, sealed, _ in ask(url, KEPT, subject)}
    return house.vault.opened(house.log.log_id, subject, WrappedKey(kek_id, wrapped), kept)


def test_words_are_kept_sealed_and_the_event_commits_to_them(database_url: str, kek_file: Path) -> None:
    async def story(house: Office) -> None:
        request = await house.answer(await house.receive())
        assert opened(house, database_url, request.subject) == WORDS | {"reply_2": REPLY}
        received, answered = [one.event for one in await house.log.read(0, 10)]
        kept = {field: sealed for field, sealed, _ in ask(database_url, KEPT, request.subject)}
        told = vars(received)["sealed"] | vars(answered)["sealed"]
        assert told == {field: sha256(sealed).hexdigest() for field, sealed in kept.items()}

    in_office(database_url, kek_file, story)
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT place, holding FROM sweep_for(%s)", ([*WORDS.values(), REPLY],)).fetchall()
    assert {place for place, _ in rows} >= {"public.event", "public.personal_detail", "vault.subject_key"}
    assert [place for place, holding in rows if holding] == []


def test_a_sweep_finds_words_wherever_they_stand(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES ('井盖松动扰民')")
        connection.execute(
            "INSERT INTO snapshot VALUES ('1', gen_random_uuid(), 1, 't', "
            " convert_to('{\"a\":\"井盖松动扰民\"}', 'UTF8'))"
        )
        rows = connection.execute("SELECT place, holding FROM sweep_for(ARRAY['井盖松动扰民'])").fetchall()
    assert {place: holding for place, holding in rows if holding} == {"public.log": 1, "public.snapshot": 1}


def test_a_changed_or_swapped_value_is_damaged_and_nothing_else_is(database_url: str, kek_file: Path) -> None:
    async def story(house: Office) -> None:
        one, other = await house.receive(), await house.receive()
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "UPDATE personal_detail d SET sealed = o.sealed FROM personal_detail o"
                " WHERE d.subject = %s AND o.subject = %s AND d.field = 'text' AND o.field = 'text'",
                (one.subject, other.subject),
            )
        assert opened(house, database_url, one.subject)["text"] is None
        assert opened(house, database_url, other.subject) == WORDS

    in_office(database_url, kek_file, story)


def test_nothing_is_added_to_what_is_restricted(database_url: str, kek_file: Path) -> None:
    async def story(house: Office) -> None:
        request = await house.receive()
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE vault.subject_key SET restricted_at = now()")
        with pytest.raises(Forgotten):
            await house.log.seal(PersonalDetails(request.subject, {"reply_2": "好"}))

    in_office(database_url, kek_file, story)


def test_another_key_file_is_refused_before_anything_is_written(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        await house.receive()

    in_office(database_url, kek_file, story)
    with pytest.raises(WrongKeyFile):
        in_office(database_url, tmp_path / "other.keys", story)


# --- rotation ------------------------------------------------------------------------------------


def test_rotation_wraps_every_key_anew_and_touches_neither_events_nor_words(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kek.keys"

    async def story(house: Office) -> None:
        requests = [await house.receive() for _ in range(5)]
        before = [ask(database_url, query) for query in UNTOUCHED]
        rotation, told = PostgresRotation(house.vault), list[tuple[int, int]]()
        older = house.vault.keeper.current
        assert await rotation.standing() == {older: 7}  # five subjects and two index keys
        kek_id = await rotation.rotate(lambda done, total: told.append((done, total)))
        assert await rotation.standing() == {kek_id: 7}
        assert told[-1] == (7, 7)
        assert await rotation.retire() == [older]
        assert [ask(database_url, query) for query in UNTOUCHED] == before
        assert [opened(house, database_url, one.subject) for one in requests] == [WORDS] * 5

    in_office(database_url, file, story)


def test_a_rotation_that_was_stopped_goes_on_and_nothing_is_retired_before(database_url: str, tmp_path: Path) -> None:
    async def story(house: Office) -> None:
        request = await house.receive()
        house.vault.keeper.renew()  # and killed here
        rotation = PostgresRotation(house.vault)
        with pytest.raises(KeysStillWrapped):
            await rotation.retire()
        kek_id = await rotation.rotate(lambda done, total: None, renew=False)
        assert await rotation.standing() == {kek_id: 3}
        assert len(await rotation.retire()) == 1
        assert opened(house, database_url, request.subject) == WORDS

    in_office(database_url, tmp_path / "kek.keys", story)


# --- what an earlier release kept in the clear ---------------------------------------------------


def test_words_in_the_clear_are_sealed_late_once_and_found_by_telephone(database_url: str, kek_file: Path) -> None:
    async def story(house: Office) -> None:
        request = await house.receive()
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM personal_detail")
            connection.execute("DELETE FROM vault.subject_key")
            for field, value in WORDS.items():
                connection.execute(
                    "INSERT INTO personal_detail (log_id, subject, field, value) VALUES (%s, %s, %s, %s)",
                    (house.log.log_id, request.subject, field, value),
                )
        both = [seal_what_is_in_the_clear(database_url, house.vault) for _ in range(2)]
        assert sum(await asyncio.gather(*both)) == len(WORDS)
        assert await seal_what_is_in_the_clear(database_url, house.vault) == 0
        assert opened(house, database_url, request.subject) == WORDS
        tag = house.vault.tag_of(house.log.log_id, "+86 139-1234-5678")
        assert ask(database_url, "SELECT field FROM personal_detail WHERE tag = %s", tag) == [("phone",)]

    in_office(database_url, kek_file, story)
    assert ask(database_url, "SELECT count(*) FROM personal_detail WHERE value IS NOT NULL") == [(0,)]
