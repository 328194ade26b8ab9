"""`wangge bulletin`: a bulletin 通报 as a table, the list of those issued, and what has changed since."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from application.command import Command
from application.duty_report import name_of
from application.ports import Receipt
from application.statistics.bulletin_list import IssuedBulletin
from application.statistics.bulletins import Difference, issuance_of
from application.statistics.filter import Dimension
from domain.actor import Act, Actor, Role
from domain.registry.entry import civil_day
from domain.statistics.bulletin import Bulletin, BulletinKind
from interfaces.cli.bulletin_lines import change_document, change_line, document, tables
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, a_day
from interfaces.cli.telling import say_json, say_receipt, say_table
from interfaces.wiring import House

ZONE = ZoneInfo("Asia/Shanghai")
bulletin = typer.Typer(no_args_is_help=True, help="通报：印发、列出、查阅、印发后的差异")
Number = Annotated[UUID, typer.Argument(help="通报编号", show_default=False)]
Staff = Annotated[str, typer.Option(help="督查员的人员编号")]
Nth = Annotated[int | None, typer.Option(min=1, help="第几次印发；不填则为最近一次")]


class Groups(StrEnum):
    """分组."""

    LOG = "log"
    STREET = "street"
    COMMUNITY = "community"
    UNIT = "unit"


@bulletin.command("list")
def list_bulletins(
    kind: Annotated[BulletinKind | None, typer.Option(help="日报 daily、周报 weekly、月报 monthly")] = None,
    scope: Annotated[str | None, typer.Option(help="市、区县或街道的区划代码")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="至多列出多少次")] = 50,
    as_json: AsJson = False,
) -> None:
    """各次印发, 新的在前."""

    async def ask(house: House, act: Act) -> list[tuple[IssuedBulletin, str]]:
        found = await house.services.bulletin_list.issued(act.actor, kind=kind, scope=scope, after=None, limit=limit)
        return [(one, name_of(house.services.registry.division, one.scope)) for one in found]

    found = in_house(ask)
    if as_json:
        say_json([{**asdict(one), "scope_name": name} for one, name in found])
        return
    heads = ("编号", "种类", "范围", "时段", "第几次", "考核办法", "印发时间", "理由")
    say_table(heads, [_line(one, name) for one, name in found])


@bulletin.command("show")
def show(number: Number, nth: Nth = None, as_json: AsJson = False) -> None:
    """一份通报, 数字如印发时."""

    async def ask(house: House, act: Act) -> tuple[Bulletin, str]:
        found = await house.services.bulletins.get(act.actor, number)
        return found, name_of(house.services.registry.division, found.scope)

    found, place = in_house(ask)
    shown = issuance_of(found, nth)
    if as_json:
        say_json(document(found, shown, place))
        return
    typer.echo(f"{place}{found.period.label}{found.kind.label}（第 {shown.nth} 次印发，{_minute(shown.issued_at)}）")
    typer.echo(f"时段 {_minute(found.period.start)} 至 {_minute(found.period.end)}，考核办法 {found.policy}")
    if shown.reason:
        typer.echo(f"理由：{shown.reason}")
    for heads, rows in tables(found, shown.figures):
        say_table(heads, rows)


@bulletin.command("diff")
def diff(number: Number, nth: Nth = None, as_json: AsJson = False) -> None:
    """印发之后变了的数: 逐项、逐组, 连同计法有变的案件. 有差异返回 1, 没有返回 0."""

    async def ask(house: House, act: Act) -> Difference:
        # The operator keeps the reference data; figures are looked at as an auditor does.
        actor = Actor(act.actor.id, frozenset({Role.AUDITOR}), act.actor.unit, act.actor.areas)
        return await house.services.bulletins.difference(actor, number, nth=nth, now=act.at)

    found = in_house(ask)
    if as_json:
        say_json({
            "id": found.bulletin.id, "nth": found.issuance.nth, "then": asdict(found.issuance.known),
            "now": asdict(found.now), "changes": [change_document(change) for change in found.changes],
        })  # fmt: skip
    elif found.changes:
        say_table(
            ("指标", "分组", "印发时", "现在", "所涉案件"), [change_line(found.bulletin, one) for one in found.changes]
        )
    else:
        typer.echo("印发之后各数都没有改变")
    raise typer.Exit(1 if found.changes else 0)


@bulletin.command("issue")
def issue(
    staff: Staff,
    kind: Annotated[BulletinKind, typer.Option(help="日报 daily、周报 weekly、月报 monthly")],
    scope: Annotated[str, typer.Option(help="市、区县或街道的区划代码")],
    day: Annotated[date, a_day("日报之日，或该周、该月中的一日")],
    by: Annotated[Groups | None, typer.Option(help="分组：log、street、community 或 unit；不填则为下一级")] = None,
    as_json: AsJson = False,
) -> None:
    """印发通报, 以一名在岗督查员的名义: 时段结束之后一次, 数字自此不变."""

    async def use(house: House, act: Act) -> Receipt:
        command = Command(_deed_of(house, staff, act))
        grouped = None if by is None else Dimension(by.value)
        return await house.services.bulletins.issue(command, kind=kind, scope=scope, day=day, by=grouped)

    receipt = in_house(use)
    say_receipt(f"已印发 {receipt.id}", receipt, as_json)


@bulletin.command("reissue")
def reissue(
    number: Number,
    staff: Staff,
    reason: Annotated[str, typer.Option(help="更正的理由")],
    as_json: AsJson = False,
) -> None:
    """更正重发, 依现在所知的数, 以一名在岗督查员的名义; 先前的仍可查阅."""

    async def use(house: House, act: Act) -> Receipt:
        return await house.services.bulletins.reissue(number, Command(_deed_of(house, staff, act)))

    say_receipt(f"已重发 {number}", in_house(use, reason=reason), as_json)


def _deed_of(house: House, staff: str, act: Act) -> Act:
    return replace(act, actor=house.services.registry.actor(staff, on=civil_day(act.at)))


def _line(one: IssuedBulletin, place: str) -> tuple[object, ...]:
    kind = BulletinKind(one.kind).label
    return one.id, kind, place, one.period, one.nth, one.policy, _minute(one.issued_at), one.reason


def _minute(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
