"""/calendars: work calendars 工作日历: open, publish years, import, correct, re-set open deadlines, who uses which."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

from application.command import deed
from application.ports import Receipt
from application.recalculating import A_RUN
from domain import refusals as no
from domain.registry import calendar_refusals as calendar_no
from domain.registry import refusals as registry_no
from domain.registry.calendar import MOST_PERIODS, Calendar
from domain.registry.calendar_use import UNIT, CalendarUse
from domain.registry.entry import civil_day
from domain.registry.published_year import PublishedYear
from domain.workdays import SATURDAY_SUNDAY, Period
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Body, Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Entries,
    LocalCode,
    RangeDep,
    Seen,
    change,
    facts,
    register,
    tagged,
)
from interfaces.http.registry.importing import Content, DryRun, ReportView, SkipRejected, seen

router = APIRouter(tags=["工作日历"])
MOST_DAYS = 400
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE = {"content": {"application/json": BINARY, "text/calendar": BINARY}, "required": True}
Start = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:30"])]
End = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["17:00"])]
Periods = Annotated[
    list[tuple[Start, End]],
    Field(min_length=1, max_length=MOST_PERIODS, description="一天的各个时段：起，止；止可为 24:00"),
]
Weekend = Annotated[
    list[Annotated[int, Strict(), Field(ge=0, le=6)]], Field(max_length=7, description="周末，星期一为 0")
]
NoticeYear = Annotated[int, Field(ge=1971, le=2198, examples=[2027])]
Target = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="单位代码或区划代码")]
CALENDAR_CHANGES = (*CHANGING, registry_no.BadText, registry_no.NothingChanged, calendar_no.NoWorkingCalendar)


def _ascending(years: object) -> object:
    return [years[year] for year in sorted(years)] if isinstance(years, dict) else years


class StandingView(BaseModel):
    """一个工作日历现在怎样. alarm 为真: 六十天之内就没有已公布的节假日了, 须公布下一年."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    edition: Annotated[str, Field(description="日历版本", examples=["2026.23"])]
    runs_out_on: Annotated[date, Field(description="节假日公布到哪一天")]
    alarm: Annotated[bool, Field(description="即将或已经到期")]
    built_in: Annotated[bool, Field(description="随程序而来，不是本市登记的")]


class StandingsView(BaseModel):
    """全部工作日历."""

    items: list[StandingView]


class YearView(BaseModel):
    """一年的放假安排."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    holidays: list[date]
    workdays: Annotated[list[date], Field(description="调休上班的日子")]
    source: Annotated[str, Field(description="出处")]


class CalendarView(Seen):
    """工作日历. 时段自始至终只有一套: 夏季作息是另一个日历, 自某日起启用."""

    zone: str
    periods: list[list[str]]
    weekend: list[int]
    edition: str
    known_until: date
    years: Annotated[list[YearView], BeforeValidator(_ascending)]


class OpeningCalendar(Order):
    """建立工作日历. with_known_years 为真则一并采用程序所带的中国各年安排."""

    code: LocalCode
    name: Annotated[Line, Field(examples=["市直机关工作日历"])]
    zone: Annotated[Line, Field(description="时区，IANA 名称")] = "Asia/Shanghai"
    periods: Periods
    weekend: Weekend = Field(default=sorted(SATURDAY_SUNDAY))
    with_known_years: bool = False


class PublishingYear(Order):
    """公布一年的安排, 或以新的安排取代原来的."""

    year: NoticeYear
    holidays: Annotated[list[Day], Field(max_length=MOST_DAYS, description="放假的日子")]
    workdays: Annotated[list[Day], Field(max_length=MOST_DAYS, description="调休上班的日子")] = Field(default=[])
    source: Annotated[Line, Field(description="出处", examples=["国办发明电〔2025〕7号"])]


class CorrectingPeriods(Order):
    """更正时段: 原来的从一开始就不对. 改换作息请另立一个日历, 自某日起启用."""

    periods: Periods
    weekend: Weekend


class TakingOver(Order):
    """采用程序所带的中国各年安排."""


class PuttingInUse(Order):
    """启用: 一个单位或一个区划内的各单位, 自某日起用哪个日历. calendar 为空文本则改随上级."""

    kind: Annotated[Literal["unit", "place"], Field(description="单位或区划")]
    target: Target
    calendar: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$", examples=["cn-office"])]
    since: Annotated[Day, Field(description="启用首日，不早于今天；已起算的时限仍用原来的日历")]


class UseView(Seen):
    """一个单位 (unit:代码) 或区划 (place:代码) 启用过的日历, 按首日排列; 日历为空文本: 改随上级."""

    uses: Annotated[list[tuple[date, str]], Field(description="首日，日历")]


class InForceView(BaseModel):
    """某日所用的日历及其版本."""

    calendar: str
    edition: str
    runs_out_on: date


class Looked(Body):
    """上次看到哪里."""

    log: Annotated[str, Field(pattern=r"^[0-9]{4,6}$")]
    case: UUID | None


class RecalculatingOrder(Body):
    """时限重算: 从上次的 after 之后继续, 一次至多看 limit 个案件."""

    after: Annotated[Looked | None, Field(description="上次答复的 after，缺省从头")] = None
    limit: Annotated[int, Field(ge=1, le=2_000)] = A_RUN
    reason: Annotated[Line, Field(description="理由")] = ""


class RecalculatedView(BaseModel):
    """重算结果. after 不为 null 时填入下一次继续; 可随时重来, 已按最新版本的不再动."""

    changed: Annotated[int, Field(description="重算了的案件数")]
    left: Annotated[int, Field(description="无须重算的案件数")]
    busy: Annotated[list[UUID], Field(description="正在被他人办理的案件，请再次执行")]
    after: Looked | None


def _periods(periods: list[tuple[str, str]]) -> list[Period]:
    return [(time.fromisoformat(start), time.fromisoformat(end.replace("24:00", "00:00"))) for start, end in periods]


@router.get("/calendars", responses=responses())
async def find_calendars(_actor: ActorDep, services: ServicesDep) -> StandingsView:
    """全部工作日历: 版本、节假日公布到哪一天、是否即将到期."""
    standing = services.calendars.in_force.standing(civil_day(services.clock()))
    return StandingsView(items=[StandingView.model_validate(one) for one in standing])


@router.post(
    "/calendars", status_code=status.HTTP_201_CREATED, responses=responses(*REGISTERING, calendar_no.NoWorkingCalendar)
)
async def open_calendar(order: OpeningCalendar, desk: NewDesk) -> Receipt:
    """建立工作日历. 代码与程序所带的相同 (cn-office) 则取而代之."""
    said = {**facts(order), "periods": _periods(order.periods)}
    return await register(desk.services.calendars.open, order, desk, **said)


@router.get("/calendars/{code}", responses=responses(no.NoSuchEntry))
async def get_calendar(code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response) -> CalendarView:
    """一个登记的工作日历."""
    return tagged(CalendarView.model_validate(services.registry.find(Calendar, code)), response)


@router.post(
    "/calendars/{code}/publish-year",
    responses=responses(*CALENDAR_CHANGES, registry_no.BadPeriod, calendar_no.YearsApart, calendar_no.NotOfThatYear),
)
async def publish_year(code: LocalCode, order: PublishingYear, desk: ChangeDesk) -> Receipt:
    """公布一年的安排. 未结案件的时限由 recalculate 重算."""
    notice = PublishedYear.of(order.year, holidays=order.holidays, workdays=order.workdays, source=order.source)
    return await change(desk.services.calendars.publish, code, order, desk, notice=notice)


@router.post("/calendars/{code}/take-over-known-years", responses=responses(*CALENDAR_CHANGES, calendar_no.YearsApart))
async def take_over_known_years(code: LocalCode, order: TakingOver, desk: ChangeDesk) -> Receipt:
    """采用程序所带的中国各年安排中, 本日历没有的或不同的."""
    return await change(desk.services.calendars.take_over_known_years, code, order, desk)


@router.post("/calendars/{code}/correct", responses=responses(*CALENDAR_CHANGES))
async def correct_calendar(code: LocalCode, order: CorrectingPeriods, desk: ChangeDesk) -> Receipt:
    """更正时段和周末."""
    said = {"periods": _periods(order.periods), "weekend": order.weekend}
    return await change(desk.services.calendars.correct, code, order, desk, **said)


@router.post(
    "/calendars/{code}/import",
    responses=responses(registry_no.BadFile, no.NoSuchEntry, no.WrongRole, no.OutsideArea, no.Stale),
    openapi_extra={"requestBody": FILE},
)
async def import_calendar(
    code: LocalCode, desk: NewDesk, content: Content, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    source: Annotated[Line, Query(description="出处")] = "文件导入",
    year: Annotated[tuple[NoticeYear, ...], Query(max_length=50, description="只取这些年份；不填则为全部")] = (),
) -> ReportView:  # fmt: skip
    """导入放假安排: 正文为 holiday-cn 格式的 JSON 或 iCalendar, 可反复导入."""
    act = desk.command(None, "").act
    report = await desk.services.importing_calendars.run(
        act, content, calendar=code, source=source, years=year, dry_run=dry_run, skip_rejected=skip_rejected
    )
    return seen(report)


@router.post(
    "/calendars/{code}/recalculate",
    responses=responses(no.NoSuchEntry, no.NoSuchLog, no.WrongRole, no.OutsideArea, no.NotYetVisible),
)
async def recalculate_deadlines(
    code: LocalCode, order: RecalculatingOrder, actor: ActorDep, services: ServicesDep
) -> RecalculatedView:
    """时限重算: 未结案件按此日历的最新版本重算; 已办结的、已过期的一概不动."""
    if order.after is None:
        # What is still on its way to the boards would be overlooked.
        for log in services.logs.every():
            await services.reach(log.log_id, await log.last_position())
    act = deed(actor, now=services.clock(), reason=order.reason)
    after = (order.after.log, order.after.case) if order.after else None
    done = await services.recalculating.run(act, calendar=code, after=after, limit=order.limit)
    return RecalculatedView(
        changed=done.changed, left=done.left, busy=done.busy,
        after=Looked(log=done.after[0], case=done.after[1]) if done.after else None,
    )  # fmt: skip


@router.get("/calendar-uses", responses=responses())
async def find_calendar_uses(_actor: ActorDep, services: ServicesDep, asked: RangeDep) -> Entries[UseView]:
    """哪些单位和区划启用过自己的日历."""
    registry = services.registry
    return asked.of(lambda **wanted: registry.entries(CalendarUse, lambda _use: True, **wanted), UseView.model_validate)


@router.post(
    "/calendar-uses",
    responses=responses(*REGISTERING, *CHANGING, no.NotValidThen, calendar_no.InUseBefore, registry_no.NothingChanged),
)
async def put_calendar_in_use(order: PuttingInUse, desk: NewDesk) -> Receipt:
    """为一个单位或区划启用日历."""
    return await register(desk.services.calendars.put_in_use, order, desk, **facts(order))


@router.get("/calendars-in-force", responses=responses(no.NoSuchEntry))
async def get_calendar_in_force(
    _actor: ActorDep, services: ServicesDep, kind: Literal["unit", "place"], target: Target, on: Day | None = None
) -> InForceView:
    """某日一个单位或区划用哪个日历: 单位自己的, 否则由近及远依次为社区、街道、区县、市的, 都没有则用程序所带的."""
    day, in_force = on or civil_day(services.clock()), services.calendars.in_force
    found = in_force.of_unit(services.registry.unit(target), day) if kind == UNIT else in_force.of_place(target, day)
    return InForceView(calendar=found.name, edition=found.version, runs_out_on=found.known_until)
