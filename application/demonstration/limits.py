"""Limit rules 时限规则 of the demonstration district: the graded ones, and limits for the steps of its own offices."""

from __future__ import annotations

from datetime import date

from application.demonstration.places import CITY
from application.limits import default_limits
from domain.actor import Act
from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.vocabulary import Channel

EDITION = "limits-2026.1"
_S, _U = LimitStage, LimitUnit
_rule = LimitRule.checked

# fmt: off
RULES = (
    *default_limits.RULES,
    _rule(number="11", name="各环节", limits={
        _S.ACCEPT: Limit(2, _U.WORK_HOUR), _S.CONTACT: Limit(1, _U.WORKDAY), _S.CHECK: Limit(1, _U.WORKDAY),
        _S.CALL_BACK: Limit(2, _U.WORKDAY), _S.CASE: Limit(15, _U.WORKDAY),
    }),
    _rule(number="12", name="热线先联系", channel=Channel.HOTLINE.value, limits={_S.CONTACT: Limit(4, _U.WORK_HOUR)}),
    _rule(number="13", name="采暖", category="matter-10999", limits={
        _S.ACCEPT: Limit(30, _U.MINUTE), _S.CONTACT: Limit(1, _U.URGENT_HOUR), _S.CHECK: Limit(4, _U.URGENT_HOUR),
    }),
)
# fmt: on


def limit_rules(act: Act, since: date) -> LimitRules:
    """The one edition, in force from `since`."""
    edition = LimitRules.draft(
        act, city=CITY, code=EDITION, name="根河市 2026 年时限规则", source=default_limits.SOURCE
    )  # fmt: skip
    edition.lay(act, city=CITY, rules=RULES)
    edition.publish(act, city=CITY, valid_from=since)
    return edition
