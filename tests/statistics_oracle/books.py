"""All cases of some logs, as an honest replay of the events up to somewhere leaves them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tests.statistics_oracle import issue_life, limits, request_life
from tests.statistics_oracle.issue_life import IssueLife
from tests.statistics_oracle.life import Life
from tests.statistics_oracle.request_life import RequestLife
from tests.statistics_oracle.told import Told


class Books:
    """Issues and requests by id. Tell them events in the order of their positions, and of no case only some."""

    def __init__(self, events: Iterable[Told] = ()) -> None:
        self.issues: dict[str, IssueLife] = {}
        self.requests: dict[str, RequestLife] = {}
        for event in events:
            self.tell(event)

    @property
    def lives(self) -> list[Life]:
        return [*self.issues.values(), *self.requests.values()]

    def tell(self, event: Told) -> None:
        if event.topic == "issue.reported":
            self.issues[event.stream] = issue_life.reported(event)
        elif event.topic.startswith("issue."):
            issue_life.step(self.issues[event.stream], event)
        elif event.topic == "request.received":
            self.requests[event.stream] = request_life.received(event)
        else:
            self._of_a_request(self.requests[event.stream], event)

    def _of_a_request(self, request: RequestLife, event: Told) -> None:
        repeats = False
        if event.topic == "request.attached":
            request.issue = event.facts["issue"]
            tied = self.issues.get(request.issue)
            repeats = tied is not None and bool(tied.absorbed or tied.voices - {request.id})
        issue = self.handled_in(request)
        request_life.step(request, event, issue.lead if issue else "", repeats=repeats)
        if issue is not None:
            _meet(issue, event)

    def handled_in(self, request: RequestLife) -> IssueLife | None:
        """The issue that goes on for the request: the one it is attached to, or the end of its mergers."""
        issue = self.issues.get(request.issue)
        while issue is not None and issue.merged_into:
            issue = self.issues[issue.merged_into]
        return issue


MET_BY = {"request.fed_back": "clock:feedback", "request.called_back": "clock:call_back"}


def _meet(issue: IssueLife, event: Told) -> None:
    if event.topic == "request.requester_contacted" and event.facts["reached"]:
        limits.meet(issue, "clock:contact", event.at)
    elif event.topic in MET_BY:
        limits.meet(issue, MET_BY[event.topic], event.at)


def known(events: Iterable[Told], moment: datetime) -> list[Told]:
    """Those that were recorded by a moment."""
    return [event for event in events if event.recorded_at <= moment]
