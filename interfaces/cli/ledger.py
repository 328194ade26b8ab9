"""`wangge ledger`: a ledger 台账 as a file, within the whole city and without anybody's words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.statistics.ledger import Ledger, LedgerForm, LedgerQuestion
from application.statistics.ledgers import Written
from domain.actor import Act
from domain.registry.entry import CIVIL_TIME
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, a_day
from interfaces.cli.telling import say_json
from interfaces.wiring import House

console = Console(stderr=True)


def ledger(
    name: Annotated[Ledger, typer.Argument(help="台账", show_default=False)],
    since: Annotated[date, a_day("起（含）")],
    until: Annotated[date, a_day("止（不含）")],
    out: Annotated[Path, typer.Option(help="写到哪个文件，已有的会被换掉", dir_okay=False, show_default=False)],
    form: Annotated[LedgerForm, typer.Option("--format", help="文件格式")] = LedgerForm.XLSX,
    street: Annotated[str | None, typer.Option(help="街道编码")] = None,
    unit: Annotated[str | None, typer.Option(help="主办单位编码")] = None,
    category: Annotated[str | None, typer.Option(help="事项编码")] = None,
    channel: Annotated[str | None, typer.Option(help="渠道")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="环节，可给多个")] = None,
    overdue: Annotated[bool | None, typer.Option("--overdue/--in-time", help="只要超时的，或只要未超时的")] = None,
    column: Annotated[list[str] | None, typer.Option(help="列，可给多个，依此次序")] = None,
    as_json: AsJson = False,
) -> None:
    """导出台账: issues 案件, requests 诉求, units 单位绩效, call-backs 回访, returns 退单.

    首行为筛选、数据截至的位置和制表时间; 一份至多一百万行. 不含反映人信息和所写文字.
    """
    question = LedgerQuestion(
        name, midnight(since), midnight(until), street=street, unit=unit, category=category, channel=channel,
        stages=stage or (), overdue=overdue, columns=column or (),
    )  # fmt: skip
    if question.since >= question.until:
        raise typer.BadParameter("起须早于止")
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"没有文件夹 {out.absolute().parent}")

    async def write(house: House, act: Act) -> Written:
        with Progress(TextColumn(name.label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                      console=console) as bar:  # fmt: skip
            task = bar.add_task("", total=None)
            return await house.services.ledgers.write(
                act.actor, question, form, out, act.at,
                lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip

    written = in_house(write)
    if as_json:
        say_json({"file": str(out), "rows": written.rows, "positions": written.positions})
    else:
        typer.echo(f"{name.label} {written.rows} 行，写到 {out}")


def midnight(day: date) -> datetime:
    """When the day begins in the city."""
    return datetime.combine(day, time.min, CIVIL_TIME).astimezone(UTC)
