"""Stories about clocks: more time asked for, work that has to wait, orders from above, an overdue appealed against."""

from __future__ import annotations

from datetime import timedelta

from application.demonstration import clock_deeds, issue_deeds, request_deeds
from application.demonstration.calls import begin, finish
from application.demonstration.handling import dispatch, file, handle, judge, resolve
from application.demonstration.story import Story
from application.demonstration.units_and_staff import DISPATCHERS, RECEIVERS, SUPERVISORS, handlers
from domain.limit import Limit, LimitUnit
from domain.vocabulary import SupervisionKind

_TWO_DAYS = Limit(2, LimitUnit.WORKDAY)
_WAITING = 4
"""Of so many, the second is left waiting: what it waits for lies well ahead."""


def extended(story: Story) -> None:
    """延期: endorsed by the unit and granted; of three, one refused, and of four, one granted twice."""
    _accepted(story)
    story.use(0.5)
    _ask_for_more(story)
    if story.nth % 3 == 2:
        story.add(story.one_of(DISPATCHERS), clock_deeds.refuse_extension(), reason="extension_refused")
        resolve(story, 0.95)
    else:
        _granted_more(story)
        if story.nth % _WAITING == 3:
            story.use(0.6)
            _ask_for_more(story)
            _granted_more(story)
        resolve(story, 0.9)
    finish(story)


def suspended(story: Story) -> None:
    """挂账: granted and resumed at its end, or earlier; of three, one refused."""
    _accepted(story)
    story.use(0.4)
    days = 45 if story.nth % _WAITING == 1 else 4
    until = story.calendar.next_opening(story.at.replace(microsecond=0) + timedelta(days=days))
    story.add(story.handler, clock_deeds.ask_suspension(until), reason="suspend")
    story.wait(10, 90)
    if story.nth % 3 == 2:
        story.add(story.one_of(DISPATCHERS), clock_deeds.refuse_suspension(), reason="suspension_refused")
    else:
        story.add(story.one_of(DISPATCHERS), clock_deeds.grant_suspension(), reason="suspended")
        story.stop_clock()
        if story.nth % _WAITING == 3:
            story.work(4, 9)
            story.add(story.one_of(SUPERVISORS), clock_deeds.resume(), reason="resumed")
        else:
            story.at = until  # when it resumes by itself
        story.resume_clock()
    resolve(story, 0.9)
    finish(story)


def supervised(story: Story) -> None:
    """督办 beside the handling, answered by the lead and closed."""
    _accepted(story)
    story.wait(5, 20)
    supervisor = story.one_of(SUPERVISORS)
    kind = (SupervisionKind.LEADER, SupervisionKind.KEY)[story.nth % 2]
    story.add(supervisor, clock_deeds.supervise(kind, _TWO_DAYS), reason="supervise")
    story.wait(20, 120)
    story.add(story.handler, clock_deeds.answer_order("已安排专人，按时限办结。"))
    resolve(story, 0.8)
    story.wait(30, 120)
    story.add(supervisor, clock_deeds.close_order())
    finish(story)


def appealed(story: Story) -> None:
    """超时申诉 of a late one after its closing: reviewed twice, every other one refused in the end."""
    begin(story)
    file(story)
    dispatch(story)
    handle(story, 1.4)
    judge(story)
    story.wait(30, 240)
    story.add(story.handler, clock_deeds.appeal(), reason="appeal")
    story.work(1, 4)
    story.add(story.one_of(DISPATCHERS), clock_deeds.endorse_appeal())
    story.work(1, 4)
    granted = story.nth % 4 != 2
    said = "" if granted else "appeal_refused"
    story.add(story.one_of(RECEIVERS), clock_deeds.decide_appeal(granted=granted), reason=said)


def _accepted(story: Story) -> None:
    begin(story)
    file(story)
    dispatch(story)
    story.use(story.chance.uniform(0.05, 0.2))
    story.add(story.handler, issue_deeds.accept())
    story.use(story.chance.uniform(0.25, 0.35))
    story.add(story.handler, request_deeds.contact(reached=True), case="request")


def _ask_for_more(story: Story) -> None:
    story.add(story.handler, clock_deeds.ask_extension(), reason="extend")
    (colleague,) = (code for code in handlers(story.lead) if code != story.handler)
    story.wait(5, 20)
    story.add(colleague, clock_deeds.endorse_extension())
    story.wait(5, 20)


def _granted_more(story: Story) -> None:
    story.add(story.one_of(DISPATCHERS), clock_deeds.grant_extension())
    story.extend_clock()
