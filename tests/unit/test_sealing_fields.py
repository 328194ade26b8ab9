"""Sealed fields, telephone tags, key files: what opens, and all that does not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.privacy.keys import KeyUnavailableError
from application.privacy.sealed import WrappedKey
from application.privacy.telephones import normalised
from application.privacy.word_search import MOST_LOOKED_AT, with_words
from application.views import Question, RequestView
from infrastructure.privacy.cipher import NotOpenedError, SubjectCipher, phone_tag
from infrastructure.privacy.file_keys import FileKeys

KEY, SUBJECT = bytes(range(32)), UUID(int=7)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens_in_its_place(field: str, words: str) -> None:
    cipher = SubjectCipher(KEY, "150785", SUBJECT)
    assert cipher.unseal(field, cipher.seal(field, words)) == words


@given(st.binary(max_size=60), st.integers(0, 10**6))
def test_a_changed_bit_does_not_open(words: bytes, place: int) -> None:
    cipher = SubjectCipher(KEY, "150785", SUBJECT)
    sealed = bytearray(cipher.seal("text", words.hex()))
    sealed[place % len(sealed)] ^= 1 << place % 8
    with pytest.raises(NotOpenedError):
        cipher.unseal("text", bytes(sealed))


@pytest.mark.parametrize(
    ("key", "log_id", "subject", "field"),
    [
        (bytes(32), "150785", SUBJECT, "text"),
        (KEY, "150784", SUBJECT, "text"),
        (KEY, "150785", UUID(int=8), "text"),
        (KEY, "150785", SUBJECT, "reply_2"),
    ],
)
def test_under_another_key_or_in_another_place_it_does_not_open(
    key: bytes, log_id: str, subject: UUID, field: str
) -> None:
    sealed = SubjectCipher(KEY, "150785", SUBJECT).seal("text", "路灯不亮")
    with pytest.raises(NotOpenedError):
        SubjectCipher(key, log_id, subject).unseal(field, sealed)


def test_the_same_words_are_never_sealed_alike() -> None:
    cipher = SubjectCipher(KEY, "150785", SUBJECT)
    assert cipher.seal("text", "路灯不亮") != cipher.seal("text", "路灯不亮")


# --- telephones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("139 1234-5678", "13912345678"), ("+86 13912345678", "13912345678"), ("008613912345678", "13912345678"),
        ("(0470) 522-1234", "4705221234"), ("+86 470 5221234", "4705221234"), ("12345", "12345"), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_one_however_it_is_written(written: str, number: str) -> None:
    assert normalised(written) == number


def test_tags_are_short_enough_to_be_shared_and_keyed() -> None:
    tags = {phone_tag(KEY, f"139{number:08}") for number in range(40_000)}
    assert max(tags) < 2**15
    assert len(tags) < 2**15
    assert phone_tag(KEY, "13912345678") == phone_tag(KEY, "13912345678")
    assert [phone_tag(KEY, str(n)) for n in range(9)] != [phone_tag(bytes(32), str(n)) for n in range(9)]


# --- key files -----------------------------------------------------------------------------------


def test_a_key_wrapped_is_unwrapped_for_the_same_use_alone(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "kek.keys")
    wrapped = keys.wrap(KEY, b"use")
    assert keys.unwrap(wrapped, b"use") == KEY
    with pytest.raises(KeyUnavailableError):
        keys.unwrap(wrapped, b"another use")
    with pytest.raises(KeyUnavailableError):
        keys.unwrap(WrappedKey("unknown", wrapped.wrapped), b"use")


def test_another_process_learns_of_a_new_kek_and_of_one_retired(tmp_path: Path) -> None:
    mine, other = FileKeys(tmp_path / "kek.keys"), FileKeys(tmp_path / "kek.keys")
    before = mine.wrap(KEY, b"use")
    kek_id = other.renew()
    assert mine.wrap(KEY, b"use").kek_id == kek_id != before.kek_id
    assert other.unwrap(before, b"use") == KEY
    assert mine.retire() == [before.kek_id]
    with pytest.raises(KeyUnavailableError):
        FileKeys(tmp_path / "kek.keys").unwrap(before, b"use")


def test_a_key_file_is_closed_to_others_and_one_that_is_not_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kek.keys"
    FileKeys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(PermissionError):
        FileKeys(path)


@pytest.mark.parametrize("content", ["", "no key", "ab" * 31, "ab" * 33])
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kek.keys"
    path.touch(0o600)
    path.write_text(content)
    with pytest.raises(ValueError, match="已损坏"):
        FileKeys(path)


# --- searching words -----------------------------------------------------------------------------


class Rows:
    """A board of so many requests, newest first; every `nth` says the word."""

    def __init__(self, count: int, nth: int) -> None:
        self.asked = 0
        self.rows = [
            SimpleNamespace(
                id=uuid4(), at=NOON - timedelta(minutes=n), title=None, text="路灯Lamp" if n % nth == 0 else "井盖"
            )
            for n in range(count)
        ]

    async def ask(self, question: Question) -> Sequence[RequestView]:
        self.asked += 1
        after = question.after[0] if question.after else NOON + timedelta(1)
        found = [row for row in self.rows if row.at < after][: question.limit]
        return cast(Sequence[RequestView], found)


def found(rows: Rows, question: Question) -> tuple[int, bool]:
    page, after = asyncio.run(with_words(rows.ask, question, lambda row: (cast(Any, row).at, row.id)))
    return len(page), after is not None


def test_words_are_found_whatever_their_case_up_to_a_page() -> None:
    rows = Rows(600, 2)
    assert found(rows, Question(text="lamp", limit=50)) == (50, True)
    assert rows.asked == 1
    assert found(rows, Question(text="LAMP", limit=400)) == (300, False)
    assert found(rows, Question(text="lamp", limit=300)) == (300, False)
    assert found(rows, Question(text="waterline")) == (0, False)


def test_a_search_looks_at_a_bounded_number_and_says_where_it_stopped() -> None:
    rows = Rows(MOST_LOOKED_AT + 500, MOST_LOOKED_AT + 100)
    assert found(rows, Question(text="nobody said this")) == (0, True)
    mark = rows.rows[MOST_LOOKED_AT - 1]
    assert found(rows, Question(text="lamp", after=(mark.at, mark.id))) == (1, False)


def test_without_words_a_page_is_as_the_board_gives_it() -> None:
    rows = Rows(51, 1)
    assert found(rows, Question(limit=50)) == (50, True)
    assert found(rows, Question(limit=51)) == (51, False)
