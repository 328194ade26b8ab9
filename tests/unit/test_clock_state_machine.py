"""Random steps about one issue's clock: returns, extensions, a suspension, rework, in whatever order people try them.

What is due follows at every moment from the limit, its start, what it stood for and what was granted; nothing makes
it earlier, nothing is done while it stands still, and no more is granted than the rules say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.actor import Act
from domain.assignment import Terms
from domain.clock import Clock
from domain.extending import ask_extension, endorse_extension, grant_extension, refuse_extension
from domain.grid_issue import GridIssue
from domain.limit import Limit, LimitUnit
from domain.refusals import Refused
from domain.suspending import ask_suspension, grant_suspension, refuse_suspension, resume_suspension
from domain.vocabulary import ReturnReason
from tests.cases import CALENDAR, FILED, REPORTED
from tests.spec import ISSUE, NINE, OFFICE, REQUEST, ROADS, WATER, act, doing_all, past

# The first handles for its unit, the second endorses, the others decide and judge.
PEOPLE = [doing_all(f"{who}-of-{unit}", unit) for unit in (ROADS, WATER) for who in ("one", "other")]
DECIDERS = [doing_all(f"{who}-of-{OFFICE}", OFFICE) for who in ("one", "other")]
delays = st.sampled_from([0, 0, 1, 30, 60, 60, 240, 1440, 4 * 1440]).map(lambda minutes: timedelta(minutes=minutes))
ends = st.sampled_from([timedelta(minutes=30), timedelta(days=3), timedelta(days=200), timedelta(days=400)])
limits = st.builds(Limit, st.integers(1, 5), st.sampled_from(LimitUnit))
Step = Callable[[Any, Act, Terms, timedelta], None]
BY_THE_LEAD: dict[str, Step] = {
    "accept": lambda i, a, t, _: i.accept(a),
    "ask_return": lambda i, a, t, _: i.ask_return(a, code=ReturnReason.DUPLICATE),
    "resolve": lambda i, a, t, _: i.resolve(a, measure="修复"),
    "ask_extension": lambda i, a, t, _: ask_extension(a, issue=i),
    "endorse_extension": lambda i, a, t, _: endorse_extension(a, issue=i),
    "ask_suspension": lambda i, a, t, end: ask_suspension(a, issue=i, until=a.at + end),
}
BY_OTHERS: dict[str, Step] = {
    "grant_return": lambda i, a, t, _: i.grant_return(a),
    "refuse_return": lambda i, a, t, _: i.refuse_return(a, terms=t),
    "assign again": lambda i, a, t, _: i.assign(a, lead=ROADS, terms=t),
    "assign to another": lambda i, a, t, _: i.assign(a, lead=WATER, terms=t),
    "grant_extension": lambda i, a, t, _: grant_extension(a, issue=i, terms=t),
    "refuse_extension": lambda i, a, t, _: refuse_extension(a, issue=i),
    "grant_suspension": lambda i, a, t, _: grant_suspension(a, issue=i),
    "refuse_suspension": lambda i, a, t, _: refuse_suspension(a, issue=i),
    "resume": lambda i, a, t, _: resume_suspension(a, issue=i, terms=t),
    "check": lambda i, a, t, _: i.check(a, passed=False),
    "rework": lambda i, a, t, _: i.order_rework(a, terms=t),
    "redo": lambda i, a, t, _: i.order_redo(a, request=REQUEST, terms=t),
}
NEXT = {
    "assigned": ("accept", "accept", "ask_return"),
    "accepted": ("ask_extension", "ask_extension", "ask_suspension", "ask_return", "resolve"),
    "suspended": ("resume",),
    "return_asked": ("grant_return", "refuse_return"),
    "returned": ("assign again", "assign to another"),
    "resolved": ("check", "redo"),
    "failed": ("rework", "redo"),
}
"""What a stage waits for, when nobody has asked for anything."""


class Clocked(RuleBasedStateMachine):
    """One issue that was assigned under a limit, and what became of it."""

    @initialize(limit=limits, begin=st.integers(0, 20_000))
    def it_is_assigned(self, limit: Limit, begin: int) -> None:
        self.now = NINE + timedelta(minutes=begin)
        self.terms = Terms(limit, "2026.1", CALENDAR)
        self.events: list[Any] = []
        self.was_late = self.case_was_late = False
        issue: Any = past(REPORTED, FILED, id=ISSUE)
        self.events += list(issue.collect_events())
        issue.assign(act(DECIDERS[0], self.now), lead=ROADS, terms=self.terms)
        self.start = deepcopy(issue)
        issue.collect_events()
        self.issue = issue
        self.told: Counter[str] = Counter()

    @rule(data=st.data(), wait=delays, end=ends)
    def it_goes_on(self, data: st.DataObject, wait: timedelta, end: timedelta) -> None:
        name = data.draw(st.sampled_from(self.waited_for()))
        lead = [one for one in PEOPLE if one.unit == self.issue.lead] or PEOPLE
        actor = lead[name == "endorse_extension"] if name in BY_THE_LEAD else DECIDERS[0]
        self.attempt((BY_THE_LEAD | BY_OTHERS)[name], act(actor, self.now + wait, "情况属实"), end)

    def waited_for(self) -> tuple[str, ...]:
        """What those who have a say would do next."""
        asked = self.issue.grants
        if self.issue.stage == "accepted" and asked.extension:
            return ("grant_extension",) if asked.extension.endorsed_by else ("endorse_extension",)
        if self.issue.stage == "accepted" and asked.suspension:
            return ("grant_suspension", "grant_suspension", "refuse_suspension", "resolve")
        return NEXT[self.issue.stage]

    @rule(name=st.sampled_from([*BY_THE_LEAD, *BY_OTHERS]), who=st.integers(0, 5), wait=delays, end=ends)
    def anybody_tries_anything(self, name: str, who: int, wait: timedelta, end: timedelta) -> None:
        deed = act([*PEOPLE, *DECIDERS][who], self.now + wait, "情况属实")
        self.attempt((BY_THE_LEAD | BY_OTHERS)[name], deed, end)

    @invariant()
    def what_is_due_follows_from_limit_start_pauses_and_grants(self) -> None:
        clock = self.issue.assignment
        if clock.stopped_at is None and not self.was_late:
            measured = Clock(clock.limit, clock.clock_start, CALENDAR, clock.pauses, clock.added)
            assert clock.due == measured.due
        whole = self.issue.case_clock
        if self.issue.grants.suspended_until is None and not self.case_was_late:
            assert clock.case_due == Clock(whole.limit, whole.clock_start, CALENDAR, whole.pauses, whole.added).due

    @invariant()
    def no_more_is_granted_than_the_rules_say(self) -> None:
        assert self.told["issue.extended"] == self.issue.grants.extensions <= 2
        assert self.told["issue.suspended"] == self.issue.grants.suspensions <= 1

    def attempt(self, step: Step, deed: Act, end: timedelta) -> None:
        before, tried = self.issue, deepcopy(self.issue)
        try:
            step(tried, deed, self.terms, end)
        except Refused:
            assert vars(tried) == vars(before), "a refusal changes nothing"
            return
        (event,) = tried.pending_events
        self.look_at(event, before, tried)
        self.events += tried.collect_events()
        self.issue, self.now = tried, max(self.now, event.timestamp)
        self.told[event.TOPIC] += 1

    def look_at(self, event: Any, before: GridIssue, after: GridIssue) -> None:
        clock, now = before.assignment, after.assignment
        assert clock
        assert now
        if before.stage == "suspended":
            assert event.TOPIC == "issue.resumed"
        if event.TOPIC == "issue.extension_asked":
            assert event.timestamp <= clock.due
        if event.TOPIC == "issue.resumed":
            assert event.runs_from <= event.until
            assert now.due >= min(clock.due, event.runs_from)
        anew = event.TOPIC in {"issue.assigned", "issue.redo_ordered"} and now.clock_start == event.timestamp
        if not anew:
            assert now.due >= clock.due, "nothing makes it due earlier"
        assert now.case_due >= clock.case_due
        late = clock.is_late(event.timestamp) or (event.TOPIC == "issue.extended" and event.timestamp > clock.due)
        self.was_late = False if anew else self.was_late or late
        stood = (clock.stopped_at or event.timestamp) if before.stage == "suspended" else event.timestamp
        self.case_was_late = self.case_was_late or stood > clock.case_due

    def teardown(self) -> None:
        if hasattr(self, "start"):
            self.start.collect_events()
            again = self.start
            for event in self.events:
                again = event.mutate(again)
            assert again == self.issue, "told again, it is the same"


TestClocked = Clocked.TestCase
TestClocked.settings = settings(max_examples=150, stateful_step_count=40)
