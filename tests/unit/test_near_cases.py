"""附近相似案件: metres, pairs of characters, and which of two candidates comes first and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.near.near_cases import ranked
from application.near.views import Candidate, NearQuestion
from domain.distance import box_around, metres_between
from domain.likeness import likeness
from tests.spec import GRID, HOUR, ISSUE, NINE, case_id

HERE = (121.505, 50.785)
LAMP = "幸福路路灯三天不亮"


# --- metres --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (HERE, HERE, 0.0), ((0, 0), (0, 1), 111_195.1), ((0, 0), (1, 0), 111_195.1), ((0, 60), (1, 60), 55_595.6),
        ((116.3913, 39.9075), (121.4737, 31.2304), 1_067_311), ((179.9, 0), (-179.9, 0), 22_239.0),
        ((0, 90), (90, 90), 0),
    ],
)  # fmt: skip
def test_metres_are_those_of_the_great_circle(one: Any, other: Any, metres: float) -> None:
    assert metres_between(one, other) == pytest.approx(metres, rel=2e-3, abs=1e-6)


@given(st.floats(-180, 180), st.floats(-85, 85), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05), st.integers(1, 2000))
def test_the_box_leaves_out_nobody_who_is_near(x: float, y: float, east: float, north: float, metres: int) -> None:
    box = box_around(x, y, metres)
    if metres_between((x, y), (x + east, y + north)) <= metres:
        assert box.west <= x + east <= box.east
        assert box.south <= y + north <= box.north


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        (LAMP, LAMP, 1.0), (LAMP, "ｌ 幸福路，路灯三天不亮！", 0.875), (LAMP, "小区门口垃圾没人清", 0.0),
        ("LED 灯坏", "led灯坏", 1.0), ("灯", "灯", 1.0), ("", LAMP, 0.0), ("，。！", "，。！", 0.0),
    ],
)  # fmt: skip
def test_texts_are_alike_by_what_they_share(one: str, other: str, like: float) -> None:
    assert likeness(one, other) == pytest.approx(like, abs=0.02)


@given(st.text(), st.text())
def test_likeness_is_mutual_and_bounded(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1


# --- order ---------------------------------------------------------------------------------------


def candidate(number: int, **given: Any) -> Candidate:
    facts: dict[str, Any] = {
        "log_id": "150785", "id": case_id(number), "number": number, "version": 1, "stage": "filed", "grid": GRID,
        "category": "asset-01037", "lead": "", "due": None, "reported_at": NINE, "voices": 0, "longitude": HERE[0],
        "latitude": HERE[1], "told_in": ISSUE, "text": LAMP, "text_state": "open",
    }  # fmt: skip
    return Candidate(**facts | given)


def question(**given: Any) -> NearQuestion:
    facts: dict[str, Any] = {
        "longitude": HERE[0], "latitude": HERE[1], "place": GRID, "category": "asset-01037-2", "text": LAMP,
        "metres": 50, "since": NINE - 24 * HOUR, "until": NINE,
    }  # fmt: skip
    return NearQuestion(**facts | given)


def order(*candidates: Candidate, **asked: Any) -> list[int]:
    return [one.number for one in ranked(candidates, question(**asked), NINE)]


def test_the_same_class_comes_first_then_the_most_alike_then_the_nearest() -> None:
    rubbish, unlike = {"category": "matter-06010"}, {"text": "另一件事"}
    assert order(
        candidate(1, **rubbish), candidate(2, **unlike), candidate(3, latitude=HERE[1] + 0.0002), candidate(4),
        candidate(5, **rubbish, **unlike),
    ) == [4, 3, 2, 1, 5]  # fmt: skip


def test_corners_of_the_box_are_not_near() -> None:
    corner = {"longitude": HERE[0] + 0.0006, "latitude": HERE[1] + 0.0004}
    assert order(candidate(1), candidate(2, **corner)) == [1]
    assert order(candidate(1), candidate(2, **corner), metres=100) == [1, 2]


def test_without_a_category_no_class_is_the_same() -> None:
    (found,) = ranked([candidate(1, category="")], question(category=""), NINE)
    assert not found.same_class


def test_each_says_why_it_is_near() -> None:
    found = ranked([candidate(1, latitude=HERE[1] + 0.0001)], question(), NINE + timedelta(hours=3, minutes=5))
    assert found[0].why == "同类，相距 11 米，3 小时前上报，文字相近 100%"
    assert found[0].metres == pytest.approx(11.1, abs=0.1)
    assert found[0].age_seconds == 11_100


def test_what_cannot_be_compared_is_not() -> None:
    hidden = candidate(1, longitude=None, latitude=None, category="matter-06010", text=None, text_state="sealed")
    (found,) = ranked([hidden], question(), NINE + timedelta(minutes=5))
    assert (found.metres, found.similarity, found.why) == (None, None, "同一地点范围，5 分钟前上报")


@pytest.mark.parametrize("told_in", [ISSUE, UUID(int=7)])
def test_whose_words_they_are_is_not_told(told_in: UUID) -> None:
    assert not hasattr(ranked([candidate(1, told_in=told_in)], question(), NINE)[0], "told_in")
