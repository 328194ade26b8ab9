"""Servers that benchmarks measure: each a process of its own on loopback, stopped by its process id."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from interfaces.wiring import Settings, open_house
from tests import town

WANGGE = str(Path(sys.executable).parent / "wangge")


@contextmanager
def serving(arguments: list[str], port: int, probe: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run a server until the block ends; it must answer `probe` within half a minute."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(arguments, env=os.environ | (environment or {}), stdout=quiet, stderr=quiet)
    try:
        _await_answer(f"http://127.0.0.1:{port}{probe}", process)
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def wangge_serving(url: str, folder: Path) -> Iterator[tuple[int, str]]:
    """`wangge serve` on a database with the town of the tests; gives the port and a worker's token."""
    asyncio.run(_prepare(url, folder))
    port = free_port()
    environment = {
        "WANGGE_DATABASE_URL": url, "WANGGE_DATA_DIR": str(folder), "WANGGE_PORT": str(port),
        "WANGGE_LOG_LEVEL": "WARNING",
        "WANGGE_TOKEN_MINUTES": "120",
    }  # fmt: skip
    with serving([WANGGE, "serve"], port, "/healthz", environment):
        token = subprocess.run(
            [WANGGE, "token", "--staff", "worker"],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=True,
        )
        yield port, token.stdout.strip()


@contextmanager
def crud_serving(url: str) -> Iterator[int]:
    """The CRUD baseline; gives its port."""
    port = free_port()
    with serving([sys.executable, "-m", "tests.bench.crud", url, str(port)], port, "/openapi.json"):
        yield port


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _prepare(url: str, folder: Path) -> None:
    async with open_house(Settings(database_url=url, data_dir=folder)) as house:
        await town.build(house.services)


def _await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and process.poll() is None:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer from {url}")
