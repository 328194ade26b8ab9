"""试算 of an edition: which cases of a period it would have treated otherwise, and how they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import pytest

from application.registry.calendars_in_force import CalendarsInForce
from application.registry.trials import FiledCase, Period, Trial, TrialCase, TrialPage, Trials
from domain.actor import Actor, Role
from domain.assignment import Terms
from domain.issue_events import IssueEvent
from domain.limit import Limit
from domain.refusals import NoSuchEntry, WrongRole
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_refusals import TooManyToTry
from tests.cases import CALENDAR
from tests.editions_office import APRIL, FELLED, HOURS, JULY, LID, LITTER, condition, draft, publish
from tests.handled_case import handled
from tests.registry_office import NINE, Office, run

SUPERVISOR = Actor("s", frozenset({Role.SUPERVISOR}), "u", ("1507",))
PERIOD = Period(NINE, NINE + timedelta(days=365))
STEPS = handled(3, Terms(limit=HOURS, edition="1", calendar=CALENDAR))


class Filed:
    """Past cases in memory, two at a time."""

    def __init__(self, *cases: FiledCase) -> None:
        self.cases = cases

    async def counted(self, areas: Sequence[str], period: Period) -> Mapping[str, int]:
        return Counter(case.category for case in self.cases)

    async def filed(
        self, areas: Sequence[str], period: Period, categories: Collection[str]
    ) -> AsyncIterator[Sequence[FiledCase]]:
        wanted = [case for case in self.cases if case.category in categories]
        for first in range(0, len(wanted), 2):
            yield wanted[first : first + 2]


def case(number: int, category: str = LITTER, steps: Sequence[IssueEvent] = STEPS) -> FiledCase:
    return FiledCase("150785", UUID(int=number), number, category, "1", NINE, steps)


CASES = (
    case(1),
    case(2, FELLED),
    case(3, LID),
    case(4, LITTER, ()),
    case(5, "matter-09001", ()),
    case(6, "matter-08001"),
)


def city(limit: Limit | None = HOURS, text: str = "") -> Office:
    """Edition 1 with three matters and an asset; 2 drops 非法伐树, sets litter's limit, leaves 09001 undecided."""
    office = Office().with_divisions()
    ones = [condition(code) for code in (LITTER, FELLED, LID, "matter-09001", "matter-08001")]
    publish(office, "1", APRIL, *ones)
    draft(office, "2", JULY, [
        condition(LITTER, limit, limit_text=text), condition("matter-09001", None, limit_text="4小时"),
        condition("matter-08001"),
    ])  # fmt: skip
    return office


def tried(
    office: Office, actor: Actor = SUPERVISOR, code: str = "2", most: int | None = None
) -> tuple[Trial, list[TrialCase]]:
    told: list[TrialCase] = []
    trials = Trials(office.editions, office.view, Filed(*CASES), CalendarsInForce(office.view, CALENDAR))
    now = NINE + timedelta(days=100)
    return run(trials.run(actor, code=code, period=PERIOD, now=now, tell=told.append, most=most)), told


def test_every_case_of_the_editions_kinds_is_counted_and_those_it_would_change_are_told() -> None:
    trial, told = tried(city(Limit.of(1, "work_hour")))
    assert {name: count for name, count in asdict(trial.counts).items() if count} == {
        "cases": 5, "untouched": 1, "other_limit": 2, "not_listed": 1, "undecided": 1, "late_now": 1, "newly_late": 1,
    }  # fmt: skip
    assert [one.number for one in told] == [1, 2, 4, 5]
    litter, felled, waiting, undecided = told
    assert (litter.late_then, litter.late_now, litter.limit_then, litter.limit_now) == (
        False, True, HOURS, Limit.of(1, "work_hour"),
    )  # fmt: skip
    assert (felled.listed, felled.limit_now, felled.due_now) == (False, None, None)
    assert (waiting.due_then, waiting.due_now, waiting.late_now) == (None, None, None)
    assert (undecided.listed, undecided.limit_now) == (True, None)


def test_the_words_of_a_limit_alone_change_no_case() -> None:
    trial, told = tried(city(HOURS, "4工作时"))
    assert trial.counts.untouched == 3
    assert {one.category for one in told} == {FELLED, "matter-09001"}


def test_a_kind_the_edition_does_not_speak_of_is_not_tried() -> None:
    office = city()
    draft(office, "3", JULY, copies=[CaseKind.ASSET])
    trial, told = tried(office, code="3")
    assert (trial.counts.cases, trial.counts.untouched, told) == (1, 1, [])


def test_pages_are_the_cases_in_their_order_each_once() -> None:
    _, told = tried(city(Limit.of(1, "work_hour")))
    seen: list[TrialCase] = []
    more = True
    while more:
        page = TrialPage((seen[-1].log_id, seen[-1].number) if seen else ("", 0), 3)
        for one in told:
            page.take(one)
        seen += page.cases
        more = page.more
    assert seen == told


def test_a_trial_is_for_those_who_answer_for_limits_of_what_there_is_and_of_what_can_be_waited_for() -> None:
    office = city()
    with pytest.raises(WrongRole):
        tried(office, Actor("w", frozenset({Role.WORKER, Role.DISPATCHER}), "u", ("1507",)))
    with pytest.raises(NoSuchEntry):
        tried(office, code="9")
    with pytest.raises(TooManyToTry):
        tried(office, most=1)
    before = len(office.log.recorded)
    tried(office, most=100)
    assert len(office.log.recorded) == before
