"""`wangge dispatch list`, `draft` and `publish`: the editions of the dispatch rules 派遣规则版本."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated

import typer

from application.ports import Receipt
from domain.actor import Act
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.rule_edition import begun
from interfaces.cli.dispatch import Edition
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, Reason, a_day
from interfaces.cli.telling import say_json, say_receipt, say_table
from interfaces.wiring import House

ALL = 1_000_000
DRAFT, AWAITED, IN_FORCE, PAST = "拟订中", "待施行", "施行中", "已被取代"


@dataclass(frozen=True)
class EditionLine:
    """What is told of one edition; no day and no instant while it is a draft."""

    code: str
    name: str
    standing: str
    rules: int
    based_on: str
    valid_from: str | None
    published_at: datetime | None


def list_editions(as_json: AsJson = False) -> None:
    """列出派遣规则的各版本及其今天的状态."""

    async def ask(house: House, act: Act) -> list[EditionLine]:
        services = house.services
        in_force = services.issues.dispatching.edition_at(act.at)
        found = services.registry.entries(DispatchRules, lambda _: True, limit=ALL)
        return [
            EditionLine(
                one.code, one.name, _standing(one, in_force, act.at), len(one.rules), one.based_on, one.valid_from,
                one.published_at,
            )
            for one in found
        ]  # fmt: skip

    found = in_house(ask)
    if as_json:
        say_json([asdict(one) for one in found])
    elif found:
        heads = ("版本", "名称", "状态", "条数", "底稿", "施行首日")
        rows = [(one.code, one.name, one.standing, str(one.rules), one.based_on, one.valid_from or "") for one in found]
        say_table(heads, rows)
    else:
        typer.echo("还没有派遣规则。拟订用 wangge dispatch draft，导入用 wangge import dispatch-rules。")


def draft(
    edition: Edition,
    name: Annotated[str, typer.Option(help="名称；不填则同版本号")] = "",
    based_on: Annotated[str, typer.Option(help="以哪一版本的规则为底稿；不填则为空白")] = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """拟订派遣规则的新版本."""

    async def use(house: House, act: Act) -> Receipt:
        editions = house.services.rule_editions
        return await editions.draft(act, code=edition, name=name or edition, based_on=based_on)

    say_receipt(f"已拟订 {edition}", in_house(use, reason=reason), as_json)


def publish(
    edition: Edition,
    valid_from: Annotated[date, a_day("施行首日，不早于今天")],
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """发布一个版本, 自施行首日起派遣新的案件; 发布后不可更改.

    有并列的规则, 或所指未登记时不予发布, 逐一指出. 返回码: 0 已发布, 1 未发布.
    """

    async def use(house: House, act: Act) -> Receipt:
        return await house.services.rule_editions.publish(act, code=edition, valid_from=valid_from)

    say_receipt(f"已发布 {edition}，自 {valid_from} 起施行", in_house(use, reason=reason), as_json)


def _standing(edition: DispatchRules, in_force: DispatchRules | None, at: datetime) -> str:
    if edition.published_at is None:
        return DRAFT
    if not begun(edition, at):
        return AWAITED
    return IN_FORCE if in_force is not None and edition.code == in_force.code else PAST
