"""Dispatch rules 派遣规则 of the demonstration district, and whom they name when a story is written."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from application.demonstration.catalogue import Matter
from application.demonstration.places import CITY, DISTRICT, GridPlace
from application.demonstration.units_and_staff import GOVERNMENT
from domain.actor import Act
from domain.registry.dispatch_rule import DispatchRule, RuleInputs
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.rule_book import RuleBook
from domain.registry.rule_time import Moment
from domain.workdays import WorkCalendar

EDITION = "dispatch-2026.1"
_rule = DispatchRule.checked
_in_the_cold = partial(_rule, season_from="10-01", season_until="05-10")

# fmt: off
RULES = (
    _rule(number="1", name="堵塞通道的堆物由社区主办", category="matter-06036-1", place=DISTRICT, lead="@community",
          copies=["@street"]),
    _rule(number="2", name="其他堆物由街道主办", category="matter-06036", place=DISTRICT, lead="@street",
          copies=["@district"]),
    _rule(number="3", name="饲养家禽由社区主办", category="matter-06038", place=DISTRICT, lead="@community",
          copies=["@street"]),
    _rule(number="4", name="小广告由社区主办", category="matter-07001", place=DISTRICT, lead="@community",
          copies=["@street"]),
    _in_the_cold(number="5", name="背街小巷积雪结冰由街道主办", category="matter-10001-2", place=DISTRICT,
                 lead="@street", copies=["@district"]),
    _in_the_cold(number="6", name="采暖季停热", category="matter-10999-1", place=DISTRICT, lead="gs",
                 copies=["@district", "@street"]),
    _in_the_cold(number="7", name="下班后停热加派住建", category="matter-10999-1", place=DISTRICT, hours="outside",
                 lead="gs", copies=["@district", "@street"], assists=["zj"]),
    _rule(number="8", name="夜间和周末施工", category="matter-08001", place=DISTRICT, hours="outside", lead="cg",
          copies=["zj"]),
    _rule(number="9", name="感知设备报警的井盖", category="asset-01001", place=DISTRICT, channel="sensor", lead="gs",
          assists=["zj"]),
    _rule(number="10", name="敖鲁古雅的道路破损抄送乡里", category="matter-06013", place="150785200", lead="zj",
          copies=["@street"]),
)
# fmt: on
_BOOK = RuleBook(RULES)


def dispatch_rules(act: Act, since: date) -> DispatchRules:
    """The one edition, in force from `since`."""
    edition = DispatchRules.draft(act, city=CITY, code=EDITION, name="根河市 2026 年派遣规则")
    edition.lay(act, city=CITY, rules=RULES)
    edition.publish(act, city=CITY, valid_from=since)
    return edition


def falls_to(matter: Matter, place: GridPlace, at: datetime, calendar: WorkCalendar) -> str | None:
    """The lead the rules name for a case whatever its channel, else the catalogue's."""
    inputs = RuleInputs(matter.code, place.code, "", Moment.of(at, calendar))
    matching = _BOOK.matching(inputs)
    local = {"@community": place.community, "@street": place.street, "@district": GOVERNMENT}
    return local.get(matching[0].lead, matching[0].lead) if matching else matter.lead
