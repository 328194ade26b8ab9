"""`wangge import divisions`, `townships`, `division-changes`, and `wangge divisions lookup`: options, what to tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.importing.division_changes import ImportingDivisionChanges
from application.importing.divisions import ImportingDivisions
from application.importing.report import ImportReport
from application.registry.code_book import Placed
from domain.actor import Act
from domain.place import division_code
from domain.registry.code_table import CodeTable
from domain.registry.entry import civil_day
from interfaces.cli.house import in_house
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.cli.options import AsJson as Json
from interfaces.cli.options import a_day
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

EVERYWHERE = ""
progress_console = Console(stderr=True)
codes = typer.Typer(no_args_is_help=True, help="区划的代码")


ListFile = Annotated[Path, typer.Argument(help="CSV 文件，编码为 UTF-8 或 GB18030", show_default=False)]
Source = Annotated[str | None, typer.Option(help="名单的出处，如 国家统计局2023；不填则为文件名")]
ValidFrom = Annotated[date | None, a_day("名单自哪一天起作数；不填则为今天")]
Year = Annotated[int | None, typer.Option(min=1949, max=2999, help="版次；不填则取出处中的年份")]
Within = Annotated[str | None, typer.Option(help="只取此区划之内的和它的各级上级；不填则为本市")]
Everywhere = Annotated[bool, typer.Option("--all", help="文件中的全部区划，本市以外的也登记")]


def divisions(
    file: ListFile, source: Source = None, valid_from: ValidFrom = None, within: Within = None,
    everywhere: Everywhere = False, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
    table: Annotated[CodeTable, typer.Option(help="名单属于哪个码表")] = CodeTable.NBS, year: Year = None,
) -> None:  # fmt: skip
    """导入区划名单 (列为 level、code、name、parent_code), 可反复导入: 新的登记, 名称变了的更名, 其余不变.

    缺省只取本市的, 其他城市的略过. --within 取另一支, --all 全取. 名单中没有的不动.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """
    branch = _branch(within, everywhere)

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        return await ImportingDivisions(house.services.desk).run(
            act, content, source=source or file.name, valid_from=valid_from or civil_day(act.at), table=table,
            year=year, within=branch(house), dry_run=dry_run, skip_rejected=skip_rejected,
        )  # fmt: skip

    # Who runs the program names the branch, which may lie outside the city and needs its ancestors.
    bring_in(file, use, as_json=as_json, everywhere=True)


def townships(
    file: ListFile, source: Source = None, valid_from: ValidFrom = None, within: Within = None,
    everywhere: Everywhere = False, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
    year: Year = None,
) -> None:  # fmt: skip
    """导入民政部乡级名单 (列为 county_code、county、code12、name): 按名称认出已登记的, 增记其民政部代码.

    同码异名的不并, 另立一个区划, 列为待定.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """
    branch = _branch(within, everywhere)

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        return await ImportingDivisions(house.services.desk).townships(
            act, content, source=source or file.name, valid_from=valid_from or civil_day(act.at), year=year,
            within=branch(house), dry_run=dry_run, skip_rejected=skip_rejected,
        )  # fmt: skip

    bring_in(file, use, as_json=as_json, everywhere=True)


def division_changes(
    file: ListFile, source: Source = None, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """导入区划变更表 (year、type、变更前后的代码、名称和路径), 逐年重放为区划的变更; 存疑的行列为待定.

    表中只有年份: 一年的变更都自当年 1 月 1 日起作数. 先导入早的年份, 再导入晚的.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        with Progress(
            TextColumn("重放变更"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=progress_console
        ) as bar:
            task = bar.add_task("", total=None)
            return await ImportingDivisionChanges(house.services.desk).run(
                act, content, source=source or file.name, dry_run=dry_run, skip_rejected=skip_rejected,
                progress=lambda settled, lines: bar.update(task, completed=settled, total=lines),
            )  # fmt: skip

    bring_in(file, use, as_json=as_json, everywhere=True)


@codes.command("lookup")
def lookup(
    code: Annotated[str, typer.Argument(help="区划代码，2、4、6、9 或 12 位")],
    on: Annotated[date | None, a_day("哪一天；不填则为今天")] = None,
    source: Annotated[CodeTable | None, typer.Option(help="哪个码表；不填则为全部")] = None,
    as_json: Json = False,
) -> None:
    """查码: 某日此代码是哪里, 依哪个码表. 没有时返回 1."""
    asked = division_code(code)

    async def ask(house: House, act: Act) -> list[Placed]:
        return list(house.services.registry.code_book.places_of(asked, on or civil_day(act.at), source))

    found = in_house(ask)
    if as_json:
        say_json([_told(placed) for placed in found])
    else:
        _show(found)
    raise typer.Exit(0 if found else 1)


def _branch(within: str | None, everywhere: bool) -> Callable[[House], str]:
    if everywhere and within is not None:
        raise typer.BadParameter("不能与 --all 同时给出", param_hint="--within")

    def branch(house: House) -> str:
        return EVERYWHERE if everywhere else division_code(house.settings.city if within is None else within)

    return branch


def _told(placed: Placed) -> dict[str, object]:
    division = placed.division
    said = [
        {"table": one.table, "year": one.year, "name": one.name, "from": one.valid_from, "until": one.valid_until}
        for one in placed.said
    ]
    return {"id": str(division.id), "code": division.code, "name": division.name, "said": said}


def _show(found: list[Placed]) -> None:
    if not found:
        typer.echo("当日没有区划用此代码。")
        return
    rows = [
        [
            CodeTable(one.table).label, str(one.year or ""), one.name, one.valid_from, one.valid_until or "",
            f"{placed.division.name} {placed.division.code}",
        ]
        for placed in found
        for one in placed.said
    ]  # fmt: skip
    say_table(("码表", "版次", "名称", "自", "至", "本市登记"), rows)
