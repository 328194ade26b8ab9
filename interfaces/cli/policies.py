"""`wangge policies`: editions of the statistics policy 考核办法: list them, draft one, publish it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any

import typer

from application.ports import Receipt
from domain.actor import Act
from domain.rates import RatePolicy
from domain.registry.rule_edition import begun
from domain.registry.statistics_policy import StatisticsEdition
from domain.statistics.policy import StatisticsPolicy, Ties
from domain.vocabulary import Channel
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, Reason, a_day
from interfaces.cli.telling import say_json, say_receipt, say_table
from interfaces.wiring import House

ALL = 1_000_000
Edition = Annotated[str, typer.Option(help="版本号，如 assessment-2026.2")]
policies = typer.Typer(no_args_is_help=True, help="考核办法：版本、拟订、发布")


@dataclass(frozen=True)
class PolicyLine:
    """An edition as the list tells it; weights of response, resolution, satisfaction."""

    code: str
    name: str
    standing: str
    weights: tuple[float, float, float]
    basically_satisfied: float
    partly_solved: float
    day_hour: int
    month_day: int
    valid_from: str | None
    published_at: datetime | None


@policies.command("list")
def list_policies(as_json: AsJson = False) -> None:
    """考核办法的各版本, 以及哪一版本现在施行."""

    async def ask(house: House, act: Act) -> list[PolicyLine]:
        found = house.services.registry.entries(StatisticsEdition, lambda _: True, limit=ALL)
        in_force = house.services.policies.at(act.at).edition
        return [_line(one, in_force, act.at) for one in found]

    found = in_house(ask)
    if as_json:
        say_json([asdict(one) for one in found])
    elif found:
        heads = ("版本", "名称", "状态", "响应/解决/满意", "基本满意", "部分解决", "日报起", "月报起", "施行首日")
        say_table(heads, [_cells(one) for one in found])
    else:
        typer.echo("还没有考核办法，依系统自带的版本统计。拟订用 wangge policies draft。")


def _weight(text: str) -> Fraction:
    try:
        return Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        raise typer.BadParameter(f"“{text}”不是权重，应如 0.35") from None


def _weight_option(help: str) -> Any:
    return typer.Option(parser=_weight, metavar="小数", help=help)


@policies.command("draft")
def draft(
    edition: Edition,
    response: Annotated[Fraction, _weight_option("响应率在综合得分中的权重")] = "0.1",  # type: ignore[assignment]  # typer parses it
    resolution: Annotated[Fraction, _weight_option("解决率的权重")] = "0.5",  # type: ignore[assignment]  # typer parses it
    satisfaction: Annotated[Fraction, _weight_option("满意率的权重；三项之和为 1")] = "0.4",  # type: ignore[assignment]  # typer parses it
    basically_satisfied: Annotated[Fraction, _weight_option("基本满意折算")] = "0.9",  # type: ignore[assignment]  # typer parses it
    partly_solved: Annotated[Fraction, _weight_option("部分解决折算")] = "0",  # type: ignore[assignment]  # typer parses it
    exclude_channel: Annotated[list[Channel] | None, typer.Option(help="回访不计入三率的渠道，可给出多个")] = None,
    day_hour: Annotated[int, typer.Option(min=0, max=23, help="日报自几时起")] = 12,
    month_day: Annotated[int, typer.Option(min=1, max=28, help="月报自几日起")] = 19,
    ties: Annotated[Ties, typer.Option(help="同分：volume 件数多者为先，shared 并列")] = Ties.VOLUME,
    small_cell: Annotated[int, typer.Option(min=0, max=100, help="公开数字的最少件数")] = 5,
    zone: Annotated[str, typer.Option(help="时区")] = "Asia/Shanghai",
    name: Annotated[str, typer.Option(help="名称；不填则同版本号")] = "",
    source: Annotated[str, typer.Option(help="依据的文件")] = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """拟订考核办法的新版本. 缺省的内容同系统自带的版本."""
    channels = frozenset(channel.value for channel in exclude_channel or ())
    rates = RatePolicy(
        edition, basically_satisfied, partly_solved, response, resolution, satisfaction, channels
    )  # fmt: skip
    policy = StatisticsPolicy(rates, zone, day_hour, month_day, ties, small_cell)

    async def use(house: House, act: Act) -> Receipt:
        editions = house.services.statistics_editions
        return await editions.draft(act, code=edition, name=name or edition, source=source, policy=policy)

    say_receipt(f"已拟订 {edition}", in_house(use, reason=reason), as_json)


@policies.command("publish")
def publish(
    edition: Edition,
    valid_from: Annotated[date, a_day("施行首日，不早于今天")],
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """发布一个版本, 自施行首日起统计; 发布后不可更改. 此前结束的时段仍依当时的版本."""

    async def use(house: House, act: Act) -> Receipt:
        return await house.services.statistics_editions.publish(act, code=edition, valid_from=valid_from)

    say_receipt(f"已发布 {edition}，自 {valid_from} 起施行", in_house(use, reason=reason), as_json)


def _line(edition: StatisticsEdition, in_force: str, at: datetime) -> PolicyLine:
    policy, rates = edition.policy, edition.policy.rates
    weights = rates.response_weight, rates.resolution_weight, rates.satisfaction_weight
    return PolicyLine(
        edition.code, edition.name, _standing(edition, in_force, at), (float(weights[0]), float(weights[1]),
        float(weights[2])), float(rates.basically_satisfied), float(rates.partly_solved), policy.day_hour,
        policy.month_day, edition.valid_from, edition.published_at,
    )  # fmt: skip


def _standing(edition: StatisticsEdition, in_force: str, at: datetime) -> str:
    if edition.published_at is None:
        return "拟订中"
    if not begun(edition, at):
        return "待施行"
    return "施行中" if edition.code == in_force else "已被取代"


def _cells(one: PolicyLine) -> tuple[str, ...]:
    weights = "/".join(f"{weight:g}" for weight in one.weights)
    return (
        one.code, one.name, one.standing, weights, f"{one.basically_satisfied:g}", f"{one.partly_solved:g}",
        f"{one.day_hour} 时", f"{one.month_day} 日", one.valid_from or "",
    )  # fmt: skip
