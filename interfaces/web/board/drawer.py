"""Drawer 案件抽屉: the cases behind one figure, its numerator, denominator and excluded apart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from application.duty_report import name_of as registered
from application.statistics.answers import CountedCase
from application.statistics.filter import Dimension, Grouping
from application.statistics.ledger import LedgerForm
from application.statistics.naming import CHANNELS, STAGES
from domain.registry.case_type_key import class_key
from domain.statistics.number import Number, Part, Shape
from domain.statistics.numbers import NUMBERS
from domain.statistics.periods import Cut
from interfaces.http.statistics.numbers import case_page, mark_of
from interfaces.web import telling
from interfaces.web.board.due import place_name
from interfaces.web.board.figures import NOTHING, Cell, about, cell, name_of
from interfaces.web.board.glance import Glance

PAGE = 50
PARTS = {Part.NUMERATOR: "分子", Part.DENOMINATOR: "分母", Part.EXCLUDED: "剔除"}
_CLOCK = {"in_time": "按期", "late": "超期", "open": "未办"}
_SAID = (
    {"yes": "已联系", "no": "未联系"},
    {"solved": "已解决", "partly": "部分解决", "unsolved": "未解决"},
    {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"},
)


@dataclass(frozen=True)
class Group:
    """Whose cases: of a group by up to two dimensions, found by its keys. Without dimensions all."""

    by: Dimension | None = None
    key: str | None = None
    then: Dimension | None = None
    then_key: str | None = None


@dataclass(frozen=True)
class Tab:
    """One of the parts. `count` is what the figure says of it."""

    name: str
    count: str
    address: str
    here: bool


@dataclass(frozen=True)
class CaseRow:
    """A case in the drawer."""

    address: str
    at: str
    category: str
    place: str
    unit: str
    channel: str
    answer: str
    lasted: str


@dataclass(frozen=True)
class Drawer:
    """One page of a part. `heading` tells the figure, `group` whose it is."""

    name: str
    about: str
    group: str
    cell: Cell
    tabs: Sequence[Tab]
    rows: Sequence[CaseRow]
    next: str | None
    first: bool
    instant: str
    files: Sequence[tuple[str, str]]


async def drawer(look: Glance, part: Part, of: Group, cursor: str | None) -> Drawer:
    """Refuses `NoSuchPart`, `BadGrouping`, `BadCursor`."""
    number = NUMBERS[look.at.number]
    grouping = grouping_of(look, number, of)
    answer, found = await asyncio.gather(
        look.number(number.id, *grouping.dimensions),
        look.cases(
            number.id, part, grouping=grouping, keys=(of.key, of.then_key), limit=PAGE + 1,
            after=mark_of(cursor) if cursor else None,
        ),
    )  # fmt: skip
    group = answer.pooled
    if of.by:
        nothing = replace(NOTHING, key=of.key or "")
        group = next((one for one in answer.groups if (one.key, one.then_key) == (of.key, of.then_key)), nothing)
    shown = case_page(found, PAGE)
    keys = _keys(of)
    more = look.at.query(part=part.value, cursor=shown.next, **keys)
    return Drawer(
        name_of(number.id), about(number), "，".join(one for one in (group.name, group.then_name) if one and of.by),
        cell(number.id, group, look.at, *(one.value for one in grouping.dimensions)),
        _tabs(look, number, group.excluded, part, of, cell(number.id, group, look.at)),
        [words_of(look, number, row) for row in shown.items], f"/board/cases?{more}" if shown.next else None,
        not cursor, number.wording.instant,
        [(form.value, f"/board/cases.{form.value}?{look.at.query(part=part.value, **keys)}") for form in LedgerForm],
    )  # fmt: skip


def grouping_of(look: Glance, number: Number, of: Group) -> Grouping:
    """How the number is asked so that the group is one of its groups."""
    dimensions = [one for one in (of.by, of.then) if one]
    asked = look.about_number(number.id)
    buckets = look.policy.periods(Cut.DAY).buckets(asked.start, asked.end) if Dimension.PERIOD in dimensions else []
    return Grouping(of.by, of.then, buckets)


def _keys(of: Group) -> dict[str, str | None]:
    return {"in": of.by and of.by.value, "key": of.key, "then": of.then and of.then.value, "then_key": of.then_key}


def _tabs(look: Glance, number: Number, excluded: int, part: Part, of: Group, figure: Cell) -> list[Tab]:
    counts = {Part.NUMERATOR: figure.numerator or figure.denominator}
    if number.shape in {Shape.SHARE, Shape.SCORE}:
        counts[Part.DENOMINATOR] = figure.denominator
    if number.exempts:
        counts[Part.EXCLUDED] = telling.amount(excluded)
    return [
        Tab(PARTS[one], count, f"/board/cases?{look.at.query(part=one.value, **_keys(of))}", one is part)
        for one, count in counts.items()
    ]  # fmt: skip


def words_of(look: Glance, number: Number, row: CountedCase) -> CaseRow:
    """A case as people read it."""
    registry = look.services.registry
    return CaseRow(
        f"/{'issues' if row.case_kind == 'issue' else 'requests'}/{row.case_id}", telling.moment(row.at),
        registered(registry.case_type, class_key(row.category)) if row.category else "未分类",
        place_name(look, row.place), registered(registry.unit, row.unit) if row.unit else "未派遣",
        CHANNELS.get(row.channel, row.channel), said(number, row.answer),
        "" if row.seconds is None else telling.lasting(row.seconds),
    )  # fmt: skip


def said(number: Number, answer: str) -> str:
    """In words why a case counts as it does; empty where its number has only one answer."""
    if number.shape in {Shape.HELD, Shape.BACKLOG}:
        return STAGES.get(answer, answer)
    if answer in _CLOCK:
        return _CLOCK[answer]
    if answer.count("/") == 2:
        return "、".join(words[one] for words, one in zip(_SAID, answer.split("/"), strict=True) if one in words)
    return CHANNELS.get(answer, "")
