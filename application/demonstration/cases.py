"""Which stories there are, how often each is told, when it begins, and where some of them are left waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from application.demonstration import calls, clocks, joint_work, patrol, troubles
from application.demonstration.catalogue import MATTERS, Matter
from application.demonstration.dice import dice
from application.demonstration.places import BUSY, GRIDS
from application.demonstration.story import Step, Story
from domain.limit import LimitUnit
from domain.workdays import WorkCalendar

WEEKS = timedelta(days=21)
STORIES = 350
"""At scale 1: about 250 issues and as many requests."""

_FREQUENT = ("06010", "06012", "06017", "06036", "06042", "07001", "09005", "09006", "10001", "10999")
_ON_THE_SPOT = ("06010", "06012", "06017", "06036", "06042", "07001", "09001", "09005", "09006", "09009", "10001")
_WAITING_EVERY, _TRIES = 4, 40
_LATELY, _FEWER = 72, 0.3
"""Of the last hours, those left waiting make up most: the others begin less often then."""
Hours = tuple[int, ...]
# How often a case begins in an hour of the day, by the clock of the calendar's zone.
_CALLS: Hours = (1, 1, 1, 1, 1, 2, 4, 8, 18, 22, 20, 16, 8, 9, 17, 20, 18, 14, 9, 8, 7, 5, 3, 2)
_PATROLS: Hours = (0, 0, 0, 0, 0, 0, 1, 5, 16, 20, 18, 12, 3, 6, 16, 18, 14, 6, 2, 1, 0, 0, 0, 0)
_REST_DAY = 0.35


def _quick(matter: Matter) -> bool:
    """Short enough for a story that goes round twice within the weeks."""
    return matter.limit.unit not in (LimitUnit.WORKDAY, LimitUnit.NATURAL_DAY) or matter.limit.amount <= 3


def _small(matter: Matter) -> bool:
    """A worker can solve it at the kerb."""
    return matter.in_class[-5:] in _ON_THE_SPOT


def _led(matter: Matter) -> bool:
    """Some department leads it by the catalogue."""
    return matter.lead is not None and _quick(matter)


def _any(matter: Matter) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """A kind of story: how it is told, how many in each round, where some are left waiting, about what, when.

    A `whole` one, unless left waiting, begins early enough to be told to its end.
    """

    tell: Callable[[Story], None]
    each: int
    waits_after: tuple[str, ...]
    about: Callable[[Matter], bool] = _any
    hours: Hours = _CALLS
    whole: bool = False


_STEPS = ("file", "accept", "resolve", "assign", "check")
KINDS = (
    Kind(patrol.solved_on_spot, 6, ("solve_on_spot", "report", "check"), _small, _PATROLS),
    Kind(patrol.passed_up, 8, ("report", *_STEPS), hours=_PATROLS),
    Kind(patrol.reported_by_mistake, 1, ("report",), hours=_PATROLS),
    Kind(patrol.reported_twice, 1, ("merge",), _quick, _PATROLS, whole=True),
    Kind(patrol.not_really_solved, 1, ("check_failed", "order_rework"), _small, _PATROLS, whole=True),
    Kind(patrol.found_before_the_call, 1, ("attach", "resolve"), hours=_PATROLS),
    Kind(calls.answered, 10, ("receive",)),
    Kind(calls.diverted, 4, ("receive",)),
    Kind(
        calls.called_about,
        8,
        ("receive", "open_issue", *_STEPS, "contact", "feed_back", "call_back", "call_in_vain", "close"),
    ),
    Kind(calls.called_about_by_several, 1, ("attach", "feed_back")),
    Kind(calls.complained_about_the_lead, 1, ("assign", "contact"), _led),
    Kind(calls.heard_on_a_visit, 2, ("open_issue", "solve_on_spot", "call_back"), _small, _PATROLS),
    Kind(calls.heard_again, 1, ("call_back", "order_redo"), _small, _PATROLS, whole=True),
    Kind(calls.attached_to_the_wrong_issue, 1, ("detach", "accept"), hours=_PATROLS),
    Kind(troubles.consulted, 1, ("open_consultation", "conclude_consultation"), _led, whole=True),
    Kind(troubles.returned, 1, ("ask_return", "grant_return"), _led, whole=True),
    Kind(troubles.return_refused, 1, ("ask_return", "refuse_return"), _quick, whole=True),
    Kind(troubles.reworked, 1, ("check_failed", "order_rework"), _quick, whole=True),
    Kind(troubles.redone, 1, ("call_back", "order_redo"), _quick, whole=True),
    Kind(troubles.handed_over, 1, ("hand_over", "resolve"), _quick, whole=True),
    Kind(joint_work.passed_up_and_down, 1, ("escalate", "send_down"), _quick, _PATROLS, whole=True),
    Kind(joint_work.called_to_the_spot, 1, ("blow", "arrive", "end"), _quick, _PATROLS, whole=True),
    Kind(troubles.exempted, 2, ("ask_exemption",), _quick, whole=True),
    Kind(clocks.extended, 1, ("ask_extension", "endorse_extension"), _quick, whole=True),
    Kind(clocks.suspended, 1, ("grant_suspension", "ask_suspension"), _quick, whole=True),
    Kind(clocks.supervised, 1, ("order_supervision", "answer_supervision"), _quick, whole=True),
    Kind(clocks.appealed, 1, ("appeal", "endorse_appeal"), _quick, whole=True),
)


class Weeks:
    """The three weeks before `end`: which hours cases begin in."""

    def __init__(self, end: datetime, calendar: WorkCalendar) -> None:
        self.end, self.calendar = end, calendar
        count = int(WEEKS / timedelta(hours=1))
        self._hours = [end - timedelta(hours=back) for back in range(count, 0, -1)]
        local = [calendar.local(hour) for hour in self._hours]
        self._weights = {
            profile: [profile[at.hour] * (1.0 if calendar.is_workday(at.date()) else _REST_DAY) for at in local]
            for profile in (_CALLS, _PATROLS)
        }

    def beginning(self, profile: Hours, number: int) -> datetime:
        """When a story begins that goes its way."""
        weights = self._weights[profile]
        fewer = [*weights[:-_LATELY], *(weight * _FEWER for weight in weights[-_LATELY:])]
        return self._by_chance(fewer, 1, number)[0]

    def late_beginnings(self, profile: Hours, number: int) -> list[datetime]:
        """When a story might begin that is left waiting, the latest first."""
        tries = sorted(self.beginnings(profile, number), reverse=True)
        return tries[dice("wait", number).choice((0, 0, 1, 2, 4, 7)) :]

    def beginnings(self, profile: Hours, number: int) -> list[datetime]:
        """When a story might begin, the likeliest first."""
        return self._by_chance(self._weights[profile], _TRIES, number)

    def _by_chance(self, weights: list[float], count: int, number: int) -> list[datetime]:
        chance = dice("begin", number)
        hours = chance.choices(self._hours, weights, k=count)
        return [hour + timedelta(seconds=chance.randrange(3600)) for hour in hours]


def all_stories(end: datetime, scale: float, calendar: WorkCalendar) -> list[list[Step]]:
    """The steps of every story up to `end`. The same story whatever the scale: it only says how many."""
    weeks = Weeks(end, calendar)
    order = list(chain.from_iterable([kind] * kind.each for kind in KINDS))
    dice("order").shuffle(order)
    told: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    stories = []
    for number in range(max(1, round(STORIES * scale))):
        kind = order[number % len(order)]
        stories.append(_story(weeks, kind, told[kind], number))
        told[kind] += 1
    return stories


def _story(weeks: Weeks, kind: Kind, nth: int, number: int) -> list[Step]:
    """One in four is left waiting where its turn is; the others go on to the end of the weeks."""
    tries: list[datetime] = []
    stop = ""
    if nth % _WAITING_EVERY == 1:
        stop = kind.waits_after[nth // _WAITING_EVERY % len(kind.waits_after)]
        tries = weeks.late_beginnings(kind.hours, number)
    elif kind.whole:
        tries = weeks.beginnings(kind.hours, number)
    for begin in tries:
        steps = _up_to(stop, _told(weeks, kind, nth, number, begin))
        if steps and steps[-1].at <= weeks.end:
            return steps
    begin = weeks.beginning(kind.hours, number)
    return [step for step in _told(weeks, kind, nth, number, begin) if step.at <= weeks.end]


def _up_to(verb: str, steps: list[Step]) -> list[Step]:
    """The steps up to the first of this verb, none when there is none; all of them without a verb."""
    if not verb:
        return steps
    last = next((index for index, step in enumerate(steps) if step.deed.verb == verb), -1)
    return steps[: last + 1]


def _told(weeks: Weeks, kind: Kind, nth: int, number: int, begin: datetime) -> list[Step]:
    chance = dice("story", number)
    matters = [matter for matter in MATTERS if kind.about(matter)]
    weights = [4 if matter.in_class[-5:] in _FREQUENT else 1 for matter in matters]
    (matter,) = chance.choices(matters, weights)
    (place,) = chance.choices(GRIDS, BUSY)
    story = Story(chance, begin, nth, weeks.calendar, place, matter)
    kind.tell(story)
    return story.steps
