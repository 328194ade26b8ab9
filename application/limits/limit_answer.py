"""LimitAnswer 时限答复: for each stage of a case its limit, by which rule of which edition, and what lost why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.limit import Limit
from domain.limit_stages import LimitStage


class LimitSource(StrEnum):
    """What set a limit."""

    RULE = "rule"  #: 时限规则
    CATALOGUE = "catalogue"  #: 编目的立案条件
    NOTHING = "nothing"  #: 没有规定


@dataclass(frozen=True)
class LostLimit:
    """What says something about the stage too, and what decided against it; `rule` is "" for the catalogue."""

    rule: str
    name: str
    limit: Limit | None
    why: str


@dataclass(frozen=True)
class StageLimit:
    """One stage's limit, None where nothing sets one or, for 处置, the catalogue's waits for a decision."""

    stage: LimitStage
    limit: Limit | None
    source: LimitSource
    rule: str = ""
    rule_name: str = ""
    reason: str = ""
    runners_up: tuple[LostLimit, ...] = ()


@dataclass(frozen=True)
class LimitAnswer:
    """`edition` is that of the limit rules that was asked, "" when none is in force; `catalogue` that of the catalogue.

    `stages` are all there are, in their order.
    """

    category: str
    channel: str
    urgency: str
    at: datetime
    edition: str
    catalogue: str
    stages: tuple[StageLimit, ...]

    def of(self, stage: LimitStage) -> StageLimit:
        """What was found for a stage."""
        return next(one for one in self.stages if one.stage is stage)

    @property
    def handle_edition(self) -> str:
        """The edition the limit of 处置 is of: of limit rules where one of them set it, else of the catalogue."""
        return self.edition if self.of(LimitStage.HANDLE).source is LimitSource.RULE else self.catalogue
