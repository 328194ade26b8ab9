"""A full disk: what cannot be recorded is refused as busy, nothing is half written, and later the same key works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests import town
from tests.case_calls import REPORTED, at, call, refused, seen
from tests.projecting import ask
from tests.served import Served
from tests.small_disk import NoSmallDisk, SmallDisk, small_disk

WRITERS = 32


@pytest.fixture(scope="module")
def disk(open_folder: Path) -> Iterator[SmallDisk]:
    try:
        with small_disk(open_folder / "small") as made:
            yield made
    except NoSmallDisk as error:
        pytest.skip(f"a small disk cannot be had here: {error}")


@pytest.fixture(scope="module")
def module_database_url(disk: SmallDisk) -> str:
    """Where `served` keeps everything."""
    return disk.url


@pytest.fixture(autouse=True)
def room(served: Served, disk: SmallDisk) -> Iterator[None]:
    """Whoever calls is signed in before, and afterwards there is room again."""
    served.client("worker")
    served.client("receiver")
    yield
    disk.free()
    disk.start()


def report(served: Served, key: str) -> httpx.Response:
    body = REPORTED | {"happened_at": at(0), "text": f"路灯不亮 {key}"}
    return call(served.client("worker"), "/issues", key=key, **body)


def together(served: Served, keys: Sequence[str]) -> dict[str, httpx.Response]:
    with ThreadPoolExecutor(WRITERS) as pool:
        return dict(zip(keys, pool.map(lambda key: report(served, key), keys), strict=True))


def require_busy(answer: httpx.Response) -> None:
    refused(answer, 503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1


def once_back(ask: Callable[[], httpx.Response]) -> Any:
    """What is answered in the end; until then everybody is told to come again."""
    give_up = monotonic() + 30
    while not (answer := ask()).is_success:
        require_busy(answer)
        assert monotonic() < give_up
        sleep(0.1)
    return answer.json()


def require_whole(disk: SmallDisk, newest: int) -> None:
    """Each save left its event, its key and its words, at positions without a gap; the others left nothing."""
    mine = f"WHERE log_id = '{town.DISTRICT}'"
    positions = ask(disk.url, f"SELECT position FROM event {mine} ORDER BY position")  # noqa: S608 - names of this test's own
    assert [position for (position,) in positions] == list(range(1, newest + 1))
    for table in ("request_answer", "stream_head", "personal_detail"):
        assert ask(disk.url, f"SELECT count(*) FROM {table} {mine}") == [(newest,)]  # noqa: S608 - names of this test's own


def newest_of(disk: SmallDisk) -> int:
    ((newest,),) = ask(disk.url, "SELECT coalesce(max(position), 0) FROM event WHERE log_id = %s", town.DISTRICT)
    return int(newest)


def test_on_a_full_disk_saves_are_refused_whole_and_done_when_there_is_room(served: Served, disk: SmallDisk) -> None:
    before = newest_of(disk)
    receipt = report(served, "before-it-was-full").json()
    disk.fill()
    keys = [f"when-it-was-full-{nth}" for nth in range(4 * WRITERS)]
    answers = together(served, keys)
    done = {key: answer for key, answer in answers.items() if answer.is_success}  # there were pages with room
    late = answers.keys() - done
    assert late
    for key in late:
        require_busy(answers[key])
    require_whole(disk, before + 1 + len(done))
    assert served.client("receiver").get("/issues").status_code == 200
    disk.free()
    again = together(served, keys)
    assert {answer.status_code for answer in again.values()} == {201}
    assert {key: again[key].json() for key in done} == {key: answer.json() for key, answer in done.items()}
    assert report(served, "before-it-was-full").json() == receipt
    require_whole(disk, before + 1 + len(keys))
    last = max((answer.json() for answer in again.values()), key=lambda one: int(one["position"]))
    assert seen(served.client("receiver"), f"/issues/{last['id']}", last)["stage"] == "reported"
    assert ask(disk.url, "SELECT count(*) FROM dead_letter") == [(0,)]


def test_a_server_that_ends_for_want_of_journal_is_found_again_and_has_kept_everything(
    served: Served, disk: SmallDisk
) -> None:
    before = newest_of(disk)
    receipt = report(served, "before-it-ended").json()
    disk.fill()
    disk.exhaust_journal()
    require_busy(report(served, "when-it-was-gone"))
    require_busy(served.client("receiver").get("/issues"))
    disk.free()
    disk.start()
    done = once_back(lambda: report(served, "when-it-was-gone"))
    assert once_back(lambda: report(served, "when-it-was-gone")) == done
    assert once_back(lambda: report(served, "before-it-ended")) == receipt
    require_whole(disk, before + 2)
    wait = {"wait": f"{done['log']}:{done['position']}"}
    seen_again = once_back(lambda: served.client("receiver").get(f"/issues/{done['id']}", params=wait))
    assert seen_again["stage"] == "reported"
