"""合成数据: the same for the same seed, in the shapes that real cases have, and nothing that could not happen."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.domain import Aggregate

from application.synthetic.arrivals import BEGIN, BY_MONTH, END, SPRING_FESTIVAL, ZONE, arrivals
from application.synthetic.catalogue import CATEGORIES
from application.synthetic.strand import Made
from application.synthetic.town import DISTRICTS, SIZES, district
from application.synthetic.year import shares, year
from domain.actor import Actor
from domain.case_id import log_of
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.stages import OPEN_ISSUE, OPEN_REQUEST
from infrastructure.calendars import chinese_office_calendar
from infrastructure.event_mapper import EventMapper
from tests.synthetic_office import office

CASES = 6_000
MAPPER = EventMapper((GridIssue, ResidentRequest))
PATHS = {
    "request.answered", "request.diverted", "request.detached", "request.redo_ordered", "request.exempted",
    "request.exemption_refused", "request.call_back_came_due", "request.closed", "issue.voided", "issue.solved_on_spot",
    "issue.reopened", "issue.consultation_concluded", "issue.return_granted", "issue.return_refused", "issue.extended",
    "issue.extension_refused", "issue.suspended", "issue.suspension_refused", "issue.resumed", "issue.escalated",
    "issue.deadline_warned", "issue.deadline_missed", "issue.rework_ordered", "issue.redo_ordered", "issue.merged_into",
    "issue.unmerged", "issue.exempted", "issue.exemption_refused", "issue.stage_clocks_set", "issue.closed",
}  # fmt: skip
"""Every way there is."""


@cache
def base(cases: int = CASES, seed: int = 5, code: str = DISTRICTS[0]) -> tuple[Made, ...]:
    return tuple(year(office(), code, cases, seed))


def facts(made: Made) -> dict[str, Any]:
    return {**vars(made.event)}


def topic(made: Made) -> str:
    return str(vars(type(made.event))["TOPIC"])


@cache
def cases() -> dict[UUID, Aggregate]:
    """All cases as their events, told anew, say they are."""
    found: dict[UUID, Aggregate] = {}
    for made in base():
        event: Any = MAPPER.decode(MAPPER.encode(made.event), facts(made)["originator_id"], version(made))
        found[event.originator_id] = event.mutate(found.get(event.originator_id))
    return found


def version(made: Made) -> int:
    return int(facts(made)["originator_version"])


def begun() -> list[Made]:
    return [made for made in base() if version(made) == 1]


def test_the_same_seed_gives_the_same_events_and_another_one_others() -> None:
    first, again = list(year(office(), DISTRICTS[3], 200, 9)), list(year(office(), DISTRICTS[3], 200, 9))
    assert first == again
    assert [MAPPER.encode(one.event) for one in first] == [MAPPER.encode(one.event) for one in again]
    assert list(year(office(), DISTRICTS[3], 200, 10)) != first


def test_there_are_as_many_cases_as_asked_for_and_every_one_is_of_its_district() -> None:
    assert len(cases()) == CASES
    assert {log_of(case) for case in cases()} == {DISTRICTS[0]}
    assert {code: sum(shares(n).values()) for n, code in ((10, "a"), (999_999, "b"))} == {"a": 10, "b": 999_999}
    assert len({facts(one)["originator_id"] for one in year(office(), DISTRICTS[1], 1, 1)}) == 1


def test_events_come_as_recorded_and_every_case_can_be_told_anew_from_them() -> None:
    assert all(one.recorded_at <= following.recorded_at for one, following in pairwise(base()))
    assert all(BEGIN <= one.recorded_at < END and facts(one)["timestamp"] <= one.recorded_at for one in base())
    versions = Counter(facts(one)["originator_id"] for one in base())
    assert all(case.version == versions[case_id] for case_id, case in cases().items())


def test_some_deeds_are_written_down_later_than_they_were_done() -> None:
    late = [one for one in base() if facts(one)["timestamp"] < one.recorded_at]
    assert 0.005 < len(late) / len(base()) < 0.06


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_path_is_gone(path: str) -> None:
    assert any(topic(one) == path for one in base())


def test_several_requests_may_hang_on_one_issue_and_some_cases_are_open_in_the_end() -> None:
    issues = [case for case in cases().values() if isinstance(case, GridIssue)]
    requests = [case for case in cases().values() if isinstance(case, ResidentRequest)]
    assert any(len(issue.requests) > 1 for issue in issues)
    assert 0.35 < len(issues) / CASES < 0.65
    assert any(issue.stage in OPEN_ISSUE for issue in issues)
    assert any(one.stage in OPEN_REQUEST for one in requests)
    assert sum(issue.stage in OPEN_ISSUE for issue in issues) < len(issues) / 10
    assert any(issue.ping_pong for issue in issues)


def test_cases_come_by_day_in_the_week_more_in_july_and_fewer_in_the_spring_festival() -> None:
    local = [one.recorded_at.astimezone(ZONE) for one in begun()]
    by_hour, by_weekday, by_month = (Counter(at.hour for at in local), Counter(at.weekday() for at in local),
                                     Counter(at.month for at in local))  # fmt: skip
    assert sum(by_hour[hour] for hour in range(8, 18)) > 0.6 * CASES
    assert sum(by_hour[hour] for hour in range(6)) < 0.08 * CASES
    assert max(by_weekday[5], by_weekday[6]) < min(by_weekday[day] for day in range(5))
    assert by_month[7] == max(by_month.values())
    first, last = SPRING_FESTIVAL
    in_festival = sum(first <= at.date() <= last for at in local) / ((last - first).days + 1)
    assert in_festival < 0.5 * CASES / 365


def test_arrivals_follow_the_months_and_never_go_back() -> None:
    when = arrivals(chinese_office_calendar().is_workday)
    instants = [when.at(nth / 5_000) for nth in range(5_000)]
    assert instants == sorted(instants)
    assert instants[0] >= BEGIN
    assert instants[-1] < END
    months = Counter(at.astimezone(ZONE).month for at in instants)
    assert months[7] / months[4] == pytest.approx(31 / 30 * BY_MONTH[6] / BY_MONTH[3], rel=0.12)


def test_categories_and_grids_are_uneven_and_units_differ() -> None:
    reported = [facts(one) for one in base() if topic(one) == "issue.reported"]
    categories = Counter(one["category"] for one in reported)
    assert set(categories) <= {one.code for one in CATEGORIES}
    assert categories[CATEGORIES[0].code] > 8 * categories[CATEGORIES[-1].code]
    grids = sorted(Counter(one["grid"] for one in reported).values())
    assert grids[-1] > 5 * grids[0]
    late: dict[str, list[bool]] = defaultdict(list)
    leads: dict[UUID, str] = {}
    for one in base():
        if topic(one) == "issue.assigned":
            leads[facts(one)["originator_id"]] = facts(one)["lead"]
        elif topic(one) == "issue.resolved":
            late[leads[facts(one)["originator_id"]]].append(facts(one)["overdue"])
    shares_late = sorted(sum(some) / len(some) for some in late.values() if len(some) >= 40)
    assert shares_late[0] < 0.05 < 0.12 < shares_late[-1]


def test_staff_are_of_their_district_and_their_post() -> None:
    for code in SIZES:
        for post in district(code).posts.values():
            actor: Actor = post.actor
            assert all(area.startswith(code) for area in actor.areas)
    assert {one.by for one in base()} - {"system"} <= set(district(DISTRICTS[0]).posts)
