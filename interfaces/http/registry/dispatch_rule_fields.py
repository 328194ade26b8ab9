"""One dispatch rule in bodies and answers: the same fields in and out."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from domain.registry.dispatch_rule import MOST_RANK, MOST_UNITS, DispatchRule
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.rule_time import Hours
from domain.vocabulary import Channel
from interfaces.http.fields import Body, Line
from interfaces.http.registry.entries import Day, LocalCode

MOST_LAID = 500
UnitOrLocal = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63}|@community|@street|@district)$",
        description="单位代码，或属地关系：@community 属地社区，@street 属地街道，@district 属地区县",
        examples=["U150785-CG", "@street"],
    ),
]
Others = Annotated[list[UnitOrLocal], Field(max_length=MOST_UNITS)]
Scope = Annotated[
    str,
    Field(
        pattern=r"^((matter|asset)(-[0-9]{2}([0-9]{3}(-[1-9][0-9]?)?)?)?)?$",
        description="事项：空为不限，或类别如 matter，大类如 matter-06，小类如 matter-06017，立案条件如 matter-06017-1",
        examples=["matter-06017"],
    ),
]
PlaceOrAny = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})?$",
        description="地点：空为不限，否则为区划代码或网格编码，其内都适用",
        examples=["150785001"],
    ),
]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", examples=["10-15"])]
Weekdays = Annotated[
    list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7, description="星期，1 为周一；空为每天")
]


class LayingRule(Body):
    """一条派遣规则. 依次比较优先级、事项、地点、渠道、时间, 更具体的优先; 与所在位置无关."""

    number: Annotated[LocalCode, Field(description="规则编号", examples=["12"])]
    name: Annotated[Line, Field(description="规则名称")] = ""
    category: Scope = ""
    place: PlaceOrAny = ""
    channel: Annotated[Channel | None, Field(description="受理渠道，缺省为不限")] = None
    hours: Annotated[Hours, Field(description="工作时间内外，按工作日历")] = Hours.ANY
    weekdays: Annotated[Weekdays, Field(default_factory=list)]
    season_from: Annotated[MonthDay | None, Field(description="每年自哪一天起，须与 season_until 同时给出")] = None
    season_until: Annotated[MonthDay | None, Field(description="每年到哪一天止，可跨年")] = None
    rank: Annotated[int, Field(ge=-MOST_RANK, le=MOST_RANK, description="优先级，大者优先，先于一切比较")] = 0
    lead: Annotated[UnitOrLocal, Field(description="主办")]
    copies: Annotated[Others, Field(default_factory=list, description="抄送")]
    assists: Annotated[Others, Field(default_factory=list, description="协办")]
    valid_from: Annotated[Day | None, Field(description="本条的首日，缺省随版本")] = None
    valid_until: Annotated[Day | None, Field(description="本条的末日，含当日，缺省随版本")] = None

    def checked(self) -> DispatchRule:
        """As the domain holds it. Refuses what `DispatchRule.checked` does."""
        said = self.model_dump(exclude={"channel", "hours", "season_from", "season_until"})
        return DispatchRule.checked(
            **said, channel=self.channel.value if self.channel else "", hours=self.hours.value,
            season_from=self.season_from or "", season_until=self.season_until or "",
        )  # fmt: skip


class RuleView(BaseModel):
    """一条派遣规则. channel 等为 null 即不限."""

    number: str
    name: str
    category: str
    place: str
    channel: Channel | None
    hours: Hours
    weekdays: list[int]
    season_from: str | None
    season_until: str | None
    rank: int
    lead: str
    copies: list[str]
    assists: list[str]
    valid_from: date | None
    valid_until: date | None

    @classmethod
    def of(cls, rule: DispatchRule) -> RuleView:
        """What people see of a rule."""
        return cls(
            number=rule.number, name=rule.name, category=rule.category, place=rule.place,
            channel=Channel(rule.channel) if rule.channel else None, hours=rule.time.hours,
            weekdays=list(rule.time.weekdays), season_from=rule.time.season_from or None,
            season_until=rule.time.season_until or None, rank=rule.rank, lead=rule.lead, copies=list(rule.copies),
            assists=list(rule.assists), valid_from=rule.valid_from and date.fromisoformat(rule.valid_from),
            valid_until=rule.valid_until and date.fromisoformat(rule.valid_until),
        )  # fmt: skip


def rules_after(edition: DispatchRules, after: str, limit: int) -> tuple[list[RuleView], str | None]:
    """The rules by number above `after`, and the last of them when there are more."""
    numbers = sorted(edition.rules)
    first = bisect_right(numbers, after)
    shown = numbers[first : first + limit]
    return [RuleView.of(edition.rules[number]) for number in shown], shown[-1] if first + limit < len(numbers) else None
