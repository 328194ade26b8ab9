"""`wangge open311-key`: keys 接口密钥 of those who send requests in through Open311."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from application.open311.keys import USUAL_RATE, ApiKey
from domain.actor import Act
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

open311_key = typer.Typer(no_args_is_help=True, help="Open311 接口密钥")
Code = Annotated[str, typer.Argument(help="密钥代码")]


@open311_key.command()
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="持有者")],
    area: Annotated[str, typer.Option(help="可报送的区划代码")],
    jurisdiction: Annotated[str, typer.Option(help="客户端对该辖区的称呼 (jurisdiction_id)，可不填")] = "",
    per_minute: Annotated[int, typer.Option(min=1, max=6000, help="每分钟至多报送几次")] = USUAL_RATE,
    as_json: AsJson = False,
) -> None:
    """发放一个密钥; 密钥只显示这一次, 本系统只存其摘要."""

    async def work(house: House, act: Act) -> tuple[ApiKey, str]:
        return await house.services.open311.keys.add(
            code=code, name=name, area=area, jurisdiction=jurisdiction, per_minute=per_minute
        )

    key, secret = in_house(work)
    if as_json:
        say_json(asdict(key) | {"key": secret})
    else:
        typer.echo(secret)


@open311_key.command("list")
def show(as_json: AsJson = False) -> None:
    """列出全部密钥, 含已停用的; 不含密钥本身."""

    async def work(house: House, act: Act) -> list[ApiKey]:
        return list(await house.services.open311.keys.every())

    rows = [asdict(key) for key in in_house(work)]
    if as_json:
        say_json(rows)
    else:
        heads = ("代码", "持有者", "辖区", "称呼", "每分钟", "发放", "停用")
        say_table(heads, [["" if cell is None else cell for cell in row.values()] for row in rows])


@open311_key.command()
def end(code: Code) -> None:
    """停用一个密钥, 立即生效."""

    async def work(house: House, act: Act) -> None:
        await house.services.open311.keys.end(code)

    in_house(work)
