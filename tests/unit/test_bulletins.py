"""通报: issued once by who may, frozen as computed, corrected with a reason, compared case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from application.command import Command
from application.ports import RequestKey
from application.statistics.answers import Answer, Group, Known
from application.statistics.bound import AsOf, Bound
from application.statistics.bulletin_changes import CountedFact
from application.statistics.bulletin_figures import CaseChange, CountedAs
from application.statistics.bulletins import Bulletins
from application.statistics.computing import all_of
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.policies import PoliciesInForce
from application.statistics.reading import Asked
from domain.actor import Act, Actor, Role
from domain.case_id import log_of
from domain.rates import RatePolicy
from domain.refusals import BadCode, KeyReused, NoSuchCase, NoSuchLog, OutsideArea, ReasonMissing, Stale, WrongRole
from domain.registry.refusals import NothingChanged
from domain.statistics.bulletin import Bulletin, BulletinKind
from domain.statistics.bulletin_figures import NUMBERS, POOLED, Figure, mean_of_groups
from domain.statistics.bulletin_refusals import AlreadyIssued, NoSuchIssuance, PeriodNotOver
from domain.statistics.number import Unit
from domain.statistics.numbers import number_named
from tests.fakes import MemoryLog, MemoryLogs
from tests.hands import prompt_boards
from tests.registry_office import CITY, COUNTY, STREET, Office, run
from tests.spec import case_id

AFTER = datetime(2026, 3, 20, tzinfo=UTC)
MARCH = date(2026, 3, 1)
SUPERVISOR = Actor("supervisor", frozenset({Role.SUPERVISOR}), "centre", (CITY,))
STREETS = Actor("street-supervisor", frozenset({Role.SUPERVISOR}), "office", (STREET,))


@dataclass
class Counting:
    """Numbers of which only `received` counts anything: one for each case known by a position of the county's log."""

    known_at: dict[UUID, int] = field(default_factory=dict)
    asked: list[tuple[Actor, Filter, Grouping]] = field(default_factory=list)
    position: int = 10
    touches: int = 0

    async def bound(self, as_of: AsOf, now: datetime) -> Bound:
        return Bound(now, {CITY: 3, COUNTY: self.position})

    async def number(
        self, actor: Actor, number: str, of: Filter, *, grouping: Grouping, bound: Bound, policy: RatePolicy
    ) -> Answer:
        self.asked.append((actor, of, grouping))
        count = len(self._cases(number, bound))
        share = None if number == "received" else 0
        pooled = Group("", "合计", None, None, count, share, 0, count if share is None else None, share == 0)
        groups = [replace(pooled, key=STREET, name="东街道")] if count else []
        return Answer(
            number, number_named(number).name, Unit.CASES, of.start, of.end, grouping.by, None, policy.version, False,
            Known(bound.moment, bound.positions), groups, pooled, None,
        )  # fmt: skip

    async def touched(self, asked: Asked, since: Mapping[str, int], limit: int) -> Sequence[CountedFact]:
        self.touches += 1
        found = self._cases(asked.number.id, asked.bound)
        return [_counted(case) for case in found if self.known_at[case] > since[COUNTY]][:limit]

    def _cases(self, number: str, bound: Bound) -> list[UUID]:
        if number != "received":
            return []
        return [case for case, position in self.known_at.items() if position <= bound.positions[COUNTY]]


def _counted(case: UUID) -> CountedFact:
    return CountedFact(STREET, case, "request", "received", False)


class Press:
    """Who issues bulletins in a small city."""

    def __init__(self) -> None:
        self.numbers, self.log = Counting({case_id(1): 5, case_id(2): 9}), MemoryLog(COUNTY)
        logs = MemoryLogs(MemoryLog(CITY), self.log)
        self.bulletins = Bulletins(
            logs, prompt_boards(logs), self.numbers, PoliciesInForce(Office().view), self.numbers
        )

    def issue(
        self, actor: Actor = SUPERVISOR, *, scope: str = COUNTY, key: str = "", at: datetime = AFTER, **said: Any
    ) -> UUID:
        command = Command(Act(actor, at), key=RequestKey(key, scope) if key else None)
        order: dict[str, Any] = {"kind": BulletinKind.MONTHLY, "day": MARCH} | said
        return run(self.bulletins.issue(command, scope=scope, **order)).id

    def reissue(self, bulletin: UUID, reason: str = "补录", version: int | None = None) -> None:
        run(self.bulletins.reissue(bulletin, Command(Act(SUPERVISOR, AFTER, reason), version)))

    def get(self, bulletin: UUID) -> Bulletin:
        return run(self.bulletins.get(SUPERVISOR, bulletin))

    def later(self, case: UUID) -> None:
        """One more case becomes known."""
        self.numbers.position += 1
        self.numbers.known_at[case] = self.numbers.position


@pytest.fixture
def press() -> Press:
    return Press()


def value(bulletin: Bulletin, nth: int, number: str = "received") -> float | None:
    figures = bulletin.issuances[nth - 1].figures
    return next(one.value for one in figures if (one.number, one.group) == (number, POOLED))


# --- issuing ------------------------------------------------------------------------------------


def test_a_bulletin_says_what_it_is_about_and_what_it_was_computed_from(press: Press) -> None:
    found = press.get(press.issue())
    assert (found.kind, found.scope, found.grouped_by) == (BulletinKind.MONTHLY, COUNTY, "street")
    assert (found.period.label, found.policy) == ("2026年3月（上月19日起）", "2026.1")
    assert (found.latest.known.at, found.latest.known.positions) == (AFTER, {CITY: 3, COUNTY: 10})
    assert {one.number for one in found.latest.figures} == set(NUMBERS)
    assert value(found, 1) == 2
    assert value(found, 1, "composite_score") is None


def test_every_number_of_a_bulletin_exists() -> None:
    assert [number_named(number).id for number in NUMBERS] == list(NUMBERS)


def test_it_lies_in_the_log_of_its_place_and_is_grouped_by_the_level_below(press: Press) -> None:
    city, county, street = (press.issue(scope=scope) for scope in (CITY, COUNTY, STREET))
    assert [log_of(one) for one in (city, county, street)] == [CITY, COUNTY, COUNTY]
    assert [press.get(one).grouped_by for one in (city, county, street)] == ["log", "street", "community"]
    assert press.get(press.issue(scope=COUNTY, kind=BulletinKind.DAILY, by=Dimension.UNIT)).grouped_by == "unit"


def test_its_figures_are_those_of_the_place_whoever_issues_it(press: Press) -> None:
    press.issue(STREETS, scope=STREET)
    actor, of, _ = press.numbers.asked[-1]
    assert (actor.areas, actor.roles) == ((STREET,), frozenset({Role.SUPERVISOR}))
    assert (of.logs, of.street) == ((COUNTY,), STREET)
    assert all_of(STREET, SUPERVISOR).areas == (STREET,)


def test_it_is_issued_once(press: Press) -> None:
    first = press.issue()
    press.later(case_id(3))
    with pytest.raises(AlreadyIssued):
        press.issue(day=date(2026, 3, 18))
    assert press.issue(day=date(2026, 2, 1)) != first
    assert press.log.saves == 2


def test_two_at_once_do_not_both_issue_it(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody_has(_log: object, _id: object) -> None:
        return None

    first = press.issue()
    monkeypatch.setattr("application.statistics.bulletins._found", nobody_has)
    with pytest.raises(AlreadyIssued):
        press.issue()
    assert len(press.get(first).issuances) == 1


def test_a_retry_gets_the_first_answer(press: Press) -> None:
    assert press.issue(key="once") == press.issue(key="once")
    with pytest.raises(KeyReused):
        press.issue(key="once", scope=STREET)


def test_a_period_that_is_not_over_is_not_reported(press: Press) -> None:
    end = datetime(2026, 3, 18, 16, tzinfo=UTC)
    with pytest.raises(PeriodNotOver):
        press.issue(at=end - datetime.resolution)
    assert press.numbers.asked == []
    assert press.issue(at=end)


@pytest.mark.parametrize(
    ("actor", "scope", "refusal"),
    [
        (STREETS, COUNTY, OutsideArea),
        (replace(SUPERVISOR, roles=frozenset(Role) - {Role.SUPERVISOR}), COUNTY, WrongRole),
        (SUPERVISOR, STREET + "001", BadCode),
        (SUPERVISOR, "1507８5", BadCode),
        (SUPERVISOR, "150784", NoSuchLog),
    ],
)
def test_only_a_supervisor_of_all_of_the_place_issues(
    press: Press, actor: Actor, scope: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        press.issue(actor, scope=scope)
    assert press.log.saves == 0


def test_the_mean_of_groups_leaves_out_those_without_data() -> None:
    figures = [
        Figure("composite_score", group, group, 0, 1, 0, value)
        for group, value in [(POOLED, 80.0), ("a", 100.0), ("b", 50.0), ("c", None)]
    ]
    assert mean_of_groups(figures, "composite_score") == 75
    assert mean_of_groups(figures[:1], "composite_score") is None


# --- what becomes known later -------------------------------------------------------------------


def test_a_correction_is_a_further_issuance_and_the_first_stays(press: Press) -> None:
    bulletin = press.issue()
    with pytest.raises(NothingChanged):
        press.reissue(bulletin)
    press.later(case_id(3))
    with pytest.raises(ReasonMissing):
        press.reissue(bulletin, reason="")
    with pytest.raises(Stale):
        press.reissue(bulletin, version=2)
    press.reissue(bulletin, version=1)
    found = press.get(bulletin)
    assert [(one.nth, one.reason) for one in found.issuances] == [(1, ""), (2, "补录")]
    assert (value(found, 1), value(found, 2)) == (2, 3)


def test_the_difference_names_the_figures_and_the_cases(press: Press) -> None:
    bulletin = press.issue()
    assert run(press.bulletins.difference(SUPERVISOR, bulletin, nth=None, now=AFTER)).changes == []
    press.later(case_id(3))
    found = run(press.bulletins.difference(SUPERVISOR, bulletin, nth=None, now=AFTER))
    pooled, street = found.changes
    assert [(one.figure.number, one.figure.group) for one in found.changes] == [
        ("received", POOLED),
        ("received", STREET),
    ]
    assert pooled.cases is None
    then, now = street.figure.then, street.figure.now
    assert (then and then.value, now and now.value) == (2, 3)
    assert street.cases == [CaseChange(case_id(3), "request", (), (CountedAs("received", excluded=False),))]
    # Of numbers that have not changed nothing is asked case by case.
    assert press.numbers.touches == 2


def test_too_many_cases_are_counted_and_not_listed(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.statistics.bulletin_figures.MOST_CASES", 1)
    bulletin = press.issue()
    press.later(case_id(3))
    press.later(case_id(4))
    found = run(press.bulletins.difference(SUPERVISOR, bulletin, nth=None, now=AFTER))
    assert [one.cases for one in found.changes] == [None, None]


def test_differences_are_asked_of_any_issuance_there_was(press: Press) -> None:
    bulletin = press.issue()
    press.later(case_id(3))
    press.reissue(bulletin)
    assert run(press.bulletins.difference(SUPERVISOR, bulletin, nth=2, now=AFTER)).changes == []
    assert run(press.bulletins.difference(SUPERVISOR, bulletin, nth=1, now=AFTER)).changes != []
    with pytest.raises(NoSuchIssuance):
        run(press.bulletins.difference(SUPERVISOR, bulletin, nth=3, now=AFTER))


def test_who_shares_ground_reads_it_and_who_sees_all_of_it_compares(press: Press) -> None:
    bulletin = press.issue()
    worker = Actor("worker", frozenset({Role.WORKER}), "office", (STREET,))
    assert run(press.bulletins.get(worker, bulletin)).id == bulletin
    with pytest.raises(NoSuchCase):
        run(press.bulletins.get(replace(worker, areas=("150784",)), bulletin))
    with pytest.raises(WrongRole):
        run(press.bulletins.difference(replace(worker, areas=(CITY,)), bulletin, nth=None, now=AFTER))
    with pytest.raises(OutsideArea):
        run(press.bulletins.difference(STREETS, bulletin, nth=None, now=AFTER))
