"""The embedded PostgreSQL: comes up whatever happened to it before, and is nobody else's business."""

import multiprocessing
import os
import signal
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
import pytest

from infrastructure import embedded, embedded_home
from infrastructure.embedded_home import EmbeddedPostgresError

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


@pytest.fixture
def data_dir(open_folder: Path) -> Iterator[Path]:
    folder = open_folder / uuid4().hex[:8]
    yield folder
    if (folder / "postgres" / "cluster").exists():
        embedded.start(folder).stop()


def keep(server: embedded.Server, value: int) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kept(server: embedded.Server) -> list[int]:
    with psycopg.connect(server.url()) as connection:
        return [row[0] for row in connection.execute("SELECT n FROM kept ORDER BY n").fetchall()]


def is_up(server: embedded.Server) -> bool:
    try:
        psycopg.connect(server.url()).close()
    except psycopg.OperationalError:
        return False
    return True


def pid_file(data_dir: Path) -> Path:
    return data_dir / "postgres" / "cluster" / "postmaster.pid"


def kill(data_dir: Path) -> None:
    """kill -9 the server, as a machine that loses power would, and see its children out."""
    postmaster = psutil.Process(int(pid_file(data_dir).read_text().splitlines()[0]))
    family = [postmaster, *postmaster.children()]
    postmaster.kill()
    psutil.wait_procs(family, timeout=10)


def start_and_leave(data_dir: Path) -> None:
    embedded.start(data_dir).leave()


def start_and_die(data_dir: Path) -> None:
    embedded.start(data_dir)
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_process(target: Callable[[Path], None], data_dir: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=target, args=(data_dir,))
    process.start()
    process.join(60)


def test_what_was_kept_is_there_the_second_time(data_dir: Path) -> None:
    first = embedded.start(data_dir)
    keep(first, 1)
    first.leave()
    assert not is_up(first)
    second = embedded.start(data_dir)
    assert kept(second) == [1]
    second.leave()


def test_the_last_one_out_stops_the_server_and_no_other(data_dir: Path) -> None:
    server = embedded.start(data_dir)
    in_a_process(start_and_leave, data_dir)
    assert is_up(server)
    server.leave()
    assert not is_up(server)


def test_a_service_that_was_killed_leaves_a_server_that_is_used_again(data_dir: Path) -> None:
    in_a_process(start_and_die, data_dir)
    left = pid_file(data_dir).read_text().splitlines()[0]
    server = embedded.start(data_dir)
    assert pid_file(data_dir).read_text().splitlines()[0] == left
    server.leave()  # the killed one is not waited for
    assert not is_up(server)


def test_two_that_start_at_once_get_one_server(data_dir: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(embedded.start, [data_dir] * 2)
    keep(one, 1)
    assert kept(other) == [1]
    one.leave()
    assert is_up(other)
    other.leave()


def test_a_server_that_was_killed_recovers_what_was_committed(data_dir: Path) -> None:
    server = embedded.start(data_dir)
    keep(server, 1)
    kill(data_dir)
    again = embedded.start(data_dir)
    assert kept(again) == [1]
    again.stop()


def test_a_server_is_not_mistaken_for_the_process_that_has_its_old_id(data_dir: Path) -> None:
    keep(embedded.start(data_dir), 1)
    kill(data_dir)
    stale = pid_file(data_dir).read_text().splitlines()
    pid_file(data_dir).write_text("\n".join([str(os.getpid()), *stale[1:]]))
    again = embedded.start(data_dir)
    assert kept(again) == [1]
    again.stop()


def test_a_creation_that_was_killed_is_begun_anew(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    (data_dir / "postgres" / "cluster").rename(data_dir / "postgres" / "cluster.new")
    server = embedded.start(data_dir)
    keep(server, 1)
    server.stop()


def test_nobody_else_can_connect(data_dir: Path) -> None:
    server = embedded.start(data_dir, {"listen_addresses": "127.0.0.1"})
    with psycopg.connect(server.url()) as connection:
        shown = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
    assert shown == ("",)
    assert {rule for rule in rules if rule[1] != "reject"} == {("local", "peer")}
    assert stat.S_IMODE((data_dir / "postgres" / "socket").stat().st_mode) == 0o700
    server.stop()


def test_a_path_too_long_for_a_socket_gets_a_short_one(data_dir: Path) -> None:
    long = data_dir / ("路" * 20) / ("径" * 20)
    server = embedded.start(long)
    keep(server, 1)
    assert kept(embedded.start(long)) == [1]
    server.stop()


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    with pytest.raises(EmbeddedPostgresError, match='invalid value for parameter "max_connections": "many"'):
        embedded.start(data_dir, {"max_connections": "many"})


@only_root
def test_a_closed_folder_stays_closed_and_the_data_goes_elsewhere(
    data_dir: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_home, "ELSEWHERE", open_folder / "elsewhere")
    data_dir.mkdir(mode=0o700)
    server = embedded.start(data_dir)
    keep(server, 1)
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    assert (data_dir / "postgres").readlink().parent == open_folder / "elsewhere"
    server.stop()


@only_root
def test_programs_that_cannot_be_read_are_copied(
    data_dir: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_home, "ELSEWHERE", open_folder / "copies")
    monkeypatch.setattr(embedded_home, "_can", lambda owner, deed, path: path.is_dir())
    server = embedded.start(data_dir)
    keep(server, 1)
    postmaster = psutil.Process(int(pid_file(data_dir).read_text().splitlines()[0]))
    assert Path(postmaster.exe()).is_relative_to(open_folder / "copies")
    server.stop()


@only_root
def test_a_folder_of_another_user_is_refused(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    os.chown(data_dir / "postgres", 65534, 65534)
    with pytest.raises(EmbeddedPostgresError, match="属于另一用户"):
        embedded.start(data_dir)
