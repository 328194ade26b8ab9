"""`wangge what-if`: the same history under other limits, another calendar or other weights; worked off here."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.statistics.what_if import JobState, Supposition, Weights, WhatIfJob, WhatIfQuestion
from domain.actor import Act
from domain.limit_stages import LimitStage
from domain.statistics.what_if_refusals import WhatIfOver
from interfaces.cli.house import in_house
from interfaces.cli.ledger import midnight
from interfaces.cli.options import AsJson, a_day
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

LOOK_SECONDS = 0.2
console = Console(stderr=True)


def what_if(
    since: Annotated[date, a_day("起（含）：这天起立案的案件")],
    until: Annotated[date, a_day("止（不含）")],
    limits: Annotated[str, typer.Option(help="另一版时限规则，草案亦可")] = "",
    calendar: Annotated[str, typer.Option(help="另一个工作日历，用以计量所有时限")] = "",
    basically_satisfied: Annotated[float | None, typer.Option(min=0, max=1, help="基本满意计为多少")] = None,
    partly_solved: Annotated[float | None, typer.Option(min=0, max=1, help="部分解决计为多少")] = None,
    street: Annotated[str | None, typer.Option(help="街道编码")] = None,
    unit: Annotated[str | None, typer.Option(help="单位编码")] = None,
    category: Annotated[str | None, typer.Option(help="事项编码")] = None,
    as_json: AsJson = False,
) -> None:
    """试算: 同样的经过, 换一版时限、一个日历或一组权重, 谁会超时, 名次如何变. 不写入日志.

    两个权重须同时给出. 返回码: 0 已完成, 1 未完成.
    """
    if (basically_satisfied is None) != (partly_solved is None):
        raise typer.BadParameter("两个权重须同时给出")
    given = None if basically_satisfied is None else Weights(str(basically_satisfied), str(partly_solved))
    supposed = Supposition(limits, 0, calendar, given)
    question = WhatIfQuestion(
        midnight(since), midnight(until), supposed, street=street, unit=unit, category=category
    )  # fmt: skip
    if question.start >= question.end:
        raise typer.BadParameter("起须早于止")
    job = in_house(lambda house, act: _worked_off(house, act, question))
    if job.state is not JobState.DONE:
        console.print(f"试算{job.state.label}：{job.failure}", style="red", markup=False, highlight=False)
        raise typer.Exit(1)
    if as_json:
        say_json({"id": job.id, "positions": dict(job.positions), "result": job.result})
    else:
        _tell(job.result or {})


async def _worked_off(house: House, act: Act, question: WhatIfQuestion) -> WhatIfJob:
    """Ask, work, and follow how far it is. Another process may be the one that works."""
    what_ifs = house.services.what_ifs
    job = await what_ifs.ask(act, question)
    with Progress(TextColumn("试算"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("", total=None)
        working = asyncio.create_task(house.what_if_work.look())
        try:
            while job.state in (JobState.WAITING, JobState.RUNNING):
                if working.done():
                    working.result()
                await asyncio.sleep(LOOK_SECONDS)
                job = await what_ifs.find(act.actor, job.id)
                bar.update(task, completed=job.done, total=job.total)
            await working
        except BaseException:
            working.cancel()
            with suppress(WhatIfOver):
                await what_ifs.cancel(act, job.id)
            raise
    return job


def _tell(result: dict[str, Any]) -> None:
    typer.echo(
        f"案件 {result['cases']} 件，剔除 {result['exempt']} 件；会超时的时限 {result['newly_late']} 个，"
        f"不再超时的 {result['no_longer_late']} 个"
    )
    if result["clocks"]:
        say_table(("环节", "到期", "按时", "实际", "到期", "按时", "假设"), [
            (LimitStage(row["clock"]).label, *_told(row["then"]), *_told(row["now"])) for row in result["clocks"]
        ])  # fmt: skip
    for by, heading in (("unit", "单位"), ("street", "街道")):
        moved = [row for row in result["groups"][by] if row["then"] != row["now"]]
        if moved:
            say_table((heading, "环节", "实际", "名次", "假设", "名次"), [
                (row["name"], LimitStage(row["clock"]).label, _rate(row["then"]["rate"]), row["rank_then"] or "",
                 _rate(row["now"]["rate"]), row["rank_now"] or "")
                for row in moved
            ])  # fmt: skip
    if (voices := result["weights"]) is not None:
        say_table(("单位", "解决率", "满意率", "名次", "假设解决率", "假设满意率", "名次"), [
            (row["name"], _rate(row["then"]["resolution"]), _rate(row["then"]["satisfaction"]), row["rank_then"] or "",
             _rate(row["now"]["resolution"]), _rate(row["now"]["satisfaction"]), row["rank_now"] or "")
            for row in voices["unit"]
        ])  # fmt: skip


def _told(figures: dict[str, Any]) -> tuple[object, object, str]:
    return figures["due"], figures["on_time"], _rate(figures["rate"])


def _rate(rate: float | None) -> str:
    return "无数据" if rate is None else f"{rate:.1%}"
