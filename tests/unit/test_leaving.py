"""离岗: whatever a leaver has in hand goes on in other hands by an event, or they do not leave; nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from application.ports import RequestKey
from application.registry.open_work import OpenItem, WorkKind
from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.refusals import OutsideArea, Refused, Stale, WrongRole
from domain.registry.duty_roster import DutyRoster
from domain.registry.refusals import NoLongerKept, SelfGrant
from domain.registry.shift import EVERY_DAY
from domain.registry.staff_refusals import OpenWorkLeft
from domain.resident_request import ResidentRequest
from tests.cases import ASSIGNED, FILED, REPORTED, RESOLVED, attached_request, received
from tests.registry_office import COMMUNITY, COUNTY, GRID, NINE, TODAY, Office, admin, run, square
from tests.spec import ROADS, Fact, case_id, fact, past, staff

LAST, NEXT = date(2026, 12, 31), "150785002"


def office() -> Office:
    """`h1` of the roads unit has a grid, a community, a shift and a stand-in; `h2` could take over everything."""
    city = Office().with_divisions().with_unit(ROADS, "department", COUNTY).with_grid(GRID, square(121.5, 50.7))
    for code in ("h1", "h2", "h3"):
        city.with_staff(code, ROADS, "handler", "worker", area=COUNTY)
    for asked in (
        city.grids.assign_worker(admin(), code=GRID, worker="h1"),
        city.contacts.assign(admin(), community=COMMUNITY, leader="h1", since=date(2026, 1, 1), until=LAST),
        city.rosters.open(admin(), code=ROADS),
        city.rosters.set_shift(
            admin(), code=ROADS, member="h1", begins="17:30", ends="08:30", weekdays=EVERY_DAY, last_day=LAST
        ),
        city.staff.name_stand_in(admin(), code="h3", stand_in="h1", first_day=TODAY, last_day=LAST),
    ):
        run(asked)
    return city


def idle() -> Office:
    """Members without anything in hand."""
    city = Office().with_divisions().with_unit(ROADS, "department", COUNTY)
    return city.with_staff("h1", ROADS, "handler", area=COUNTY)


def accepted(city: Office, number: int, *more: Fact, by: str = "h1") -> UUID:
    """An issue in the hands of a member of the roads unit."""
    handler = staff(by, Role.HANDLER, unit=ROADS)
    return put(city, number, REPORTED, FILED, ASSIGNED, fact(GridIssue.Accepted, handler), *more)


def put(city: Office, number: int, *facts: Fact) -> UUID:
    """A case with this history in the log of the district."""
    case = past(*facts, id=case_id(number))
    log = city.logs.named("150785")
    run(log.save(_pending(case, facts)))
    return case_id(number)


def _pending(case: Any, facts: tuple[Fact, ...]) -> Any:
    """As `case`, with its history yet to be saved."""
    events = [
        one.kind(
            originator_id=case.id, originator_version=version, timestamp=one.at, **one.facts,
            **({"originator_topic": one.kind.TOPIC.partition(".")[0]} if version == 1 else {}),
        )
        for version, one in enumerate(facts, start=1)
    ]  # fmt: skip
    case.pending_events.extend(events)
    return case


def leave(city: Office, code: str = "h1", successor: str | None = None, **facts: Any) -> None:
    run(city.leaving.leave(admin(), code=code, successor=successor, **facts))


def load(city: Office, kind: type[Any], case: UUID) -> Any:
    return run(city.logs.holding(case).load(kind, case))


def in_hand(city: Office, code: str = "h1") -> list[tuple[WorkKind, str]]:
    return [(item.kind, item.code) for item in run(city.leaving.open_work(code, TODAY)).items]


def test_who_has_nothing_in_hand_just_leaves() -> None:
    city = idle()
    leave(city)
    assert city.view.staff("h1").left_on == TODAY.isoformat()


def test_everything_in_hand_is_listed() -> None:
    city = office()
    issue = accepted(city, 1)
    assert in_hand(city) == [
        (WorkKind.GRID, GRID), (WorkKind.CONTACT, COMMUNITY), (WorkKind.SHIFT, ROADS), (WorkKind.STAND_IN, "h3"),
        (WorkKind.ISSUE, str(issue)),
    ]  # fmt: skip
    work = run(city.leaving.open_work("h1", TODAY, limit=2))
    assert (work.total, len(work.items)) == (5, 2)


def test_leaving_with_work_that_has_no_taker_is_refused_and_the_work_named() -> None:
    city = office().with_staff("h4", ROADS, "handler", "worker", area=COUNTY)  # so it might be either of two
    first, second = accepted(city, 1), accepted(city, 2)
    with pytest.raises(OpenWorkLeft) as refusal:
        leave(city)
    assert refusal.value.facts["total"] == 6
    for told in (GRID, COMMUNITY, "值班班次 roads 第 1 班", "代班 h3", str(first), str(second)):
        assert told in refusal.value.detail()
    assert city.view.staff("h1").left_on is None
    assert load(city, GridIssue, first).handler == "h1"


def test_the_named_successor_takes_everything_over_and_then_the_member_has_left() -> None:
    city = office()
    issue = accepted(city, 1)
    leave(city, successor="h2")
    assert city.view.staff("h1").left_on == TODAY.isoformat()
    assert (city.view.grid(GRID).worker, load(city, GridIssue, issue).handler) == ("h2", "h2")
    leader = city.view.contact_of(GRID, TODAY)
    assert leader is not None
    assert leader.code == "h2"
    (shift,) = city.view.find(DutyRoster, ROADS).standing(TODAY)
    assert (shift.member, shift.last_day) == ("h2", LAST.isoformat())
    assert [(one.stand_in, one.first_day) for one in city.view.staff("h3").stand_ins] == [("h2", TODAY.isoformat())]
    assert in_hand(city) == []


def test_the_registrys_part_and_the_leaving_are_one_save() -> None:
    city = office()
    saves = city.log.saves
    leave(city, successor="h2")
    assert city.log.saves == saves + 1


def test_without_a_name_whoever_stands_in_takes_over() -> None:
    city = idle().with_staff("h2", ROADS, "handler", area=COUNTY).with_staff("h3", ROADS, "handler", area=COUNTY)
    issue = accepted(city, 1)
    with pytest.raises(OpenWorkLeft):
        leave(city)  # h2 or h3?
    run(city.staff.name_stand_in(admin(), code="h1", stand_in="h3", first_day=TODAY, last_day=TODAY))
    leave(city)
    assert load(city, GridIssue, issue).handler == "h3"


def test_without_a_name_the_only_other_one_who_could_takes_over() -> None:
    city = idle().with_divisions(NEXT).with_staff("h2", ROADS, "handler", area=COUNTY)
    city.with_staff("far", ROADS, "handler", area=NEXT)
    issue = accepted(city, 1)
    leave(city)
    assert load(city, GridIssue, issue).handler == "h2"


@pytest.mark.parametrize("unfit", ["away", "other-unit", "no-handler", "gone"])
def test_who_is_not_fit_takes_nothing_over(unfit: str) -> None:
    city = idle().with_unit("water", "department", COUNTY)
    city.with_staff("away", ROADS, "handler", area=COUNTY).with_staff("other-unit", "water", "handler", area=COUNTY)
    city.with_staff("no-handler", ROADS, "worker", area=COUNTY).with_staff("gone", ROADS, "handler", area=COUNTY)
    run(city.staff.name_stand_in(admin(), code="away", stand_in="other-unit", first_day=TODAY, last_day=TODAY))
    leave(city, "gone")
    accepted(city, 1)
    with pytest.raises(OpenWorkLeft):
        leave(city, successor=unfit)


def test_a_request_that_waits_for_its_answer_is_handed_over_too() -> None:
    city = idle().with_staff("h2", ROADS, "handler", area=COUNTY)
    handler = staff("h1", Role.HANDLER, unit=ROADS)
    issue = accepted(city, 1, attached_request(case_id(2)), RESOLVED)
    attached = fact(ResidentRequest.Attached, staff("r", Role.RECEIVER), issue=issue)
    contacted = fact(ResidentRequest.RequesterContacted, handler, reached=True)
    request = put(city, 2, received(), attached, contacted)
    assert in_hand(city) == [(WorkKind.REQUEST, str(request))]
    leave(city)
    assert load(city, ResidentRequest, request).handled_by == {"h1", "h2"}
    assert (in_hand(city), in_hand(city, "h2")) == ([], [(WorkKind.REQUEST, str(request))])


def test_a_request_not_yet_contacted_follows_its_issue() -> None:
    city = idle().with_staff("h2", ROADS, "handler", area=COUNTY)
    issue = accepted(city, 1, attached_request(case_id(2)))
    attached = fact(ResidentRequest.Attached, staff("r", Role.RECEIVER), issue=issue)
    request = put(city, 2, received(), attached)
    assert in_hand(city) == [(WorkKind.ISSUE, str(issue))]
    leave(city)
    assert load(city, ResidentRequest, request).version == 2
    assert in_hand(city, "h2") == [(WorkKind.ISSUE, str(issue))]


def test_an_order_that_broke_off_is_given_again_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    city = office()
    first, second = accepted(city, 1), accepted(city, 2)
    log, tries = city.logs.named("150785"), []
    save = log.save

    async def breaking(*cases: Any, **facts: Any) -> Any:
        tries.append(cases)
        if len(tries) == 2:
            raise ConnectionError
        return await save(*cases, **facts)

    monkeypatch.setattr(log, "save", breaking)
    with pytest.raises(ConnectionError):
        leave(city, successor="h2")
    assert (load(city, GridIssue, first).handler, load(city, GridIssue, second).handler) == ("h2", "h1")
    assert city.view.staff("h1").left_on is None
    leave(city, successor="h2")
    assert load(city, GridIssue, first).version == 5  # handed over once
    assert load(city, GridIssue, second).handler == "h2"


def test_a_retry_with_its_key_gets_the_first_receipt_and_another_order_is_refused() -> None:
    city = office()
    key = RequestKey("admin 1", "hash")
    first = run(city.leaving.leave(admin(), code="h1", successor="h2", version=1, key=key))
    assert run(city.leaving.leave(admin(), code="h1", successor="h2", version=1, key=key)) == first
    with pytest.raises(NoLongerKept):
        leave(city, successor="h2")


def test_what_is_taken_in_hand_at_the_last_moment_is_handed_over_after_the_leaving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    city = idle().with_staff("h2", ROADS, "handler", area=COUNTY)
    record, late = city.desk.record, []

    async def recording(*entries: Any, **facts: Any) -> Any:
        late.append(await city.logs.named("150785").save(_late()))
        return await record(*entries, **facts)

    def _late() -> Any:
        facts = (REPORTED, FILED, ASSIGNED, fact(GridIssue.Accepted, staff("h1", Role.HANDLER, unit=ROADS)))
        return _pending(past(*facts, id=case_id(9)), facts)

    monkeypatch.setattr(city.desk, "record", recording)
    leave(city)
    assert len(late) == 1
    assert load(city, GridIssue, case_id(9)).handler == "h2"


def test_work_is_handed_over_without_leaving_and_twice_is_once() -> None:
    city = office()
    issue = accepted(city, 1)
    handed = run(city.leaving.hand_over(admin(), code="h1", successor="h2"))
    assert [each.taker.code for each in handed] == ["h2"] * 5
    assert run(city.leaving.hand_over(admin(), code="h1", successor="h2")) == []
    assert (city.view.staff("h1").left_on, load(city, GridIssue, issue).version) == (None, 5)


@pytest.mark.parametrize(
    ("act", "facts", "refusal"),
    [
        (admin("150784"), {}, OutsideArea),
        (admin(code="h1"), {}, SelfGrant),
        (admin(), {"version": 7}, Stale),
        (Act(Actor("w", frozenset({Role.WORKER}), ROADS, (COUNTY,)), NINE), {}, WrongRole),
    ],
)
def test_a_leaving_that_is_refused_hands_nothing_over(act: Act, facts: dict[str, Any], refusal: type[Refused]) -> None:
    city = office()
    issue = accepted(city, 1)
    with pytest.raises(refusal):
        run(city.leaving.leave(act, code="h1", successor="h2", **facts))
    assert (load(city, GridIssue, issue).handler, city.view.grid(GRID).worker) == ("h1", "h1")


def test_a_piece_of_work_is_told_as_people_speak_of_it() -> None:
    assert OpenItem(WorkKind.ISSUE, "id", GRID, ROADS, 7).told() == "网格事件 id 第 7 号"
    assert OpenItem(WorkKind.SHIFT, ROADS, COUNTY, ROADS, 3).told() == "值班班次 roads 第 3 班"
    assert OpenItem(WorkKind.GRID, GRID, GRID).told() == f"网格 {GRID}"
