"""`wangge proof`: seal, check, and prove 证明. `verify` opens no database and asks no server."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import anyio.to_thread
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.proof.proof_file import BadProof, verified, written
from domain.actor import Act
from domain.proof.breach import Breach
from domain.proof.note import BadNote, NotSigned, VerifierKey
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.wiring import House, signed_with

proof = typer.Typer(no_args_is_help=True, help="封存与证明")
console = Console(stderr=True)
LogId = Annotated[str, typer.Argument(metavar="日志", help="日志编号, 如 150785")]
Position = Annotated[int, typer.Argument(min=1, metavar="位置", help="位置, 自 1 起")]
BROKEN, UNPROVEN = 1, 2


@proof.command()
def seal(as_json: AsJson = False) -> None:
    """立即封存全部日志的新事件. 返回码: 0 已封存, 1 有日志与封存时不符, 未予签名."""

    async def use(house: House, _act: Act) -> dict[str, list[Breach]]:
        broken = await anyio.to_thread.run_sync(house.sealer.seal)
        return {log_id: [broken[log_id]] if log_id in broken else [] for log_id in house.sealer.log_ids}

    _tell(in_house(use), as_json=as_json)


@proof.command()
def check(
    log: Annotated[str, typer.Option("--log", help="只核对这个日志; 缺省为全部")] = "", as_json: AsJson = False
) -> None:
    """逐条重读事件, 与哈希树、检查点和公布文件核对. 返回码: 0 无误, 1 有破绽, 逐一指出位置."""

    async def use(house: House, _act: Act) -> dict[str, list[Breach]]:
        if log and log not in house.sealer.log_ids:
            raise typer.BadParameter(f"没有日志 {log}")
        totals = {one.log: one.newest for one in await house.services.proving.standing()}
        found = {}
        with _progress(shown=not as_json) as bar:
            for log_id in [log] if log else house.sealer.log_ids:
                task = bar.add_task(log_id, total=totals[log_id])
                found[log_id] = await anyio.to_thread.run_sync(
                    house.sealer.check, log_id, lambda position, task=task: bar.update(task, completed=position)
                )
                bar.update(task, completed=totals[log_id])
        return found

    _tell(in_house(use), as_json=as_json)


@proof.command()
def checkpoint(log: LogId) -> None:
    """最新的检查点: 签名文书, 纯文本."""

    async def use(house: House, _act: Act) -> str:
        return (await house.services.proving.checkpoint(log)).note

    typer.echo(in_house(use), nl=False)


@proof.command()
def show(
    log: LogId, position: Position,
    tlog: Annotated[bool, typer.Option("--tlog", help="以 C2SP tlog-proof 格式输出, 不含叶的各项")] = False,
) -> None:  # fmt: skip
    """某一位置的证明文件, 离线可验."""

    async def use(house: House, act: Act) -> str:
        proven = await house.services.proving.proof(act, log, position)
        if tlog:
            return proven.evidence.text
        return json.dumps(written(proven), ensure_ascii=False, indent=2) + "\n"

    typer.echo(in_house(use), nl=False)


@proof.command()
def consistency(log: LogId, old: Position, new: Annotated[int | None, typer.Argument(metavar="新大小")] = None) -> None:
    """大小为 NEW 的树以大小为 OLD 的树开头的证明, JSON."""

    async def use(house: House, _act: Act) -> dict[str, Any]:
        return asdict(await house.services.proving.consistency(log, old, new))

    told = in_house(use)
    hashes = {name: told[name].hex() for name in ("old_root", "new_root")}
    typer.echo(json.dumps(told | hashes | {"path": [one.hex() for one in told["path"]]}, indent=2))


@proof.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="证明文件")],
    key: Annotated[list[str], typer.Option(help="信任的公钥 (wangge key show 所示), 可给多个", show_default=False)],
    receipt: Annotated[str, typer.Option(help="当初回执中的叶哈希, 十六进制")] = "",
) -> None:
    """离线验证证明文件: 不连数据库和服务. 返回码: 0 成立, 2 不成立."""
    try:
        keys = [VerifierKey.parse(one) for one in key]
        held = bytes.fromhex(receipt) if receipt else None
        leaf = verified(json.loads(file.read_bytes()), keys[0].name, keys, signed_with, receipt=held)
    except (BadProof, BadNote, NotSigned, ValueError) as wrong:
        console.print(f"不成立：{wrong}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(UNPROVEN) from None
    typer.echo(f"成立：日志 {leaf.log_id} 位置 {leaf.position} 为 {leaf.topic}，记录于 {leaf.recorded_at.isoformat()}")


def _tell(found: dict[str, list[Breach]], *, as_json: bool) -> None:
    """Say where logs are broken, and end with 1 if any is."""
    if as_json:
        told = {log_id: [asdict(one) for one in breaches] for log_id, breaches in found.items()}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for log_id, breaches in found.items():
            for one in breaches:
                typer.echo(f"{log_id} {one}")
            if not breaches:
                typer.echo(f"{log_id} 无误")
    if any(found.values()):
        raise typer.Exit(BROKEN)


def _progress(*, shown: bool) -> Progress:
    return Progress(
        TextColumn("核对"), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not shown,
    )  # fmt: skip
