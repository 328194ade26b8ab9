"""`wangge import duties` and `wangge duties attempts`: duty lists come in; what was passed down past them is told."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from application.duty_report import AttemptOutcome, AttemptQuestion, Dimension, name_of
from application.services import Services
from domain.actor import Actor
from domain.registry.case_type_key import class_key
from interfaces.cli.house import in_house
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.cli.options import a_day
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House, Settings, load

PAGE = 1_000
Row = dict[str, Any]
duties = typer.Typer(no_args_is_help=True, help="职责准入")
ATTEMPT_HEADINGS = {
    "happened_at": "时间", "outcome": "结果", "asking_unit": "派出单位", "asking_unit_name": "派出单位名称",
    "by": "岗位编号", "who": "岗位", "units": "承接单位", "unit_names": "承接单位名称", "category": "小类",
    "category_name": "小类名称", "grid": "网格", "case": "案件", "edition": "办法版本",
}  # fmt: skip
COUNT_HEADINGS = {
    "asking_unit": "派出单位", "asking_unit_name": "派出单位名称", "unit": "承接单位", "unit_name": "承接单位名称",
    "category": "小类", "category_name": "小类名称", "month": "月份", "refused": "拒绝", "flagged": "标记",
    "last_at": "最近一次",
}  # fmt: skip
SHOWN = ("happened_at", "outcome", "asking_unit_name", "who", "unit_names", "category_name", "grid")


def import_duties(
    file: Annotated[
        Path,
        typer.Argument(help="CSV 文件，列为 单位、小类、起、止、文号，编码为 UTF-8 或 GB18030", show_default=False),
    ],
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入街道、社区已有的准入清单, 可反复导入; 文件中没有的不动. 新增职责请走准入申请.

    返回码: 0 已导入, 1 有拒收的行而未导入, 2 无法导入.
    """
    bring_in(
        file,
        lambda house, act, content: house.services.importing_duties.run(
            act, content, dry_run=dry_run, skip_rejected=skip_rejected
        ),
        as_json=as_json,
    )


@duties.command()
def attempts(
    since: Annotated[date | None, a_day("自哪一天起")] = None,
    until: Annotated[date | None, a_day("到哪一天止，含当日")] = None,
    asking_unit: Annotated[str | None, typer.Option(help="派出单位")] = None,
    unit: Annotated[str | None, typer.Option(help="承接单位")] = None,
    category: Annotated[str | None, typer.Option(help="小类")] = None,
    outcome: Annotated[AttemptOutcome | None, typer.Option(help="已拒绝或已标记")] = None,
    by: Annotated[list[Dimension] | None, typer.Option(help="不逐次列出，按此合计；可重复")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="以 CSV 输出全部列")] = False,
    as_json: AsJson = False,
) -> None:
    """清单外派遣: 谁把清单外的什么派给了哪个街道、社区, 拒绝或标记."""
    settings = load()
    question = AttemptQuestion(
        _midnight(since, settings), _midnight(until and until + timedelta(days=1), settings), asking_unit, unit,
        category and class_key(category), outcome,
    )  # fmt: skip
    rows = in_house(lambda house, act: _rows(house, act.actor, question, by or []))
    headings = COUNT_HEADINGS if by else ATTEMPT_HEADINGS
    if as_json:
        say_json(rows)
    elif as_csv:
        _write_csv(rows, headings)
    else:
        _tell(rows, [name for name in headings if by or name in SHOWN], headings)


def _midnight(day: date | None, settings: Settings) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), settings.zone)


async def _rows(house: House, actor: Actor, question: AttemptQuestion, by: Sequence[Dimension]) -> list[Row]:
    await house.projector.catch_up()
    services, rows, after = house.services, list[Row](), None
    while True:
        if by:
            page: Sequence[Any] = await services.duty_attempts.groups(actor, question, by=by, after=after, limit=PAGE)
        else:
            page = await services.duty_attempts.attempts(actor, question, after=after, limit=PAGE)
        rows += (_named(asdict(one), services) for one in page)
        if len(page) < PAGE:
            return rows
        after = page[-1].mark


def _named(row: Row, services: Services) -> Row:
    """The row with names beside its codes."""
    registry, told = services.registry, dict[str, Any]()
    for code, name, look_up in (
        ("asking_unit", "asking_unit_name", registry.unit), ("unit", "unit_name", registry.unit),
        ("category", "category_name", registry.case_type), ("by", "who", registry.staff),
    ):  # fmt: skip
        if code in row:
            told[name] = name_of(look_up, row[code]) if row[code] else ""
    if "units" in row:
        told["unit_names"] = [name_of(registry.unit, unit) for unit in row["units"]]
    return row | told


def _write_csv(rows: Sequence[Row], headings: dict[str, str]) -> None:
    sys.stdout.write("\ufeff")  # spreadsheets of offices take a file without it for another encoding
    writer = csv.writer(sys.stdout)
    writer.writerow(headings.values())
    writer.writerows([_text(row[name]) for name in headings] for row in rows)


def _tell(rows: Sequence[Row], names: Sequence[str], headings: dict[str, str]) -> None:
    if rows:
        say_table([headings[name] for name in names], [[_text(row[name]) for name in names] for row in rows])
    else:
        typer.echo("没有清单外派遣。")


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(value)
    if isinstance(value, datetime):
        return value.astimezone(load().zone).strftime("%Y-%m-%d %H:%M:%S")
    return AttemptOutcome(str(value)).label if value in set(AttemptOutcome) else str(value)
