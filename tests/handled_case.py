"""A case that was filed, assigned, accepted and resolved, and the steps that moved its clock."""

from __future__ import annotations

from typing import cast

from domain.assignment import Terms
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.what_if import STEPS
from tests.cases import CATEGORY, SUBJECT, TERMS
from tests.spec import DISPATCHER, GRID, HANDLER, HOUR, ISSUE, NINE, RECEIVER, ROADS, WORKER, act


def begun() -> GridIssue:
    issue = GridIssue.report(act(WORKER), id=ISSUE, subject=SUBJECT, grid=GRID, grid_edition=1)
    issue.file(act(RECEIVER), category=CATEGORY, edition="2026.1")
    return issue


def steps_of(issue: GridIssue) -> list[IssueEvent]:
    return [cast(IssueEvent, event) for event in issue.pending_events if isinstance(event, STEPS)]


def handled(hours: float, terms: Terms = TERMS) -> list[IssueEvent]:
    issue = begun()
    issue.assign(act(DISPATCHER, NINE), lead=ROADS, terms=terms)
    issue.accept(act(HANDLER, NINE))
    issue.resolve(act(HANDLER, NINE + hours * HOUR), measure="修复")
    return steps_of(issue)
