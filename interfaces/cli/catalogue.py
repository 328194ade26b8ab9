"""`wangge catalogue` and `wangge import catalogue`: editions 版次 brought in, compared, tried, decided, published."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.importing.report import ImportReport
from application.importing.standards import EditionAsked, ImportingStandards
from application.registry.trials import Period, Trial, TrialCase
from domain.actor import Act
from domain.limit import Limit
from domain.registry.case_type_key import CaseKind
from domain.registry.edition_difference import EditionDifference
from domain.registry.entry import civil_day
from interfaces.cli.house import in_house
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.cli.options import AsJson as Json
from interfaces.cli.options import Reason, a_day
from interfaces.cli.telling import plain, say_json, say_table
from interfaces.wiring import House, load

ZONE = ZoneInfo("Asia/Shanghai")
MOST_NAMED = 50
console = Console(stderr=True)
group = typer.Typer(no_args_is_help=True, help="立案标准：版次、差异、试算、发布")
Edition = Annotated[str, typer.Argument(help="版次编号，如 2026.1", show_default=False)]


def catalogue(
    file: Annotated[Path, typer.Argument(help="CSV 文件，编码为 UTF-8 或 GB18030", show_default=False)],
    kind: Annotated[CaseKind, typer.Option(help="matter 为事项标准，asset 为部件标准")],
    edition: Annotated[str, typer.Option(help="版次编号，如 2026.1；没有的即起草")],
    effective: Annotated[date | None, a_day("生效日；版次尚未起草时必填")] = None,
    name: Annotated[str, typer.Option(help="版次尚未起草时的名称")] = "",
    source: Annotated[str, typer.Option(help="版次尚未起草时所依据的标准；不填则为文件名")] = "",
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入立案标准为一个版次的草案, 可反复导入; 合并的单元格、单元格内换行照原样. 发布用 wangge catalogue publish.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """
    asked = EditionAsked(edition, effective, name, source or file.name)

    async def use(house: House, act: Act, found: bytes) -> ImportReport:
        importing = ImportingStandards(house.services.desk, house.services.editions)
        return await importing.run(act, found, kind=kind, edition=asked, dry_run=dry_run, skip_rejected=skip_rejected)

    bring_in(file, use, as_json=as_json, names_left_out=True)


@group.command("editions")
def editions(as_json: Json = False) -> None:
    """列出各版次及其今天的状态."""

    async def ask(house: House, act: Act) -> list[dict[str, Any]]:
        today = civil_day(act.at)
        return [
            {
                "code": one.code, "name": one.name, "effective_from": one.effective_from,
                "standing": one.standing(today).label, "kinds": [kind.label for kind in one.kinds],
                "conditions": len(one.conditions),
            }
            for one in house.services.editions.every()
        ]  # fmt: skip

    found = in_house(ask)
    if as_json:
        return say_json(found)
    rows = [["、".join(value) if isinstance(value, list) else str(value) for value in one.values()] for one in found]
    return say_table(["版次", "名称", "生效日", "状态", "类别", "条数"], rows)


@group.command("diff")
def diff(edition: Edition, as_json: Json = False) -> None:
    """一个版次与上一版的差异: 新增、逐项变更、停用."""

    async def ask(house: House, act: Act) -> EditionDifference:
        return house.services.editions.difference(edition)

    found = in_house(ask)
    if as_json:
        return say_json({"edition": edition, "counts": found.counts, "changes": [asdict(one) for one in found.changes]})
    rows = [
        [one.code, one.name, one.change.label, field.label, field.before, field.after]
        for one in found.changes
        for field in (one.fields if one.change == "changed" else one.fields[:0])
    ]
    rows += [[one.code, one.name, one.change.label, "", "", ""] for one in found.changes if one.change != "changed"]
    say_table(["编码", "小类", "差异", "项目", "原为", "改为"], sorted(rows))
    typer.echo(f"新增 {found.counts['added']}，变更 {found.counts['changed']}，停用 {found.counts['withdrawn']}，"
               f"不变 {found.unchanged}")  # fmt: skip
    return None


@group.command("publish")
def publish(edition: Edition) -> None:
    """发布一个版次, 自其生效日起施行. 已有的案件不受影响."""

    async def use(house: House, act: Act) -> int:
        return (await house.services.editions.publish(act, code=edition)).position

    typer.echo(f"已发布 {edition}，记入 {load().city} 第 {in_house(use)} 位")


@group.command("undecided")
def undecided(as_json: Json = False) -> None:
    """列出待定的时限, 及建议."""

    async def ask(house: House, act: Act) -> list[list[str]]:
        found = house.services.editions.undecided(civil_day(act.at))
        return [
            [one.edition, one.content.code, one.content.name, one.content.limit_text,
             str(one.content.reading.proposal or ""), one.content.reading.why]
            for one in found
        ]  # fmt: skip

    rows = in_house(ask)
    heads = ["版次", "编码", "小类", "原文", "建议", "原因"]
    return say_json([dict(zip(heads, row, strict=True)) for row in rows]) if as_json else say_table(heads, rows)


@group.command("decide")
def decide(
    edition: Edition,
    text: Annotated[str, typer.Option(help="时限原文，如 4小时")],
    amount: Annotated[int, typer.Option(min=1, help="时限数值")],
    unit: Annotated[str, typer.Option(help="时限单位：分钟、紧急工作时、工作时、工作日、自然日")],
    reason: Reason = "",
) -> None:
    """决定一个版次中原文如此的待定时限, 一律如此."""

    async def use(house: House, act: Act) -> int:
        receipt = await house.services.editions.decide_limit(
            act, code=edition, limit_text=text, limit_amount=amount, limit_unit=unit
        )
        return receipt.position

    position = in_house(use, reason=reason)
    typer.echo(f"“{text}”定为{Limit.of(amount, unit)}，记入 {load().city} 第 {position} 位")


@group.command("try")
def try_edition(
    edition: Edition,
    since: Annotated[date, a_day("自这一天起立案的")],
    until: Annotated[date, a_day("到这一天为止立案的，含当日")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出全部差异和计数，每案一行")] = False,
) -> None:
    """试算: 这段时间立案的案件若按此版次会有何不同; 什么都不写."""
    period = Period(_midnight(since), _midnight(until + timedelta(days=1)))
    named: list[TrialCase] = []

    def tell(case: TrialCase) -> None:
        if as_json:
            typer.echo(json.dumps({"case": asdict(case)}, ensure_ascii=False, default=plain))
        elif len(named) < MOST_NAMED:
            named.append(case)

    async def ask(house: House, act: Act) -> Trial:
        columns = (TextColumn("试算"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", total=None)
            return await house.services.edition_trials.run(
                act.actor, code=edition, period=period, now=act.at, tell=tell,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip

    trial = in_house(ask)
    if as_json:
        typer.echo(json.dumps({"trial": asdict(trial)}, ensure_ascii=False))
        return
    say_table(
        ["案号", "编码", "原时限", "新时限", "原到期", "新到期", "原超时", "新超时"], [_row(one) for one in named]
    )
    say_table(["案件", "件数"], [[COUNTS[name], str(count)] for name, count in asdict(trial.counts).items()])


COUNTS = {
    "cases": "时段内立案", "untouched": "没有不同", "other_limit": "时限不同", "other_lead": "默认主办不同",
    "not_listed": "新版不再立案", "undecided": "新版时限待定", "late_then": "原超时", "late_now": "按新版超时",
    "newly_late": "由不超时变超时", "no_longer_late": "由超时变不超时",
}  # fmt: skip


def _row(one: TrialCase) -> list[str]:
    late = {None: "", True: "是", False: "否"}
    return [
        f"{one.log_id}-{one.number}", one.category, str(one.limit_then or ""), str(one.limit_now or ""),
        _local(one.due_then), _local(one.due_now), late[one.late_then], late[one.late_now],
    ]  # fmt: skip


def _local(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)
