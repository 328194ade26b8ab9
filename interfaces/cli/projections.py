"""`wangge projections`: where read models stand, what they could not take, and what an operator does about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.actor import Act
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

NOTHING_DONE = 1
projections = typer.Typer(no_args_is_help=True, help="投影：进度、死信、回退")
STATES = {"active": "服务中", "building": "重建中", "retired": "备回退", "dropping": "清除中"}
LETTER_STATES = {"poison": "无法投影", "waiting": "排队等候", "skipped": "已放弃"}
_Projection = Annotated[str | None, typer.Option(help="只限此投影，如 board")]
_Stream = Annotated[str | None, typer.Option(help="只限此案件编号")]


@projections.command("list")
def show(projection: _Projection = None, as_json: AsJson = False) -> None:
    """列出各投影各世代的进度与滞后, 以及死信."""

    async def work(house: House, act: Act) -> tuple[list[Any], list[Any]]:
        standing = await house.projector.generations.standing()
        return standing, await house.projector.letters.shown(projection)

    standing, letters = in_house(work)
    standing = [one for one in standing if projection in (None, one.projection)]
    if as_json:
        say_json({"generations": [asdict(one) for one in standing], "letters": [asdict(one) for one in letters]})
        return
    say_table(
        ("日志", "投影", "世代", "状态", "位置", "滞后事件", "滞后秒数", "无法投影", "等候", "放弃"),
        [
            (one.log_id, one.projection, one.generation, STATES[one.state], one.position, one.lag_events,
             f"{one.lag_seconds:.1f}", one.poison, one.waiting, one.skipped)
            for one in standing
        ],
    )  # fmt: skip
    if letters:
        say_table(
            ("日志", "投影", "世代", "位置", "案件编号", "事件", "状态", "错误", "次数"),
            [
                (one.log_id, one.projection, one.generation, one.position, one.stream_id, one.topic,
                 LETTER_STATES[one.state], one.error or "", one.attempts)
                for one in letters
            ],
        )  # fmt: skip


@projections.command()
def retry(stream: _Stream = None, projection: _Projection = None, as_json: AsJson = False) -> None:
    """按原顺序重试死信; 仍失败的留在原处.

    返回码: 0 全部成功, 1 仍有失败.
    """
    stream_id = _uuid(stream)

    async def work(house: House, act: Act) -> list[Any]:
        return await house.projector.letters.retry(projection, stream_id)

    retried = in_house(work)
    if as_json:
        say_json([asdict(one) for one in retried])
    else:
        for one in retried:
            left = "，仍有失败" if one.still_parked else ""
            typer.echo(f"{one.log_id} {one.projection} {one.stream_id}：补投 {one.taken} 个事件{left}")
    if any(one.still_parked for one in retried):
        raise typer.Exit(NOTHING_DONE)


@projections.command()
def skip(
    log: Annotated[str, typer.Argument(help="日志编号，如 150785")],
    projection: Annotated[str, typer.Argument(help="投影，如 board")],
    position: Annotated[int, typer.Argument(min=1, help="事件在日志中的位置")],
    as_json: AsJson = False,
) -> None:
    """放弃一个无法投影的事件, 并补投同一案件其后的事件."""

    async def work(house: House, act: Act) -> bool:
        return await house.projector.letters.skip(log, projection, position)

    skipped = in_house(work)
    _outcome(skipped, {"skipped": skipped}, "已放弃", "此处没有无法投影的事件", as_json)


@projections.command()
def rollback(
    log: Annotated[str, typer.Argument(help="日志编号，如 150785")],
    projection: Annotated[str, typer.Argument(help="投影，如 board")],
    as_json: AsJson = False,
) -> None:
    """回到上一世代: 先补齐其后的事件, 再切换."""

    async def work(house: House, act: Act) -> Any:
        return await house.projector.rebuilding.rollback(log, projection)

    done = in_house(work)
    facts = {"rolled_back": bool(done), "generation": done and done.generation}
    _outcome(bool(done), facts, f"已切换到世代 {done and done.generation}", "没有可以回退的世代", as_json)


@projections.command()
def drop(as_json: AsJson = False) -> None:
    """清除为回退保留的世代."""

    async def work(house: House, act: Act) -> list[Any]:
        return await house.projector.rebuilding.drop_retired()

    dropped = in_house(work)
    _outcome(True, {"dropped": len(dropped)}, f"已清除 {len(dropped)} 个世代", "", as_json)


def _outcome(done: bool, facts: dict[str, object], yes: str, no: str, as_json: bool) -> None:
    if as_json:
        say_json(facts)
    else:
        typer.echo(yes if done else no)
    if not done:
        raise typer.Exit(NOTHING_DONE)


def _uuid(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是案件编号") from None
