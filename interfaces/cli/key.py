"""`wangge key`: the keys that checkpoints are signed with 签名密钥. Opens no database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

import typer

from interfaces.cli.options import AsJson
from interfaces.wiring import Settings, key_ring, load, log_names

key = typer.Typer(no_args_is_help=True, help="检查点的签名密钥")


@key.command()
def show(as_json: AsJson = False) -> None:
    """各日志的公钥 (C2SP vkey) 及其签名期间, 交给审计方."""
    _tell(load(), as_json=as_json)


@key.command()
def rotate(
    days: Annotated[float, typer.Option(min=0, max=366, help="新旧密钥并签的天数; 旧密钥可能已泄露的填 0")] = 7,
    as_json: AsJson = False,
) -> None:
    """轮换: 启用一把新密钥; 旧的再并签一段时间, 使信任旧密钥的人得以信任新的. 运行中的服务随即采用."""
    settings = load()
    key_ring(settings).rotate(timedelta(days=days))
    _tell(settings, as_json=as_json)


def _tell(settings: Settings, *, as_json: bool) -> None:
    rows = [
        {
            "log": log_id, "key": str(one.named(origin)), "algorithm": "ed25519", "since": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else None,
        }
        for one in key_ring(settings).all_keys()
        for log_id, origin in log_names(settings).items()
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        until = f" 至 {row['until']}" if row["until"] else ""
        typer.echo(f"{row['key']}  {row['algorithm']}  {row['since']} 起{until}")
