"""ResidentRequest 诉求: one resident's voice, from intake to call-back.

A command checks its rules, then records one event (`domain.request_events`). What the resident said and
who they are never come here: only the random `subject` they are kept under.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain import moves, request_events, timer_events
from domain.actor import Act, Actor, Party, Role, record, signature
from domain.case_rules import (
    require_lead,
    require_not_complained_about,
    require_same_log,
    require_stage,
    require_uninvolved,
)
from domain.refusals import (
    AlreadyAttached,
    AnswersIncomplete,
    LimitStillRunning,
    NotAttached,
    NotImported,
    OutsideArea,
    RequesterContent,
)
from domain.sealing import NOTHING_SEALED
from domain.stages import RequestStage
from domain.timers import Timers
from domain.vocabulary import Channel, Diversion, RequestKind, Satisfaction, Solved

S = RequestStage
CALLABLE = (S.ATTACHED, S.CONTACTED, S.FED_BACK)
REQUESTER = Actor("requester", frozenset(), "", ())
"""反映人: whoever asked, in a request's own events; who that is stays under its `subject`."""


class ResidentRequest(Aggregate):
    """One resident's voice. Fields are what its events say so far."""

    TOPIC = "request"

    Event = request_events.RequestEvent
    Created = request_events.Created
    Received = request_events.Received
    Answered = request_events.Answered
    Diverted = request_events.Diverted
    Attached = request_events.Attached
    Detached = request_events.Detached
    RequesterContacted = request_events.RequesterContacted
    FedBack = request_events.FedBack
    HandedOver = request_events.HandedOver
    CalledBack = request_events.CalledBack
    RedoOrdered = request_events.RedoOrdered
    Closed = request_events.Closed
    ExemptionAsked = request_events.ExemptionAsked
    Exempted = request_events.Exempted
    ExemptionRefused = request_events.ExemptionRefused
    Moved = moves.RequestMoved
    CallBackCameDue = timer_events.CallBackCameDue

    def __init__(
        self, *, subject: UUID, kind: str, channel: str, place: str, category: str, longitude: float | None,
        latitude: float | None, complained_about: str, confidential: bool, source: str,
    ) -> None:  # fmt: skip
        self.subject, self.kind, self.channel = subject, kind, channel
        self.place, self.category = place, category
        self.longitude, self.latitude = longitude, latitude
        self.complained_about, self.confidential, self.source = complained_about, confidential, source
        self.stage = S.RECEIVED
        self.issue: UUID | None = None
        self.round = 1
        self.handled_by: set[str] = set()
        self.answer_valid = False
        self.content = True
        self.exempt = False
        self.exemption_asked_by = ""
        self.limit_ended: datetime | None = None
        self.timers = Timers()

    # --- intake ---------------------------------------------------------------------------------

    @classmethod
    def receive(
        cls, act: Act, *, id: UUID, subject: UUID, kind: RequestKind, channel: Channel, place: str,
        category: str = "", longitude: float | None = None, latitude: float | None = None,
        complained_about: str = "", confidential: bool = False, source: str = "", external_id: str = "",
        place_id: UUID | None = None, place_version: int | None = None,
        sealed: Mapping[str, str] = NOTHING_SEALED, attachments: Collection[str] = (),
    ) -> ResidentRequest:  # fmt: skip
        """受理: record what one resident asks, wherever it is heard."""
        role = act.as_one_of(Role.RECEIVER, Role.WORKER, Role.DISPATCHER, Role.ADMIN)
        act.within(place)
        return cls._create(
            cls.Received, id=id, timestamp=act.at, **signature(act, role), subject=subject, kind=kind.value,
            channel=channel.value, place=place, category=category, longitude=longitude, latitude=latitude,
            complained_about=complained_about, confidential=confidential, source=source,
            external_id=external_id, place_id=place_id, place_version=place_version, sealed=dict(sealed),
            attachments=list(dict.fromkeys(attachments)),
        )  # fmt: skip

    def answer(self, act: Act, *, sealed: Mapping[str, str] = NOTHING_SEALED) -> None:
        """直接答复: what can be answered at once is (北京市接诉即办工作条例 art. 11)."""
        record(self, self.Answered, act, self.gate(act, (S.RECEIVED,), Role.RECEIVER), sealed=dict(sealed))

    def divert(self, act: Act, *, code: Diversion, sealed: Mapping[str, str] = NOTHING_SEALED) -> None:
        """分流: one of six reasons not to dispatch, each with its reply (same article)."""
        role = self.gate(act, (S.RECEIVED,), Role.RECEIVER, Role.DISPATCHER)
        record(self, self.Diverted, act, role, code=code.value, sealed=dict(sealed))

    def attach(self, act: Act, *, issue: UUID) -> None:
        """关联网格事件. Refuses `AlreadyAttached`, `OtherLog`."""
        role = self.gate(act, frozenset(S), Role.RECEIVER, Role.DISPATCHER, Role.WORKER)
        if self.issue is not None:
            raise AlreadyAttached(request=self.id, issue=self.issue)
        require_stage(self.stage, (S.RECEIVED,))
        require_same_log(self.id, issue)
        record(self, self.Attached, act, role, issue=issue)

    def detach(self, act: Act, *, issue: UUID) -> None:
        """解除关联, before anything was fed back. Refuses `NotAttached`."""
        role = self.gate(act, (S.ATTACHED, S.CONTACTED), Role.RECEIVER, Role.DISPATCHER)
        if self.issue != issue:
            raise NotAttached(request=self.id, issue=issue)
        record(self, self.Detached, act, role, issue=issue)

    # --- handling -------------------------------------------------------------------------------

    def contact(self, act: Act, *, reached: bool, lead: str) -> None:
        """联系: the lead of its issue hears the requester (art. 15)."""
        role = self._lead_gate(act, lead)
        record(self, self.RequesterContacted, act, role, reached=reached)

    def feed_back(self, act: Act, *, lead: str, sealed: Mapping[str, str] = NOTHING_SEALED) -> None:
        """反馈: the lead tells the requester what was done."""
        role = self._lead_gate(act, lead)
        record(self, self.FedBack, act, role, sealed=dict(sealed))

    def carry_over_reply(self, act: Act, *, sealed: Mapping[str, str] = NOTHING_SEALED) -> None:
        """历史答复: the reply another system gave to an imported request before it came. Refuses `NotImported`."""
        role = self.gate(act, (S.RECEIVED,), Role.ADMIN)
        if not self.source:
            raise NotImported(request=self.id)
        record(self, self.FedBack, act, role, sealed=dict(sealed))

    # --- call-back ------------------------------------------------------------------------------

    def call_back(
        self, act: Act, *, due: datetime | None, handlers: Collection[str], valid: bool,
        contacted: bool | None = None, solved: Solved | None = None, satisfaction: Satisfaction | None = None,
    ) -> None:  # fmt: skip
        """回访 after `due` (None: solved on the spot), by somebody who did not handle it (art. 23).

        A valid one has all three answers (`AnswersIncomplete`); an invalid one may be tried again.
        """
        role = self.gate(act, self._awaiting_answers, Role.VERIFIER, Role.RECEIVER)
        require_uninvolved(act, self.handled_by | set(handlers), did="办理", wants="回访")
        if due is not None and act.at < due:
            raise LimitStillRunning(due=due)
        answers = (contacted, solved, satisfaction)
        if any(answer is None if valid else answer is not None for answer in answers):
            raise AnswersIncomplete()
        record(
            self, self.CalledBack, act, role, valid=valid, contacted=contacted, due=due,
            solved=solved and solved.value, satisfaction=satisfaction and satisfaction.value, sealed={},
        )  # fmt: skip

    def rate_oneself(
        self, *, at: datetime, due: datetime | None, contacted: bool, solved: Solved, satisfaction: Satisfaction,
        sealed: Mapping[str, str] = NOTHING_SEALED,
    ) -> None:  # fmt: skip
        """自评: the requester answers the three questions of the call-back themselves, by the same rules.

        Nobody of staff is between, so there is no role, no area and no conflict to ask about.
        Refuses `WrongStage`, `LimitStillRunning`.
        """
        require_stage(self.stage, self._awaiting_answers)
        if due is not None and at < due:
            raise LimitStillRunning(due=due)
        record(
            self, self.CalledBack, Act(REQUESTER, at, stated=False), Party.REQUESTER, valid=True, contacted=contacted,
            due=due, solved=solved.value, satisfaction=satisfaction.value, sealed=dict(sealed),
        )  # fmt: skip

    @property
    def _awaiting_answers(self) -> tuple[RequestStage, ...]:
        """The stages to be called back in: nobody reached may be tried again, an answer is given once a round."""
        return CALLABLE if self.answer_valid else (*CALLABLE, S.CALLED_BACK)

    def order_redo(self, act: Act) -> None:
        """重办: only for a requester who was not content. Refuses `RequesterContent`."""
        role = self.gate(act, (S.CALLED_BACK,), Role.VERIFIER, Role.DISPATCHER, Role.RECEIVER)
        if self.content:
            raise RequesterContent()
        record(self, self.RedoOrdered, act, role, round=self.round + 1)

    def close(self, act: Act) -> None:
        """办结 after the call-back, by somebody who did not handle it; of a carried-over reply, at once."""
        answered = (S.CALLED_BACK,) if self.issue else (S.CALLED_BACK, S.FED_BACK)
        role = self.gate(act, answered, Role.VERIFIER, Role.RECEIVER, Role.DISPATCHER)
        require_uninvolved(act, self.handled_by, did="办理", wants="办结")
        record(self, self.Closed, act, role)

    def gate(self, act: Act, stages: Collection[RequestStage], *roles: Role) -> Role:
        """The role to act in here and now. Refuses `WrongRole`, `OutsideArea`, `WrongStage`.

        Who is complained about never sees the complainant: refuses `ComplainedAbout` to their staff.
        """
        role = act.as_one_of(*roles)
        act.within(self.place)
        self._require(act, stages)
        return role

    def _lead_gate(self, act: Act, lead: str) -> Role:
        role = act.as_one_of(Role.HANDLER)
        # Intake may have known no finer place than the district, of which the lead's people cover one street.
        if not act.actor.overlaps(self.place):
            raise OutsideArea(place=self.place)
        self._require(act, (S.ATTACHED, S.CONTACTED))
        require_lead(act, lead)
        return role

    def _require(self, act: Act, stages: Collection[RequestStage]) -> None:
        require_not_complained_about([act.actor.unit], {self.complained_about} - {""})
        require_stage(self.stage, stages)
