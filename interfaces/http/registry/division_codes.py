"""/divisions: codes of divisions by table and day, what became of a place, and what a person has to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from application.registry.code_book import CodeBook, Placed
from application.registry.registry import PAGE
from domain import refusals as no
from domain.registry.code_table import CodeTable
from domain.registry.division import Division
from domain.registry.entry import civil_day
from domain.registry.succession import Doubt
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.problems import responses
from interfaces.http.registry.entries import Day, DivisionCode, Within

router = APIRouter(prefix="/divisions", tags=["区划"])
WORDS = {
    "division.registered": "登记", "division.renamed": "更名", "division.abolished": "撤销",
    "division.code_given": "赋码", "division.recoded": "改码", "division.succeeded": "承接",
    "division.stood_back": "让码", "division.same_as": "认作同一", "division.doubted": "存疑",
    "division.doubt_settled": "存疑了结",
}  # fmt: skip
_UNTOLD = {"originator_id", "originator_version", "originator_topic", "timestamp", "by", "role", "of_unit", "reason"}


class Shown(BaseModel):
    """Read off what the code book says."""

    model_config = ConfigDict(from_attributes=True)


class TableCodeView(Shown):
    """一个码表对一个区划的记载. year 为最早载有它的版次; 依年度变更表得来的, 一年之内的日子都按当年的版次."""

    table: CodeTable
    year: int | None
    code: str
    name: str
    valid_from: date
    valid_until: date | None


class PlaceView(Shown):
    """一个区划. id 终身不变; code 和 name 为本市登记现用的, 可能与所查的不同."""

    id: UUID
    code: str
    name: str
    level: str
    valid_from: date
    valid_until: date | None


class PlacedView(BaseModel):
    """有此代码的一个区划, 和各码表的说法; now 为其地今属何处."""

    division: PlaceView
    said: list[TableCodeView]
    now: list[PlaceView]


class Lookup(BaseModel):
    """查码. items 为当日有此代码的: 各码表说法不一时不止一个, 无人有时为空; ever 为历来有过此代码的."""

    code: str
    on: date
    items: list[PlacedView]
    ever: list[PlacedView]


class LinkView(BaseModel):
    """承接的另一方."""

    division: PlaceView
    how: str
    since: date


class DeedView(BaseModel):
    """一件事: 何时由谁记下, 说了什么."""

    what: Annotated[str, Field(examples=["改码"])]
    recorded_at: datetime
    by: str
    reason: str
    facts: dict[str, Any]


class DoubtView(Shown):
    """一项存疑. supposed 为名单似指的区划, 认不出时为空文本."""

    row: str
    year: int
    kind: str
    supposed: str
    other_code: str
    other_name: str
    note: str
    why: str


class HistoryView(BaseModel):
    """一个区划的来龙去脉."""

    division: PlaceView
    codes: list[TableCodeView]
    predecessors: list[LinkView]
    successors: list[LinkView]
    doubts: list[DoubtView]
    deeds: list[DeedView]


class Histories(BaseModel):
    """历来有过此代码的各区划, 先有的在前."""

    items: list[HistoryView]


class DoubtedView(BaseModel):
    """一项存疑和它所涉的区划."""

    division: PlaceView
    doubt: DoubtView
    supposed: PlaceView | None


class Doubts(BaseModel):
    """一页存疑, 按年份. 取下一页时把 next 填入 after, 末页为 null."""

    items: list[DoubtedView]
    next: str | None


@router.get("/lookup", responses=responses())
async def look_up(
    _actor: ActorDep, services: ServicesDep, code: Annotated[DivisionCode, Query()],
    on: Annotated[Day | None, Query(description="哪一天，缺省为今天")] = None,
    source: Annotated[CodeTable | None, Query(description="哪个码表，缺省为全部")] = None,
) -> Lookup:  # fmt: skip
    """查码: 某日此代码是哪里."""
    book, day = services.registry.code_book, on or civil_day(services.clock())
    items = [_placed(book, one) for one in book.places_of(code, day, source)]
    return Lookup(code=code, on=day, items=items, ever=[_placed(book, one) for one in book.ever(code)])


@router.get("/doubts", responses=responses())
async def find_doubts(
    _actor: ActorDep, services: ServicesDep, within: Within = "",
    after: Annotated[str, Query(max_length=600, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> Doubts:  # fmt: skip
    """存疑: 名单中有待人判定的."""
    book = services.registry.code_book
    found = [one for one in book.doubts() if one[0].code.startswith(within) and _mark(*one) > after]
    shown = found[:limit]
    items = [
        DoubtedView(
            division=PlaceView.model_validate(division),
            doubt=DoubtView.model_validate(doubt),
            supposed=PlaceView.model_validate(book.division(doubt.supposed)) if doubt.supposed else None,
        )
        for division, doubt in shown
    ]
    return Doubts(items=items, next=_mark(*shown[-1]) if len(found) > limit else None)


@router.get("/{code}/history", responses=responses(no.NoSuchEntry))
async def get_history(code: DivisionCode, _actor: ActorDep, services: ServicesDep) -> Histories:
    """沿革: 历来有过此代码的各区划, 其代码、名称、承接和每一件事."""
    book = services.registry.code_book
    found = book.ever(code)
    if not found:
        raise no.NoSuchEntry(kind=Division.label, code=code)
    return Histories(items=[_history(book, placed.division) for placed in found])


def _mark(division: Division, doubt: Doubt) -> str:
    return f"{doubt.year} {division.code:15} {doubt.row}"


def _placed(book: CodeBook, placed: Placed) -> PlacedView:
    return PlacedView(
        division=PlaceView.model_validate(placed.division),
        said=[TableCodeView.model_validate(said) for said in placed.said],
        now=[PlaceView.model_validate(one) for one in _now(book, placed.division)],
    )


def _now(book: CodeBook, division: Division) -> Sequence[Division]:
    """Where its ground is now, as far as is known: itself, or whoever followed and has not ended."""
    found: dict[UUID, Division] = {}
    asked, waiting = {division.id}, [division]
    while waiting:
        one = waiting.pop()
        if one.valid_until is None:
            found[one.id] = one
            continue
        following = [link.division for link in book.successors(one) if link.division.id not in asked]
        asked |= {each.id for each in following}
        waiting += following
    return sorted(found.values(), key=lambda one: one.code)


def _history(book: CodeBook, division: Division) -> HistoryView:
    def links(found: Sequence[Any]) -> list[LinkView]:
        return [
            LinkView(division=PlaceView.model_validate(one.division), how=one.how, since=one.since) for one in found
        ]

    doubts = [doubt for one, doubt in book.doubts() if book.division(one.id) is division]
    return HistoryView(
        division=PlaceView.model_validate(division),
        codes=[TableCodeView.model_validate(said) for said in division.codes],
        predecessors=links(book.predecessors(division)),
        successors=links(book.successors(division)),
        doubts=[DoubtView.model_validate(doubt) for doubt in doubts],
        deeds=[_deed(event) for event in book.told(division)],
    )


def _deed(event: Any) -> DeedView:
    facts = {name: value for name, value in vars(event).items() if name not in _UNTOLD and not name.startswith("$")}
    return DeedView(what=WORDS[event.TOPIC], recorded_at=event.timestamp, by=event.by, reason=event.reason, facts=facts)
