"""What processes of their own do for `wangge bench`, a district each: make its year, bring its read models forward."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from queue import Empty
from typing import Any, TypeVar

from application.synthetic.arrivals import BEGIN, END
from application.synthetic.year import year
from domain.refusals import Refused
from interfaces.wiring import Settings, bulk, configure, fill_models, open_house

TELL_SECONDS = 0.5
MADE, PROJECTED = "生成", "投影"
Heard = Callable[[str, str, float], None]
T = TypeVar("T")
_told: Any = None
"""Where this process tells how far it is: (what it does, district, share done)."""


@dataclass(frozen=True)
class Filled:
    """A district's year on record: its events, and its position when the first quarter had passed."""

    code: str
    events: int
    quarter: int


def fill_district(settings: Settings, code: str, cases: int, seed: int) -> Filled:
    """Make the district's year and write it to its log. The database is named, and the registry holds the town."""
    try:
        return asyncio.run(_fill(settings, code, cases, seed))
    except Refused as refused:  # nobody is refused here: the program is wrong, and a refusal does not leave a process
        raise RuntimeError(f"{code}: {type(refused).__name__} {refused.detail()}") from refused


async def _fill(settings: Settings, code: str, cases: int, seed: int) -> Filled:
    configure("WARNING")
    async with open_house(settings) as house:
        made = year(house.services.issues, code, cases, seed)
        events, quarter, first = 0, 0, BEGIN + (END - BEGIN) / 4
        # Nothing else goes on in this process that the writing could keep waiting.
        for events, at in bulk.fill(settings.database_url or "", code, made, seed):
            quarter = events if at <= first else quarter
            _tell(MADE, code, (at - BEGIN) / (END - BEGIN))
    _tell(MADE, code, 1.0)
    return Filled(code, events, quarter)


def project_district(settings: Settings, code: str, upto: int | None) -> int:
    """Bring the read models of a district forward to a position, or to its end; how many events that was."""
    return asyncio.run(_project(settings, code, upto))


async def _project(settings: Settings, code: str, upto: int | None) -> int:
    configure("WARNING")
    async with open_house(settings) as house:
        log = house.services.logs.named(code)
        if upto is not None:
            return await fill_models(house.projector, log, upto)
        return await fill_models(house.projector, log, told=lambda share: _tell(PROJECTED, code, share))


def _tell(what: str, code: str, share: float) -> None:
    if _told is not None:
        _told.put((what, code, share))


def _begin(told: Any) -> None:
    global _told
    _told = told


@contextmanager
def processes(count: int, heard: Heard) -> Iterator[Workers]:
    """`count` processes; `heard` is told how far each district is."""
    context = get_context("spawn")
    told = context.Queue()
    with ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(told,)) as pool:
        yield Workers(pool, told, heard)


class Workers:
    """Processes that take districts one after another."""

    def __init__(self, pool: ProcessPoolExecutor, told: Any, heard: Heard) -> None:
        self._pool, self._told, self._heard = pool, told, heard

    def each(self, work: Callable[..., T], orders: Iterable[tuple[Any, ...]]) -> list[T]:
        """What `work` gives for each order, in their order. Raises what one of them raised."""
        futures = [self._pool.submit(work, *order) for order in orders]
        waiting: set[Future[T]] = set(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=TELL_SECONDS, return_when=FIRST_COMPLETED)
            self._hear()
        return [one.result() for one in futures]

    def _hear(self) -> None:
        while True:
            try:
                self._heard(*self._told.get_nowait())
            except Empty:
                return
