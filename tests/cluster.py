"""A PostgreSQL of a test's own, as durable as in service, to be killed and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from infrastructure import embedded
from infrastructure.migrate import migrate
from tests.tampering import OFF, ON

EMPTY = """
DO $$ BEGIN
    EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ')
               FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'yoyo');
END $$
"""


class Cluster:
    """Runs until `stop`, and holds one database, migrated. Its address stays, however often it is started."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder, self._settings = folder, settings
        self._server = embedded.start(folder, settings)
        with psycopg.connect(self._server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE killed")
        self.url = self._server.url("killed")
        migrate(self.url)

    def empty(self) -> None:
        """Forget what the tables hold."""
        with psycopg.connect(self.url) as connection:
            connection.execute(OFF)
            connection.execute(EMPTY)
            connection.execute(ON)

    def kill(self) -> None:
        """kill -9 the server and every process of it, the first one first."""
        family = self._family()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        while any(map(_lives, family)):
            time.sleep(0.005)

    def start(self) -> None:
        """Start the server that is gone, and have it recover."""
        self._server.stop()
        self._server = embedded.start(self._folder, self._settings)
        assert self._server.url("killed") == self.url

    def kill_one(self) -> None:
        """kill -9 the process that appends; the server then ends all others and recovers by itself."""
        appends = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ~ 'append|notify'"
        with psycopg.connect(self.url, autocommit=True) as connection:
            (pid,) = connection.execute(f"{appends} AND pid <> pg_backend_pid()").fetchall()[0]
            os.kill(pid, signal.SIGKILL)
            with suppress(psycopg.OperationalError):
                while True:
                    connection.execute("SELECT")
        while not self.is_up():
            time.sleep(0.02)

    def is_up(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it without ceremony: there is nothing to lose."""
        self.kill()
        self._server.stop()

    def _family(self) -> list[psutil.Process]:
        lock = self._folder / "postgres" / "cluster" / "postmaster.pid"
        first = psutil.Process(int(lock.read_text().splitlines()[0]))
        return [first, *first.children(recursive=True)]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
