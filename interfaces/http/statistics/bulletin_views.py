"""Bulletins 通报 as people see them: figures by number and group, issuances, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.duty_report import name_of
from application.registry.registry import Registry
from application.statistics.bulletin_figures import CaseChange, FigureChange
from application.statistics.bulletins import Difference
from domain.statistics.bulletin import Bulletin, BulletinKind, Issuance
from domain.statistics.bulletin_figures import POOLED, Figure, mean_of_groups
from domain.statistics.number import Unit
from interfaces.http.statistics.rankings import PeriodView


@dataclass(frozen=True)
class IssuanceView:
    """一次印发：nth 为 1 是首次，之后是更正重发，理由见 reason；who 为岗位。"""

    nth: int
    issued_at: datetime
    who: str
    reason: str

    @classmethod
    def of(cls, one: Issuance, registry: Registry) -> IssuanceView:
        """As people see it."""
        return cls(one.nth, one.issued_at, name_of(registry.staff, one.by), one.reason)


@dataclass(frozen=True)
class FigureView:
    """一组的数；没有数据时 value 为 null，不是 0。excluded 为分母之外的剔除件数。"""

    key: str
    name: str
    numerator: float
    denominator: int | None
    excluded: int
    value: float | None

    @classmethod
    def of(cls, one: Figure) -> FigureView:
        """As people see it."""
        return cls(one.group, one.name, one.numerator, one.denominator, one.excluded, one.value)


@dataclass(frozen=True)
class NumberView:
    """一个指标：合计、各组的数，及有数据的各组的均值。"""

    number: str
    name: str
    unit: Unit
    pooled: FigureView | None
    groups: list[FigureView]
    mean_of_groups: float | None


@dataclass(frozen=True)
class BulletinView:
    """通报，数字为印发时所知，不再改变。as_of 为当时各日志的位置；version 供 If-Match 用。"""

    id: UUID
    version: int
    kind: BulletinKind
    title: str
    scope: str
    scope_name: str
    period: PeriodView
    grouped_by: str
    policy: str
    nth: int
    issuances: list[IssuanceView]
    known_at: datetime
    as_of: dict[str, int]
    numbers: list[NumberView]

    @classmethod
    def of(cls, bulletin: Bulletin, shown: Issuance, registry: Registry) -> BulletinView:
        """One issuance of it, and that there are others."""
        place = name_of(registry.division, bulletin.scope)
        return cls(
            bulletin.id, bulletin.version, bulletin.kind, f"{place}{bulletin.period.label}{bulletin.kind.label}",
            bulletin.scope, place, PeriodView.of(bulletin.period), bulletin.grouped_by, bulletin.policy, shown.nth,
            [IssuanceView.of(one, registry) for one in bulletin.issuances], shown.known.at, shown.known.positions,
            numbers_of(bulletin, shown.figures),
        )  # fmt: skip


@dataclass(frozen=True)
class CountedView:
    """一案在一项事实上以何计入；excluded 为真时在分母之外另列。"""

    answer: str
    excluded: bool


@dataclass(frozen=True)
class CaseChangeView:
    """计法有变的一案：当时、现在各以何计入；空的一边是未计入。"""

    case_id: UUID
    case_kind: str
    then: list[CountedView]
    now: list[CountedView]

    @classmethod
    def of(cls, one: CaseChange) -> CaseChangeView:
        """As people see it."""
        then, now = ([CountedView(*counted) for counted in side] for side in (one.then, one.now))
        return cls(one.case_id, one.case_kind, then, now)


@dataclass(frozen=True)
class FigureChangeView:
    """印发后变了的一个数。key 为 * 是合计，所涉案件见各组；案件过多时 cases 为 null。"""

    number: str
    number_name: str
    key: str
    name: str
    then: FigureView | None
    now: FigureView | None
    cases: list[CaseChangeView] | None

    @classmethod
    def of(cls, one: FigureChange, called: Mapping[str, str]) -> FigureChangeView:
        """As people see it."""
        figure = one.figure
        return cls(
            figure.number, called[figure.number], figure.group, figure.name, _seen(figure.then), _seen(figure.now),
            None if one.cases is None else [CaseChangeView.of(case) for case in one.cases],
        )  # fmt: skip


@dataclass(frozen=True)
class DifferenceView:
    """第 nth 次印发的数与现在所知的差异；changes 为空则无一改变。known_at 为现在，as_of 为各日志的位置。"""

    id: UUID
    nth: int
    known_then: datetime
    as_of_then: dict[str, int]
    known_at: datetime
    as_of: dict[str, int]
    changes: list[FigureChangeView]

    @classmethod
    def of(cls, one: Difference) -> DifferenceView:
        """As people see it."""
        then, called = one.issuance.known, {heading.number: heading.name for heading in one.bulletin.numbers}
        return cls(
            one.bulletin.id, one.issuance.nth, then.at, then.positions, one.now.at, one.now.positions,
            [FigureChangeView.of(change, called) for change in one.changes],
        )  # fmt: skip


def _seen(figure: Figure | None) -> FigureView | None:
    return None if figure is None else FigureView.of(figure)


def numbers_of(bulletin: Bulletin, figures: Sequence[Figure]) -> list[NumberView]:
    """The figures number by number, in the order they are told and under the names they had."""
    found: list[NumberView] = []
    for one in bulletin.numbers:
        of_number = [figure for figure in figures if figure.number == one.number]
        pooled = next((FigureView.of(figure) for figure in of_number if figure.group == POOLED), None)
        groups = [FigureView.of(figure) for figure in of_number if figure.group != POOLED]
        mean = mean_of_groups(figures, one.number)
        found.append(NumberView(one.number, one.name, Unit(one.unit), pooled, groups, mean))
    return found
