"""/units/{code}: how units stand to one another: 主管 and 抄送, and how they stand on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry import unit_refusals as unit_no
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, ChangeDesk, ServicesDep
from interfaces.http.fields import Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import CHANGING, Day, Ending, LocalCode, change

router = APIRouter(prefix="/units/{code}", tags=["单位关系"])
To = Annotated[LocalCode, Field(description="抄送单位")]
SinceDay = Annotated[Day, Field(description="首日")]


class Held(BaseModel):
    """一段关系: 与 unit 自 since 起至 last_day 止; 没有终止时 last_day 为 null."""

    unit: str
    since: date
    last_day: date | None


class RelationsView(BaseModel):
    """单位关系. above 为当日的主管单位, 由近及远; below、copied_from 最多各列 limit 个; 其后为历次关系."""

    unit: str
    version: Annotated[int, Field(description="版本，变更时填入 If-Match")]
    on: date
    above: list[str]
    below: list[str]
    copied_to: list[str]
    copied_from: list[str]
    supervision: list[Held]
    copies: list[Held]


class PlacingUnder(Order):
    """归口主管: 自 since 起归 above 主管, 原主管至前一日止."""

    above: Annotated[LocalCode, Field(description="主管单位")]
    since: SinceDay


class SettingCopy(Order):
    """设定抄送: 本单位主办的事项自 since 起抄送 to."""

    to: To
    since: SinceDay


class EndingCopy(Ending):
    """抄送终止."""

    to: To


@router.get("/relations", responses=responses(no.NoSuchEntry))
async def get_unit_relations(
    code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response,
    on: Annotated[Day | None, Query(description="哪一天，缺省为今天")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> RelationsView:  # fmt: skip
    """一个单位当日归谁主管、主管谁、抄送谁、由谁抄送."""
    found = services.unit_relations.of(code, on or civil_day(services.clock()), limit=limit)
    unit = services.registry.unit(code)
    response.headers["ETag"] = f'"{unit.version}"'
    copies = [(to, *period) for to, periods in sorted(unit.copies.items()) for period in periods]
    return RelationsView(
        unit=code, version=unit.version, on=found.on, above=list(found.above), below=list(found.below),
        copied_to=list(found.copied_to), copied_from=list(found.copied_from),
        supervision=[_held(*one) for one in unit.supervision], copies=[_held(*one) for one in copies],
    )  # fmt: skip


@router.post(
    "/place-under",
    responses=responses(
        *CHANGING, no.NotValidThen, registry_no.NothingChanged, unit_no.SupervisionCycle, unit_no.SupervisedSince
    ),
)
async def place_unit_under(code: LocalCode, order: PlacingUnder, desk: ChangeDesk) -> Receipt:
    """归口主管: 层层主管不得成环."""
    said = {"above": order.above, "since": order.since}
    return await change(desk.services.unit_relations.place_under, code, order, desk, **said)


@router.post("/end-supervision", responses=responses(*CHANGING, unit_no.NotSupervised, registry_no.BadPeriod))
async def end_unit_supervision(code: LocalCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """主管终止."""
    return await change(desk.services.unit_relations.end_supervision, code, order, desk, last_day=order.last_day)


@router.post("/set-copy", responses=responses(*CHANGING, no.NotValidThen, unit_no.CopyOnRecord, unit_no.CopyToItself))
async def set_unit_copy(code: LocalCode, order: SettingCopy, desk: ChangeDesk) -> Receipt:
    """设定抄送: 此后派给本单位主办的事项一并抄送."""
    return await change(desk.services.unit_relations.set_copy, code, order, desk, to=order.to, since=order.since)


@router.post("/end-copy", responses=responses(*CHANGING, unit_no.NoCopyRelation, registry_no.BadPeriod))
async def end_unit_copy(code: LocalCode, order: EndingCopy, desk: ChangeDesk) -> Receipt:
    """抄送终止."""
    said = {"to": order.to, "last_day": order.last_day}
    return await change(desk.services.unit_relations.end_copy, code, order, desk, **said)


def _held(unit: str, since: str, last: str | None) -> Held:
    return Held(unit=unit, since=date.fromisoformat(since), last_day=None if last is None else date.fromisoformat(last))
