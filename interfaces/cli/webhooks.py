"""`wangge webhooks`: which webhooks there are and how they fare, what was set aside, and sending it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from application.feed.webhooks import Delivery, HookStanding
from domain.actor import Act
from domain.registry.webhook import Webhook
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

webhooks = typer.Typer(no_args_is_help=True, help="事件回调")
Code = Annotated[str, typer.Argument(help="回调编号", show_default=False)]
ALL = 1_000_000


@webhooks.command("list")
def list_webhooks(as_json: AsJson = False) -> None:
    """列出回调和每个日志的进度."""

    async def ask(house: House, act: Act) -> list[tuple[Webhook, Sequence[HookStanding]]]:
        use = house.services.webhooks
        return [(one, await use.standings(one)) for one in use.find(act.actor, limit=ALL)]

    found = in_house(ask)
    if as_json:
        say_json([_told(one, standings) for one, standings in found])
    elif found:
        heads = ("编号", "名称", "状态", "日志", "位置", "待投", "搁置", "连续失败", "原因", "地址")
        say_table(heads, [row for one, standings in found for row in _rows(one, standings)])
    else:
        typer.echo("没有回调。")


@webhooks.command()
def parked(code: Code, as_json: AsJson = False) -> None:
    """列出一个回调搁置的投递."""

    async def ask(house: House, act: Act) -> Sequence[Delivery]:
        use = house.services.webhooks
        return await use.deliveries(use.get(act.actor, code), state="parked", limit=ALL)

    found = in_house(ask)
    if as_json:
        say_json([asdict(one) for one in found])
    elif found:
        heads = ("日志", "位置", "事件", "次数", "原因", "最后一次")
        rows = [(one.log, one.position, one.topic, one.attempts, one.failure, one.last_at.isoformat()) for one in found]
        say_table(heads, rows)
    else:
        typer.echo("没有搁置的投递。")


@webhooks.command()
def resend(
    code: Code,
    place: Annotated[str | None, typer.Argument(help="日志:位置，如 150785:42；不填则为全部搁置的")] = None,
) -> None:
    """再投一次：由正在运行的服务随后送出."""

    async def ask(house: House, act: Act) -> int:
        use = house.services.webhooks
        if place is None:
            left = await use.deliveries(use.get(act.actor, code), state="parked", limit=ALL)
            wanted = [(one.log, one.position) for one in left]
        else:
            wanted = [_place(place)]
        for log, position in wanted:
            await use.resend(act, code=code, log=log, position=position)
        return len(wanted)

    typer.echo(f"{in_house(ask)} 次投递将由服务再投。")


def _place(text: str) -> tuple[str, int]:
    log, _, position = text.partition(":")
    if not log.isdigit() or not position.isdigit():
        raise typer.BadParameter(f"“{text}”不是日志位置，应如 150785:42")
    return log, int(position)


def _state(one: Webhook, halted: bool) -> str:
    return "已终止" if one.ended else "已暂停" if one.paused else "已停投" if halted else "投递中"


def _rows(one: Webhook, standings: Sequence[HookStanding]) -> list[Sequence[object]]:
    if not standings:
        return [(one.code, one.name, _state(one, halted=False), "、".join(one.starts), "", "", "", "", "", one.url)]
    return [
        (
            one.code, one.name, _state(one, at.halted), at.log, at.position, at.backlog, at.parked, at.attempts,
            at.failure, one.url,
        )
        for at in standings
    ]  # fmt: skip


def _told(one: Webhook, standings: Sequence[HookStanding]) -> dict[str, object]:
    told = {name: getattr(one, name) for name in ("code", "name", "version", "url", "paused", "ended")}
    return told | {"topics": sorted(one.topics), "standings": [asdict(at) for at in standings]}
