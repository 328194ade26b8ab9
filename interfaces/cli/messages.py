"""`wangge import messages`: what residents wrote to another system comes in. Reads options, tells what happened."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from application.importing.message_columns import FIELDS, read_mapping
from application.importing.message_faults import Rejected
from application.importing.message_file import open_text, records
from application.importing.message_rows import open_messages
from application.importing.message_saving import ImportOrder
from application.importing.messages import ImportingMessages, MessageImport
from application.importing.reject_file import RejectFile
from domain.refusals import Refused
from domain.vocabulary import RequestKind
from interfaces.wiring import Settings, cli_actor, configure, load, open_house

MOST_NAMED = 20
NOT_IMPORTABLE, SOME_REJECTED, INTERRUPTED = 2, 1, 130
console = Console(stderr=True)


@dataclass
class Report:
    """What the importer is told: the counts, the first rejected lines, where all of them are."""

    source: str
    dry_run: bool
    ignored: list[str]
    result: MessageImport = field(default_factory=MessageImport)
    named: list[Rejected] = field(default_factory=list)
    rejects: Path | None = None

    def name(self, rejected: Rejected) -> None:
        """Remember the line if it is among the first."""
        if len(self.named) < MOST_NAMED:
            self.named.append(rejected)

    def as_json(self) -> str:
        """For machines. Holds nothing a resident wrote."""
        counts = vars(self.result) | {
            "source": self.source,
            "dry_run": self.dry_run,
            "changed": self.result.changed and not self.dry_run,
            "ignored_columns": self.ignored,
            "reasons": [
                {"code": code, "title": title, "count": number}
                for (code, title), number in self.result.reasons.most_common()
            ],
            "first_rejected": [
                {"line": one.line, "code": one.code, "title": one.title, "reply_only": one.reply_only}
                for one in self.named
            ],
            "rejects": self.rejects and str(self.rejects),
        }
        return json.dumps(counts, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """For people. Holds nothing a resident wrote."""
        told = self.result
        lines = ["试运行，什么都没有写入；正式导入时将会："] if self.dry_run else []
        lines += [f"留言 {told.lines} 条：导入 {told.received}，此前已有 {told.already_there}，拒收 {told.rejected}"]
        lines += [f"答复：导入 {told.replies}，此前已有 {told.replies_there}，拒收 {told.replies_rejected}"]
        lines += [] if told.changed or told.reasons else ["没有新内容，未作任何更改"]
        lines += [f"未使用的列：{'、'.join(self.ignored)}"] if self.ignored else []
        lines += [f"  {number} 处 {title}" for (_, title), number in told.reasons.most_common()]
        lines += [f"  第 {one.line} 行{'的答复' if one.reply_only else ''}：{one.title}" for one in self.named]
        lines += [f"拒收清单：{self.rejects}（改好后可直接导入）"] if self.rejects else []
        return "\n".join(lines)


def messages(
    file: Annotated[Path, typer.Argument(help="CSV 文件，可用 gzip 压缩，编码为 UTF-8 或 GB18030", show_default=False)],
    source: Annotated[str, typer.Option(help="来源系统的代号，如 ask-gov-2019；同一来源的同一编号只导入一次")],
    place: Annotated[str | None, typer.Option(help="归属的区划或网格编码，不填则归全市")] = None,
    kind: Annotated[RequestKind, typer.Option(help="未写明类型的留言按此类型")] = RequestKind.OTHER,
    zone: Annotated[str, typer.Option(help="文件中的时间所在的时区")] = "Asia/Shanghai",
    column: Annotated[
        list[str] | None, typer.Option(help=f"字段=列名，可多次给出；字段：{'、'.join(FIELDS)}", show_default=False)
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="列映射文件，TOML 或 JSON，写“字段 = 列名”")] = None,
    rejects: Annotated[Path | None, typer.Option(help="拒收清单，有拒收时才建；不填则建在当前目录")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="逐条校验，什么都不写")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出结果")] = False,
) -> None:
    """导入其他系统的群众留言及其答复. 返回码: 0 全部导入, 1 有拒收, 2 无法导入."""
    settings = load()
    configure("WARNING")
    try:
        chosen = (read_mapping(mapping) if mapping else {}) | _pairs(column or [])
        order = ImportOrder(cli_actor(settings), source, place, kind, _zone(zone), dry_run)
        report = asyncio.run(_import(settings, file, chosen, order, _place_for_rejects(file, rejects)))
    except Refused as refused:
        console.print(f"{refused.title()}：{refused.detail()}", style="red", markup=False)
        raise typer.Exit(NOT_IMPORTABLE) from None
    except KeyboardInterrupt:
        console.print("已中断。已导入的不受影响，重新运行即可继续。", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    typer.echo(report.as_json() if as_json else report.as_text())
    raise typer.Exit(SOME_REJECTED if report.result.reasons else 0)


async def _import(settings: Settings, file: Path, chosen: dict[str, str], order: ImportOrder, rejects: Path) -> Report:
    total = _lines_of(file)
    with open_messages(file, chosen) as opened:
        report = Report(order.source, order.dry_run, opened.columns.ignored)
        async with open_house(settings) as house:
            importing = ImportingMessages(house.services.requests, house.services.clock)
            with _bar() as bar, RejectFile(rejects, opened.columns.header) as kept:
                task = bar.add_task("导入留言", total=total)

                def reject(rejected: Rejected) -> None:
                    report.name(rejected)
                    if not order.dry_run:
                        kept.write(rejected)
                        report.rejects = rejects

                report.result = await importing.run(
                    opened, order, reject=reject, total=total,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )  # fmt: skip
    return report


def _lines_of(file: Path) -> int | None:
    """How many lines will be settled; unknown for a pipe, which can be read only once."""
    if not file.is_file():
        return None
    with open_text(file) as text:
        return max(sum(1 for _ in records(text)) - 1, 0)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console)


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if not all(name and column for name, _, column in pairs):
        raise typer.BadParameter("应写作 字段=列名", param_hint="--column")
    return {name.strip(): column.strip() for name, _, column in pairs}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise typer.BadParameter(f"没有时区 {name}", param_hint="--zone") from None


def _place_for_rejects(file: Path, asked: Path | None) -> Path:
    """What was asked for, or the first free name in the current directory: a list somebody mends is not lost."""
    if asked is not None:
        if asked.exists():
            raise typer.BadParameter(f"{asked} 已存在，请换一个位置", param_hint="--rejects")
        return asked
    stem = file.name.removesuffix(".gz").removesuffix(".csv")
    names = chain([f"{stem}.rejected.csv"], (f"{stem}.rejected-{number}.csv" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())
