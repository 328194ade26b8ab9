"""A witness sees each head once, with a proof that it goes on; what it says is kept, and nothing waits for it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY

from domain.proof.checkpoint import Checkpoint
from domain.proof.note import Note
from domain.proof.tree import EMPTY_ROOT
from domain.proof.verifying import extends
from infrastructure.proof.witness import Witness
from tests.sealed import LOG, Town

COSIGNED = "— witness.example/w1 " + "AAAA" * 25 + "\n"
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    town = Town(database_url, tmp_path)
    town.write(300)
    town.seal()
    return town


class ByTheBook:
    """A witness as C2SP tlog-witness has it, for one log."""

    def __init__(self, size: int = 0, root: bytes = EMPTY_ROOT) -> None:
        self.size, self.root, self.statuses = size, root, list[int]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("POST", "/w/add-checkpoint")
        answer = self._answer(request.content.decode())
        self.statuses.append(answer.status_code)
        return answer

    def _answer(self, body: str) -> httpx.Response:
        asked, _, note = body.partition("\n\n")
        first, *path = asked.split("\n")
        old, head = int(first.removeprefix("old ")), Checkpoint.parse(Note.parse(note).text)
        if old != self.size:
            return httpx.Response(409, text=f"{self.size}\n", headers={"Content-Type": "text/x.tlog.size"})
        if not extends(self.size, self.root, head.size, head.root, [b64decode(one) for one in path]):
            return httpx.Response(422)
        self.size, self.root = head.size, head.root
        return httpx.Response(200, text=COSIGNED)


def show(town: Town, handler: Handler) -> None:
    def client() -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(handler))

    Witness(town.url, [LOG], "https://witness.example/w/", client).show()


def kept(town: Town) -> list[tuple[int, str]]:
    return [(size, lines) for size, lines in town.ask("SELECT size, lines FROM cosignature ORDER BY size")]


def failed(why: str) -> float:
    return REGISTRY.get_sample_value("wangge_witness_failed_total", {"log": LOG, "why": why}) or 0


def test_a_witness_is_shown_each_new_head_once_and_what_it_says_is_kept(town: Town) -> None:
    witness = ByTheBook()
    show(town, witness)
    show(town, witness)
    town.write(500)
    town.seal()
    show(town, witness)
    assert witness.statuses == [200, 200]
    assert kept(town) == [(300, COSIGNED), (800, COSIGNED)]


def test_a_witness_that_knows_more_than_we_remember_is_shown_what_it_lacks(town: Town) -> None:
    witness = ByTheBook()
    show(town, witness)
    town.ask("DELETE FROM cosignature")
    town.write(3)
    town.seal()
    show(town, witness)
    assert witness.statuses == [200, 409, 200]
    assert kept(town) == [(303, COSIGNED)]


def test_a_witness_that_saw_more_than_we_have_is_an_alarm(town: Town) -> None:
    before = failed("witness_saw_more")
    show(town, ByTheBook(301, bytes(32)))
    assert failed("witness_saw_more") == before + 1
    assert kept(town) == []


def test_a_witness_of_another_story_signs_nothing_and_is_an_alarm(town: Town) -> None:
    before = failed("status_422")
    show(town, ByTheBook(100, bytes(32)))
    assert failed("status_422") == before + 1
    assert kept(town) == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(503), "status_503"),
        (httpx.Response(409, text="many", headers={"Content-Type": "text/x.tlog.size"}), "ValueError"),
        (httpx.Response(409), "KeyError"),
        (httpx.Response(200, text="x" * 20_000), "too_long"),
        (httpx.Response(200, text="no signature\n"), "BadNote"),
    ],
)
def test_a_witness_that_answers_nonsense_is_told_and_asked_again(town: Town, answer: httpx.Response, why: str) -> None:
    before = failed(why)
    show(town, lambda _: answer)
    assert failed(why) == before + 1
    assert kept(town) == []
    show(town, ByTheBook())
    assert kept(town) == [(300, COSIGNED)]


def test_a_witness_out_of_reach_holds_nothing_up(town: Town) -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone", request=request)

    before = failed("ConnectError")
    show(town, gone)
    assert failed("ConnectError") == before + 1
    town.write(1)
    assert town.seal() is None
