"""Leaves as docs/proof-format.md says, made from its words alone, are those that the database stores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.proof.leaf import EventLeaf, head_leaf_hash

Row = dict[str, Any]
DOCUMENT = Path(__file__).parents[2] / "docs" / "proof-format.md"
ASKED = """SELECT leaf_hash(%(log)s, %(position)s, %(stream)s, %(version)s, %(event)s, %(topic)s, %(schema)s,
       (extract(epoch FROM %(recorded)s::timestamptz) * 1000000)::bigint, %(request)s, %(actor)s, %(correlation)s,
       %(causation)s, %(state)s)"""
# PostgreSQL stores no NUL, and no half of a pair of surrogates has bytes in UTF-8.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
BIG = st.integers(1, 2**63 - 1)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside
ROWS = st.fixed_dictionaries({
    "log": TEXTS, "position": BIG, "stream": st.uuids(), "version": BIG, "event": st.uuids(), "topic": TEXTS,
    "schema": st.integers(1, 2**31 - 1), "recorded": TIMES, "request": st.uuids(), "actor": TEXTS,
    "correlation": st.uuids(), "causation": st.none() | st.uuids(), "state": st.binary(max_size=300),
})  # fmt: skip


def s(octets: bytes) -> bytes:
    return len(octets).to_bytes(4, "big") + octets


def n(number: int) -> bytes:
    return s(number.to_bytes(8, "big", signed=True))


def by_the_document(row: Row) -> bytes:
    """Fields 1 to 14 of section 2, and the hash."""
    since = row["recorded"] - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    fields = [
        s(b"wangge-leaf-1"), s(row["log"].encode()), n(row["position"]), s(row["stream"].bytes), n(row["version"]),
        s(row["event"].bytes), s(row["topic"].encode()), n(row["schema"]), n(micros), s(row["request"].bytes),
        s(row["actor"].encode()), s(row["correlation"].bytes), s(row["causation"].bytes if row["causation"] else b""),
        s(sha256(row["state"]).digest()),
    ]  # fmt: skip
    return sha256(b"\x00" + b"".join(fields)).digest()


def by_the_program(row: Row) -> bytes:
    return EventLeaf(
        row["log"], row["position"], row["stream"], row["version"], row["event"], row["topic"], row["schema"],
        row["recorded"], row["request"], row["actor"], row["correlation"], row["causation"],
        sha256(row["state"]).digest(),
    ).hash  # fmt: skip


@pytest.fixture(scope="module")
def connection(module_database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_database_url, autocommit=True) as found:
        yield found


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_database_program_and_document_make_the_same_leaf_of_any_event(
    connection: psycopg.Connection[Any], row: Row
) -> None:
    stored = connection.execute(ASKED, row).fetchone()
    assert stored == (by_the_document(row),) == (by_the_program(row),)


@pytest.mark.parametrize("field", ["log", "topic", "actor"])
def test_what_ends_a_field_never_begins_the_next(field: str, connection: psycopg.Connection[Any]) -> None:
    row = example() | {"log": "a", "topic": "a", "actor": "a"}
    found = {connection.execute(ASKED, row | {field: text}).fetchone() for text in ("", "a", "aa", "a\x01")}
    assert len(found) == 4


def example() -> Row:
    return {
        "log": "150785", "position": 1, "stream": UUID(int=1), "version": 1, "event": UUID(int=2),
        "topic": "issue.filed", "schema": 1, "recorded": datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=1),
        "request": UUID(int=3), "actor": "", "correlation": UUID(int=4), "causation": None, "state": b"{}",
    }  # fmt: skip


def test_the_worked_example_of_the_document_is_right(connection: psycopg.Connection[Any]) -> None:
    found = re.search(r"```\n(0000000d 77616e.*?)leaf hash ([0-9a-f]{64})\n```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found
    octets, leaf = bytes.fromhex(found[1]), bytes.fromhex(found[2])
    assert sha256(b"\x00" + octets).digest() == leaf == by_the_document(example())
    assert connection.execute(ASKED, example()).fetchone() == (leaf,)


@given(TEXTS)
def test_the_leaf_of_a_checkpoint_is_as_the_document_says(text: str) -> None:
    assert head_leaf_hash(text) == sha256(b"\x00" + s(b"wangge-head-1") + s(text.encode())).digest()
