"""Use cases of grid issues 网格事件 that need more than the issue itself: the map, the catalogue, another issue."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from application.command import Cases, Command, answered_before
from application.dispatch.dispatching import Dispatching
from application.dispatch.routing import Routing
from application.duty_attempts import DutyAttempts
from application.duty_lists import DutyLists
from application.limits.limiting import Limiting
from application.limits.stage_clocks import StageClocks
from application.naming import Naming, NothingKept
from application.ports import Log, Logs, PersonalDetails, Receipt
from application.registry.admission_rules import AdmissionRules
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from application.registry.relations import standing_copies
from application.whereabouts import grid_at
from domain.actor import Act
from domain.assignment import Terms
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.lead_basis import BY_HAND
from domain.limit_stages import LimitStage
from domain.merging import merge, unmerge
from domain.redo_policy import RedoPolicy
from domain.refusals import NoCategory
from domain.registry.case_type import CaseType
from domain.registry.dispatch_refusals import NoLead
from domain.registry.entry import civil_day
from domain.registry.unit import Unit
from domain.vocabulary import Channel
from domain.workdays import WorkCalendar


class Issues:
    """Commands on `GridIssue` that consult the registry or touch two issues."""

    def __init__(
        self, logs: Logs, registry: Registry, calendar: WorkCalendar, duties: AdmissionRules,
        redo: RedoPolicy | None = None, naming: Naming | None = None,
    ) -> None:  # fmt: skip
        self.logs, self.registry, self.calendar, self.redo = logs, registry, calendar, redo or RedoPolicy()
        self.duties, self.attempts = DutyLists(duties), DutyAttempts(logs)
        self.calendars = CalendarsInForce(registry, calendar)
        self.dispatching = Dispatching(registry, calendar)
        self.limiting = Limiting(registry)
        self.stage_clocks = StageClocks(registry, self.limiting, self.calendars)
        self.naming = naming or NothingKept()
        self.cases = Cases(logs, self.stage_clocks.follow, self.naming)

    async def report(
        self, command: Command, *, text: str, grid: str | None = None, longitude: float | None = None,
        latitude: float | None = None, category: str = "", channel: Channel = Channel.PATROL, urgency: str = "normal",
        attachments: Collection[str] = (),
    ) -> Receipt:  # fmt: skip
        """上报 in the grid named, or in the one the point lies in.

        Refuses `Nowhere`, `NoSuchEntry`, `NoSuchAttachment`.
        """
        at = command.act.at
        code = grid_at(self.registry, grid=grid, longitude=longitude, latitude=latitude, on=civil_day(at))
        log = self.logs.at(code)
        if answer := await log.first_answer(command.key):
            return answer
        if category:
            self.registry.case_type(category, valid_on=civil_day(at))
        await self.naming.require(command.act.actor, attachments)
        words = await log.seal(PersonalDetails(uuid4(), {"text": text}), fresh=True)
        issue = GridIssue.report(
            command.act, id=new_case_id(log.log_id, at, os.urandom(8)), subject=words.subject, grid=code,
            grid_edition=self.registry.grid(code).drawn_on(civil_day(at)).edition, category=category, channel=channel,
            urgency=urgency, longitude=longitude, latitude=latitude, sealed=words.commitment, attachments=attachments,
        )  # fmt: skip
        return await log.save(issue, key=command.key, details=[words])

    async def file(self, issue_id: UUID, command: Command, *, category: str | None) -> Receipt:
        """立案 under `category`, or under the one guessed at the report. Refuses `NoCategory`."""

        def decide(issue: GridIssue) -> None:
            self.file_now(issue, command.act, category or "")

        return await self.cases.change(GridIssue, issue_id, command, decide)

    async def open_consultation(self, issue_id: UUID, command: Command, *, units: Collection[str]) -> Receipt:
        """派前会商 among registered units. Refuses `NoSuchEntry`, `NotValidThen`."""

        def decide(issue: GridIssue) -> None:
            self._require_units(units, on=civil_day(command.act.at))
            issue.open_consultation(command.act, units=units)

        return await self.cases.change(GridIssue, issue_id, command, decide)

    async def conclude_consultation(self, issue_id: UUID, command: Command, *, proposed_lead: str) -> Receipt:
        """会商结论, proposing a registered unit. Refuses `NoSuchEntry`, `NotValidThen`."""

        def decide(issue: GridIssue) -> None:
            self._require_units([proposed_lead], on=civil_day(command.act.at))
            issue.conclude_consultation(command.act, proposed_lead=proposed_lead)

        return await self.cases.change(GridIssue, issue_id, command, decide)

    async def assign(
        self, issue_id: UUID, command: Command, *, lead: str | None,
        copies: Collection[str] = (), assists: Collection[str] = (),
    ) -> Receipt:  # fmt: skip
        """派遣 to `lead`, or to whom the case falls by the rules. Refuses as `assign_now` does."""

        def decide(issue: GridIssue) -> None:
            self.assign_now(issue, command.act, lead=lead, copies=copies, assists=assists)

        async with self.attempts.kept(command, issue_id):
            return await self.cases.change(GridIssue, issue_id, command, decide)

    async def refuse_return(self, issue_id: UUID, command: Command) -> Receipt:
        """不同意退单: the lead's clock resumes on today's calendar."""

        def decide(issue: GridIssue) -> None:
            issue.refuse_return(command.act, terms=self.same_terms(issue))

        return await self.cases.change(GridIssue, issue_id, command, decide)

    async def order_rework(self, issue_id: UUID, command: Command) -> Receipt:
        """返工: the lead's clock resumes; one solved on the spot is reported anew."""

        def decide(issue: GridIssue) -> None:
            issue.order_rework(command.act, terms=self.same_terms(issue))

        return await self.cases.change(GridIssue, issue_id, command, decide)

    async def merge(self, issue_id: UUID, command: Command, *, into: UUID, undo: bool = False) -> Receipt:
        """并案 of the issue into another, or its undoing; both change or neither."""
        log = self.logs.holding(issue_id)
        issue = await log.load(GridIssue, issue_id)
        target = issue if into == issue_id else await self.logs.holding(into).load(GridIssue, into)
        if answer := await answered_before(log, command, issue):
            return answer
        (unmerge if undo else merge)(command.act, issue=issue, into=target)
        self.stage_clocks.follow(target, command.act)
        return await log.save(issue, target, key=command.key)

    def file_now(self, issue: GridIssue, act: Act, category: str) -> None:
        """立案 under the entry valid that day. Refuses `NoCategory`, `NoSuchEntry`, `NotValidThen`."""
        on = civil_day(act.at)
        case_type = self._case_type(category or issue.category, valid_on=on)
        issue.file(act, category=case_type.code, edition=case_type.on(on).edition)

    def assign_now(
        self, issue: GridIssue, act: Act, *, lead: str | None,
        copies: Collection[str] = (), assists: Collection[str] = (),
    ) -> None:  # fmt: skip
        """派遣 under the limit of the editions it was filed under, measured on the lead's calendar.

        Without `lead` to whom the dispatch rules name, with their copies and assists; refuses `NoLead`.

        Refuses `NotAdmitted` for the lead and those who assist, `NoSuchEntry` and what `GridIssue.assign` does; the
        attempt is to be kept by `attempts`. A category withdrawn since is good; `LimitUndecided` while its limit is.
        """
        on = civil_day(act.at)
        case_type = self._case_type(issue.category)
        named = BY_HAND
        if lead is None:
            routing = self._routed(issue, case_type, act)
            lead, named = routing.lead, routing.named
            copies, assists = routing.joined(copies, assists)
        unit = self.registry.unit(lead or "", valid_on=on)
        self._require_units((*copies, *assists), on=on)
        copies = [*copies, *self._standing_copies(issue, unit, on, (*copies, *assists))]
        off_list = self.duties.off_list(case_type.code, (unit.code, *assists), on)
        terms = self._terms(issue, case_type, unit, on)
        issue.assign(act, lead=unit.code, terms=terms, copies=copies, assists=assists, off_list=off_list, named=named)
        # Asked last: what would not have been assigned anyway is no attempt to pass a duty down.
        self.duties.require_allowed(case_type.code, off_list, grid=issue.grid, on=on)

    def _standing_copies(self, issue: GridIssue, lead: Unit, on: date, named: Collection[str]) -> list[str]:
        return standing_copies(self.registry, lead, on, beside=named, avoid=issue.complained_about)

    def _routed(self, issue: GridIssue, case_type: CaseType, act: Act) -> Routing:
        routing = self.dispatching.route(
            category=case_type.code, place=issue.grid, channel=issue.channel, at=act.at
        )  # fmt: skip
        if routing.lead is None:
            raise NoLead(reason=routing.reason)
        return routing

    def _terms(self, issue: GridIssue, case_type: CaseType, lead: Unit, on: date) -> Terms:
        filed = case_type.under(issue.edition, on)
        answer = self.stage_clocks.answer(issue, filed)
        limit = answer.of(LimitStage.HANDLE).limit or filed.settled_limit()
        calendar, whole = self._calendar(issue, lead, on), answer.of(LimitStage.CASE).limit
        return Terms(limit=limit, edition=answer.handle_edition, calendar=calendar, case_limit=whole)

    def same_terms(self, issue: GridIssue) -> Terms | None:
        """The limit and edition it was assigned under, on its calendar as of today; None before an assignment."""
        before = issue.assignment
        if before is None:
            return None
        calendar = self.calendars.measure(before.calendar)
        whole = issue.stage_times.case_limit
        return Terms(limit=before.limit, edition=before.edition, calendar=calendar, case_limit=whole)

    def _calendar(self, issue: GridIssue, lead: Unit, on: date) -> WorkCalendar:
        """What measures the lead's clock: one that goes on keeps its own, a new one has the unit's."""
        before = issue.assignment
        known = self.calendars.newest(before.calendar) if before and before.lead == lead.code else None
        return known or self.calendars.of_unit(lead, on)

    def redo_terms(self, issue: GridIssue, on: date) -> Terms | None:
        """What a redo runs under: the limit that policy gives a redo, on the lead's calendar that day."""
        before = self.same_terms(issue)
        if before is None:
            return None
        calendar = self.calendars.of_unit(self.registry.unit(issue.lead), on)
        return self.redo.terms(replace(before, calendar=calendar))

    def _require_units(self, units: Collection[str], *, on: date) -> None:
        for unit in units:
            self.registry.unit(unit, valid_on=on)

    def _case_type(self, category: str, *, valid_on: date | None = None) -> CaseType:
        if not category:
            raise NoCategory()
        return self.registry.case_type(category, valid_on=valid_on)


async def leading(log: Log, issue_id: UUID) -> GridIssue:
    """The issue that goes on for `issue_id`: itself, or the end of its mergers."""
    issue = await log.load(GridIssue, issue_id)
    while issue.merged_into is not None:
        issue = await log.load(GridIssue, issue.merged_into)
    return issue
