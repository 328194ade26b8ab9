"""The slow computation of the statistics, held to lives whose figures were computed by hand."""

from __future__ import annotations

import json
from array import array
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.books import Books, known
from tests.statistics_oracle.figures import Figure, Tally
from tests.statistics_oracle.told import Told, from_lines, told

LOG, GRID, NEXT_GRID = "150785", "150785001001001", "150785001002001"
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = Asked(MONDAY, MONDAY + 30 * DAY, MONDAY + 60 * DAY)


class Telling:
    """Events as they come, each the next position of its log; recorded a minute after it happened."""

    def __init__(self) -> None:
        self.events: list[Told] = []

    def tell(self, stream: str, topic: str, hours: float, **facts: Any) -> None:
        at = MONDAY + hours * HOUR
        position = len(self.events) + 1
        told = {"timestamp": at.isoformat(), **facts}
        self.events.append(Told(LOG, position, stream, topic, told, at + timedelta(minutes=1)))

    def report(self, hours: float, stream: str = "issue", channel: str = "patrol") -> None:
        self.tell(stream, "issue.reported", hours, grid=GRID, category="lamps", channel=channel)

    def file(self, hours: float, stream: str = "issue") -> None:
        self.tell(stream, "issue.filed", hours, category="lamps")

    def clock(self, topic: str, hours: float, due: float, **facts: Any) -> None:
        """A topic that sets the lead's clock and the case clock, both due `due` hours after Monday at nine."""
        end = (MONDAY + due * HOUR).isoformat()
        start = (MONDAY + facts.pop("since", hours) * HOUR).isoformat()
        stream = facts.pop("stream", "issue")
        facts = {"lead": "roads", "edition": "2026.1", "again": False, "nth": 1, "round": 2, **facts}
        self.tell(stream, topic, hours, **{"clock_start": start, "due": end, "case_due": end, **facts})

    def receive(self, hours: float, stream: str = "request") -> None:
        facts = {"place": GRID, "category": "lamps", "channel": "hotline", "kind": "help"}
        self.tell(stream, "request.received", hours, **facts)

    def tie(self, hours: float, stream: str = "request", issue: str = "issue") -> None:
        self.tell(stream, "request.attached", hours, issue=issue)
        self.tell(issue, "issue.request_attached", hours, request=stream)

    def call_back(self, hours: float, satisfaction: str | None, solved: str | None, stream: str = "request") -> None:
        valid = solved is not None
        contacted = True if valid else None
        facts = {"contacted": contacted, "solved": solved, "satisfaction": satisfaction}
        self.tell(stream, "request.called_back", hours, valid=valid, **facts)

    def books(self, upto: int | None = None) -> Books:
        return Books(self.events[:upto])


def handled(*, resolved: float = 20.0, closed: bool = True) -> Telling:
    """Reported at nine, filed at ten, assigned at eleven with a day's time, accepted at thirteen."""
    one = Telling()
    one.report(0)
    one.file(1)
    one.clock("issue.assigned", 2, 26)
    one.tell("issue", "issue.accepted", 4)
    one.tell("issue", "issue.resolved", resolved, level="street")
    if closed:
        one.tell("issue", "issue.checked", resolved + 1, passed=True)
        one.tell("issue", "issue.closed", resolved + 2)
    return one


def figure(telling: Telling, number: str, asked: Asked = MARCH, upto: int | None = None) -> Figure:
    """The whole of a number, not grouped."""
    return Tally(number, asked).tell(telling.books(upto).lives).groups.get((), Figure())


def on_time(telling: Telling, clock: str = "handle", asked: Asked = MARCH, upto: int | None = None) -> tuple[int, int]:
    found = figure(telling, f"on_time_{clock}", asked, upto)
    return int(found.numerator), found.denominator


def test_every_hour_of_a_plain_life_has_its_holder() -> None:
    (life,) = handled().books().lives
    assert [(*span.held[:3], span.held[5], span.seconds / 3600) for span in life.spans] == [
        ("grid", GRID, "reported", "", 1), ("desk", "", "filed", "", 1), ("unit", "roads", "assigned", "lead", 2),
        ("unit", "roads", "accepted", "lead", 16), ("check", "", "resolved", "", 1), ("closing", "", "checked", "", 1),
    ]  # fmt: skip
    held = Tally("time_held", MARCH).tell([life]).groups[()]
    assert held.numerator == 22 * 3600


def test_time_held_is_clipped_to_the_period_and_to_the_moment() -> None:
    telling = handled(closed=False)
    asked = Asked(MONDAY + 3 * HOUR, MONDAY + 30 * DAY, MONDAY + 25 * HOUR, by=("unit",))
    groups = Tally("time_held", asked).tell(telling.books().lives).groups
    assert {key: float(one.numerator) / 3600 for key, one in groups.items()} == {("roads",): 22}
    early = Asked(MONDAY, MONDAY + 3 * HOUR, MONDAY + 25 * HOUR, by=("unit",))
    groups = Tally("time_held", early).tell(telling.books().lives).groups
    assert {key: float(one.numerator) / 3600 for key, one in groups.items()} == {("",): 2, ("roads",): 1}


def test_a_limit_met_at_the_very_instant_is_met_in_time() -> None:
    assert on_time(handled(resolved=26)) == (1, 1)
    assert on_time(handled(resolved=26.0001)) == (0, 1)


def test_a_limit_is_asked_about_once_it_fell_due() -> None:
    before = Asked(MARCH.start, MARCH.end, MONDAY + 26 * HOUR)
    assert on_time(handled(), asked=before) == (0, 0)
    assert figure(handled(), "on_time_handle", before).share is None
    after = Asked(MARCH.start, MARCH.end, MONDAY + 27 * HOUR)
    assert on_time(handled(), asked=after) == (1, 1)


def test_what_was_not_yet_known_to_be_done_counts_as_not_done() -> None:
    telling = handled()
    assert on_time(telling, upto=4) == (0, 1)
    assert on_time(telling, upto=5) == (1, 1)
    overdue = figure(telling, "overdue_open", upto=4)
    assert overdue.counted == ["issue"]
    assert figure(telling, "overdue_open").counted == []


def test_a_clock_that_stands_falls_due_for_nobody_and_goes_on_with_the_rest_of_its_time() -> None:
    telling = handled(resolved=0)
    telling.events = telling.events[:4]
    telling.tell("issue", "issue.return_asked", 10, code="not_our_duty")
    assert on_time(telling) == (0, 0)
    telling.clock("issue.return_refused", 40, 56, since=2, back_to="accepted")
    assert on_time(telling) == (0, 1)
    telling.tell("issue", "issue.resolved", 50, level="street")
    assert on_time(telling) == (1, 1)


def test_what_was_late_before_it_was_given_back_stays_late_and_theirs() -> None:
    telling = handled(resolved=0)
    telling.events = telling.events[:4]
    telling.tell("issue", "issue.return_asked", 30, code="not_our_duty")
    telling.tell("issue", "issue.return_granted", 31, lead="roads")
    telling.clock("issue.assigned", 32, 80, lead="water", nth=2)
    telling.tell("issue", "issue.accepted", 33)
    telling.tell("issue", "issue.resolved", 40, level="street")
    asked = Asked(MARCH.start, MARCH.end, MARCH.moment, by=("unit",))
    groups = Tally("on_time_handle", asked).tell(telling.books().lives).groups
    assert {key: (int(one.numerator), one.denominator) for key, one in groups.items()} == {
        ("roads",): (0, 1), ("water",): (1, 1),
    }  # fmt: skip
    assert figure(telling, "return_rate").share == Fraction(1, 2)


def test_an_extension_asked_in_time_and_granted_late_leaves_no_miss() -> None:
    telling = handled(resolved=0)
    telling.events = telling.events[:4]
    telling.clock("issue.extended", 30, 50, since=2)
    telling.tell("issue", "issue.resolved", 45, level="street")
    assert on_time(telling) == (1, 1)


def test_a_redo_withdraws_what_was_in_time_and_keeps_what_was_late() -> None:
    punctual, late = handled(), handled(resolved=27)
    for telling in (punctual, late):
        telling.clock("issue.redo_ordered", 100, 148)
        telling.tell("issue", "issue.accepted", 101)
        telling.tell("issue", "issue.resolved", 110, level="street")
    assert on_time(punctual) == (1, 1)
    assert on_time(late) == (1, 2)
    assert figure(late, "closed").counted == []
    assert figure(late, "redo_rate").share == Fraction(1, 2)


def test_a_case_misses_its_own_limit_once_and_a_punctual_one_has_until_its_redo_is_due() -> None:
    punctual, late = handled(), handled(resolved=27)
    for telling in (punctual, late):
        case_due = (MONDAY + 26 * HOUR).isoformat()
        telling.clock("issue.redo_ordered", 100, 148, case_due=case_due)
        telling.tell("issue", "issue.accepted", 101)
        telling.tell("issue", "issue.resolved", 110, level="street")
        telling.tell("issue", "issue.closed", 120)
    first_day = Asked(MARCH.start, MARCH.start + 2 * DAY, MARCH.moment)
    later = Asked(first_day.end, MARCH.end, MARCH.moment)
    assert [on_time(punctual, "close", asked) for asked in (first_day, later)] == [(0, 0), (1, 1)]
    assert [on_time(late, "close", asked) for asked in (first_day, later)] == [(0, 1), (0, 0)]


def test_what_is_resolved_in_time_and_never_closed_is_not_closed_on_time() -> None:
    assert on_time(handled(closed=False), "close") == (0, 1)
    assert on_time(handled(), "close") == (1, 1)


def test_a_stage_s_limit_that_begins_anew_for_another_lead_is_another_one() -> None:
    telling = handled(resolved=0)
    telling.events = telling.events[:3]

    def contact(hours: float, due: float) -> None:
        at, end = (MONDAY + hours * HOUR).isoformat(), (MONDAY + due * HOUR).isoformat()
        telling.tell(
            "issue", "issue.stage_clocks_set", hours, clocks=[{"stage": "contact", "clock_start": at, "due": end}]
        )

    telling.receive(2)
    telling.tie(2)
    contact(2, 4)
    telling.tell("request", "request.requester_contacted", 3, reached=False)
    telling.tell("request", "request.requester_contacted", 5, reached=True)
    telling.tell("issue", "issue.return_asked", 6, code="not_our_duty")
    telling.tell("issue", "issue.return_granted", 7, lead="roads")
    telling.clock("issue.assigned", 8, 80, lead="water", nth=2)
    contact(8, 10)
    telling.tell("request", "request.requester_contacted", 9, reached=True)
    assert on_time(telling, "contact") == (1, 2)


@pytest.mark.parametrize("topic", ["issue.exempted", "issue.appeal_granted"])
def test_what_is_exempt_stands_beside_the_figure_from_the_event_on(topic: str) -> None:
    telling = handled(resolved=27)
    telling.tell("issue", topic, 90)
    assert figure(telling, "on_time_handle", upto=7).over == ["issue"]
    after = figure(telling, "on_time_handle")
    assert (after.over, after.left_out, after.share) == ([], ["issue"], None)


def test_the_three_rates_are_over_valid_call_backs_of_requests_received_then() -> None:
    telling = Telling()
    answers = [("satisfied", "solved"), ("basically", "partly"), ("dissatisfied", "unsolved"), (None, None)]
    for nth, (content, solved) in enumerate(answers):
        telling.receive(nth, f"request-{nth}")
        telling.call_back(100 * 24, content, solved, f"request-{nth}")
    assert figure(telling, "response_rate").share == 1
    assert figure(telling, "resolution_rate").share == Fraction(1, 3)
    assert figure(telling, "satisfaction_rate").share == Fraction(19, 30)
    # 10 for response, 50 and 40 for the two shares: 10 + 16.67 + 25.33
    assert figure(telling, "composite_score").score == 52
    assert figure(telling, "valid_call_back_rate").share == Fraction(3, 4)


def test_a_later_call_back_takes_the_place_of_the_first() -> None:
    telling = Telling()
    telling.receive(0)
    telling.call_back(30, "dissatisfied", "unsolved")
    telling.call_back(60, "satisfied", "solved")
    assert figure(telling, "resolution_rate", upto=2).share == 0
    assert figure(telling, "resolution_rate").share == 1
    assert figure(telling, "resolution_rate").over == ["request"]


def test_a_second_voice_is_a_repeat_until_it_is_detached() -> None:
    telling = Telling()
    telling.report(0)
    for nth in range(2):
        telling.receive(nth, f"request-{nth}")
        telling.tie(nth + 1, f"request-{nth}")
    assert figure(telling, "repeat_rate").counted == ["request-1"]
    assert figure(telling, "repeat_rate").share == Fraction(1, 2)
    telling.tell("request-1", "request.detached", 5, issue="issue")
    telling.tell("issue", "issue.request_detached", 5, request="request-1")
    assert figure(telling, "repeat_rate").share == 0


def test_what_patrols_found_came_before_a_complaint_and_what_a_call_opened_did_not() -> None:
    telling = Telling()
    telling.report(0, "found")
    telling.report(0, "called", channel="hotline")
    assert figure(telling, "before_complaint").share == Fraction(1, 2)
    assert figure(telling, "before_complaint").counted == ["found"]
    assert figure(telling, "found_in_grid").share == Fraction(1, 2)


def test_a_voided_report_was_reported_and_not_filed() -> None:
    telling = handled()
    telling.report(5, "wrong")
    telling.tell("wrong", "issue.voided", 6)
    assert figure(telling, "filing_rate").share == Fraction(1, 2)
    assert telling.books().issues["wrong"].spans[-1].ended_at == MONDAY + 6 * HOUR


def test_a_moved_case_is_counted_where_it_lay_when_it_fell_due() -> None:
    asked = Asked(MARCH.start, MARCH.end, MARCH.moment, by=("community",))
    for hours, community in ((25, NEXT_GRID[:12]), (27, GRID[:12])):
        telling = handled(resolved=0)
        telling.events = telling.events[:4]
        telling.tell("issue", "issue.moved", hours, grid=NEXT_GRID)
        telling.tell("issue", "issue.resolved", 30, level="street")
        assert list(Tally("on_time_handle", asked).tell(telling.books().lives).groups) == [(community,)]


def test_a_merger_sets_limits_aside_and_its_undoing_brings_them_back() -> None:
    telling = handled(resolved=0)
    telling.events = telling.events[:4]
    telling.tell("issue", "issue.merged_into", 10, into="other")
    assert on_time(telling) == (0, 0)
    telling.tell("issue", "issue.unmerged", 20, into="other", back_to="accepted")
    assert on_time(telling) == (0, 1)
    (life,) = telling.books().lives
    gone = [(one.ended_at, two.started_at) for one, two in zip(life.spans, life.spans[1:], strict=False)][-1]
    assert gone == (MONDAY + 10 * HOUR, MONDAY + 20 * HOUR)


def test_a_request_is_the_lead_s_whose_issue_goes_on_for_it() -> None:
    telling = Telling()
    telling.report(0)
    telling.report(0, "other")
    telling.file(1, "other")
    telling.clock("issue.assigned", 2, 26, stream="other", lead="water")
    telling.receive(3)
    telling.tie(4)
    telling.tell("issue", "issue.merged_into", 5, into="other")
    telling.call_back(30, "satisfied", "solved")
    asked = Asked(MARCH.start, MARCH.end, MARCH.moment, by=("unit",))
    assert list(Tally("response_rate", asked).tell(telling.books().lives).groups) == [("water",)]


def test_a_median_is_a_time_that_occurred_and_nothing_timed_has_none() -> None:
    found = Figure(seconds=array("q", [5, 1, 9, 3]))
    assert (found.percentile(Fraction(1, 2)), found.percentile(Fraction(9, 10))) == (3, 9)
    assert Figure().percentile(Fraction(1, 2)) is None
    assert figure(handled(), "handle_time").seconds.tolist() == [20 * 3600]
    assert figure(handled(), "accept_time").seconds.tolist() == [2 * 3600]


def test_the_backlog_is_told_at_the_end_of_each_day() -> None:
    asked = Asked(MONDAY - HOUR, MONDAY + 47 * HOUR, MONDAY + 60 * DAY, by=("period",))
    groups = Tally("backlog", asked).tell(handled().books().lives).groups
    # Begun at one and closed at 23 by UTC, in which a day here ends at 16.
    assert [int(one.numerator) for one in groups.values()] == [1]
    asked = Asked(asked.start, asked.end, MONDAY + 20 * HOUR, by=("period",))
    groups = Tally("backlog", asked).tell(handled().books().lives).groups
    assert [int(one.numerator) for one in groups.values()] == [1, 1]


def test_days_run_from_noon_to_noon_and_months_from_the_19th() -> None:
    noon = Asked(MARCH.start, MARCH.end, MARCH.moment, hour=12)
    before, after = (datetime(2026, 3, 2, 3, 59, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC))
    assert noon.period(before) == (after - DAY, after)
    assert noon.period(after) == (after, after + DAY)
    month = Asked(MARCH.start, MARCH.end, MARCH.moment, cut="month", first_day=19)
    assert month.period(MONDAY) == (datetime(2026, 2, 18, 16, tzinfo=UTC), datetime(2026, 3, 18, 16, tzinfo=UTC))


def test_what_was_known_then_is_what_was_recorded_by_then() -> None:
    telling = handled()
    assert len(known(telling.events, MONDAY + 4 * HOUR)) == 3
    assert len(known(telling.events, MONDAY + 4 * HOUR + timedelta(minutes=1))) == 4


def test_an_export_reads_as_the_table_does() -> None:
    (one, *_) = handled().events
    row = {
        "log_id": LOG, "position": 1, "stream_id": "issue", "topic": one.topic, "state": dict(one.facts),
        "recorded_at": one.recorded_at.isoformat(),
    }  # fmt: skip
    assert list(from_lines([json.dumps(row)], {LOG: 1})) == [one]
    assert list(from_lines([json.dumps(row)], {LOG: 0})) == []
    state = json.dumps(dict(one.facts)).encode()
    assert told(LOG, 1, "issue", one.topic, state, one.recorded_at) == one
