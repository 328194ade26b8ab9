"""Use cases of residents' requests 诉求 that need more than the request itself: the map, its issue, the kept words."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from application.command import Cases, Command, answered_before
from application.issues import Issues, leading
from application.ports import Logs, PersonalDetails, Receipt
from application.registry.registry import Registry
from application.whereabouts import as_of_intake, grid_at, whereabouts
from domain.actor import Act
from domain.case_id import imported_case_id, new_case_id
from domain.case_rules import require_running
from domain.grid_issue import GridIssue
from domain.refusals import AlreadyImported, NoDeadline, OtherLog, Stale
from domain.registry.entry import civil_day
from domain.resident_request import ResidentRequest
from domain.sealing import NOTHING_SEALED
from domain.stages import JUDGED, IssueStage
from domain.vocabulary import Channel, Diversion, RequestKind, Satisfaction, Solved

Commitment = Mapping[str, str]
"""What an event says of the words that are saved with it."""
SETTLED = (IssueStage.SOLVED, IssueStage.CHECKED, IssueStage.CLOSED)


class Requests:
    """Commands on `ResidentRequest` that consult the registry, keep words, or touch its issue too."""

    def __init__(self, logs: Logs, registry: Registry, issues: Issues) -> None:
        self.logs, self.registry, self.issues = logs, registry, issues
        self.cases = Cases(logs)

    async def receive(
        self, command: Command, *, details: dict[str, str], kind: RequestKind, channel: Channel,
        place: str | None = None, longitude: float | None = None, latitude: float | None = None,
        category: str = "", complained_about: str = "", confidential: bool = False,
        source: str = "", external_id: str = "", attachments: Collection[str] = (),
    ) -> Receipt:  # fmt: skip
        """受理. Without place and point it belongs to the receiver's own area.

        `details` are who asks and what they say (name, phone, address, title, text); none enters an event.
        One of a `source` with its `external_id` comes in once: refuses `AlreadyImported`. Refuses `NoSuchAttachment`.
        """
        act = command.act
        place = place or (act.actor.areas[0] if longitude is None and latitude is None else None)
        # An imported message may be older than the code of its place; it belongs to what is there now.
        on = None if source else civil_day(act.at)
        code = whereabouts(self.registry, place=place, longitude=longitude, latitude=latitude, on=on)
        log = self.logs.at(code)
        if answer := await log.first_answer(command.key):
            return answer
        if category:
            self.registry.case_type(category, valid_on=on)
        if complained_about:
            self.registry.unit(complained_about, valid_on=on)
        if attachments:
            await self.issues.naming.require(act.actor, attachments)
        case_id = (
            imported_case_id(log.log_id, source, external_id)
            if source
            else new_case_id(log.log_id, act.at, os.urandom(8))
        )
        told = await log.seal(PersonalDetails(uuid4(), details), fresh=True)
        request = ResidentRequest.receive(
            act, id=case_id, subject=told.subject, sealed=told.commitment, kind=kind, channel=channel, place=code,
            category=category,
            longitude=longitude, latitude=latitude, complained_about=complained_about, confidential=confidential,
            source=source, external_id=external_id, attachments=attachments,
            **as_of_intake(self.registry, code, civil_day(act.at)),
        )  # fmt: skip
        try:
            return await log.save(request, key=command.key, details=[told])
        except Stale:
            raise AlreadyImported(source=source, external_id=external_id, case=case_id) from None

    async def answer(self, request_id: UUID, command: Command, *, reply: str) -> Receipt:
        """直接答复."""
        return await self._reply(request_id, command, reply, lambda r, sealed: r.answer(command.act, sealed=sealed))

    async def divert(self, request_id: UUID, command: Command, *, code: Diversion, reply: str) -> Receipt:
        """分流, with the reply the law wants for each of the six reasons."""

        def decide(request: ResidentRequest, sealed: Commitment) -> None:
            request.divert(command.act, code=code, sealed=sealed)

        return await self._reply(request_id, command, reply, decide)

    async def carry_over_reply(self, request_id: UUID, command: Command, *, reply: str) -> Receipt:
        """历史答复 of an imported request."""

        def decide(request: ResidentRequest, sealed: Commitment) -> None:
            request.carry_over_reply(command.act, sealed=sealed)

        return await self._reply(request_id, command, reply, decide)

    async def open_issue(
        self, request_id: UUID, command: Command, *, grid: str | None, category: str, urgency: str = "normal"
    ) -> Receipt:
        """由诉求立事件: report an issue for the request and attach it, all or nothing. The receipt is of the issue.

        Refuses `OtherLog` for a grid of another district: that is a transfer.
        """
        return await self._open_issue(request_id, command, grid, category, urgency, lambda issue: None)

    async def dispatch(
        self, request_id: UUID, command: Command, *, grid: str | None, category: str, lead: str | None,
        copies: Collection[str] = (), assists: Collection[str] = (), urgency: str = "normal",
    ) -> Receipt:  # fmt: skip
        """派单: open an issue for the request, file and assign it in one go. The receipt is of the issue."""

        def hand_over(issue: GridIssue) -> None:
            self.issues.file_now(issue, command.act, category)
            self.issues.assign_now(issue, command.act, lead=lead, copies=copies, assists=assists)

        async with self.issues.attempts.kept(command, request_id):
            return await self._open_issue(request_id, command, grid, category, urgency, hand_over)

    async def attach(self, request_id: UUID, command: Command, *, issue_id: UUID) -> Receipt:
        """关联网格事件; both change or neither."""
        return await self._with_issue(request_id, command, issue_id, lambda r, i: self._tie(command.act, r, i))

    async def detach(self, request_id: UUID, command: Command, *, issue_id: UUID) -> Receipt:
        """解除关联; both change or neither."""

        def part(request: ResidentRequest, issue: GridIssue) -> None:
            request.detach(command.act, issue=issue.id)
            issue.detach_request(command.act, request=request.id)

        return await self._with_issue(request_id, command, issue_id, part)

    async def contact(self, request_id: UUID, command: Command, *, reached: bool) -> Receipt:
        """联系反映人, by the lead of its issue."""

        def decide(request: ResidentRequest, issue: GridIssue, _: Commitment) -> None:
            request.contact(command.act, reached=reached, lead=issue.lead)

        return await self._while_handled(request_id, command, decide)

    async def feed_back(self, request_id: UUID, command: Command, *, reply: str) -> Receipt:
        """反馈反映人, by the lead of its issue."""

        def decide(request: ResidentRequest, issue: GridIssue, sealed: Commitment) -> None:
            request.feed_back(command.act, lead=issue.lead, sealed=sealed)

        return await self._while_handled(request_id, command, decide, reply=reply)

    async def call_back(
        self, request_id: UUID, command: Command, *, valid: bool, contacted: bool | None = None,
        solved: Solved | None = None, satisfaction: Satisfaction | None = None,
    ) -> Receipt:  # fmt: skip
        """回访 after the limit of its issue ended. Refuses `NoDeadline` while that has none and is not settled."""

        def decide(request: ResidentRequest, issue: GridIssue, _: Commitment) -> None:
            request.call_back(
                command.act, due=limit_of(issue), handlers=issue.handled_by, valid=valid, contacted=contacted,
                solved=solved, satisfaction=satisfaction,
            )  # fmt: skip

        return await self._while_handled(request_id, command, decide)

    async def order_redo(self, request_id: UUID, command: Command) -> Receipt:
        """重办: the request and its issue go round once more, both or neither.

        An issue that another voice has already sent round again is not sent twice.
        """

        def decide(request: ResidentRequest, issue: GridIssue, _: Commitment) -> None:
            request.order_redo(command.act)
            if issue.stage in JUDGED:
                terms = self.issues.redo_terms(issue, civil_day(command.act.at))
                issue.order_redo(command.act, request=request.id, terms=terms)

        return await self._while_handled(request_id, command, decide, both=True)

    async def _open_issue(
        self, request_id: UUID, command: Command, grid: str | None, category: str, urgency: str,
        then: Callable[[GridIssue], None],
    ) -> Receipt:  # fmt: skip
        log = self.logs.holding(request_id)
        request = await log.load(ResidentRequest, request_id)
        if answer := await answered_before(log, command, request):
            return answer
        act, on = command.act, civil_day(command.act.at)
        code = grid_at(self.registry, grid=grid or request.place, longitude=None, latitude=None, on=on)
        if self.logs.at(code).log_id != log.log_id:
            raise OtherLog(left=request_id, right=code)
        if category:
            self.registry.case_type(category, valid_on=on)
        # Who names another grid says that the requester's point was wrong.
        point = (request.longitude, request.latitude) if code == request.place else (None, None)
        issue = GridIssue.report(
            act, id=new_case_id(log.log_id, act.at, os.urandom(8)), subject=uuid4(), grid=code,
            grid_edition=self.registry.grid(code).drawn_on(on).edition, category=category or request.category,
            channel=Channel(request.channel), urgency=urgency, longitude=point[0], latitude=point[1],
        )  # fmt: skip
        self._tie(act, request, issue)
        then(issue)
        self.issues.stage_clocks.follow(issue, act)
        return await log.save(issue, request, key=command.key)

    def _tie(self, act: Act, request: ResidentRequest, issue: GridIssue) -> None:
        request.attach(act, issue=issue.id)
        issue.attach_request(act, request=request.id, complained_about=request.complained_about)

    async def _while_handled(
        self, request_id: UUID, command: Command, decide: Callable[[ResidentRequest, GridIssue, Commitment], None], *,
        reply: str | None = None, both: bool = False,
    ) -> Receipt:  # fmt: skip
        log = self.logs.holding(request_id)
        request = await log.load(ResidentRequest, request_id)
        issue = await leading(log, request.issue) if request.issue else None
        if answer := await answered_before(log, command, request):
            return answer
        if issue is None:
            raise NoDeadline()
        details = [] if reply is None else [await log.seal(_reply_to(request, reply))]
        decide(request, issue, details[0].commitment if details else NOTHING_SEALED)
        self.issues.stage_clocks.follow(issue, command.act)
        return await log.save(request, *([issue] if both else []), key=command.key, details=details)

    async def _with_issue(
        self,
        request_id: UUID,
        command: Command,
        issue_id: UUID,
        decide: Callable[[ResidentRequest, GridIssue], None],
    ) -> Receipt:
        log = self.logs.holding(request_id)
        request = await log.load(ResidentRequest, request_id)
        issue = await self.logs.holding(issue_id).load(GridIssue, issue_id)
        if answer := await answered_before(log, command, request):
            return answer
        decide(request, issue)
        self.issues.stage_clocks.follow(issue, command.act)
        return await log.save(request, issue, key=command.key)

    async def _reply(
        self, request_id: UUID, command: Command, reply: str, decide: Callable[[ResidentRequest, Commitment], None]
    ) -> Receipt:
        log = self.logs.holding(request_id)
        request = await log.load(ResidentRequest, request_id)
        if answer := await answered_before(log, command, request):
            return answer
        words = await log.seal(_reply_to(request, reply))
        decide(request, words.commitment)
        return await log.save(request, key=command.key, details=[words])


def limit_of(issue: GridIssue) -> datetime | None:
    """When the limit to be waited for before a call-back ends; None: solved on the spot, without one.

    Refuses `NoDeadline` while there is neither limit nor settlement, and `Suspended`.
    """
    if issue.assignment is None and issue.stage not in SETTLED:
        raise NoDeadline()
    require_running(issue.stage, issue.grants.suspended_until)
    return issue.assignment.due if issue.assignment else None


def _reply_to(request: ResidentRequest, reply: str) -> PersonalDetails:
    """A reply is kept under the version of the event that will give it."""
    return PersonalDetails(request.subject, {f"reply_{request.version + 1}": reply})
