"""`wangge replay` 重放: the past at the command line, and whether what is served is what the events say."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.audit.replaying import BoardThen, CaseThen, Wanted
from domain.actor import Act, Actor, Role
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

replay = typer.Typer(no_args_is_help=True, help="重放：任一时刻的案件、台账和在手工作")
console = Console(stderr=True)
DIFFERENT = 1


def _time(text: str) -> datetime | int:
    try:
        found = int(text) if text.isdigit() else datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”应为日志位置，或带时区的时刻，如 2026-11-02T09:30:00+08:00") from None
    if isinstance(found, datetime) and found.tzinfo is None:
        raise typer.BadParameter(f"“{text}”缺少时区，应如 2026-11-02T09:30:00+08:00")
    return found


At = Annotated[Any, typer.Option("--at", parser=_time, metavar="位置或时刻", help="何时")]
LogId = Annotated[str, typer.Argument(metavar="日志", help="日志编号，如 150785")]
CaseId = Annotated[UUID, typer.Argument(metavar="案件", help="案件编号")]


@replay.command()
def case(case: CaseId, at: At, as_json: AsJson = False) -> None:
    """一个案件当时的样子."""
    then: CaseThen = in_house(lambda house, act: house.services.replaying.case(_auditor(act), case, at))
    if as_json:
        say_json(asdict(then))
        return
    typer.echo(f"{then.log} 第 {then.position} 位，记录于 {then.recorded_at.isoformat()}，第 {then.version} 步")
    say_table(
        ("内容", "当时的值"), [(name, value) for name, value in then.state.items() if value not in (None, "", [])]
    )
    say_table(
        ("时限", "状态", "已用", "剩余"), [(c.label, c.state_label, c.used_text, c.left_text) for c in then.clocks]
    )


@replay.command()
def difference(
    case: CaseId,
    start: Annotated[Any, typer.Option("--from", parser=_time, metavar="位置或时刻", help="自何时")],
    end: Annotated[Any, typer.Option("--to", parser=_time, metavar="位置或时刻", help="至何时")],
    as_json: AsJson = False,
) -> None:
    """一个案件在两个时间之间变了什么, 由哪些步骤引起."""
    found = in_house(lambda house, act: house.services.replaying.difference(_auditor(act), case, start, end))
    if as_json:
        say_json(asdict(found))
        return
    say_table(("内容", "先前", "后来"), [(one.name, one.before, one.after) for one in found.changes])
    say_table(("位置", "时间", "何人", "何事"), [(s.position, s.happened_at, s.who, s.what) for s in found.steps])


@replay.command()
def board(
    log: LogId, at: At,
    unit: Annotated[str | None, typer.Option(help="只列此单位主办的")] = None,
    place: Annotated[str, typer.Option(help="只列此区划或网格的")] = "",
    before: Annotated[int | None, typer.Option(help="上一页末尾的编号")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """网格事件台账当时的一页, 新的在前."""
    wanted = Wanted(unit=unit, place=place)
    _say_board(log, at, wanted, before, limit, as_json=as_json)


@replay.command()
def work(
    log: LogId, at: At, unit: Annotated[str, typer.Option(help="单位")],
    before: Annotated[int | None, typer.Option(help="上一页末尾的编号")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """一个单位当时手中的网格事件."""
    wanted = Wanted(holder=unit)
    _say_board(log, at, wanted, before, limit, as_json=as_json)


@replay.command()
def compare(log: LogId, as_json: AsJson = False) -> None:
    """从第一个事件起重新投影, 与服务中的逐行比对; 服务不受影响. 返回码: 0 一致, 1 有不同."""

    async def use(house: House, _act: Act) -> list[Any]:
        newest = (await house.projector.feed.newest([log]))[log]
        with _progress(shown=not as_json) as bar:
            tasks: dict[str, Any] = {}

            def moved(_log: str, projection: str, position: int) -> None:
                task = tasks.setdefault(projection, bar.add_task(projection, total=newest))
                bar.update(task, completed=position)

            return await house.comparing.run(log, moved)

    compared = in_house(use)
    if as_json:
        say_json([asdict(one) for one in compared])
    else:
        for one in compared:
            told = f"有 {one.differing} 行不同" if one.differing else "一致"
            typer.echo(f"{one.log_id} {one.projection} 到第 {one.position} 位：{told}")
            for odd in one.odd:
                typer.echo(f"  {'服务中' if odd.served else '重建后'} {odd.table}：{odd.row}")
    if any(one.differing for one in compared):
        raise typer.Exit(DIFFERENT)


def _auditor(act: Act) -> Actor:
    """The operator looks as an auditor does."""
    return replace(act.actor, roles=act.actor.roles | {Role.AUDITOR})


def _say_board(
    log: str, at: datetime | int, wanted: Wanted, before: int | None, limit: int, *, as_json: bool
) -> None:  # fmt: skip
    then: BoardThen = in_house(
        lambda house, act: house.services.replaying.board(_auditor(act), log, at, wanted, before, limit)
    )
    if as_json:
        say_json(asdict(then))
        return
    typer.echo(f"{then.log} 第 {then.position} 位，{then.moment.isoformat()}")
    say_table(
        ("编号", "案件", "环节", "网格", "主办"),
        [(one.state["number"], one.id, one.state["stage"], one.state["grid"], one.state["lead"]) for one in then.items],
    )
    if then.next:
        typer.echo(f"下一页：--before {then.next}")


def _progress(*, shown: bool) -> Progress:
    return Progress(
        TextColumn("比对"), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not shown,
    )  # fmt: skip
