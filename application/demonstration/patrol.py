"""Stories that begin on patrol: found in the grid, mostly solved in the grid."""

from __future__ import annotations

from application.demonstration import issue_deeds
from application.demonstration.calls import begin, finish, join
from application.demonstration.handling import (
    check,
    close,
    dispatch,
    file,
    handle,
    judge,
    report,
)
from application.demonstration.story import Story
from application.demonstration.units_and_staff import DISPATCHERS, RECEIVERS, VERIFIERS
from application.demonstration.wordings import DONE
from domain.vocabulary import Channel


def solve_on_spot(story: Story) -> None:
    story.wait(3, 35)
    measure = story.one_of(DONE[story.matter.in_class])
    story.add(story.place.worker, issue_deeds.solve_on_spot(measure))


def solved_on_spot(story: Story) -> None:
    """自行处置; two in three are checked before they are closed."""
    report(story)
    solve_on_spot(story)
    if story.happens(0.65):
        check(story)
    else:
        story.work(1, 8)
    close(story)


def passed_up(story: Story) -> None:
    """Beyond the worker: filed, dispatched, handled, judged. One in eight was seen by a device."""
    report(story, channel=Channel.SENSOR if story.nth % 8 == 5 else Channel.PATROL)
    file(story)
    dispatch(story)
    handle(story)
    judge(story)


def reported_by_mistake(story: Story) -> None:
    report(story)
    story.wait(10, 120)
    story.add(story.one_of(RECEIVERS), issue_deeds.void(), reason="void")


def reported_twice(story: Story) -> None:
    """并案 of what patrol and a caller report; every other time of two alarms that are two things after all."""
    two_things = story.nth % 2 == 0
    report(story)
    story.wait(20, 200)
    if two_things:
        report(story, "issue-2", channel=Channel.SENSOR)
    else:
        begin(story, "issue-2")
    file(story)
    dispatch(story)
    story.wait(5, 30)
    dispatcher = story.one_of(DISPATCHERS)
    story.add(dispatcher, issue_deeds.merge("issue"), case="issue-2", reason="merge")
    if two_things:
        story.wait(30, 90)
        story.add(dispatcher, issue_deeds.unmerge("issue"), case="issue-2", reason="unmerge")
    handle(story)
    finish(story)
    if two_things:
        file(story, "issue-2")
        dispatch(story, case="issue-2")
        handle(story, case="issue-2")
        judge(story, "issue-2")


def not_really_solved(story: Story) -> None:
    """Solved on the spot, found wanting, reported anew and passed up."""
    report(story)
    solve_on_spot(story)
    check(story, passed=False)
    story.wait(5, 60)
    story.add(story.one_of(VERIFIERS), issue_deeds.order_rework(), reason="failed")
    file(story)
    dispatch(story)
    handle(story)
    judge(story)


def found_before_the_call(story: Story) -> None:
    """未诉先办: a resident calls about what patrol has already found."""
    report(story)
    file(story)
    dispatch(story)
    story.wait(20, 90)
    join(story, "request")
    handle(story)
    finish(story)
