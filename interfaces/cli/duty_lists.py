"""`wangge duties list` and `admissions`: what a street or community has admitted 职责准入, and what is asked for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from application.duty_report import name_of
from domain.actor import Act
from domain.registry.case_type_key import class_key
from domain.registry.duty_admission import AdmissionStage, DutyAdmission
from domain.registry.entry import in_force
from domain.registry.unit import Unit
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, a_day
from interfaces.cli.telling import say_json, say_table
from interfaces.wiring import House

ALL = 1_000_000
Told = dict[str, str | None]


def list_duties(
    unit: Annotated[str, typer.Argument(help="街道、社区的单位代码", show_default=False)],
    on: Annotated[date | None, a_day("只列当日准入的；不填则为历来的全部")] = None,
    as_json: AsJson = False,
) -> None:
    """列出一个单位的准入清单."""

    async def ask(house: House, act: Act) -> tuple[Unit, list[Told]]:
        registry = house.services.registry
        found = registry.unit(unit)
        return found, [
            {"category": category, "name": name_of(registry.case_type, category), "since": since, "last_day": last}
            for category, periods in sorted(found.duties.items())
            for since, last in periods
            if on is None or in_force(on, since, last)
        ]

    found, duties = in_house(ask)
    if as_json:
        say_json({"unit": found.code, "name": found.name, "has_duty_list": found.has_duty_list, "duties": duties})
    elif not found.has_duty_list:
        typer.echo(f"{found.name} 不设准入清单，什么都可以派给它。")
    elif duties:
        say_table(("小类", "名称", "起", "止"), [[text or "" for text in duty.values()] for duty in duties])
    else:
        typer.echo(f"{found.name} 的准入清单是空的。")


def list_admissions(
    stage: Annotated[
        AdmissionStage | None, typer.Option(help="requested 待审，approved 已准入，rejected 未准入，revoked 已取消")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="承接的街道或社区")] = None,
    category: Annotated[str | None, typer.Option(help="小类")] = None,
    as_json: AsJson = False,
) -> None:
    """列出准入申请."""

    async def ask(house: House, act: Act) -> list[DutyAdmission]:
        wanted = category and class_key(category)
        return list(house.services.duty_admissions.find(stage=stage, category=wanted, unit=unit, limit=ALL))

    found = in_house(ask)
    if as_json:
        say_json([_told(one) for one in found])
    elif found:
        heads = ("编号", "事项", "环节", "小类", "承接单位", "起", "止", "申请单位", "批准文号")
        say_table(heads, [_row(one) for one in found])
    else:
        typer.echo("没有这样的准入申请。")


def _row(one: DutyAdmission) -> list[str]:
    return [
        one.code, one.name, one.stage.label, one.category, "、".join(one.units), one.since, one.until or "",
        one.asking_unit, one.document,
    ]  # fmt: skip


def _told(one: DutyAdmission) -> dict[str, object]:
    told = ("code", "name", "stage", "category", "level", "units", "since", "until", "basis", "powers", "funding")
    return {
        name: getattr(one, name) for name in (*told, "asked_by", "asking_unit", "decided_by", "document", "decision")
    }
