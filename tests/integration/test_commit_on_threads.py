"""The committer as threads use it: on the caller's thread when alone, with the same promises as in a loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from math import inf
from time import sleep
from typing import Any

import psycopg
import pytest

from domain.refusals import Busy
from infrastructure.eventstore import commit, connecting
from infrastructure.eventstore.connecting import SETTINGS
from infrastructure.eventstore.line import Line
from infrastructure.eventstore.on_threads import ThreadCommitter
from tests.appending import LOG, Proxy, append_many, held, recorded, save


@contextmanager
def committing_on_threads(url: str, line: Line | None = None, waiting_seconds: float = 10) -> Iterator[ThreadCommitter]:
    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(url, autocommit=True, **SETTINGS)

    committer = ThreadCommitter(LOG, connect, line or Line(), waiting_seconds=waiting_seconds)
    try:
        yield committer
    finally:
        committer.close()


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == f"commit {LOG}"]


@pytest.fixture(autouse=True)
def begun(database_url: str) -> None:
    """A log with one event."""
    append_many(database_url, 1, 1)


def test_a_caller_alone_needs_no_other_thread(database_url: str) -> None:
    with committing_on_threads(database_url) as committer:
        assert [committer.append(save()).first_position for _ in range(20)] == list(range(2, 22))
        assert threads() == []


def test_callers_in_company_are_served_by_one_thread_that_ends(database_url: str) -> None:
    with committing_on_threads(database_url) as committer, ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(committer.append, save()) for _ in range(400)]
        assert sorted(answer.result().first_position for answer in answers) == list(range(2, 402))
        assert threads() == [f"commit {LOG}"]
    assert threads() == []


def test_a_full_line_and_a_long_wait_are_refused(database_url: str) -> None:
    with (
        committing_on_threads(database_url, Line(most_waiting=1), waiting_seconds=0.5) as committer,
        ThreadPoolExecutor(2) as pool,
    ):
        with held(database_url):
            running = pool.submit(committer.append, save())
            sleep(0.2)
            waiting = pool.submit(committer.append, save())
            sleep(0.1)
            with pytest.raises(Busy):
                committer.append(save())
            with pytest.raises(Busy):
                waiting.result()
        assert running.result().first_position == 2
        assert committer.append(save()).first_position == 3


@pytest.mark.parametrize("where", ["cut_before", "cut_after"])
def test_a_save_whose_connection_is_cut_is_recorded_once(
    database_url: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "HINT_SECONDS", inf)  # what is cut shall be an append
    proxy = Proxy(database_url)
    with committing_on_threads(proxy.url) as committer:
        committer.append(save())
        setattr(proxy, where, True)
        assert committer.append(save()).first_position == 3
    proxy.close()
    assert len(recorded(database_url)) == 3


def test_a_database_out_of_reach_is_refused_since_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "PATIENCE_SECONDS", 0.1)
    url = "postgresql://nobody@127.0.0.1:1/nowhere"
    committer = ThreadCommitter(LOG, lambda: psycopg.connect(url), Line(), waiting_seconds=5)
    with pytest.raises(Busy):
        committer.append(save())
    committer.close()
