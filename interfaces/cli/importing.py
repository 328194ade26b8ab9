"""What all `wangge import` commands of reference data share: options, the report for people and for programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from application.importing.report import ImportReport, Line, Outcome
from domain.actor import Act
from domain.refusals import Refused
from domain.registry.refusals import BadFile
from interfaces.cli.house import in_house
from interfaces.cli.telling import say_json
from interfaces.wiring import House

MOST_NAMED = 50
MOST_BYTES = 64 * 1024 * 1024
NOT_IMPORTABLE, NOT_TAKEN = 2, 1
DryRun = Annotated[bool, typer.Option("--dry-run", help="逐行校验，什么都不写")]
SkipRejected = Annotated[bool, typer.Option("--skip-rejected", help="有拒收的行也导入其余各行；缺省为整份不收")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出逐行结果")]
console = Console(stderr=True)


def bring_in(
    file: Path, use: Callable[[House, Act, bytes], Awaitable[ImportReport]], *, as_json: bool, everywhere: bool = False,
    names_left_out: bool = False,
) -> None:  # fmt: skip
    """Open the house, let `use` import the file, tell, end: 0 taken, 1 not taken for its rejected lines, 2 not a file.

    `everywhere` lets the operator speak of places outside the city; `names_left_out` tells those lines one by one.
    """
    try:
        found = content(file)
        report = in_house(lambda house, act: use(house, act, found), everywhere=everywhere)
    except Refused as refused:
        console.print(f"{refused.title()}：{refused.detail()}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(NOT_IMPORTABLE) from None
    if as_json:
        say_json({"counts": report.counts, "lines_total": len(report.lines)} | asdict(report))
    else:
        tell(report, names_left_out=names_left_out)
    rejected = report.of(Outcome.REJECTED)
    raise typer.Exit(NOT_TAKEN if rejected and not report.taken else 0)


def content(file: Path) -> bytes:
    """All of the file, or a byte more than can be taken. Refuses `BadFile`."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise BadFile(problem=f"打不开 {file}，请核对路径和权限") from wrong


def tell(report: ImportReport, *, names_left_out: bool = False) -> None:
    """For people, on standard output: counts, then the lines somebody has to look at."""
    out = Console(highlight=False, markup=False)
    if report.dry_run:
        out.print("试运行，什么都没有写入；正式导入时将会：")
    elif not report.taken:
        out.print("有拒收的行，整份没有导入；请改正后重试，或加 --skip-rejected 略过它们。")
    counts = Table(show_header=False)
    counts.add_column()
    counts.add_column(justify="right")
    counts.add_row("行数", str(len(report.lines)))
    for outcome in Outcome:
        counts.add_row(outcome.label, str(report.counts[outcome.value]))
    out.print(counts)
    named = [outcome for outcome in Outcome if names_left_out or outcome is not Outcome.LEFT_OUT]
    noted = [line for line in report.of(*named) if line.note]
    if noted:
        out.print(_named(noted[:MOST_NAMED]))
    if len(noted) > MOST_NAMED:
        out.print(f"…还有 {len(noted) - MOST_NAMED} 行，加 --json 可看全部")


def _named(lines: list[Line]) -> Table:
    table = Table("行号", "代码", "结果", "说明")
    for line in lines:
        table.add_row(str(line.number), Text(line.code), line.outcome.label, Text(line.note))
    return table
