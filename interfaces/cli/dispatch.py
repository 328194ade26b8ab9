"""`wangge dispatch` and `wangge import dispatch-rules`: rules brought in, and tried on past cases without writing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from application.dispatch.trial import Difference, During, Tally
from application.importing.dispatch_rules import ImportingDispatchRules
from application.importing.report import ImportReport
from domain.actor import Act
from domain.lead_basis import LeadBasis
from domain.registry.dispatch_rules import DispatchRules
from interfaces.cli.house import in_house
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.cli.telling import plain, say_table
from interfaces.wiring import House

A_PAGE = 1_000
ZONE = ZoneInfo("Asia/Shanghai")
BASES = {LeadBasis.CATALOGUE: "编目", LeadBasis.PLACE: "属地", LeadBasis.NOBODY: "无，由派遣员指定"}
PARTS = {"lead": "主办", "copies": "抄送", "assists": "协办"}
Edition = Annotated[str, typer.Option(help="版本号，如 dispatch-2026.1")]
dispatch = typer.Typer(no_args_is_help=True, help="派遣规则：版本、试派、发布")
console = Console(stderr=True)


def dispatch_rules(
    file: Annotated[Path, typer.Argument(help="CSV 文件，每行一条规则，编码为 UTF-8 或 GB18030", show_default=False)],
    edition: Edition,
    name: Annotated[str, typer.Option(help="版本尚未拟订时的名称；不填则同版本号")] = "",
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入派遣规则到一个版本的草案, 可反复导入: 编号已有的以文件为准, 文件中没有的不动; 不发布.

    列为编号、名称、事项、地点、渠道、工作时间、星期、季节、优先级、主办、抄送、协办、起、止; 编号和主办必备.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """

    async def use(house: House, act: Act, found: bytes) -> ImportReport:
        importing = ImportingDispatchRules(house.services.desk)
        return await importing.run(
            act, found, edition=edition, name=name, dry_run=dry_run, skip_rejected=skip_rejected
        )  # fmt: skip

    bring_in(file, use, as_json=as_json)


@dispatch.command("try")
def try_rules(
    edition: Edition,
    since: Annotated[datetime | None, typer.Option(help="自此时起派遣的案件，北京时间")] = None,
    until: Annotated[datetime | None, typer.Option(help="到此时之前派遣的案件，北京时间")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出全部差异和计数")] = False,
) -> None:
    """试派: 以一个版本 (草案亦可) 重派以往的案件, 列出每一处差异和每条规则的计数; 什么都不写."""
    told, during = _Json() if as_json else _Text(), During(_instant(since), _instant(until))
    in_house(lambda house, act: _try(house, act, edition, during, told.tell, told.end))


async def _try(
    house: House, act: Act, edition: str, during: During, tell: Callable[[Difference], None],
    end: Callable[[str, Tally], None],
) -> None:  # fmt: skip
    trial, rules, whole = house.services.dispatch_trial, house.services.registry.find(DispatchRules, edition), Tally()
    newest = await trial.newest(act)
    with Progress(TextColumn("试派"), BarColumn(), TextColumn("{task.percentage:.0f}%"), TimeElapsedColumn(),
                  console=console) as bar:  # fmt: skip
        task, mark = bar.add_task("", total=sum(newest.values())), None
        while True:
            page = await trial.page(act, rules, during, begin=mark, limit=A_PAGE)
            whole.add(page.tally)
            for difference in page.differences:
                tell(difference)
            if (mark := page.next) is None:
                break
            passed = sum(count for log_id, count in newest.items() if log_id < mark[0])
            bar.update(task, completed=passed + mark[1])
        bar.update(task, completed=sum(newest.values()))
    end(edition, whole)


class _Text:
    """For people: a line a difference as it is found, the counts at the end."""

    def tell(self, one: Difference) -> None:
        case = one.case
        chosen = {"lead": (case.lead, one.lead or "无"), "copies": (case.copies, one.copies),
                  "assists": (case.assists, one.assists)}  # fmt: skip
        parts = "；".join(
            f"{PARTS[part]} {_said(chosen[part][0])} → {_said(chosen[part][1])}" for part in one.parts
        )  # fmt: skip
        when = case.assigned_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
        decided = f"第 {one.rule} 条" if one.rule else BASES[one.basis]
        typer.echo(f"{case.log_id} {case.number} {case.category} {case.grid} {when} {parts} [{decided}]")

    def end(self, edition: str, tally: Tally) -> None:
        rows = [
            [f"第 {rule} 条" if rule else BASES[LeadBasis(basis)], str(count), str(tally.different[rule, basis])]
            for (rule, basis), count in sorted(tally.examined.items())
        ]
        rows.append(["合计", str(tally.examined.total()), str(tally.different.total())])
        typer.echo(f"{edition} 试派")
        say_table(("依据", "案件", "与当时不同"), rows)


class _Json:
    """For machines: one document, written as it comes, so that memory stays bounded."""

    def __init__(self) -> None:
        self._opening = '{"differences": ['

    def tell(self, one: Difference) -> None:
        typer.echo(self._opening + json.dumps(asdict(one), ensure_ascii=False, default=plain))
        self._opening = ","

    def end(self, edition: str, tally: Tally) -> None:
        opening = "" if self._opening == "," else self._opening
        counts = [
            {"rule": rule, "basis": basis, "examined": count, "different": tally.different[rule, basis]}
            for (rule, basis), count in sorted(tally.examined.items())
        ]
        rest = {"edition": edition, "examined": tally.examined.total(), "different": tally.different.total(),
                "counts": counts}  # fmt: skip
        typer.echo(f"{opening}], {json.dumps(rest, ensure_ascii=False)[1:]}")


def _said(units: str | Sequence[str]) -> str:
    return units if isinstance(units, str) else "、".join(units) or "无"


def _instant(local: datetime | None) -> datetime | None:
    return None if local is None else local.replace(tzinfo=ZONE).astimezone(UTC)
