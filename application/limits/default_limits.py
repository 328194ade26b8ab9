"""默认时限规则: graded limits for dispatch and feedback, published when a city has no edition in force or announced.

Of a city's hotline, by urgency. Dispatch: 1 h for what is sudden or endangers stability, public health, life or
property, 2 h for water, power, gas, heating and extreme weather, 24 h in general (DB11/T 2021-2022, the standard
《12345市民服务热线服务与管理规范》, as reported when it was issued). Feedback: 2 h, 24 h, 7 days, and 15 days for what
is complex (the draft of that standard, 2021; of the final one only the 15 days were seen, and not whether its days
are natural or working days).
Hours are taken as they pass by night too, days as natural days; a city that reads it otherwise publishes its own.
"""

from __future__ import annotations

from datetime import date

from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.refusals import AlreadyRegistered, Stale
from domain.registry.entry import civil_day
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.vocabulary import Urgency

CODE = "graded-2021"
NAME = "分级派遣和反馈时限"
SOURCE = (
    "派遣 1 小时、2 小时、24 小时：DB11/T 2021-2022；反馈 2 小时、24 小时、7 日、15 日：该标准 2021 年征求意见稿"
    "（除 15 日外未见于正式文本，日按自然日计）"
)
_HOUR, _DAY = LimitUnit.URGENT_HOUR, LimitUnit.NATURAL_DAY


def _graded(number: str, urgency: Urgency, name: str, feedback: Limit, dispatch: Limit | None = None) -> LimitRule:
    limits = {LimitStage.FEEDBACK: feedback} | ({LimitStage.DISPATCH: dispatch} if dispatch else {})
    return LimitRule.checked(number=number, name=name, urgency=urgency.value, limits=limits)


RULES = (
    _graded("1", Urgency.EMERGENCY, "突发、不稳定、公共卫生、生命财产", Limit(2, _HOUR), Limit(1, _HOUR)),
    _graded("2", Urgency.URGENT, "水电气热、极端天气", Limit(24, _HOUR), Limit(2, _HOUR)),
    _graded("3", Urgency.NORMAL, "一般", Limit(7, _DAY), Limit(24, _HOUR)),
    # The standard has no limit of its own for dispatching these, so the general one holds.
    _graded("4", Urgency.COMPLEX, "复杂疑难", Limit(15, _DAY), Limit(24, _HOUR)),
)


def default_limits(act: Act, *, city: str, valid_from: date) -> LimitRules:
    """The default edition, published. Refuses `WrongRole`, `OutsideArea`, `NotRetroactive`."""
    edition = LimitRules.draft(act, city=city, code=CODE, name=NAME, source=SOURCE)
    edition.lay(act, city=city, rules=RULES)
    edition.publish(act, city=city, valid_from=valid_from)
    return edition


async def ship_default_limits(desk: RegistryDesk, act: Act) -> bool:
    """Publish the default edition from today unless the city has published one or keeps this one as a draft.

    Whether it was published now. Refuses `WrongRole`, `OutsideArea`.
    """
    await desk.registry.refresh()
    known = desk.registry.entries(LimitRules, lambda edition: edition.published_at is not None, limit=1)
    edition = default_limits(act, city=desk.city, valid_from=civil_day(act.at))
    if known or desk.registry.holds(edition.id):
        return False
    try:
        await desk.register_many([edition])
    except (AlreadyRegistered, Stale):
        # Another process that starts in the same moment has.
        return False
    return True
