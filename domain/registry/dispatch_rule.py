"""DispatchRule 派遣规则: category, place, channel and time a case must have, and the units that then get it.

Of the rules that match a case the one of highest precedence wins, and precedence is explicit: first the rank it
was given, then the narrower category, then the narrower place, then a named channel, then more conditions on time.
Where a rule stands in its edition means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.place import place_code
from domain.registry.category_scope import category_scope, narrowness
from domain.registry.dispatch_refusals import BadRule
from domain.registry.entry import chosen, in_force, local_code, period, wording
from domain.registry.rule_time import Moment, RuleTime
from domain.registry.unit import UnitLevel
from domain.vocabulary import Channel

LOCAL = {"@community": UnitLevel.COMMUNITY, "@street": UnitLevel.STREET, "@district": UnitLevel.DISTRICT}
"""属地: units named by their relation to the place of the case. No unit's code begins with @."""
LOCAL_LABELS = {"@community": "属地社区（村）", "@street": "属地街道（乡镇）", "@district": "属地区县"}
CRITERIA = ("优先级", "事项", "地点", "渠道", "时间")
"""What decides between two rules, in this order."""
MOST_RANK = 1_000
MOST_UNITS = 20

Precedence = tuple[int, int, int, int, int]
"""By `CRITERIA`; the higher wins."""


@dataclass(frozen=True, slots=True)
class RuleInputs:
    """What rules look at of a case: `category` is a case type's key, `place` a grid's or division's code."""

    category: str
    place: str
    channel: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class DispatchRule:
    """One rule; "" leaves category, place or channel open. Units are codes, or relations of `LOCAL`."""

    number: str
    name: str
    category: str
    place: str
    channel: str
    time: RuleTime
    rank: int
    lead: str
    copies: tuple[str, ...]
    assists: tuple[str, ...]
    valid_from: str | None
    valid_until: str | None

    @classmethod
    def checked(
        cls,
        *,
        number: str,
        lead: str,
        name: str = "",
        category: str = "",
        place: str = "",
        channel: str = "",
        hours: str = "any",
        weekdays: list[int] | None = None,
        season_from: str = "",
        season_until: str = "",
        rank: int = 0,
        copies: list[str] | None = None,
        assists: list[str] | None = None,
        valid_from: date | None = None,
        valid_until: date | None = None,
    ) -> DispatchRule:
        """A rule as its keeper says it. Refuses `BadRule`, `BadCode`, `BadText`, `BadChoice`, `BadPeriod`."""
        number = local_code(number, "规则编号")
        if not -MOST_RANK <= rank <= MOST_RANK:
            raise BadRule(number=number, problem=f"优先级应在 -{MOST_RANK} 至 {MOST_RANK} 之间")
        copies, assists = copies or [], assists or []
        _require_units(number, [lead, *copies, *assists])
        if valid_from is not None:
            period(valid_from, valid_until)
        return cls(
            number=number,
            name=wording(name, "规则名称") if name else "",
            category=category_scope(category),
            place=place_code(place) if place else "",
            channel=chosen(Channel, channel, "渠道").value if channel else "",
            time=RuleTime.checked(
                number, hours=hours, weekdays=weekdays or [], season_from=season_from, season_until=season_until
            ),
            rank=rank,
            lead=lead,
            copies=tuple(copies),
            assists=tuple(assists),
            valid_from=None if valid_from is None else valid_from.isoformat(),
            valid_until=None if valid_until is None else valid_until.isoformat(),
        )

    @property
    def precedence(self) -> Precedence:
        """The higher wins; two equal ones that may both match a case are a tie."""
        place, channel = len(self.place), int(bool(self.channel))
        return self.rank, narrowness(self.category), place, channel, self.time.narrowness

    @property
    def units(self) -> tuple[str, ...]:
        """All it names, the lead first."""
        return self.lead, *self.copies, *self.assists

    def in_force(self, on: date) -> bool:
        """Whether a day lies in its own days, both ends included."""
        return in_force(on, self.valid_from or "", self.valid_until)

    def suits(self, inputs: RuleInputs) -> bool:
        """Whether it matches a case of its category and place."""
        return (
            self.channel in {"", inputs.channel} and self.in_force(inputs.moment.day) and self.time.holds(inputs.moment)
        )


def lost_by(rule: DispatchRule, winner: DispatchRule) -> str:
    """The criterion that decided against a rule."""
    pairs = zip(CRITERIA, rule.precedence, winner.precedence, strict=True)
    return next(criterion for criterion, own, other in pairs if own != other)


def _require_units(number: str, units: list[str]) -> None:
    if len(units) > MOST_UNITS:
        raise BadRule(number=number, problem=f"单位合计至多 {MOST_UNITS} 个")
    for unit in units:
        if unit.startswith("@") and unit not in LOCAL:
            raise BadRule(number=number, problem=f"属地关系“{unit}”应为 {'、'.join(LOCAL)} 之一")
        if unit not in LOCAL:
            local_code(unit, "单位代码")
    if twice := sorted({unit for unit in units if units.count(unit) > 1}):
        raise BadRule(number=number, problem=f"{'、'.join(twice)} 在主办、抄送、协办中出现了不止一次")
