"""`wangge import divisions`: a published list of divisions comes in. Reads options, tells what happened."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from application.command import deed
from application.importing.division_rows import MOST_BYTES, Rejected
from application.importing.divisions import DivisionImport, ImportingDivisions
from domain.place import division_code
from domain.refusals import Refused
from domain.registry.entry import civil_day, wording
from domain.registry.refusals import BadFile
from interfaces.wiring import cli_actor, configure, load, now, open_house

MOST_NAMED = 20
NOT_IMPORTABLE, SOME_REJECTED, INTERRUPTED = 2, 1, 130
EVERYWHERE = ""
console = Console(stderr=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是有效的日期，应如 2023-06-30") from None


def divisions(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV 文件，列为 level、code、name、parent_code，编码为 UTF-8 或 GB18030", show_default=False
        ),
    ],
    source: Annotated[str | None, typer.Option(help="名单的出处，如 国家统计局2023；不填则为文件名")] = None,
    valid_from: Annotated[
        date | None, typer.Option(parser=_day, metavar="年-月-日", help="新登记的区划自哪一天起有效；不填则为今天")
    ] = None,
    within: Annotated[str | None, typer.Option(help="只取此区划之内的和它的各级上级；不填则为本市")] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="文件中的全部区划，本市以外的也登记")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="逐行校验，什么都不写")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出结果")] = False,
) -> None:
    """导入区划名单, 可反复导入: 新的登记, 名称变了的更名, 其余不变; 名单中没有的不动.

    缺省只取本市的, 其他城市的略过. --within 取另一支, --all 全取.

    返回码: 0 全部导入, 1 有拒收, 2 无法导入.
    """
    if everywhere and within is not None:
        raise typer.BadParameter("不能与 --all 同时给出", param_hint="--within")
    try:
        branch = EVERYWHERE if everywhere else division_code(load().city if within is None else within)
        told = wording(source or file.name, "来源")
        result = asyncio.run(_import(file, branch, told, valid_from or civil_day(now()), dry_run))
    except Refused as refused:
        console.print(f"{refused.title()}：{refused.detail()}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(NOT_IMPORTABLE) from None
    except KeyboardInterrupt:
        console.print("已中断。已登记的都已保存，重新运行即可继续。", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        typer.echo(json.dumps(asdict(result) | {"lines": result.lines}, ensure_ascii=False, indent=2))
    else:
        _tell(result, branch)
    raise typer.Exit(SOME_REJECTED if result.rejected else 0)


async def _import(file: Path, branch: str, source: str, valid_from: date, dry_run: bool) -> DivisionImport:
    configure("WARNING")
    content, settings = _content(file), load()
    # Who runs the program names the branch, which may lie outside the city and needs its ancestors.
    operator = replace(cli_actor(settings), areas=(EVERYWHERE,))
    async with open_house(settings) as house:
        with Progress(
            TextColumn("导入区划"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        ) as bar:
            task = bar.add_task("", total=None)
            return await ImportingDivisions(house.services.desk).run(
                deed(operator, now=now()), content, source=source, valid_from=valid_from, within=branch,
                dry_run=dry_run, progress=lambda settled, lines: bar.update(task, completed=settled, total=lines),
            )  # fmt: skip


def _content(file: Path) -> bytes:
    """All of the file, or a byte more than can be taken. Refuses `BadFile`."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise BadFile(problem=f"打不开 {file}，请核对路径和权限") from wrong


def _tell(result: DivisionImport, branch: str) -> None:
    """For people, on standard output."""
    out = Console(highlight=False, markup=False)
    if result.dry_run:
        out.print("试运行，什么都没有写入；正式导入时将会：")
    counts = {
        "行数": result.lines, "登记": result.registered, "更名": result.renamed, "未变": result.unchanged,
        f"略过，不在 {branch or '全国'} 之内": result.left_out, "拒收": len(result.rejected),
    }  # fmt: skip
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, number in counts.items():
        table.add_row(label, str(number))
    out.print(table)
    if result.absent_parents:
        out.print(f"未登记的上级：{'、'.join(result.absent_parents)}。其下的已照收，请另行导入含有这些上级的名单。")
    if result.rejected:
        out.print(_rejected(result.rejected[:MOST_NAMED]))
    if len(result.rejected) > MOST_NAMED:
        out.print(f"…还有 {len(result.rejected) - MOST_NAMED} 行")


def _rejected(rejected: list[Rejected]) -> Table:
    table = Table("行号", "代码", "拒收原因")
    for one in rejected:
        table.add_row(str(one.line), Text(one.code), Text(one.reason))
    return table
