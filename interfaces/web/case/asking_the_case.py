"""What a visitor may do about a case: the case itself is asked, as it stands in the log and not on a board."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from application.command import deed
from application.issues import leading
from application.services import Services
from application.trying import issue_trials, request_trials
from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from interfaces.web.case.orders import OF_ISSUES, OF_REQUESTS, Order, offered


@dataclass(frozen=True)
class Offered:
    """The forms for the next steps, and the version of the case they are about."""

    path: str
    version: int
    orders: list[Order]

    @property
    def main(self) -> list[Order]:
        return [one for one in self.orders if not one.refused and one.weight == "main"]

    @property
    def usual(self) -> list[Order]:
        return [one for one in self.orders if not one.refused and one.weight == "usual"]

    @property
    def more(self) -> list[Order]:
        return [one for one in self.orders if not one.refused and one.weight == "more"]

    @property
    def refused(self) -> list[Order]:
        """What would fall to the visitor but for a rule, with that rule."""
        return [one for one in self.orders if one.refused]

    def of(self, command: str) -> Order | None:
        return next((one for one in self.orders if one.command == command), None)


async def offered_of_issue(services: Services, actor: Actor, issue_id: UUID) -> Offered:
    """What the actor may do about an issue they may see."""
    issue = await services.logs.holding(issue_id).load(GridIssue, issue_id)
    found = issue_trials.tried(issue, deed(actor, now=services.clock(), reason=issue_trials.REASON), services.issues)
    waiting = [one.nth for one in issue.grants.supervisions if not one.answered]
    answered = [one.nth for one in issue.grants.supervisions if one.answered]
    known = {
        "file": {"category": issue.category},
        "answer-supervision": {"nth": str(min(waiting, default=""))},
        "close-supervision": {"nth": str(min(answered or waiting, default=""))},
        "unmerge": {"into": str(issue.merged_into or "")},
    }
    return Offered(f"/issues/{issue_id}", issue.version, offered(found, OF_ISSUES, known))


async def offered_of_request(services: Services, actor: Actor, request_id: UUID) -> Offered:
    """What the actor may do about a request they may see."""
    log = services.logs.holding(request_id)
    request = await log.load(ResidentRequest, request_id)
    issue = await leading(log, request.issue) if request.issue else None
    found = request_trials.tried(request, deed(actor, now=services.clock(), reason=issue_trials.REASON), issue)
    known = {
        "dispatch": {"category": request.category, "grid": request.place if len(request.place) == 15 else ""},
        "open-issue": {"category": request.category, "grid": request.place if len(request.place) == 15 else ""},
        "detach": {"issue": str(request.issue or "")},
    }
    return Offered(f"/requests/{request_id}", request.version, offered(found, OF_REQUESTS, known))
