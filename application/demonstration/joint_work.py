"""Stories in which one unit alone does not get there: what is passed up level by level, and whistles."""

from __future__ import annotations

from datetime import timedelta

from application.demonstration import issue_deeds, whistle_deeds
from application.demonstration.handling import dispatch, file, handle, judge, report
from application.demonstration.story import Deed, Story
from application.demonstration.units_and_staff import DEPARTMENTS, handlers, whistle_desk
from domain.vocabulary import WhistleOccasion, WhistleRemark

ARRIVE_WITHIN = timedelta(minutes=30)
DONE_ON_THE_SPOT = ("现场围挡，各单位分头处置", "联合执法，当场整改", "明确牵头单位，当日处置完毕")


def passed_up_and_down(story: Story) -> None:
    """上报上级 from the grid to the community and to the street; every other time it comes down again (回落)."""
    report(story)
    story.wait(15, 60)
    story.add(story.place.worker, issue_deeds.escalate(), reason="beyond_grid")
    story.work(0.3, 2)
    story.add(handlers(story.place.community)[0], issue_deeds.escalate(), reason="beyond_community")
    if story.nth % 2:
        story.work(0.3, 2)
        story.add(handlers(story.place.street)[0], issue_deeds.send_down(), reason="sent_down")
    file(story)
    dispatch(story)
    handle(story)
    judge(story)


def called_to_the_spot(story: Story) -> None:
    """吹哨报到: one comes in time, one late or not at all; one whistle in four was a mistake."""
    report(story)
    file(story)
    dispatch(story)
    desk, others = whistle_desk(story.place.street), [unit for unit in DEPARTMENTS if unit != story.lead]
    prompt, slow = story.chance.sample(others, 2)
    story.wait(10, 40)
    story.add(desk, _blow(story, prompt, slow), case="whistle", reason="whistle")
    if story.nth % 4 == 2:
        story.wait(2, 10)
        story.add(desk, whistle_deeds.withdraw(), case="whistle", reason="mistaken_whistle")
    else:
        _come(story, desk, prompt, slow)
    handle(story)
    judge(story)


def _blow(story: Story, *units: str) -> Deed:
    return whistle_deeds.blow(units, story.one_of(tuple(WhistleOccasion)))


def _come(story: Story, desk: str, prompt: str, slow: str) -> None:
    due, absent = story.at + ARRIVE_WITHIN, story.nth % 4 == 3
    story.wait(5, 25)
    story.add(handlers(prompt)[0], whistle_deeds.arrive(), case="whistle")
    story.at = max(story.at, due)
    story.wait(3, 25)
    if not absent:
        story.add(handlers(slow)[0], whistle_deeds.arrive(), case="whistle")
        story.wait(20, 60)
    story.add(desk, whistle_deeds.end(story.one_of(DONE_ON_THE_SPOT)), case="whistle")
    story.wait(10, 60)
    good = (WhistleRemark.PROMPT, WhistleRemark.COOPERATIVE)
    story.add(desk, whistle_deeds.rate_unit(prompt, 5, good), case="whistle")
    bad = (1, (WhistleRemark.SHIRKING,)) if absent else (3, (WhistleRemark.TARDY, WhistleRemark.EFFECTIVE))
    story.add(desk, whistle_deeds.rate_unit(slow, *bad), case="whistle", reason="rated_low")
    story.wait(5, 60)
    story.add(handlers(prompt)[0], whistle_deeds.rate(justified=True), case="whistle")
    if absent:
        story.add(handlers(slow)[0], whistle_deeds.rate(justified=False), case="whistle", reason="unjustified")
