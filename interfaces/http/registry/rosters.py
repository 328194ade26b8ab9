"""/rosters: duty rosters 值班表 of units. Open, set, withdraw and pass shifts, look at them, import."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from application.importing.rosters import ImportingRosters
from application.ports import Receipt
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry import roster_refusals as roster_no
from domain.registry.duty_roster import DutyRoster
from domain.registry.entry import civil_day
from domain.registry.shift import DayKind
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Entries,
    LocalCode,
    RangeDep,
    Seen,
    Within,
    change,
    facts,
    register,
    tagged,
)
from interfaces.http.registry.importing import CSV, Content, DryRun, ReportView, SkipRejected, seen

router = APIRouter(prefix="/rosters", tags=["值班表"])
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["17:30"])]
Weekday = Annotated[int, Field(ge=0, le=6)]
Number = Annotated[int, Field(ge=1, le=1_000_000, description="班次编号")]
UnitOfRoster = Annotated[LocalCode, Field(description="单位代码，也是值班表的代码")]


class ShiftView(BaseModel):
    """班次. 止不晚于起的到次日; 某一天的班 weekdays 为空, 首日即末日; 每周的班 weekdays 中 0 为周一."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    member: str
    begins: str
    ends: str
    weekdays: list[int]
    days: DayKind
    first_day: date
    last_day: date | None


class ShiftPage(BaseModel):
    """一页班次, 按编号升序. 取下一页时把 next 填入 after, 末页为 null."""

    items: list[ShiftView]
    next: int | None


class RosterView(Seen):
    """一个单位的值班表; code 为单位代码."""

    place: str


class OpeningRoster(Order):
    """建立值班表."""

    code: UnitOfRoster
    name: Annotated[Line, Field(description="值班表名称，缺省为单位名称加“值班表”")] = ""


class SettingShift(Order):
    """排班: 给出 day 为某一天的班, 给出 weekdays 为每周的班. 某一天的班优先于每周的班."""

    member: Annotated[LocalCode, Field(description="值班人员，须为本单位在岗承办人")]
    begins: Annotated[Clock, Field(description="起，北京时间")]
    ends: Annotated[Clock, Field(description="止，不晚于起的到次日", examples=["08:30"])]
    day: Annotated[Day | None, Field(description="哪一天，该班自此日开始")] = None
    weekdays: Annotated[list[Weekday], Field(default_factory=list, max_length=7, description="星期，0 为周一")]
    days: Annotated[DayKind, Field(description="限于工作日或休息日，按工作日历（含节假日和调休）")] = DayKind.ALL
    first_day: Annotated[Day | None, Field(description="每周的班自哪一天起，缺省为今天")] = None
    last_day: Annotated[Day | None, Field(description="每周的班至哪一天止，缺省为长期")] = None


class WithdrawingShift(Order):
    """撤班."""

    shift: Number
    last_day: Annotated[Day | None, Field(description="最后一天，缺省为昨天，即自今天起撤")] = None


class PassingShift(Order):
    """换班."""

    shift: Number
    to: Annotated[LocalCode, Field(description="接班人员，须为本单位在岗承办人")]
    since: Annotated[Day | None, Field(description="自哪一天起，缺省为今天")] = None


SHIFTING = (*CHANGING, roster_no.NoSuchShift, roster_no.ShiftPast, registry_no.BadPeriod)


@router.post(
    "", status_code=status.HTTP_201_CREATED, responses=responses(*REGISTERING, no.NoSuchEntry, no.NotValidThen)
)
async def open_roster(order: OpeningRoster, desk: NewDesk) -> Receipt:
    """建立值班表, 一个单位一份."""
    return await register(desk.services.rosters.open, order, desk, **facts(order))


@router.get("", responses=responses())
async def find_rosters(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep, within: Within = ""
) -> Entries[RosterView]:
    """查询值班表, 按单位代码."""

    def keep(roster: DutyRoster) -> bool:
        return roster.place.startswith(within)

    return asked.of(partial(services.registry.entries, DutyRoster, keep), RosterView.model_validate)


@router.post(
    "/import",
    responses=responses(registry_no.BadFile, no.WrongRole, no.Stale, no.KeyReused),
    openapi_extra=CSV,
)
async def import_rosters(
    desk: NewDesk, content: Content, dry_run: DryRun = False, skip_rejected: SkipRejected = False
) -> ReportView:
    """导入值班表: 正文为 CSV 文件, 列为单位、日期、起、止、值班人员, 可另有首日、末日; 可反复导入."""
    act, importing = desk.command(None, "").act, ImportingRosters(desk.services.desk)
    return seen(await importing.run(act, content, dry_run=dry_run, skip_rejected=skip_rejected))


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_roster(code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response) -> RosterView:
    """一个单位的值班表; 班次另查."""
    return tagged(RosterView.model_validate(services.registry.find(DutyRoster, code)), response)


@router.get("/{code}/shifts", responses=responses(no.NoSuchEntry))
async def find_shifts(
    code: LocalCode, _actor: ActorDep, services: ServicesDep,
    since: Annotated[Day | None, Query(description="此日及以后仍有的班，缺省为今天")] = None,
    after: Annotated[int, Query(ge=0, le=1_000_000, description="上一页的 next")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ShiftPage:  # fmt: skip
    """一份值班表的班次."""
    roster = services.registry.find(DutyRoster, code)
    found = [shift for shift in roster.standing(since or civil_day(services.clock())) if shift.number > after]
    items = [ShiftView.model_validate(shift) for shift in found[:limit]]
    return ShiftPage(items=items, next=items[-1].number if len(found) > limit else None)


@router.post(
    "/{code}/set-shift",
    responses=responses(
        *CHANGING, roster_no.BadShift, roster_no.ShiftsOverlap, roster_no.NotOfTheUnit, registry_no.BadPeriod
    ),
)
async def set_shift(code: LocalCode, order: SettingShift, desk: ChangeDesk) -> Receipt:
    """排班. 同类的班不得重叠."""
    said: dict[str, Any] = facts(order) | {"days": order.days.value}
    return await change(desk.services.rosters.set_shift, code, order, desk, **said)


@router.post("/{code}/withdraw-shift", responses=responses(*SHIFTING))
async def withdraw_shift(code: LocalCode, order: WithdrawingShift, desk: ChangeDesk) -> Receipt:
    """撤班. 已值过的不能撤."""
    said = {"shift": order.shift, "last_day": order.last_day}
    return await change(desk.services.rosters.withdraw_shift, code, order, desk, **said)


@router.post("/{code}/pass-shift", responses=responses(*SHIFTING, roster_no.NotOfTheUnit))
async def pass_shift(code: LocalCode, order: PassingShift, desk: ChangeDesk) -> Receipt:
    """换班: 自某日起由他人值此班."""
    said = {"shift": order.shift, "to": order.to, "since": order.since}
    return await change(desk.services.rosters.pass_shift, code, order, desk, **said)
