"""A PostgreSQL whose data lies on a disk of a few megabytes, to be filled up and freed.

The disk is a tmpfs that one process mounts for itself and its children alone, so no mount is left behind whatever
becomes of the tests. PostgreSQL runs in there. Its socket lies beside the disk, where the tests find it.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from infrastructure import embedded
from infrastructure.migrate import migrate

MEGABYTES = 160
JOURNAL = {"min_wal_size": "32MB", "max_wal_size": "32MB"}  # of segments of 16
CLONE_NEWNS = 0x20000  # of unshare(2)


class NoSmallDisk(Exception):
    """This machine lets nobody mount; the text says why."""


class SmallDisk:
    """The disk and its server, from outside."""

    def __init__(self, inside: ProcessPoolExecutor, folder: Path) -> None:
        self._inside, self._folder = inside, folder
        self.url = inside.submit(_begin, folder).result()

    def fill(self) -> None:
        """Leave not a byte. Pages that PostgreSQL has already it may still use."""
        self._inside.submit(_fill, self._folder).result()

    def free(self) -> None:
        """Give room again."""
        self._inside.submit(_free, self._folder).result()

    def exhaust_journal(self) -> None:
        """Write into the journal until there is none to go on with, which PostgreSQL does not survive."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, autocommit=True) as connection:
            while True:
                connection.execute("SELECT pg_logical_emit_message(false, '', repeat('x', 1000000))")

    def start(self) -> None:
        """Start the server, if it is down."""
        self._inside.submit(_start, self._folder).result()

    def stop(self) -> None:
        """End the server for good."""
        self._inside.submit(_stop, self._folder).result()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A disk and its server, until the block ends. Raises `NoSmallDisk`."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as inside:
        inside.submit(_be_alone).result()
        disk = SmallDisk(inside, folder)
        try:
            yield disk
        finally:
            disk.stop()


# --- inside --------------------------------------------------------------------------------------


def _be_alone() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NoSmallDisk("only root mounts, and only Linux knows mounts of one process")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
        raise NoSmallDisk(f"no mounts of one's own: {os.strerror(ctypes.get_errno())}")
    _mount("--make-rprivate", "/")


def _mount(*words: str) -> None:
    mount = shutil.which("mount")
    if mount is None:
        raise NoSmallDisk("there is no mount")
    done = subprocess.run([mount, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoSmallDisk(done.stderr.strip())


def _begin(folder: Path) -> str:
    """Create the cluster, and move it to the disk, which is mounted in its place."""
    embedded.start(folder).stop()
    cluster, aside = _cluster(folder), _cluster(folder).with_name("aside")
    owner = cluster.stat()
    cluster.rename(aside)
    cluster.mkdir()
    mode = f"mode=0700,uid={owner.st_uid},gid={owner.st_gid}"
    _mount("-t", "tmpfs", "-o", f"size={MEGABYTES}m,{mode}", "tmpfs", str(cluster))
    shutil.copytree(aside, cluster, dirs_exist_ok=True)
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    server = embedded.start(folder, JOURNAL)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE small")
    migrate(server.url("small"))
    return server.url("small")


def _cluster(folder: Path) -> Path:
    return folder / "postgres" / "cluster"


def _ballast(folder: Path) -> Path:
    return _cluster(folder) / "ballast"


def _fill(folder: Path) -> None:
    with _ballast(folder).open("ab", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(bytes(4096))


def _free(folder: Path) -> None:
    _ballast(folder).unlink(missing_ok=True)


def _start(folder: Path) -> None:
    embedded.start(folder, JOURNAL)


def _stop(folder: Path) -> None:
    _free(folder)
    embedded.start(folder, JOURNAL).stop()
