"""/deadlines: when limits are due 时限, and why. A preview that records nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, Strict

from application.deadlines import Question, preview
from domain.almanac import Span
from domain.clock import Clock
from domain.counting import Counting
from domain.explaining import Explanation
from domain.limit import LimitUnit
from domain.limit_refusals import CalendarExhausted, LimitOutOfBounds, PauseBackwards
from domain.refusals import ImplausibleTime
from domain.registry.entry import civil_day
from domain.workdays import WorkCalendar
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Body, Instant
from interfaces.http.problems import responses

router = APIRouter(prefix="/deadlines", tags=["时限"])
MOST_LIMITS, MOST_PAUSES = 100, 100
Amount = Annotated[int, Strict(), Field(ge=1, le=LimitUnit.MINUTE.longest, examples=[2])]


class PauseAsked(Body):
    """一次暂停：起，止；尚未恢复的止为 null。"""

    start: Instant
    end: Instant | None = None


class LimitAsked(Body):
    """所问的一个时限。各次暂停可以重叠，可以早于起算，次序不拘。"""

    start: Annotated[Instant, Field(description="起算时间", examples=["2026-09-30T16:40:00+08:00"])]
    amount: Annotated[Amount, Field(description="数量")]
    unit: Annotated[LimitUnit, Field(description="单位", examples=["workday"])]
    pauses: Annotated[tuple[PauseAsked, ...], Field(max_length=MOST_PAUSES, description="暂停")] = ()
    extended: Annotated[int, Strict(), Field(ge=0, le=LimitUnit.MINUTE.longest, description="延期的数量，单位同上")] = 0
    counting: Annotated[Counting, Field(description="日的计算方式")] = Counting.TIME_OF_DAY


class PreviewAsked(Body):
    """所问的各个时限。"""

    limits: Annotated[list[LimitAsked], Field(min_length=1, max_length=MOST_LIMITS)]


class SpanView(BaseModel):
    """一段时间及其是否计入的原因。合并了若干天的，实际计入多少以 counted_seconds 为准。"""

    start: Annotated[datetime, Field(serialization_alias="from", description="起")]
    end: Annotated[datetime | None, Field(serialization_alias="to", description="止，尚未恢复的暂停为 null")]
    counted: Annotated[bool, Field(description="是否计入")]
    counted_seconds: Annotated[float, Field(description="其中计入的秒数")]
    reason: Annotated[str, Field(description="原因代码", examples=["holiday"])]
    label: Annotated[str, Field(description="原因", examples=["节假日"])]

    @classmethod
    def of(cls, span: Span, calendar: WorkCalendar) -> SpanView:
        return cls(
            start=calendar.local(span.start), end=span.end and calendar.local(span.end), counted=span.reason.counts,
            counted_seconds=span.counted.total_seconds(), reason=span.reason.value, label=span.label,
        )  # fmt: skip


class ExplanationView(BaseModel):
    """时限说明：一句话，和自起算至到期首尾相接的各段。"""

    sentence: Annotated[
        str, Field(examples=["2个工作日：2026-09-30 16:40起，其间节假日7天不计，2026-10-09 16:40到期。"])
    ]
    spans: list[SpanView]


class DueView(BaseModel):
    """一个时限何时到期。暂停尚未恢复的 due 为 null；provisional 表示到期时间仍可能变动。"""

    due: datetime | None
    provisional: bool
    explanation: ExplanationView

    @classmethod
    def of(cls, clock: Clock, explanation: Explanation) -> DueView:
        spans = [SpanView.of(span, clock.calendar) for span in explanation.spans]
        return cls(
            due=clock.due and clock.calendar.local(clock.due), provisional=clock.provisional,
            explanation=ExplanationView(sentence=explanation.sentence, spans=spans),
        )  # fmt: skip


class PreviewView(BaseModel):
    """各个时限，次序同所问；所用的工作日历及其版本。"""

    calendar: str
    calendar_version: str
    known_until: Annotated[date, Field(description="节假日公布到哪一天")]
    limits: list[DueView]


# A plain function, so that it runs on a thread: a limit over years makes the almanacs of those years.
@router.post("/preview", responses=responses(ImplausibleTime, LimitOutOfBounds, PauseBackwards, CalendarExhausted))
def preview_deadlines(asked: PreviewAsked, _actor: ActorDep, services: ServicesDep) -> PreviewView:
    """推算到期时间：只答复，什么都不写。"""
    city, today = services.logs.city.log_id, civil_day(services.clock())
    calendar = services.calendars.in_force.of_place(city, today)
    questions = [
        Question(
            one.start,
            one.amount,
            one.unit,
            [(pause.start, pause.end) for pause in one.pauses],
            one.extended,
            one.counting,
        )
        for one in asked.limits
    ]
    return PreviewView(
        calendar=calendar.name, calendar_version=calendar.version, known_until=calendar.known_until,
        limits=[DueView.of(clock, explanation) for clock, explanation in preview(questions, calendar)],
    )  # fmt: skip
