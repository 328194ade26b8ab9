"""`wangge grids` and `wangge import grids`, `boundaries`: the map as files, what is wrong with it, cases that move."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from application.importing.report import ImportReport
from application.moving_cases import Moves
from domain.actor import Act
from domain.registry.entry import civil_day
from domain.registry.ground import Topology
from interfaces.cli.house import in_house
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.cli.options import AsJson as Json
from interfaces.cli.options import a_day
from interfaces.cli.telling import say_json
from interfaces.wiring import House

FOUND_WRONG = 1
MOST_NAMED = 50
grids = typer.Typer(no_args_is_help=True, help="网格：导出地图、拓扑检查、移格")
console = Console(stderr=True)


On = Annotated[date | None, a_day("哪一天的网格；不填则为今天")]
Within = Annotated[str, typer.Option(help="在此区划之内；不填则为全市")]
File = Annotated[Path, typer.Argument(help="GeoJSON 要素集合，CGCS2000 经纬度", show_default=False)]


def import_grids(
    file: File,
    valid_from: Annotated[date | None, a_day("自哪一天起；不填则为今天")] = None,
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入网格, 可反复导入: 新的划定, 边界、名称等变了的调整, 其余不变; 文件中没有的不动.

    属性: code、name、kind、supervision_phone、aliases. 行号即第几个要素. 导入后的整个社区须无重叠、空隙和越界.

    返回码: 0 全部导入, 1 有拒收因而没有导入, 2 无法导入.
    """

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        with _bar() as bar:
            task = bar.add_task("导入网格", total=None)
            return await house.services.grid_work.importing.run(
                act, content, valid_from=valid_from, dry_run=dry_run, skip_rejected=skip_rejected,
                progress=lambda settled, lines: bar.update(task, completed=settled, total=lines),
            )  # fmt: skip

    bring_in(file, use, as_json=as_json)


def import_boundaries(
    file: File,
    source: Annotated[str | None, typer.Option(help="界线的出处；不填则为文件名")] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="本市以外的区划也导入")] = False,
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入区划界线, 可反复导入. 属性 code 为已登记的区划代码.

    返回码: 0 全部导入, 1 有拒收因而没有导入, 2 无法导入.
    """

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        return await house.services.grid_work.boundaries.run(
            act, content, source=source or file.name, dry_run=dry_run, skip_rejected=skip_rejected
        )

    bring_in(file, use, as_json=as_json, everywhere=everywhere)


@grids.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="写入哪个文件；不填则为标准输出", show_default=False)] = None,
    within: Within = "",
    on: On = None,
) -> None:
    """导出网格地图: 当日有效的网格, GeoJSON 要素集合; 可原样导入."""

    async def use(house: House, act: Act) -> list[dict[str, object]]:
        return list(house.services.grid_work.questions.features(within=within, on=on or civil_day(act.at)))

    features = in_house(use)
    told = {"type": "FeatureCollection", "reference_system": "CGCS2000 (EPSG:4490)", "features": features}
    text = json.dumps(told, ensure_ascii=False)
    if file is None:
        typer.echo(text)
        return
    file.write_text(text, encoding="utf-8")
    console.print(f"已导出 {len(features)} 个网格到 {file}", highlight=False)


@grids.command()
def check(within: Within = "", on: On = None, as_json: Json = False) -> None:
    """拓扑检查: 重叠、空隙和越出社区的网格. 返回码: 0 无误, 1 有误."""

    async def use(house: House, act: Act) -> Topology:
        return await house.services.grid_work.questions.topology(within=within, on=on or civil_day(act.at))

    found = in_house(use)
    if as_json:
        say_json({"sound": found.sound} | asdict(found))
    else:
        _tell(found)
    raise typer.Exit(0 if found.sound else FOUND_WRONG)


@grids.command()
def move(
    code: Annotated[str, typer.Argument(help="调整过的网格的编码", show_default=False)], as_json: Json = False
) -> None:
    """移格: 把网格的未结案件移入其所在地现属的网格. 可随时重来; 中断后再次执行即可继续.

    返回码: 0 全部移完, 1 有案件待派遣员确定.
    """

    async def use(house: House, act: Act) -> Moves:
        await house.projector.catch_up()
        total, after = Moves(), None
        with _bar() as bar:
            task = bar.add_task("移格", total=None)
            while True:
                moves = await house.services.grid_work.moving.run(act, code=code, after=after)
                total.issues, total.requests = total.issues + moves.issues, total.requests + moves.requests
                total.left, total.waiting = total.left + moves.left, total.waiting + moves.waiting
                bar.update(task, completed=total.issues + total.requests + total.left + len(total.waiting))
                after = moves.after
                if after is None:
                    return total

    moves = in_house(use)
    if as_json:
        say_json(asdict(moves))
    else:
        out = Console(highlight=False, markup=False)
        out.print(f"移走网格事件 {moves.issues} 件、诉求 {moves.requests} 件，无须移 {moves.left} 件")
        for one in moves.waiting[:MOST_NAMED]:
            out.print(f"待派遣员确定：{one.kind} {one.id}：{one.why}")
        if len(moves.waiting) > MOST_NAMED:
            out.print(f"…还有 {len(moves.waiting) - MOST_NAMED} 件，加 --json 可看全部")
    raise typer.Exit(FOUND_WRONG if moves.waiting else 0)


def _tell(found: Topology) -> None:
    out = Console(highlight=False, markup=False)
    counts = Table(show_header=False)
    for label, number in (("重叠", len(found.overlaps)), ("空隙", len(found.gaps)), ("越界", len(found.strays))):
        counts.add_row(label, str(number))
    out.print(counts)
    faults: list[object] = [*found.overlaps, *found.gaps, *found.strays]
    for fault in faults[:MOST_NAMED]:
        out.print(str(fault), soft_wrap=True)
    if len(faults) > MOST_NAMED:
        out.print(f"…还有 {len(faults) - MOST_NAMED} 处，加 --json 可看全部")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
