"""`wangge calendars` and `wangge import calendar`: years brought in, open deadlines re-set, what runs out when."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from application.command import deed
from application.importing.report import ImportReport
from application.recalculating import Recalculated
from application.registry.calendars_in_force import Standing
from domain.actor import Act
from domain.registry.entry import civil_day
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.wiring import House, cli_actor, configure, load, now, open_house

calendars = typer.Typer(no_args_is_help=True, help="工作日历：到期情况、采用已知年份、时限重算")
console = Console(stderr=True)
Code = Annotated[str, typer.Option("--calendar", help="工作日历代码，如 cn-office")]


def calendar(
    file: Annotated[Path, typer.Argument(help="holiday-cn 格式的 JSON，或 iCalendar (.ics)", show_default=False)],
    code: Code,
    source: Annotated[str | None, typer.Option(help="出处，如 国办发明电〔2025〕7号；不填则为文件名")] = None,
    year: Annotated[list[int] | None, typer.Option(help="只取这一年，可给出多个；不填则为文件中的全部")] = None,
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入放假安排到一个登记的工作日历, 可反复导入. 之后以 wangge calendars recalculate 重算未结案件的时限.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        return await house.services.importing_calendars.run(
            act, content, calendar=code, source=source or file.name, years=year or (), dry_run=dry_run,
            skip_rejected=skip_rejected,
        )  # fmt: skip

    bring_in(file, use, as_json=as_json)


@calendars.command("list")
def list_calendars(as_json: AsJson = False) -> None:
    """全部工作日历: 版本, 节假日公布到哪一天. 有即将到期的返回 1."""
    found = asyncio.run(_standing())
    if as_json:
        told = [{**vars(one), "runs_out_on": one.runs_out_on.isoformat()} for one in found]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        table = Table("代码", "名称", "版本", "公布到", "")
        for one in found:
            table.add_row(one.code, one.name, one.edition, str(one.runs_out_on), "即将到期" if one.alarm else "")
        Console(highlight=False, markup=False).print(table)
    raise typer.Exit(1 if any(one.alarm for one in found) else 0)


@calendars.command("take-over")
def take_over(code: Code) -> None:
    """采用程序所带的中国各年安排中, 此日历没有的或不同的."""
    asyncio.run(_take_over(code))
    console.print("已采用；请以 wangge calendars recalculate 重算未结案件的时限。")


@calendars.command("recalculate")
def recalculate(code: Code, reason: Annotated[str, typer.Option(help="理由")] = "", as_json: AsJson = False) -> None:
    """时限重算: 未结案件按此日历的最新版本重算, 已办结的、已过期的不动. 可随时中断、重来."""
    done = asyncio.run(_recalculate(code, reason))
    if as_json:
        told = {"changed": done.changed, "left": done.left, "busy": [str(case) for case in done.busy]}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"重算 {done.changed} 件，无须重算 {done.left} 件，正在被他人办理 {len(done.busy)} 件")
    raise typer.Exit(1 if done.busy else 0)


async def _standing() -> list[Standing]:
    configure("WARNING")
    async with open_house(load()) as house:
        return house.services.calendars.in_force.standing(civil_day(now()))


async def _take_over(code: str) -> None:
    configure("WARNING")
    settings = load()
    async with open_house(settings) as house:
        act = deed(cli_actor(settings), now=now())
        await house.services.calendars.take_over_known_years(act, code=code)


async def _recalculate(code: str, reason: str) -> Recalculated:
    configure("WARNING")
    settings = load()
    async with open_house(settings) as house:
        act = deed(cli_actor(settings), now=now(), reason=reason)
        with Progress(
            TextColumn("时限重算"), BarColumn(), TextColumn("{task.completed} 件"), TimeElapsedColumn(), console=console
        ) as bar:
            task = bar.add_task("", total=None)
            return await house.services.recalculating.run_all(
                act, calendar=code, progress=lambda seen: bar.update(task, completed=seen)
            )
