"""Guards of the database: events are added and never changed, and each role may do its work and no more."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from infrastructure.guards import as_role, guarded, with_options
from tests.appending import save
from tests.integration.test_group_commit import append_all
from tests.tampering import tamper

CHANGES: list[LiteralString] = [
    "UPDATE event SET state = '{}'", "UPDATE event SET state = state WHERE false", "DELETE FROM event",
    "TRUNCATE event",
]  # fmt: skip
BEYOND_APPENDING: list[LiteralString] = [
    "UPDATE log SET log_id = '110101'", "DELETE FROM log", "DELETE FROM personal_detail",
    "UPDATE checkpoint SET note = ''", "DELETE FROM vault.subject_key", "DROP TABLE event",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "CREATE TABLE mine (n int)", "DROP TRIGGER event_is_never_changed ON event",
]  # fmt: skip
BEYOND_READING: list[LiteralString] = [
    "INSERT INTO log (log_id) VALUES ('110101')", "SELECT FROM account", "SELECT FROM personal_detail",
    "SELECT FROM vault.subject_key",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("replica", [False, True])
def test_nobody_changes_an_event_not_even_the_owner(change: LiteralString, replica: bool, database_url: str) -> None:
    append_all(database_url, save())
    with psycopg.connect(database_url) as connection:
        if replica:
            connection.execute("SET session_replication_role = replica")
        with pytest.raises(InsufficientPrivilege, match="never changed"):
            connection.execute(change)


def test_tests_may_change_one_and_the_guard_is_back_after(database_url: str) -> None:
    append_all(database_url, save())
    tamper(database_url, "UPDATE event SET topic = %s", "issue.invented")
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT topic FROM event").fetchall() == [("issue.invented",)]
        with pytest.raises(InsufficientPrivilege, match="never changed"):
            connection.execute("UPDATE event SET topic = ''")


def test_the_service_adds_events_under_its_role(database_url: str) -> None:
    serving = guarded(database_url)
    answers = append_all(serving, save(), save())
    assert [answer.first_position for answer in answers] == [1, 2]
    with psycopg.connect(serving) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("wangge_append",)
        connection.execute("RESET ROLE")
        assert connection.execute("SELECT current_user").fetchone() == ("wangge_append",)


@pytest.mark.parametrize("statement", [*CHANGES, *BEYOND_APPENDING])
def test_the_service_may_do_no_more(statement: LiteralString, database_url: str) -> None:
    with psycopg.connect(as_role(database_url, "wangge_append")) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)


def test_a_reader_reads_what_happened(database_url: str) -> None:
    append_all(database_url, save())
    with psycopg.connect(as_role(database_url, "wangge_read")) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM served_timeline").fetchone() == (0,)


@pytest.mark.parametrize("statement", [*CHANGES, *BEYOND_READING])
def test_a_reader_writes_nothing_and_reads_no_words(statement: LiteralString, database_url: str) -> None:
    with psycopg.connect(as_role(database_url, "wangge_read")) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)


def test_a_database_nobody_made_the_role_for_is_served_as_before(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.guards.APPEND", "no_such_role")
    assert guarded(database_url) == database_url


def test_options_of_the_address_are_kept(database_url: str) -> None:
    both = as_role(with_options(database_url, "-c statement_timeout=1234"), "wangge_append")
    with psycopg.connect(both) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("1234ms",)
        assert connection.execute("SELECT current_user").fetchone() == ("wangge_append",)
