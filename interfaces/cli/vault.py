"""`wangge vault`: the key-encryption keys that personal data is sealed under."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.actor import Act
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

vault = typer.Typer(no_args_is_help=True, help="密钥库：密封个人信息的主密钥")


@vault.command("list")
def show(as_json: AsJson = False) -> None:
    """列出各主密钥封装的密钥数."""

    async def work(house: House, act: Act) -> dict[str, int]:
        return dict(await house.services.keys.standing())

    standing = in_house(work)
    if as_json:
        say_json(standing)
    else:
        say_table(("主密钥", "封装的密钥"), standing.items())


@vault.command()
def rotate(
    resume: Annotated[bool, typer.Option("--continue", help="不再生成新的主密钥，继续上次未完成的更换")] = False,
    as_json: AsJson = False,
) -> None:
    """更换主密钥: 以新的主密钥重新封装全部密钥, 不触动事件和已密封的内容."""
    columns = (TextColumn("更换主密钥"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

    async def work(house: House, act: Act) -> str:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=None)
            return await house.services.keys.rotate(
                lambda done, total: bar.update(task, completed=done, total=total), renew=not resume
            )

    kek_id = in_house(work)
    if as_json:
        say_json({"current": kek_id})
    else:
        typer.echo(f"现用主密钥 {kek_id}；数分钟后可执行 wangge vault retire 销毁旧的")


@vault.command()
def retire(as_json: AsJson = False) -> None:
    """销毁不再使用的旧主密钥; 此前已销毁的个人密钥, 从旧备份中也不能恢复."""

    async def work(house: House, act: Act) -> list[str]:
        return await house.services.keys.retire()

    retired = in_house(work)
    if as_json:
        say_json({"retired": retired})
    else:
        typer.echo(f"已销毁旧主密钥 {len(retired)} 把")
