"""What tests share: a real PostgreSQL, a database of their own each, the sample data beside the checkout."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from infrastructure import embedded
from infrastructure.migrate import migrate

# A slow machine is no reason for a rule to fail.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Nothing here may ever reach the database of somebody who runs Wangge in the same shell.
for _name in [name for name in os.environ if name.startswith("WANGGE_")]:
    del os.environ[_name]


@pytest.fixture(scope="session", autouse=True)
def kek_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One file of key-encryption keys for the session: tests open one database from several data folders."""
    path = tmp_path_factory.mktemp("keys") / "kek.keys"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANGGE_KEK_FILE", str(path))
        yield path


NOTHING_TO_LOSE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL can live in: pytest's own are closed to the user it runs as under root."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(open_folder: Path) -> Iterator[embedded.Server]:
    """A real server for all tests, stopped when the last is done."""
    server = embedded.start(open_folder / "shared", NOTHING_TO_LOSE)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(postgres: embedded.Server) -> str:
    """The name of a migrated database that others are copied from."""
    _administer(postgres, SQL("CREATE DATABASE migrated"))
    migrate(postgres.url("migrated"))
    return "migrated"


@pytest.fixture
def database_url(postgres: embedded.Server, template: str) -> Iterator[str]:
    """A migrated, empty database for one test, dropped after it."""
    with _database(postgres, template) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(postgres: embedded.Server, template: str) -> Iterator[str]:
    """A migrated database that the tests of one module share."""
    with _database(postgres, template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: embedded.Server) -> Iterator[str]:
    """A database for one test that no migration has seen."""
    with _database(postgres, "template0") as url:
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real samples, which are no part of the repository."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the sample data is not here: it is expected in ../shared/data beside the checkout")
    return folder


@contextmanager
def _database(server: embedded.Server, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    _administer(server, SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    try:
        yield server.url(name)
    finally:
        _administer(server, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _administer(server: embedded.Server, statement: SQL | psycopg.sql.Composed) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(statement)
