"""How an issue of the base is handled: filing, dispatch and returns, the lead's work and its pauses, resolution."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log

from application.synthetic.catalogue import Category
from application.synthetic.pausing import pause_or_extend
from application.synthetic.strand import Strand
from application.synthetic.town import level_of_unit
from domain.actor import Actor, Role
from domain.assignment import Assignment, given
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.place import parent_of
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from domain.vocabulary import ReturnReason, SolvedLevel
from domain.workdays import WorkCalendar

AGAIN = 0.3
"""Of what was returned, how much comes back to the unit that returned it (二次派遣)."""
MOST_RETURNS = 3
LONGEST = 4.0
"""In shares of the limit: nobody takes longer."""


def file(strand: Strand, issue: GridIssue, category: Category) -> None:
    """立案; hard cases are discussed before dispatch."""
    district, chance = strand.setting.district, strand.chance
    strand.wait(25)
    filing = strand.setting.issues.file_now
    strand.issue_does(issue, district.desk(Role.RECEIVER, chance), lambda act: filing(issue, act, category.code))
    lead = district.department(category.department)
    if strand.happens(0.01) and lead not in issue.complained_about:
        dispatcher = district.desk(Role.DISPATCHER, chance)
        strand.wait(60)
        strand.issue_does(issue, dispatcher, lambda act: issue.open_consultation(act, units=[lead]))
        strand.work(4)
        strand.issue_does(
            issue, dispatcher, lambda act: issue.conclude_consultation(act, proposed_lead=lead), "会商一致"
        )


def dispatch(strand: Strand, issue: GridIssue, category: Category, avoid: str = "") -> None:
    """派遣, until somebody keeps it."""
    district = strand.setting.district
    lead = _lead(strand, issue, category, avoid)
    for _ in range(MOST_RETURNS):
        strand.wait(20)
        _assign(strand, issue, lead)
        if not strand.happens(district.units[lead].gives_back):
            return
        if not _given_back(strand, issue):
            return
        lead = lead if strand.happens(AGAIN) else _other_than(strand, category, {lead, avoid})
    strand.wait(20)
    _assign(strand, issue, lead)


def _assign(strand: Strand, issue: GridIssue, lead: str) -> None:
    dispatcher = strand.setting.district.desk(Role.DISPATCHER, strand.chance)
    assign = strand.setting.issues.assign_now
    strand.issue_does(issue, dispatcher, lambda act: assign(issue, act, lead=lead))


def _lead(strand: Strand, issue: GridIssue, category: Category, avoid: str) -> str:
    lead = strand.setting.district.department(category.department)
    community = parent_of(issue.grid)
    if category.near and strand.happens(0.5):
        lead = community if strand.happens(0.4) else parent_of(community)
    return _other_than(strand, category, {lead}) if lead == avoid else lead


def _other_than(strand: Strand, category: Category, taken: set[str]) -> str:
    """Departments only: every one of them may lead anything."""
    district = strand.setting.district
    named = district.department(category.department)
    if named not in taken:
        return named
    return strand.chance.choice([unit for unit in district.units if "-" in unit and unit not in taken])


def _given_back(strand: Strand, issue: GridIssue) -> bool:
    """申请退单 and what the dispatcher says."""
    district, chance, issues = strand.setting.district, strand.chance, strand.setting.issues
    code = chance.choice((ReturnReason.NOT_OUR_DUTY, ReturnReason.NOT_OUR_AREA, ReturnReason.WRONG_CATEGORY))
    strand.work(0.5)
    asker = district.handler(issue.lead, chance.randrange(2))
    strand.issue_does(issue, asker, lambda act: issue.ask_return(act, code=code), "不属本单位")
    strand.work(1)
    dispatcher = district.desk(Role.DISPATCHER, chance)
    if strand.happens(0.72):
        strand.issue_does(issue, dispatcher, issue.grant_return)
        return True
    terms = issues.same_terms(issue)
    strand.issue_does(issue, dispatcher, lambda act: issue.refuse_return(act, terms=terms), "职责清单已列")
    return False


def handle(strand: Strand, issue: GridIssue, voices: list[ResidentRequest]) -> None:
    """From taking it to telling the requesters; how long that takes is the unit's way."""
    chance, traits = strand.chance, strand.setting.district.units[issue.lead]
    share = min(chance.lognormvariate(log(traits.pace), traits.spread), LONGEST)
    handler = strand.setting.district.handler(issue.lead, chance.randrange(2))
    use(strand, issue, share * chance.uniform(0.03, 0.3))
    strand.issue_does(issue, handler, issue.accept)
    pause_or_extend(strand, issue, handler)
    for voice in voices:
        _contact(strand, issue, voice, handler)
    _resolve(strand, issue, share, handler)
    for voice in voices:
        _feed_back(strand, issue, voice, handler)


def _feed_back(strand: Strand, issue: GridIssue, voice: ResidentRequest, handler: Actor) -> None:
    if voice.stage in (RequestStage.ATTACHED, RequestStage.CONTACTED):
        strand.wait(30)
        strand.request_does(voice, handler, lambda act: voice.feed_back(act, lead=issue.lead))


def _contact(strand: Strand, issue: GridIssue, voice: ResidentRequest, handler: Actor) -> None:
    if voice.stage is not RequestStage.ATTACHED or strand.happens(0.06):
        return
    strand.work(0.5)
    reached = not strand.happens(0.12)
    strand.request_does(voice, handler, lambda act: voice.contact(act, reached=reached, lead=issue.lead))
    if not reached:
        strand.work(2)
        strand.request_does(voice, handler, lambda act: voice.contact(act, reached=True, lead=issue.lead))


def _resolve(strand: Strand, issue: GridIssue, share: float, handler: Actor) -> None:
    use(strand, issue, share)
    level = SolvedLevel(level_of_unit(issue.lead))
    late = "处置难度大" if strand.at > given(issue.assignment).due else ""
    strand.issue_does(issue, handler, lambda act: issue.resolve(act, measure="已处置", level=level), late)


def use(strand: Strand, issue: GridIssue, share: float) -> None:
    """Go on to where `share` of the lead's limit has run; above 1 is late."""
    clock = given(issue.assignment)
    reached = _reached(clock, share, strand.setting.issues.calendar)
    strand.at = max(reached, strand.at + timedelta(minutes=2))


def _reached(clock: Assignment, share: float, calendar: WorkCalendar) -> datetime:
    if _round_the_clock(clock.limit):
        return clock.clock_start + (clock.due - clock.clock_start) * share
    return calendar.add(clock.clock_start, calendar.between(clock.clock_start, clock.due) * share)


def _round_the_clock(limit: Limit) -> bool:
    return limit.unit.value in ("minute", "urgent_hour")
