"""示范区 before it is played: stories that suit any moment they are told up to, and a map without gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from shapely import Polygon

from application.demonstration.cases import STORIES, all_stories
from application.demonstration.catalogue import MATTERS
from application.demonstration.dice import dice
from application.demonstration.places import COMMUNITIES, GRIDS, STREETS
from application.demonstration.units_and_staff import COMMUNITY_DUTIES, STREET_DUTIES
from application.demonstration.wordings import DONE, SEEN
from domain.limit import LimitUnit
from infrastructure.calendars import chinese_office_calendar
from infrastructure.registry.surveying import ShapelySurveyor

CALENDAR = chinese_office_calendar()
# A working afternoon, a Sunday night, the middle of the longest holiday, the first morning of a year.
ENDS = [
    datetime(2026, 3, 18, 7, 20, tzinfo=UTC),
    datetime(2026, 11, 22, 15, 0, tzinfo=UTC),
    datetime(2026, 2, 20, 3, 0, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
]
WAITING = {
    "report", "void", "file", "open_consultation", "assign", "accept", "ask_return", "grant_return", "resolve", "check",
    "check_failed", "close", "solve_on_spot", "merge", "receive", "answer", "divert", "open_issue", "contact",
    "feed_back", "call_back", "close_request", "ask_exemption", "ask_extension", "grant_suspension",
    "order_supervision", "appeal",
}  # fmt: skip
RARE = {
    "attach", "detach", "hand_over", "unmerge", "order_rework", "order_redo", "refuse_return", "conclude_consultation",
    "escalate", "send_down", "blow", "arrive", "end", "withdraw", "rate_unit", "rate",
    "exempt", "refuse_exemption", "call_in_vain", "endorse_extension", "grant_extension", "refuse_extension",
    "ask_suspension", "refuse_suspension", "resume", "answer_supervision", "close_supervision", "endorse_appeal",
    "grant_appeal", "refuse_appeal",
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_whenever_it_is_told_every_verb_occurs_and_cases_wait_everywhere(end: datetime) -> None:
    stories = all_stories(end, 1.0, CALENDAR)
    assert {steps[-1].deed.verb for steps in stories} >= WAITING
    assert {step.deed.verb for steps in stories for step in steps} == WAITING | RARE


@pytest.mark.parametrize("end", ENDS)
def test_each_story_goes_forward_within_the_three_weeks(end: datetime) -> None:
    stories = all_stories(end, 1.0, CALENDAR)
    assert len(stories) == STORIES
    for steps in stories:
        times = [step.at for step in steps]
        assert times == sorted(times)
        assert end - timedelta(days=21) <= times[0]
        assert times[-1] <= end


def test_the_same_story_is_told_again_at_whatever_scale() -> None:
    def told(scale: float) -> list[list[tuple[datetime, str, str, str]]]:
        stories = all_stories(ENDS[0], scale, CALENDAR)
        return [[(step.at, step.by, step.deed.verb, step.reason) for step in steps] for steps in stories]

    assert told(0.5) == told(1.0)[: STORIES // 2]
    assert told(2.0)[:STORIES] == told(1.0)


def test_working_days_are_busier_and_most_comes_in_the_day() -> None:
    began = [CALENDAR.local(steps[0].at) for steps in all_stories(ENDS[0], 1.0, CALENDAR)]
    on_workdays = sum(CALENDAR.is_workday(at.date()) for at in began)
    assert on_workdays > 0.8 * len(began)
    assert sum(8 <= at.hour < 18 for at in began) > 0.75 * len(began)


def test_the_grids_tile_their_ground_without_gap_or_overlap() -> None:
    shapes = [Polygon(grid.corners) for grid in GRIDS]
    assert len({grid.code for grid in GRIDS}) == 3 * len(COMMUNITIES) == 75
    flaw = ShapelySurveyor().flaw
    assert [flaw([[list(corner) for corner in (*grid.corners, grid.corners[0])]]) for grid in GRIDS] == [None] * 75
    whole = shapely.union_all(shapes)
    assert isinstance(whole, Polygon)
    assert not whole.interiors
    assert whole.area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-9)


def test_a_point_of_a_grid_lies_well_inside_it() -> None:
    for grid in GRIDS:
        point = shapely.Point(grid.point(dice("a test", grid.code)))
        assert Polygon(grid.corners).buffer(-0.0005).contains(point)


def test_places_are_named_for_the_place_above() -> None:
    assert {code[:9] for code in COMMUNITIES} == set(STREETS)
    assert len(STREETS) == 9
    assert len(COMMUNITIES) == 25


def test_the_catalogue_knows_every_unit_of_limits_and_the_words_fit_it() -> None:
    assert {matter.limit.unit for matter in MATTERS} == set(LimitUnit)
    assert {matter.code for matter in MATTERS} == set(SEEN)
    assert {matter.in_class for matter in MATTERS} == set(DONE)
    assert {matter.in_class for matter in MATTERS if matter.lead is None} <= {*STREET_DUTIES, *COMMUNITY_DUTIES}
