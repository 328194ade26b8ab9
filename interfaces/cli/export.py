"""`wangge export` and `verify` 导出与核验: a bundle for whoever trusts nobody, and the file that verifies it alone."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import anyio.to_thread
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.actor import Act
from interfaces.cli import verifier
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.wiring import House

console = Console(stderr=True)
RUNS_ALONE = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def export(
    out: Annotated[Path, typer.Argument(metavar="文件夹", help="写到这里, 须不存在或为空")],
    log: Annotated[str, typer.Option("--log", metavar="日志", help="日志编号, 如 150785")],
    first: Annotated[int | None, typer.Option("--from", min=1, help="自这个位置起; 缺省为 1")] = None,
    last: Annotated[int | None, typer.Option("--to", min=1, help="到这个位置; 缺省到最新的检查点")] = None,
    case: Annotated[UUID | None, typer.Option(help="只导出这一个案件, 不含他案数据")] = None,
    as_json: AsJson = False,
) -> None:
    """导出日志供核验: 先封存新事件, 再写出记录, 哈希树, 检查点, 公钥和格式. 导出包中没有密钥和明文个人信息."""
    if case and (first or last):
        raise typer.BadParameter("--case 不与 --from, --to 同用")

    async def use(house: House, _act: Act) -> dict[str, object]:
        if log not in house.sealer.log_ids[:-1]:
            raise typer.BadParameter(f"没有日志 {log}", param_hint="--log")
        broken = await anyio.to_thread.run_sync(house.sealer.seal)
        if log in broken:
            console.print(f"日志与封存时不符：{broken[log]}；照存储的样子导出，请核验。", style="red", markup=False)
        if case:
            return asdict(await anyio.to_thread.run_sync(house.exporter.case, log, case, out))
        with _progress(shown=not as_json) as bar:
            newest = last or next(one.sealed for one in await house.services.proving.standing() if one.log == log)
            task = bar.add_task(log, total=newest - (first or 1) + 1)

            def write() -> dict[str, object]:
                def moved(position: int) -> None:
                    bar.update(task, completed=position - (first or 1) + 1)

                return asdict(house.exporter.log(log, out, first=first or 1, last=last, moved=moved))

            written = await anyio.to_thread.run_sync(write)
            bar.update(task, completed=newest - (first or 1) + 1)
            return written

    try:
        told = in_house(use)
    except FileExistsError:
        raise typer.BadParameter(f"{out} 已有内容，请换一个空的文件夹") from None
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo(
            f"已导出日志 {told['log']} 的 {told['events']} 条事件（位置 {told['first']} 至 {told['last']}）到 {out}"
        )


def verify(context: typer.Context) -> None:
    """核验导出包: 不连数据库和网络; 即 verifier.py, 可单独取走运行. 返回码: 0 成立, 1 不成立, 2 无法核验."""
    raise typer.Exit(verifier.main(context.args))


def _progress(*, shown: bool) -> Progress:
    return Progress(
        TextColumn("导出"), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not shown,
    )  # fmt: skip
