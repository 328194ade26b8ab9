"""Events of escalation 上报上级, 回落: at which level a `GridIssue` is coordinated. Topics are for ever.

Neither touches a clock: the case clock and the lead's go on, whoever coordinates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.coordination import Coordination
from domain.issue_events import IssueEvent
from domain.vocabulary import SolvedLevel

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class Escalated(IssueEvent):
    """上报上级, from one level to the next above and to that level's unit; `leader` is the contact leader 包联, or "".

    `from_unit` is who held it: the unit that coordinated it, its lead, or "" for the grid. `automatic` says that the
    program passed it up because a limit was missed.
    """

    TOPIC = "issue.escalated"
    from_level: str
    from_unit: str
    level: str
    to_unit: str
    leader: str
    automatic: bool

    def apply(self, issue: GridIssue) -> None:
        issue.handled_by.add(self.by)
        issue.passed_up.append(
            Coordination(
                SolvedLevel(self.level), self.to_unit, self.leader, SolvedLevel(self.from_level), self.from_unit
            )
        )


class SentDown(IssueEvent):
    """回落 to where it came from: `to_unit` coordinates or leads it there, "" when the grid alone has it."""

    TOPIC = "issue.sent_down"
    from_level: str
    from_unit: str
    level: str
    to_unit: str

    def apply(self, issue: GridIssue) -> None:
        issue.handled_by.add(self.by)
        issue.passed_up.pop()


EVENTS = (Escalated, SentDown)
