"""最近使用: what was used lately comes first: by oneself, by one's unit, by everybody."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.search import SearchKind
from domain.actor import Act, Actor, Role
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, RequestKind
from infrastructure.search import recent_use
from infrastructure.search.recent_use import FORGOTTEN_DAYS, RecentUse, Tally
from tests.fakes import MemoryLog
from tests.registry_office import COUNTY, GRID, NINE, run
from tests.search_office import CATEGORIES, OTHER_COMMUNITY, SearchOffice

ME = Actor("worker-1", frozenset({Role.WORKER, Role.RECEIVER}), "hedong", (COUNTY,))
COLLEAGUE = Actor("worker-2", frozenset({Role.WORKER}), "hedong", (COUNTY,))
STRANGER = Actor("worker-3", frozenset({Role.WORKER}), "hexi", (COUNTY,))
CATEGORY = SearchKind.CATEGORY
LITTER, ROADS, LAMPS = "matter-06017", "matter-06028", "asset-01037"


def report(log: MemoryLog, who: Actor, category: str, *, grid: str = GRID, days_ago: float = 0) -> None:
    """One issue reported by `who`."""
    at = NINE - timedelta(days=days_ago)
    number = len(log.recorded).to_bytes(8, "big")
    issue = GridIssue.report(
        Act(who, at), id=new_case_id(COUNTY, at, number), subject=new_case_id(COUNTY, at, b"subject1"), grid=grid,
        grid_edition=1, category=category, channel=Channel.PATROL, urgency="normal", longitude=None, latitude=None,
    )  # fmt: skip
    run(log.save(issue))


@pytest.fixture
def office() -> SearchOffice:
    return SearchOffice().furnished()


def test_nothing_typed_shows_what_was_used_by_oneself_then_ones_unit_then_everybody(office: SearchOffice) -> None:
    for _ in range(3):
        report(office.district, STRANGER, LAMPS)
    report(office.district, COLLEAGUE, ROADS)
    report(office.district, COLLEAGUE, ROADS)
    report(office.district, ME, LITTER)
    names = {who.id: office.named("", CATEGORY, actor=who) for who in (ME, COLLEAGUE, STRANGER)}
    assert names[ME.id] == ["绿地脏乱", "道路破损", "路灯"]
    assert names[COLLEAGUE.id] == ["道路破损", "绿地脏乱", "路灯"]
    assert names[STRANGER.id] == ["路灯", "道路破损", "绿地脏乱"]


def test_of_what_matches_alike_the_latest_used_comes_first(office: SearchOffice) -> None:
    assert office.named("lu", CATEGORY, actor=ME) == ["路灯", "绿地脏乱", "暴露垃圾", "道路破损"]
    report(office.district, ME, LITTER)
    assert office.named("lu", CATEGORY, actor=ME) == ["绿地脏乱", "路灯", "暴露垃圾", "道路破损"]
    report(office.district, ME, ROADS)
    assert office.named("lu", CATEGORY, actor=ME)[-2:] == ["道路破损", "暴露垃圾"]


def test_use_never_lifts_what_matches_worse(office: SearchOffice) -> None:
    for _ in range(50):
        report(office.district, ME, ROADS)
    assert office.named("路灯", CATEGORY, actor=ME) == ["路灯"]
    assert office.named("lu", CATEGORY, actor=ME)[0] != "道路破损"


def test_addresses_in_grids_lately_used_come_first(office: SearchOffice) -> None:
    assert office.named("河", SearchKind.ADDRESS, actor=ME) == ["河西街道绿柳巷3号", "河东街道长安街12号"]
    report(office.district, ME, LITTER)
    assert office.named("河", SearchKind.ADDRESS, actor=ME) == ["河东街道长安街12号", "河西街道绿柳巷3号"]
    assert office.named("", SearchKind.ADDRESS, actor=ME) == []


def test_nothing_used_shows_nothing(office: SearchOffice) -> None:
    assert office.named("", actor=ME) == []


def test_a_request_and_an_assignment_are_uses_too(office: SearchOffice) -> None:
    request = ResidentRequest.receive(
        Act(ME, NINE), id=new_case_id(COUNTY, NINE, b"request1"), subject=new_case_id(COUNTY, NINE, b"subject1"),
        kind=RequestKind.HELP, channel=Channel.HOTLINE, place=OTHER_COMMUNITY, category=LAMPS, longitude=None,
        latitude=None, complained_about="", confidential=False, source="", external_id="",
    )  # fmt: skip
    run(office.district.save(request))
    assert office.named("", actor=ME) == ["路灯", "重庆路社区"]


def test_a_new_process_gathers_it_anew(office: SearchOffice) -> None:
    report(office.district, ME, LITTER)
    again = RecentUse([office.log, office.district])
    run(again.refresh())
    assert again.ranked(ME, NINE) == [(SearchKind.CATEGORY, LITTER), (SearchKind.GRID, GRID)]


def test_each_event_is_taken_once(office: SearchOffice) -> None:
    recent = RecentUse([office.district])
    report(office.district, ME, LITTER)
    report(office.district, ME, ROADS)
    report(office.district, ME, ROADS)
    for _ in range(5):
        run(recent.refresh())
    report(office.district, ME, LITTER)
    report(office.district, ME, LITTER)
    run(recent.refresh())
    assert [code for kind, code in recent.ranked(ME, NINE) if kind is CATEGORY] == [LITTER, ROADS]


def test_only_the_newest_events_are_looked_at(office: SearchOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_use, "LOOK_BACK", 2)
    for code in CATEGORIES:
        report(office.district, ME, code)
    assert sorted(office.named("", CATEGORY, actor=ME)) == sorted(list(CATEGORIES.values())[-2:])


def test_what_was_used_long_ago_is_forgotten(office: SearchOffice) -> None:
    report(office.district, ME, LITTER, days_ago=FORGOTTEN_DAYS + 1)
    report(office.district, ME, ROADS, days_ago=FORGOTTEN_DAYS - 1)
    assert office.named("", CATEGORY, actor=ME) == ["道路破损"]


def test_users_are_forgotten_before_memory_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_use, "MOST_USERS", 4)
    log = MemoryLog(COUNTY)
    for number in range(10):
        report(log, Actor(f"w{number}", frozenset({Role.WORKER}), f"u{number}", (COUNTY,)), LITTER)
    recent = RecentUse([log])
    run(recent.refresh())
    assert len(recent._users) == 4


# --- the tally ------------------------------------------------------------------------------------

USES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=12)


def tally(uses: list[tuple[str, int]]) -> Tally:
    counted = Tally(10)
    for thing, days in uses:
        counted.add((CATEGORY, thing), NINE - timedelta(days=days))
    return counted


@given(USES, st.randoms())
def test_the_order_of_telling_makes_no_difference(uses: list[tuple[str, int]], dice: object) -> None:
    told = sorted(uses)
    assert set(tally(uses).ranked(NINE)) == set(tally(told).ranked(NINE))


@given(USES)
def test_the_most_used_is_the_one_whose_uses_halve_by_the_week_and_sum_highest(uses: list[tuple[str, int]]) -> None:
    sums = {thing: sum(2 ** (-days / 7) for one, days in uses if one == thing) for thing, _ in uses}
    ranked = [code for _, code in tally(uses).ranked(NINE)]
    assert set(ranked) == set(sums)
    for before, after in pairwise(ranked):
        assert sums[before] >= sums[after] * (1 - 1e-9)


@given(st.integers(1, 400), st.integers(-2_000, 25_000))
def test_a_tally_keeps_so_many_and_holds_for_decades(things: int, days: int) -> None:
    counted, day = Tally(20), NINE + timedelta(days=days)
    for number in range(things):
        counted.add((CATEGORY, f"{number:03}"), day + timedelta(seconds=number))
    assert len(counted._scores) < 40
    assert next(iter(counted.ranked(day + timedelta(days=1)))) == (CATEGORY, f"{things - 1:03}")
