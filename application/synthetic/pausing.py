"""What a lead asks while it works on an issue of the base: more time 延期, a suspension 挂账, help from above."""

from __future__ import annotations

from datetime import timedelta

from application.synthetic.strand import Strand
from application.synthetic.town import level_of_unit
from domain.actor import Actor, Role
from domain.assignment import given
from domain.escalating import Above, escalate
from domain.extending import USUAL, ask_extension, endorse_extension, grant_extension, refuse_extension
from domain.grid_issue import GridIssue
from domain.suspending import ask_suspension, grant_suspension, refuse_suspension, resume_suspension
from domain.vocabulary import SolvedLevel

EXTENDED, SUSPENDED, ESCALATED = 0.04, 0.015, 0.008


def pause_or_extend(strand: Strand, issue: GridIssue, handler: Actor) -> None:
    """Now and then one of them, by who has accepted it."""
    drawn = strand.chance.random()
    if drawn < EXTENDED:
        _extend(strand, issue, handler)
    elif drawn < EXTENDED + SUSPENDED:
        _suspend(strand, issue, handler)
    elif drawn < EXTENDED + SUSPENDED + ESCALATED:
        _escalate(strand, issue, handler)


def _extend(strand: Strand, issue: GridIssue, handler: Actor) -> None:
    district, chance, issues = strand.setting.district, strand.chance, strand.setting.issues
    strand.wait(20, 0.3)
    if strand.at > given(issue.assignment).due or issue.grants.extensions == USUAL.most:
        return
    strand.issue_does(issue, handler, lambda act: ask_extension(act, issue=issue), "需多部门协同")
    strand.wait(10, 0.3)
    # The third of a unit's handlers takes no cases on and endorses what the others ask.
    strand.issue_does(issue, district.handler(issue.lead, 2), lambda act: endorse_extension(act, issue=issue))
    strand.wait(15, 0.3)
    dispatcher = district.desk(Role.DISPATCHER, chance)
    if strand.happens(0.75):
        terms = issues.same_terms(issue)
        strand.issue_does(issue, dispatcher, lambda act: grant_extension(act, issue=issue, terms=terms))
    else:
        strand.issue_does(issue, dispatcher, lambda act: refuse_extension(act, issue=issue), "理由不足")


def _suspend(strand: Strand, issue: GridIssue, handler: Actor) -> None:
    district, chance, issues = strand.setting.district, strand.chance, strand.setting.issues
    if issue.grants.suspensions:
        return  # once a case
    strand.wait(30, 0.3)
    until = strand.at.replace(microsecond=0) + timedelta(days=chance.randint(5, 45))
    strand.issue_does(issue, handler, lambda act: ask_suspension(act, issue=issue, until=until), "等待专项资金")
    strand.wait(60, 0.3)
    dispatcher = district.desk(Role.DISPATCHER, chance)
    if strand.happens(0.2):
        strand.issue_does(issue, dispatcher, lambda act: refuse_suspension(act, issue=issue), "可以先行处置")
        return
    strand.issue_does(issue, dispatcher, lambda act: grant_suspension(act, issue=issue))
    if strand.happens(0.3):
        strand.at += (until - strand.at) * chance.uniform(0.3, 0.9)
        strand.at = issues.calendar.next_opening(strand.at)
        if strand.at < until - timedelta(days=2):
            terms = issues.same_terms(issue)
            strand.issue_does(
                issue, dispatcher, lambda act: resume_suspension(act, issue=issue, terms=terms), "资金已到位"
            )
            return
    # At the end it resumes by itself.
    strand.at = max(strand.at, until + timedelta(minutes=5))


def _escalate(strand: Strand, issue: GridIssue, handler: Actor) -> None:
    if issue.passed_up:
        return  # it is above them already
    level = SolvedLevel(level_of_unit(issue.lead))
    above = {
        SolvedLevel.COMMUNITY: Above(SolvedLevel.STREET, issue.grid[:9]),
        SolvedLevel.STREET: Above(SolvedLevel.DISTRICT, strand.setting.district.department("zx")),
        SolvedLevel.DISTRICT: Above(SolvedLevel.CITY, strand.setting.district.department("zx")),
    }
    strand.wait(30, 0.3)
    strand.issue_does(
        issue, handler,
        lambda act: escalate(act, issue=issue, lead_level=level, find_above=lambda asked: above[level]),
        "超出本级能力",
    )  # fmt: skip
