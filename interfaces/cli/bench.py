"""`wangge bench`: makes a synthetic base of cases and measures the statistics over it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from application.synthetic.arrivals import END
from application.synthetic.measuring import Asked, ask, by_number, pace
from application.synthetic.questions import Question, questions
from application.synthetic.registering import entries
from application.synthetic.town import CITY, DISTRICTS, SINCE
from application.synthetic.year import shares
from domain.actor import Act, Actor, Role
from domain.registry.case_type import CaseType
from interfaces.cli.bench_figures import Measured, say
from interfaces.cli.bench_work import MADE, PROJECTED, Heard, Workers, fill_district, processes, project_district
from interfaces.cli.options import AsJson
from interfaces.wiring import House, Settings, bulk, configure, fill_models, load, open_house, own_server

FIRST_QUARTER = slice(0, 3)
_FOUNDER = Actor("synthetic", frozenset({Role.ADMIN}), "", (CITY,))


def bench(
    cases: Annotated[int, typer.Option(min=10, max=10_000_000, help="案件数（诉求与网格事件之和）")],
    seed: Annotated[int, typer.Option(help="种子，相同则案件相同")] = 1,
    database: Annotated[
        str | None, typer.Option(help="放合成数据的数据库，须为空，用后保留；缺省为用后即弃的内置数据库")
    ] = None,
    each: Annotated[int, typer.Option(min=1, max=1_000, help="每个指标问多少次")] = 20,
    rebuild: Annotated[bool, typer.Option(help="再重建一次读模型，比对重建前后各数")] = False,
    pages: Annotated[bool, typer.Option(help="再测量各页面在服务端的用时")] = False,
    as_json: AsJson = False,
) -> None:
    """生成合成数据, 并在其上测量统计.

    数据库中已有合成数据时不再生成, 直接测量; 案件数以库中为准.
    """
    configure("WARNING")
    with _database(database) as url, tempfile.TemporaryDirectory(prefix="wangge-bench-") as folder:
        # A base that stays needs its keys again, so they lie where those of the program do.
        data_dir = {} if database else {"data_dir": Path(folder)}
        settings = load(database_url=url, city=CITY, districts=DISTRICTS, **data_dir)
        if others := bulk.foreign_logs(url, CITY):
            raise typer.BadParameter(f"该数据库存有 {'、'.join(others)} 的日志，不得混入合成数据")
        measured = Measured(cases, seed)
        _make(settings, measured, each)
        asyncio.run(_measure(settings, measured, each, rebuild=rebuild, pages=pages))
        measured.sizes = bulk.sizes(url)
    say(measured, as_json)


def _make(settings: Settings, measured: Measured, each: int) -> None:
    """The base and its read models, and how fast the first quarter answers while it is all there is."""
    url, of_district = settings.database_url or "", shares(measured.cases)
    if asyncio.run(_prepared(settings)):
        if unfinished := bulk.unfinished_logs(url):
            raise typer.BadParameter(f"{'、'.join(unfinished)} 的生成曾中断，请换一个空的数据库")
        measured.cases = bulk.count_cases(url)
        return
    with _bars() as heard, processes(min(os.cpu_count() or 1, len(DISTRICTS)), heard) as workers:
        began = perf_counter()
        filled = workers.each(
            fill_district, [(settings, code, count, measured.seed) for code, count in of_district.items()]
        )
        measured.events, measured.made_seconds = sum(one.events for one in filled), perf_counter() - began
        _project(settings, measured, workers, {one.code: one.quarter for one in filled})
        bulk.settle(url)
        first = list(questions(measured.seed + 1, max(each // 4, 1), FIRST_QUARTER))
        measured.quarter = pace([one.seconds for one in asyncio.run(_asked(settings, first))])
        _project(settings, measured, workers, dict.fromkeys(of_district))
    bulk.settle(url)
    measured.quarter_in_all = pace([one.seconds for one in asyncio.run(_asked(settings, first))])


def _project(settings: Settings, measured: Measured, workers: Workers, upto: Mapping[str, int | None]) -> None:
    began = perf_counter()
    done = workers.each(project_district, [(settings, code, position) for code, position in upto.items()])
    measured.projected_events = (measured.projected_events or 0) + sum(done)
    measured.projected_seconds = (measured.projected_seconds or 0.0) + perf_counter() - began


async def _prepared(settings: Settings) -> bool:
    """Whether there are cases already; else the town is registered now."""
    async with open_house(settings) as house:
        if any([await house.services.logs.named(code).last_position() for code in DISTRICTS]):
            return True
        if not house.services.registry.entries(CaseType, lambda _: True, limit=1):
            await house.services.desk.register_many(entries(Act(_FOUNDER, datetime.combine(SINCE, time(1), UTC))))
        await fill_models(house.projector, house.services.logs.city)
    return False


async def _asked(settings: Settings, several: Sequence[Question]) -> list[Asked]:
    """As `ask`, after a few that do not count: connections and plans are made once."""
    async with open_house(settings) as house:
        return await _ask(house, several)


async def _ask(house: House, several: Sequence[Question]) -> list[Asked]:
    warm_up = list({one.number: one for one in several}.values())
    async for _ in ask(house.services, warm_up, END, perf_counter):
        pass
    return [one async for one in ask(house.services, several, END, perf_counter)]


async def _measure(settings: Settings, measured: Measured, each: int, *, rebuild: bool, pages: bool) -> None:
    async with open_house(settings) as house:
        logs = [house.services.logs.named(code) for code in DISTRICTS]
        measured.events = sum([await log.last_position() for log in logs])
        asked = await _ask(house, list(questions(measured.seed, each)))
        measured.numbers, measured.all = by_number(asked), pace([one.seconds for one in asked])
        if rebuild:
            began = perf_counter()
            await house.projector.rebuild()
            measured.rebuilt_seconds = perf_counter() - began
            measured.projected_events = measured.events
            again = await _ask(house, [one.question for one in asked])
            measured.same_after_rebuild = [one.answer for one in again] == [one.answer for one in asked]
        if pages:
            from interfaces.cli.bench_pages import measure_pages  # brings all routes, which take most of a second

            measured.pages = await measure_pages(house, each)


@contextmanager
def _database(url: str | None) -> Iterator[str]:
    """The one named, or one that goes when the block ends."""
    if url is not None:
        yield url
    else:
        with own_server() as own:
            yield own


@contextmanager
def _bars() -> Iterator[Heard]:
    """Two bars a district, on standard error: what is on record of its year, and what of that is projected."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {
            (what, code): bars.add_task(f"{what} {code}", total=1.0) for what in (MADE, PROJECTED) for code in DISTRICTS
        }
        yield lambda what, code, share: bars.update(tasks[what, code], completed=share)
