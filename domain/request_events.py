"""Events of `ResidentRequest`: what became of one resident's voice. Topics are for ever.

Name, phone, address and every word the resident said stay outside, under the random `subject`; `sealed` commits to
them: the SHA-256, in hex, of each field as it is kept, which tells nothing and outlives the words.
`apply` only assigns: it runs again on every replay.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.stages import RequestStage
from domain.step import Step

if TYPE_CHECKING:
    from domain.resident_request import ResidentRequest


class RequestEvent(Step):
    """Base of the events of `ResidentRequest`."""


class Created(RequestEvent, Aggregate.Created):
    """Never recorded; the library wants it named."""

    TOPIC = "request.created"


class Received(Created):
    """受理. `place` is the finest code known; `source` and `external_id` name an imported one.

    `place_id` and `place_version` are the place's stream and its version then (a grid's edition): a code may pass
    to another place, and what it meant at intake is kept for ever. None where nobody noted it. `attachments` are
    digests of files.
    """

    TOPIC = "request.received"
    VERSION = 4
    subject: UUID
    kind: str
    channel: str
    place: str
    place_id: UUID | None
    place_version: int | None
    category: str
    longitude: float | None
    latitude: float | None
    complained_about: str
    confidential: bool
    source: str
    external_id: str
    sealed: dict[str, str]
    attachments: list[str]


class Answered(RequestEvent):
    """直接答复; the reply is kept with the subject."""

    TOPIC = "request.answered"
    VERSION = 2
    sealed: dict[str, str]

    def apply(self, request: ResidentRequest) -> None:
        request.stage = RequestStage.ANSWERED


class Diverted(RequestEvent):
    """分流, with one of six reasons; the reply is kept with the subject."""

    TOPIC = "request.diverted"
    VERSION = 2
    code: str
    sealed: dict[str, str]

    def apply(self, request: ResidentRequest) -> None:
        request.stage = RequestStage.DIVERTED


class Attached(RequestEvent):
    """关联网格事件: the issue that will solve it."""

    TOPIC = "request.attached"
    issue: UUID

    def apply(self, request: ResidentRequest) -> None:
        request.stage, request.issue = RequestStage.ATTACHED, self.issue


class Detached(RequestEvent):
    """解除关联."""

    TOPIC = "request.detached"
    issue: UUID

    def apply(self, request: ResidentRequest) -> None:
        request.stage, request.issue = RequestStage.RECEIVED, None


class RequesterContacted(RequestEvent):
    """联系反映人: `reached` says whether they were."""

    TOPIC = "request.requester_contacted"
    reached: bool

    def apply(self, request: ResidentRequest) -> None:
        request.stage = RequestStage.CONTACTED if self.reached else request.stage
        request.handled_by.add(self.by)


class FedBack(RequestEvent):
    """反馈反映人; the reply is kept with the subject."""

    TOPIC = "request.fed_back"
    VERSION = 2
    sealed: dict[str, str]

    def apply(self, request: ResidentRequest) -> None:
        request.stage = RequestStage.FED_BACK
        request.handled_by.add(self.by)


class HandedOver(RequestEvent):
    """交接: `to_staff` goes on where `from_staff` stood. Neither calls the requester back."""

    TOPIC = "request.handed_over"
    from_staff: str
    to_staff: str

    def apply(self, request: ResidentRequest) -> None:
        request.handled_by.update((self.from_staff, self.to_staff))


class CalledBack(RequestEvent):
    """回访 after the limit ended: what the requester says, asked by staff or, 自评, of their own accord.

    Without a valid answer the three answers are None. A sentence of their own is kept with the subject.
    """

    TOPIC = "request.called_back"
    VERSION = 2
    valid: bool
    contacted: bool | None
    solved: str | None
    satisfaction: str | None
    due: datetime | None
    sealed: dict[str, str]

    def apply(self, request: ResidentRequest) -> None:
        request.stage = RequestStage.CALLED_BACK
        request.answer_valid = self.valid
        request.content = self.satisfaction != "dissatisfied" and self.solved != "unsolved"


class RedoOrdered(RequestEvent):
    """重办: the requester was not content; one round more."""

    TOPIC = "request.redo_ordered"
    round: int

    def apply(self, request: ResidentRequest) -> None:
        request.stage, request.round = RequestStage.ATTACHED, self.round


class Closed(RequestEvent):
    """办结."""

    TOPIC = "request.closed"

    def apply(self, request: ResidentRequest) -> None:
        request.stage = RequestStage.CLOSED


class ExemptionAsked(RequestEvent):
    """申请剔除: out of the denominator, beside it, never erased."""

    TOPIC = "request.exemption_asked"

    def apply(self, request: ResidentRequest) -> None:
        request.exemption_asked_by = self.by


class Exempted(RequestEvent):
    """同意剔除."""

    TOPIC = "request.exempted"

    def apply(self, request: ResidentRequest) -> None:
        request.exemption_asked_by = ""
        request.exempt = True


class ExemptionRefused(RequestEvent):
    """不同意剔除."""

    TOPIC = "request.exemption_refused"

    def apply(self, request: ResidentRequest) -> None:
        request.exemption_asked_by = ""
