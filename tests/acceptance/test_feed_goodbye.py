"""A service that is stopped lets its readers go at once, and each of them knows why and where to go on."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from interfaces.wiring import Settings, open_house
from tests import town
from tests.event_source import opened


@pytest.fixture
def token(module_database_url: str, tmp_path: Path) -> str:
    """Of an auditor of the town."""

    async def prepare() -> str:
        async with open_house(Settings(database_url=module_database_url, data_dir=tmp_path, timer_seconds=0)) as house:
            await town.build(house.services)
            return (await house.services.sign_in.issue("auditor")).token

    return asyncio.run(prepare())


@pytest.fixture
def service(module_database_url: str, tmp_path: Path, token: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`wangge serve`, a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = os.environ | {
        "WANGGE_DATABASE_URL": module_database_url, "WANGGE_DATA_DIR": str(tmp_path), "WANGGE_PORT": str(port),
    }  # fmt: skip
    command = [sys.executable, "-c", "from interfaces.cli.program import main; main()", "serve"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stderr=log)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


def test_a_stopped_service_ends_its_streams_and_itself(
    service: tuple[subprocess.Popen[bytes], str], token: str
) -> None:
    process, url = service
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{url}/api/v1", headers=headers) as client, ExitStack() as stack:
        _until_ready(client, url)
        followers = [stack.enter_context(opened(client, log=town.DISTRICT)) for _ in range(3)]
        followers.append(stack.enter_context(opened(client, notice=True)))
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        for source in followers:
            *_, last = source
            assert (last.event, last.data["code"]) == ("end", "closing")
        process.wait(10)
    assert time.monotonic() - began < 5


def _until_ready(client: httpx.Client, url: str) -> None:
    for _ in range(300):
        with suppress(httpx.TransportError):  # it does not listen yet
            if client.get(f"{url}/readyz").is_success:
                return
        time.sleep(0.1)
    raise AssertionError("the service does not begin")
