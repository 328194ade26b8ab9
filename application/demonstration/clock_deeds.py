"""Deeds about an issue's clock: extension, suspension, appeal, supervision; each one use case, bound to its facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from application.demonstration.issue_deeds import on_issue
from application.demonstration.story import Deed
from domain import appealing, extending, suspending
from domain.actor import Act
from domain.assignment import Terms
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.supervising import answer_supervision, close_supervision, order_supervision
from domain.vocabulary import SupervisionKind


def ask_extension() -> Deed:
    return on_issue("ask_extension", lambda issue, act: extending.ask_extension(act, issue=issue))


def endorse_extension() -> Deed:
    return on_issue("endorse_extension", lambda issue, act: extending.endorse_extension(act, issue=issue))


def grant_extension() -> Deed:
    return _under_terms(
        "grant_extension", lambda issue, act, terms: extending.grant_extension(act, issue=issue, terms=terms)
    )


def refuse_extension() -> Deed:
    return on_issue("refuse_extension", lambda issue, act: extending.refuse_extension(act, issue=issue))


def ask_suspension(until: datetime) -> Deed:
    return on_issue("ask_suspension", lambda issue, act: suspending.ask_suspension(act, issue=issue, until=until))


def grant_suspension() -> Deed:
    return on_issue("grant_suspension", lambda issue, act: suspending.grant_suspension(act, issue=issue))


def refuse_suspension() -> Deed:
    return on_issue("refuse_suspension", lambda issue, act: suspending.refuse_suspension(act, issue=issue))


def resume() -> Deed:
    return _under_terms("resume", lambda issue, act, terms: suspending.resume_suspension(act, issue=issue, terms=terms))


def appeal() -> Deed:
    return on_issue("appeal", lambda issue, act: appealing.appeal_overdue(act, issue=issue))


def endorse_appeal() -> Deed:
    return on_issue("endorse_appeal", lambda issue, act: appealing.endorse_appeal(act, issue=issue))


def decide_appeal(*, granted: bool) -> Deed:
    decide = appealing.grant_appeal if granted else appealing.refuse_appeal
    return on_issue("grant_appeal" if granted else "refuse_appeal", lambda issue, act: decide(act, issue=issue))


def supervise(kind: SupervisionKind, limit: Limit) -> Deed:
    return _under_terms(
        "order_supervision",
        lambda issue, act, terms: order_supervision(act, issue=issue, kind=kind, limit=limit, terms=terms),
    )


def answer_order(answer: str) -> Deed:
    return on_issue("answer_supervision", lambda issue, act: answer_supervision(act, issue=issue, nth=1, answer=answer))


def close_order() -> Deed:
    return on_issue("close_supervision", lambda issue, act: close_supervision(act, issue=issue, nth=1))


def _under_terms(verb: str, decide: Callable[[GridIssue, Act, Terms | None], None]) -> Deed:
    return Deed(
        verb, lambda scene, command: scene.services.cases.change(
            GridIssue, scene.id, command,
            lambda issue: decide(issue, command.act, scene.services.issues.same_terms(issue)),
        )
    )  # fmt: skip
