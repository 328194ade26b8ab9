"""Migrations: applied once, in order, whole or not at all, whoever else starts or was killed meanwhile."""

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from infrastructure.migrate import FOLDER, migrate

OURS = sorted(path.stem for path in FOLDER.glob("*.sql"))
A_FUNCTION = """
CREATE FUNCTION doubled(p_n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_n bigint := 0;
BEGIN
    FOR i IN 1..2 LOOP
        IF p_n % 2 = 0 THEN v_n := v_n + p_n; ELSE v_n := v_n + CASE WHEN true THEN p_n ELSE 0 END; END IF;
    END LOOP;
    RETURN v_n;  -- '100 %'; and a semicolon
END;
$$;
SELECT doubled(21);
"""


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_every_migration_is_applied_once_and_in_order(empty_database_url: str) -> None:
    assert migrate(empty_database_url) == OURS
    assert migrate(empty_database_url) == []
    assert ask(empty_database_url, "SELECT count(*) FROM account") == [(0,)]


def test_of_two_that_start_at_once_one_migrates(empty_database_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        applied = list(pool.map(migrate, [empty_database_url] * 2))
    assert sorted(applied) == [[], OURS]


def test_a_migration_that_fails_leaves_nothing_and_is_tried_again(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text("CREATE TABLE good (n int);")
    bad = tmp_path / "0002_bad.sql"
    bad.write_text("CREATE TABLE half (n int);\nCREATE TABLE good (n int);")
    with pytest.raises(psycopg.errors.DuplicateTable):
        migrate(empty_database_url, tmp_path)
    assert ask(empty_database_url, "SELECT to_regclass('good') IS NULL, to_regclass('half') IS NULL") == [(False, True)]
    bad.write_text("CREATE TABLE half (n int);")
    assert migrate(empty_database_url, tmp_path) == ["0002_bad"]


def test_one_that_is_killed_within_a_migration_locks_nobody_out(empty_database_url: str, tmp_path: Path) -> None:
    slow = tmp_path / "0001_slow.sql"
    slow.write_text("CREATE TABLE half (n int);\nSELECT pg_sleep(300);")
    start_afresh = multiprocessing.get_context("spawn")
    migrating = start_afresh.Process(target=migrate, args=(empty_database_url, tmp_path))
    migrating.start()
    asleep = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    while not ask(empty_database_url, asleep):
        assert migrating.is_alive()
    assert migrating.pid
    os.kill(migrating.pid, signal.SIGKILL)
    migrating.join()
    slow.write_text("CREATE TABLE half (n int);")
    assert migrate(empty_database_url, tmp_path) == ["0001_slow"]


def test_a_lock_row_left_by_a_killed_process_is_not_waited_for(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 1)")
    assert migrate(database_url) == []


def test_a_function_with_semicolons_is_one_statement(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_function.sql").write_text(A_FUNCTION)
    assert migrate(empty_database_url, tmp_path) == ["0001_function"]
    assert ask(empty_database_url, "SELECT doubled(21)") == [(42,)]


def test_a_database_with_a_difficult_name_is_reached(database_url: str) -> None:
    name = "a b/?&%中"
    url = database_url.replace(database_url.split("@/")[1].split("?")[0], quote(name, safe=""))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            assert migrate(url) == OURS
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
