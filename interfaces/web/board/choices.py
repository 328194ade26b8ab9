"""Choices 筛选项: what the board's filter offers, out of the registry and within the looker's areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from application.duty_report import name_of as registered
from application.statistics.ledger import Ledger
from application.statistics.naming import CHANNELS
from domain.place import GRID_DIGITS
from domain.registry.division import Division
from domain.registry.entry import civil_day
from domain.registry.unit import Unit
from domain.statistics.number import Shape
from domain.statistics.numbers import NUMBERS
from domain.statistics.periods import Cut
from domain.vocabulary import Channel
from interfaces.web.board.figures import FIVE, name_of
from interfaces.web.board.glance import Glance
from interfaces.web.board.ranking import COMPARED

MOST = 1_000
STREET_DIGITS = 9
CUTS = {Cut.DAY: "日", Cut.WEEK: "周", Cut.MONTH: "月"}
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """Value and word of each choice."""

    cuts: Options
    streets: Options
    units: Options
    categories: Options
    channels: Options
    numbers: Options
    compared: Options


@dataclass(frozen=True)
class LedgerLink:
    """A ledger of what the board shows, as two files."""

    name: str
    workbook: str
    text: str


def choices(look: Glance) -> Choices:
    """All there is to choose."""
    registry, actor, today = look.services.registry, look.actor, civil_day(look.now)
    streets = registry.entries(
        Division, lambda one: len(one.code) == STREET_DIGITS and actor.overlaps(one.code), limit=MOST
    )  # fmt: skip
    units = registry.entries(Unit, lambda one: actor.overlaps(one.place), limit=MOST)
    types = registry.case_types(valid_on=today, limit=MOST)
    classes = {one.code: one.name for one in types if one.code.count("-") == 1}
    return Choices(
        cuts=[(cut.value, name) for cut, name in CUTS.items()],
        streets=[(one.code, one.name) for one in streets], units=[(one.code, one.name) for one in units],
        categories=sorted(classes.items(), key=lambda one: one[1]),
        channels=[(one.value, CHANNELS[one.value]) for one in Channel],
        numbers=[(one, name_of(one)) for one in dict.fromkeys([*FIVE, *_on_a_map()])],
        compared=[(by, name) for by, name in COMPARED.items()],
    )  # fmt: skip


def _on_a_map() -> list[str]:
    return [one.id for one in NUMBERS.values() if one.shape is not Shape.HELD]


def area_name(look: Glance) -> str:
    """What the page is about: the street chosen, else the looker's areas."""
    registry = look.services.registry
    codes = [look.at.street] if look.at.street else list(look.actor.areas)
    names = [
        registered(registry.grid if len(code) == GRID_DIGITS else registry.division, code) for code in codes[:3]
    ]  # fmt: skip
    return "、".join(names) + ("等" if len(codes) > len(names) else "")


def ledgers(look: Glance) -> list[LedgerLink]:
    """The ledgers of the period and the filter, as they stand now."""
    query = look.ledger_query()
    return [
        LedgerLink(one.label, f"/api/v1/stats/ledgers/{one.value}.xlsx?{query}",
                   f"/api/v1/stats/ledgers/{one.value}.csv?{query}")
        for one in Ledger
    ]  # fmt: skip
