"""Lives of cases by chance, for the statistics: every step that the domain allows, by whoever may take it.

Seeded, so the same every time. Nothing is checked while they are lived: what they left in the log is what others count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from domain.actor import Act
from domain.appealing import appeal_overdue, endorse_appeal, grant_appeal, refuse_appeal
from domain.assignment import Terms
from domain.case_id import new_case_id
from domain.escalating import Above, escalate, send_down
from domain.exempting import ask_exemption, decide_exemption
from domain.extending import ask_extension, endorse_extension, grant_extension, refuse_extension
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.limit import Limit
from domain.limit_stages import BOARDED
from domain.merging import merge, unmerge
from domain.moving import move_issue, move_request
from domain.refusals import Refused
from domain.resident_request import ResidentRequest
from domain.stage_clocks import begun, set_stage_clocks
from domain.stage_times import StageClock
from domain.stages import JUDGED
from domain.suspending import ask_suspension, grant_suspension, refuse_suspension, resume_suspension
from domain.vocabulary import (
    Channel,
    Diversion,
    GridMove,
    RequestKind,
    ReturnReason,
    Satisfaction,
    Solved,
    SolvedLevel,
)
from tests.case_log import COPY, MAPPER
from tests.cases import CALENDAR, SUBJECT
from tests.spec import DISTRICT, GRID, NINE, OFFICE, ROADS, WATER, doing_all

PEOPLE = [doing_all(f"{who}-of-{unit}", unit) for unit in (ROADS, WATER, OFFICE) for who in ("one", "other", "third")]
GRIDS = (GRID, "150785001001002", "150785001002001", "150785002001001")
UNITS, CATEGORIES = (ROADS, WATER), ("matter-0601-1", "asset-01037")
LIMITS = ((2, "workday"), (4, "work_hour"), (2, "urgent_hour"), (1, "natural_day"), (45, "minute"))
WAITS = (0, 0, 0, 1, 5, 30, 30, 120, 240, 600, 1440, 4320)
"""Minutes that may pass before the next step."""
STAGE_LIMIT = Limit.of(2, "work_hour")
FIRST = 136
RECORDED, MINUTE = datetime(2026, 5, 1, tzinfo=UTC), timedelta(minutes=1)
ABOVE = {SolvedLevel.COMMUNITY: OFFICE, SolvedLevel.STREET: ROADS, SolvedLevel.DISTRICT: "district"}
Dice = Random
Lived = list[Any]
Step = Callable[[Any, Act, Dice], object]


def terms(dice: Dice) -> Terms:
    whole = Limit.of(9, "natural_day") if dice.random() < 0.3 else None
    return Terms(Limit.of(*dice.choice(LIMITS)), f"2026.{dice.randint(1, 2)}", CALENDAR, case_limit=whole)


def _move(issue: GridIssue, act: Act, dice: Dice) -> None:
    move_issue(act, issue=issue, grid=dice.choice(GRIDS), edition=dice.randint(1, 2), cause=GridMove.SPLIT)


def _resolve(issue: GridIssue, act: Act, dice: Dice) -> None:
    issue.resolve(act, measure="修复", level=dice.choice([*SolvedLevel]))


def _suspend(issue: GridIssue, act: Act, dice: Dice) -> None:
    ask_suspension(act, issue=issue, until=act.at + timedelta(days=dice.randint(1, 9)))


def _move_request(request: ResidentRequest, act: Act, dice: Dice) -> None:
    move_request(act, request, grid=dice.choice(GRIDS), cause=GridMove.SPLIT)


def _pass_up(issue: GridIssue, act: Act) -> None:
    escalate(act, issue=issue, lead_level=SolvedLevel.GRID, find_above=lambda level: Above(level, ABOVE.get(level, "")))


ON_ISSUES: tuple[Step, ...] = (
    lambda i, a, dice: i.void(a) if dice.random() < 0.02 else None,
    lambda i, a, dice: i.file(a, category=dice.choice(CATEGORIES), edition="2026.1"),
    lambda i, a, dice: i.solve_on_spot(a, measure="劝离") if dice.random() < 0.1 else None,
    lambda i, a, dice: i.open_consultation(a, units=[ROADS]) if dice.random() < 0.3 else None,
    lambda i, a, dice: i.conclude_consultation(a, proposed_lead=ROADS),
    lambda i, a, dice: i.assign(a, lead=dice.choice(UNITS), terms=terms(dice)),
    lambda i, a, dice: i.accept(a),
    lambda i, a, dice: i.ask_return(a, code=dice.choice([*ReturnReason])) if dice.random() < 0.3 else None,
    lambda i, a, dice: i.grant_return(a),
    lambda i, a, dice: i.refuse_return(a, terms=terms(dice)),
    lambda i, a, dice: _resolve(i, a, dice) if dice.random() < 0.4 else None,
    lambda i, a, dice: i.check(a, passed=dice.random() < 0.6),
    lambda i, a, dice: i.order_rework(a, terms=terms(dice)),
    lambda i, a, dice: i.close(a),
    lambda i, a, dice: resume_suspension(a, issue=i, terms=terms(dice)),
    lambda i, a, dice: ask_extension(a, issue=i),
    lambda i, a, dice: endorse_extension(a, issue=i),
    lambda i, a, dice: grant_extension(a, issue=i, terms=terms(dice)),
    lambda i, a, dice: refuse_extension(a, issue=i) if dice.random() < 0.1 else None,
    lambda i, a, dice: _suspend(i, a, dice) if dice.random() < 0.3 else None,
    lambda i, a, dice: grant_suspension(a, issue=i),
    lambda i, a, dice: refuse_suspension(a, issue=i) if dice.random() < 0.3 else None,
    lambda i, a, dice: appeal_overdue(a, issue=i),
    lambda i, a, dice: endorse_appeal(a, issue=i),
    lambda i, a, dice: grant_appeal(a, issue=i),
    lambda i, a, dice: refuse_appeal(a, issue=i),
    lambda i, a, dice: _pass_up(i, a) if dice.random() < 0.01 else None,
    lambda i, a, dice: send_down(a, issue=i) if dice.random() < 0.1 else None,
    lambda i, a, dice: _move(i, a, dice) if dice.random() < 0.015 else None,
    lambda i, a, dice: ask_exemption(a, case=i) if dice.random() < 0.01 else None,
    lambda i, a, dice: decide_exemption(a, case=i, granted=dice.random() < 0.6),
)  # fmt: skip
"""What may be tried on an issue; most of it is refused most of the time."""
ON_REQUESTS: tuple[Callable[[ResidentRequest, GridIssue | None, Act, Dice], object], ...] = (
    lambda r, i, a, dice: r.answer(a) if dice.random() < 0.01 else None,
    lambda r, i, a, dice: r.divert(a, code=dice.choice([*Diversion])) if dice.random() < 0.01 else None,
    lambda r, i, a, dice: r.carry_over_reply(a) if dice.random() < 0.02 else None,
    lambda r, i, a, dice: r.contact(a, reached=dice.random() < 0.7, lead=i.lead if i else ""),
    lambda r, i, a, dice: r.feed_back(a, lead=i.lead if i else ""),
    lambda r, i, a, dice: _call_back(r, i, a, dice),
    lambda r, i, a, dice: r.close(a),
    lambda r, i, a, dice: _move_request(r, a, dice) if dice.random() < 0.05 else None,
    lambda r, i, a, dice: ask_exemption(a, case=r) if dice.random() < 0.03 else None,
    lambda r, i, a, dice: decide_exemption(a, case=r, granted=dice.random() < 0.6),
)


def _call_back(request: ResidentRequest, issue: GridIssue | None, act: Act, dice: Dice) -> None:
    due = issue.assignment.due if issue and issue.assignment else None
    handlers = issue.handled_by if issue else set[str]()
    if dice.random() < 0.2:
        request.call_back(act, due=due, handlers=handlers, valid=False)
        return
    contacted, solved = dice.random() < 0.8, dice.choice([*Solved, Solved.UNSOLVED])
    satisfaction = dice.choice([*Satisfaction])
    if act.at.minute % 5 == 0:
        request.rate_oneself(at=act.at, due=due, contacted=contacted, solved=solved, satisfaction=satisfaction)
        return
    request.call_back(
        act, due=due, handlers=handlers, valid=True, contacted=contacted, solved=solved, satisfaction=satisfaction
    )


class Run:
    """Some cases that know each other, and all that was recorded of them in its order."""

    def __init__(self, seed: int, log_id: str) -> None:
        self.dice, self.now, self.lived = Random(seed), NINE, list[Any]()  # noqa: S311 - nothing secret hangs on it
        self.issues: dict[UUID, GridIssue] = {}
        self.requests: dict[UUID, ResidentRequest] = {}
        for nth in range(self.dice.randint(2, 3)):
            self._report(new_case_id(log_id, NINE, (16 * seed + nth).to_bytes(8, "big")))
        for nth in range(8, 8 + self.dice.randint(1, 3)):
            self._receive(new_case_id(log_id, NINE, (16 * seed + nth).to_bytes(8, "big")))

    def _report(self, id_: UUID) -> None:
        dice = self.dice
        channel, category = dice.choice([Channel.PATROL, Channel.PATROL, Channel.WEB]), dice.choice(["", *CATEGORIES])
        self.keep(GridIssue.report(
            self._act(), id=id_, subject=SUBJECT, grid=dice.choice(GRIDS), grid_edition=1, category=category,
            channel=channel,
        ))  # fmt: skip

    def _receive(self, id_: UUID) -> None:
        dice = self.dice
        place, source = dice.choice([*GRIDS, DISTRICT, GRID[:9]]), dice.choice(["", "elsewhere"])
        self.keep(ResidentRequest.receive(
            self._act(), id=id_, subject=SUBJECT, kind=dice.choice([*RequestKind]), channel=Channel.HOTLINE,
            place=place, category=dice.choice(["", *CATEGORIES]), source=source,
        ))  # fmt: skip

    def go_on(self, steps: int) -> Lived:
        """So many attempts; what was recorded."""
        for _ in range(steps):
            self.now += self.dice.choice(WAITS) * MINUTE
            chance = self.dice.random()
            if chance < 0.1:
                self._tie()
            elif chance < 0.12:
                self._merge()
            elif chance < 0.5:
                request = self.dice.choice([*self.requests.values()])
                self._request_goes_on(request, self._leading(request))
            else:
                self._issue_goes_on(self.dice.choice([*self.issues.values()]))
        return self.lived

    def keep(self, *cases: Any) -> None:
        for case in cases:
            if isinstance(case, GridIssue):
                _set_stages(case)
                self.issues[case.id] = case
            else:
                self.requests[case.id] = case
            news = case.collect_events()
            self.lived += news
            self.now = max(self.now, case.modified_on)

    def _issue_goes_on(self, issue: GridIssue) -> None:
        for step in self.dice.sample(ON_ISSUES, len(ON_ISSUES)):
            for person in self.dice.sample(PEOPLE, 6):
                try:
                    step(issue, self._act(person), self.dice)
                except Refused:
                    continue
                if issue.pending_events:
                    self.keep(issue)
                    return

    def _request_goes_on(self, request: ResidentRequest, issue: GridIssue | None) -> None:
        if issue and request.stage == "called_back" and self.dice.random() < 0.9:
            self._both(self._redo, request, issue)
            return
        for step in self.dice.sample(ON_REQUESTS, len(ON_REQUESTS)):
            for person in self.dice.sample(PEOPLE, 6):
                try:
                    step(request, issue, self._act(person), self.dice)
                except Refused:
                    continue
                if request.pending_events:
                    self.keep(request)
                    return

    def _redo(self, request: ResidentRequest, issue: GridIssue) -> None:
        act = self._act()
        request.order_redo(act)
        if issue.stage in JUDGED:
            issue.order_redo(act, request=request.id, terms=terms(self.dice))

    def _tie(self) -> None:
        request, act = self.dice.choice([*self.requests.values()]), self._act()
        issue = self.issues[request.issue] if request.issue else self.dice.choice([*self.issues.values()])

        def change(request: ResidentRequest, issue: GridIssue) -> None:
            if request.issue is None:
                request.attach(act, issue=issue.id)
                issue.attach_request(act, request=request.id)
            elif self.dice.random() < 0.3:
                request.detach(act, issue=issue.id)
                issue.detach_request(act, request=request.id)

        self._both(change, request, issue)

    def _merge(self) -> None:
        issue, into = self.dice.sample([*self.issues.values()], 2)
        if issue.merged_into:
            into = self.issues[issue.merged_into]
        decide, act = (unmerge if issue.merged_into else merge), self._act()
        self._both(lambda one, other: decide(act, issue=one, into=other), issue, into)

    def _both(self, change: Callable[[Any, Any], object], *cases: Any) -> None:
        """Change two cases or neither."""
        copies = deepcopy(cases)
        try:
            change(*copies)
        except Refused:
            return
        self.keep(*copies)

    def _leading(self, request: ResidentRequest) -> GridIssue | None:
        issue = self.issues[request.issue] if request.issue else None
        while issue and issue.merged_into:
            issue = self.issues[issue.merged_into]
        return issue

    def _act(self, person: Any = None) -> Act:
        return Act(person or self.dice.choice(PEOPLE), self.now, "情况属实", stated=False)


def _set_stages(issue: GridIssue) -> None:
    """The clocks of stages that begin or go on with what was just decided, as the use cases set them."""
    clocks: list[StageClock] = []
    for step in issue.pending_events:
        if not isinstance(step, IssueEvent) or (now := begun(issue, step)) is None:
            continue
        stages = sorted(one for one in now.fresh.items() if one[0] in BOARDED)
        clocks += [StageClock.started(stage, STAGE_LIMIT, "rule-1", start, CALENDAR) for stage, start in stages]
        for stage in now.going_on:
            known = issue.stage_times.clocks.get(stage.value)
            if known is not None and now.stood is not None and now.stood.end is not None:
                clocks.append(known.resumed(now.stood.start, now.stood.end, CALENDAR))
    if clocks:
        act = Act(PEOPLE[0], issue.pending_events[-1].timestamp)
        set_stage_clocks(act, issue=issue, rules="2026.1", clocks=clocks)


def random_lives(runs: int, steps: int = 110, log_id: str = DISTRICT) -> list[Lived]:
    """So many runs of some cases each. The first two dozen between them come through all that moves a clock."""
    return [Run(seed, log_id).go_on(steps) for seed in range(FIRST, FIRST + runs)]


def write_lives(url: str, lived: Iterable[Lived], log_id: str = DISTRICT) -> int:
    """Write runs into a log, an event a minute from `RECORDED`; the last position."""
    position = 0
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES (%s) ON CONFLICT DO NOTHING", (log_id,))
        with connection.cursor() as cursor, cursor.copy(COPY.encode()) as copy:
            for event in (event for run in lived for event in run):
                position += 1
                topic, schema_version, state = MAPPER.encode(event)
                unused = UUID(int=position)
                copy.write_row((
                    log_id, position, event.originator_id, event.originator_version, unused, unused, topic,
                    schema_version, state, "", unused, RECORDED + position * MINUTE, b"",
                ))  # fmt: skip
    return position
