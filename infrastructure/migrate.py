"""Migrations: numbered SQL files in `migrations/`, forward only, each applied once, in the order of names."""

from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from yoyo import get_backend, read_migrations

from infrastructure import sql

FOLDER = Path(__file__).parent / "migrations"
QUERY = sql.load("migrate.sql")


class DatabaseUnreachable(ConnectionError):
    """The database named in the settings does not answer; the text says so without its address."""


def migrate(database_url: str, folder: Path = FOLDER) -> list[str]:
    """Bring the database up to date. Returns the names of what was applied now, oldest first.

    Of several processes that start at once one migrates and the others wait for it. One that is killed leaves
    the database between two migrations, never inside one, and nothing locked. Raises `DatabaseUnreachable`,
    and what the database does.
    """
    with _connect(database_url) as connection:
        # Ends with this transaction, so with this process whatever happens to it. yoyo's own lock is a row,
        # which outlives a killed process: one found here is such, since only the holder of ours gets here.
        connection.execute(QUERY["wait_unwatched"])
        connection.execute(QUERY["lock"])
        with get_backend(_yoyo_url(database_url)) as backend:
            backend.execute(QUERY["end_with_us"])
            backend.break_lock()
            pending = backend.to_apply(read_migrations(str(folder)))
            for migration in pending:
                # yoyo's own way marks a migration in a second transaction: killed between the two, it would
                # be applied again.
                with backend.transaction():
                    migration.process_steps(backend, "apply")
                    backend.mark_one(migration)
            return [migration.id for migration in pending]


def _connect(database_url: str) -> psycopg.Connection[TupleRow]:
    try:
        return psycopg.connect(database_url)
    except psycopg.OperationalError as cause:
        raise DatabaseUnreachable("连不上数据库，请核对 WANGGE_DATABASE_URL 和数据库是否在运行") from cause


def _yoyo_url(database_url: str) -> str:
    """The same database as a URL of yoyo's, all of it as parameters: it would not decode a quoted host."""
    return "postgresql+psycopg:///?" + urlencode(conninfo_to_dict(database_url), quote_via=quote)
