"""A wired house on a real database, served by a real server on loopback."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
import uvicorn
from fastapi import FastAPI

from application.services import Services
from interfaces import wiring
from interfaces.http.app import create_app
from interfaces.http.serving import Serving
from interfaces.wiring import House, Settings, open_house
from tests import town


@dataclass
class Served:
    """A running service and what tests need to talk to it."""

    url: str
    house: House
    loop: asyncio.AbstractEventLoop
    passwords: dict[str, str]

    def run(self, work: Callable[[Services], Any]) -> Any:
        """Run a coroutine against the services, on their loop."""
        return asyncio.run_coroutine_threadsafe(work(self.house.services), self.loop).result(120)

    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def client(self, staff: str) -> httpx.Client:
        """The client signed in as a member of staff."""
        if staff not in self.clients:
            self.clients[staff] = self._signed_in(staff)
        return self.clients[staff]

    def sign_out(self) -> None:
        """Let go of all clients: whoever is asked for next signs in anew."""
        for client in self.clients.values():
            client.close()
        self.clients.clear()

    def _signed_in(self, staff: str) -> httpx.Client:
        credentials = {"login": staff, "password": self.passwords[staff]}
        signed = httpx.post(f"{self.url}/api/v1/tokens", json=credentials, timeout=60).raise_for_status().json()
        headers = {"Authorization": f"Bearer {signed['token']}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)


Build = Callable[[Services], Awaitable[object]]


@pytest.fixture(scope="module")
def served(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The town of `tests.town`, one server for a module's tests."""
    yield from serving(module_database_url, tmp_path_factory.mktemp("data"), town.build, town.STAFF)


def serving(url: str, folder: Path, build: Build, staff: Iterable[str]) -> Iterator[Served]:
    """A server on a database that `build` fills first; each of `staff` can sign in."""
    ready, done = threading.Event(), threading.Event()
    found: list[Served] = []
    failed: list[BaseException] = []

    # The default console of structlog draws a traceback for seconds, on the loop that serves.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    def serve() -> None:
        try:
            asyncio.run(_serve(url, folder, build, list(staff), found, ready, done))
        except BaseException as error:
            failed.append(error)
        finally:
            ready.set()

    # What lists show is put on record when a test asks for it, not while another counts rows.
    patch = pytest.MonkeyPatch()
    patch.setattr(wiring, "READING_SECONDS", 3600.0)
    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(120)
    if not found:
        raise failed[0]
    yield found[0]
    found[0].sign_out()
    done.set()
    thread.join(30)
    patch.undo()
    structlog.reset_defaults()
    if failed:
        raise failed[0]


async def _serve(
    url: str, folder: Path, build: Build, staff: Sequence[str], found: list[Served], ready: threading.Event,
    done: threading.Event,
) -> None:  # fmt: skip
    # Webhooks of tests listen on this machine.
    settings = Settings(database_url=url, data_dir=folder, timer_seconds=0, webhook_networks=("127.0.0.0/8",))
    async with open_house(settings, workers=True) as house:
        await build(house.services)
        passwords = {one: secrets.token_urlsafe(16) for one in staff}
        for one, chosen in passwords.items():
            await house.services.sign_in.register(one, one, chosen)
        config = uvicorn.Config(create_app(_around(house)), port=0, log_config=None, access_log=False)
        server = Serving(config, house.tail.close)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn gives no event to wait for
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        found.append(Served(f"http://127.0.0.1:{port}", house, asyncio.get_running_loop(), passwords))
        ready.set()
        await asyncio.to_thread(done.wait)
        server.should_exit = True
        await serving


def _around(house: House) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = house.services
        yield

    return lifespan
