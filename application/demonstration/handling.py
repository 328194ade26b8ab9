"""What most stories share: filing, dispatch, handling, judging, and what the callers say in the end."""

from __future__ import annotations

from application.demonstration import issue_deeds, request_deeds
from application.demonstration.dispatching import falls_to
from application.demonstration.places import COMMUNITIES, STREETS, name_of
from application.demonstration.story import Story
from application.demonstration.texts import FOUND, REPLY
from application.demonstration.units_and_staff import (
    COMMUNITY_DUTIES,
    DISPATCHERS,
    GOVERNMENT,
    NAMES,
    RECEIVERS,
    STREET_DUTIES,
    VERIFIERS,
    handlers,
)
from application.demonstration.wordings import DONE, SEEN, spots
from domain.limit import LimitUnit
from domain.vocabulary import Channel, Satisfaction, Solved, SolvedLevel

URGENT = (LimitUnit.MINUTE, LimitUnit.URGENT_HOUR)

# What callers say, the usual answer several times. 未评价 is an answer too.
CONTENT = (
    *[(Solved.SOLVED, Satisfaction.SATISFIED)] * 24,
    *[(Solved.SOLVED, Satisfaction.BASICALLY)] * 7,
    (Solved.SOLVED, Satisfaction.UNRATED),
    (Solved.PARTLY, Satisfaction.BASICALLY),
    (Solved.PARTLY, Satisfaction.DISSATISFIED),
    (Solved.UNSOLVED, Satisfaction.DISSATISFIED),
)
DISCONTENT = (
    (Solved.UNSOLVED, Satisfaction.DISSATISFIED),
    (Solved.PARTLY, Satisfaction.DISSATISFIED),
    (Solved.UNSOLVED, Satisfaction.BASICALLY),
)


def report(story: Story, case: str = "issue", *, channel: Channel = Channel.PATROL) -> None:
    """The grid's worker reports what is seen, mostly with a point; a device's alarm is entered by a receiver."""
    matter, place = story.matter, story.place
    text = story.one_of(FOUND[channel]).format(
        where=name_of(place.community) + story.one_of(spots(matter.in_class)), seen=story.one_of(SEEN[matter.code])
    )
    deed = issue_deeds.report(
        text, grid=place.code, point=place.point(story.chance) if story.happens(0.8) else None, category=matter.code,
        channel=channel, urgency="urgent" if matter.limit.unit in URGENT else "normal",
    )  # fmt: skip
    story.add(place.worker if channel is Channel.PATROL else story.one_of(RECEIVERS), deed, case=case)


def file(story: Story, case: str = "issue") -> None:
    story.wait(4, 45)
    story.add(story.one_of(RECEIVERS), issue_deeds.file(story.matter.code), case=case)


def lead_for(story: Story) -> str:
    """Whom the rules or the catalogue name; now and then the street or the community where their duties allow it."""
    in_class, place = story.matter.in_class, story.place
    near = [place.street] * (in_class in STREET_DUTIES) + [place.community] * (in_class in COMMUNITY_DUTIES)
    named = _named(story)
    if named is None or (near and story.happens(0.3)):
        return story.one_of(near)
    return named


def _named(story: Story) -> str | None:
    return falls_to(story.matter, story.place, story.at.replace(microsecond=0), story.calendar)


def dispatch(story: Story, lead: str | None = None, *, assists: tuple[str, ...] = (), case: str = "issue") -> None:
    """To `lead`, or to whom it falls; the government is copied in when a street leads (双派).

    Where the dispatcher has nobody else in mind, the rules name the lead.
    """
    story.wait(4, 40)
    story.lead = lead or lead_for(story)
    story.handler = story.one_of(handlers(story.lead))
    copies = (GOVERNMENT,) if story.lead in STREETS else ()
    by_hand = story.lead if lead or story.lead != _named(story) else None
    story.add(story.one_of(DISPATCHERS), issue_deeds.assign(by_hand, copies=copies, assists=assists), case=case)
    story.start_clock()


def pace(story: Story) -> float:
    """Which share of its limit a lead uses: one in eight is late."""
    return story.chance.uniform(1.05, 2.2) if story.happens(0.13) else story.chance.uniform(0.25, 0.95)


def handle(story: Story, share: float | None = None, *, case: str = "issue") -> None:
    """Accept, hear the callers, resolve, tell them."""
    share = pace(story) if share is None else share
    story.use(share * story.chance.uniform(0.05, 0.3))
    story.add(story.handler, issue_deeds.accept(), case=case)
    for voice in story.voices:
        story.use(share * story.chance.uniform(0.3, 0.5))
        if story.happens(0.12):
            story.add(story.handler, request_deeds.contact(reached=False), case=voice)
            story.wait(20, 90)
        if story.happens(0.93):
            story.add(story.handler, request_deeds.contact(reached=True), case=voice)
    resolve(story, share, case=case)


def resolve(story: Story, share: float, *, case: str = "issue") -> None:
    """Resolve when `share` of the limit is used, and tell the callers."""
    story.use(share)
    done = story.one_of(DONE[story.matter.in_class])
    reason = "late" if story.at > story.due else ""
    story.add(story.handler, issue_deeds.resolve(done, level_of(story.lead)), case=case, reason=reason)
    story.stop_clock()
    reply = REPLY.format(name=story.matter.called, unit=NAMES[story.lead], done=done)
    for voice in story.voices:
        story.wait(5, 60)
        story.add(story.handler, request_deeds.feed_back(reply), case=voice)


def level_of(unit: str) -> SolvedLevel:
    """Where a unit solves what it solves."""
    if unit in COMMUNITIES:
        return SolvedLevel.COMMUNITY
    return SolvedLevel.STREET if unit in STREETS else SolvedLevel.DISTRICT


def check(story: Story, *, passed: bool = True, case: str = "issue") -> None:
    story.work(0.5, 5)
    story.add(story.one_of(VERIFIERS), issue_deeds.check(passed=passed), case=case, reason="" if passed else "failed")


def close(story: Story, case: str = "issue") -> None:
    story.wait(5, 90)
    story.add(story.one_of((*RECEIVERS, *VERIFIERS)), issue_deeds.close(), case=case)


def judge(story: Story, case: str = "issue") -> None:
    check(story, case=case)
    close(story, case=case)


def call_back(story: Story, answers: tuple[tuple[Solved, Satisfaction], ...] = CONTENT) -> None:
    """Ask every caller after the limit has ended; one in ten is reached only the next day."""
    story.wait_until_due()
    for voice in story.voices:
        story.work(0.2, 4)
        if story.happens(0.1):
            story.add(story.one_of(VERIFIERS), request_deeds.call_in_vain(), case=voice)
            story.work(5, 8)
        solved, satisfaction = story.one_of(answers)
        contacted = story.happens(0.96)
        deed = request_deeds.call_back(contacted, solved, satisfaction)
        story.add(story.one_of(VERIFIERS), deed, case=voice)


def close_voices(story: Story) -> None:
    for voice in story.voices:
        story.wait(1, 15)
        story.add(story.one_of(VERIFIERS), request_deeds.close_request(), case=voice)
