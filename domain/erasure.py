"""Erasure 删除个人信息: what becomes of one case's wish to be forgotten (个人信息保护法 art. 47), and holds against it.

One stream a case. Its events say what was done and never what was erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.privacy_refusals import AlreadyErased, HeldAlready, NotHeld
from domain.step import Step

KEEPERS = (Role.AUDITOR, Role.ADMIN)


class ErasureStage(StrEnum):
    """Where an erasure stands."""

    NONE = "none"  #: only holds so far
    ASKED = "asked"  #: 已申请
    REFUSED = "refused"  #: 不予删除
    RESTRICTED = "restricted"  #: 限制处理
    KEY_DESTROYED = "key_destroyed"  #: 密钥已销毁
    CLEANED = "cleaned"  #: 已清理
    REMAINS = "remains"  #: 核查发现残留
    VERIFIED = "verified"  #: 已核查
    CERTIFIED = "certified"  #: 已出具证明


S = ErasureStage
UNDER_WAY = frozenset({S.ASKED, S.KEY_DESTROYED, S.CLEANED, S.VERIFIED})


class RefusalGround(StrEnum):
    """Why nothing is erased now."""

    OPEN_CASE = "open_case"  #: 案件尚未办结
    HOLD = "hold"  #: 依法保全


class Erasure(Aggregate):
    """The erasures and holds of one case."""

    TOPIC = "erasure"

    class Event(Step):
        """Base of the events of `Erasure`."""

        def apply(self, erasure: Erasure) -> None:
            erasure.stage = STAGES.get(type(self), erasure.stage)

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "erasure.created"

    class Opened(Created):
        """The first of a case: whose words they are."""

        TOPIC = "erasure.opened"
        case: UUID
        subject: UUID

    class HoldPlaced(Event):
        """保全: nothing is erased until it is lifted."""

        TOPIC = "erasure.hold_placed"

        def apply(self, erasure: Erasure) -> None:
            erasure.held = True

    class HoldLifted(Event):
        """解除保全."""

        TOPIC = "erasure.hold_lifted"

        def apply(self, erasure: Erasure) -> None:
            erasure.held = False

    class Asked(Event):
        """申请删除."""

        TOPIC = "erasure.asked"

    class Refused(Event):
        """不予删除."""

        TOPIC = "erasure.refused"
        ground: str

    class Restricted(Event):
        """限制处理 until the legal term is over (art. 47, second paragraph): kept, and shown to nobody."""

        TOPIC = "erasure.restricted"
        until: datetime

    class KeyDestroyed(Event):
        """密钥已销毁. `key_digest`: the SHA-256, in hex, of the wrapped key that is no more."""

        TOPIC = "erasure.key_destroyed"
        key_digest: str

        def apply(self, erasure: Erasure) -> None:
            erasure.stage, erasure.key_digest = S.KEY_DESTROYED, self.key_digest

    class Cleaned(Event):
        """已清理: rows by place."""

        TOPIC = "erasure.cleaned"
        places: dict[str, int]

    class Verified(Event):
        """已核查: rows and files looked at by place, what still held the words, and fields too short to look for."""

        TOPIC = "erasure.verified"
        looked_at: dict[str, int]
        remains: dict[str, int]
        too_short: list[str]

        def apply(self, erasure: Erasure) -> None:
            erasure.stage = S.REMAINS if self.remains else S.VERIFIED
            erasure.looked_at, erasure.remains = dict(self.looked_at), dict(self.remains)

    class Certified(Event):
        """证明: the case's people are forgotten. `evidence` counts the places looked at and the rows in them."""

        TOPIC = "erasure.certified"
        key_digest: str
        evidence: dict[str, int]

    def __init__(self, *, case: UUID, subject: UUID) -> None:
        self.case, self.subject = case, subject
        self.stage, self.held = S.NONE, False
        self.key_digest = ""
        self.looked_at: dict[str, int] = {}
        self.remains: dict[str, int] = {}

    @classmethod
    def open(cls, act: Act, *, id: UUID, case: UUID, subject: UUID) -> Erasure:
        """Begin the stream of a case."""
        role = act.as_one_of(*KEEPERS)
        return cls._create(
            cls.Opened, id=id, timestamp=act.at, **signature(act, role), case=case, subject=subject
        )  # fmt: skip

    def hold(self, act: Act) -> None:
        """保全. Refuses `HeldAlready`, and `AlreadyErased` once the key is gone."""
        role = act.as_one_of(*KEEPERS)
        self._require_not_begun()
        if self.held:
            raise HeldAlready()
        record(self, self.HoldPlaced, act, role)

    def lift(self, act: Act) -> None:
        """解除保全. Refuses `NotHeld`."""
        role = act.as_one_of(*KEEPERS)
        if not self.held:
            raise NotHeld()
        record(self, self.HoldLifted, act, role)

    def ask(self, act: Act, *, finished: bool, kept_until: datetime) -> None:
        """申请. An open case or a hold refuses it; a legal term that runs restricts it. Refuses `AlreadyErased`."""
        role = act.as_one_of(*KEEPERS)
        self._require_not_begun()
        record(self, self.Asked, act, role)
        if not finished or self.held:
            ground = RefusalGround.HOLD if self.held else RefusalGround.OPEN_CASE
            record(self, self.Refused, act, role, ground=ground.value)
        elif act.at < kept_until:
            record(self, self.Restricted, act, role, until=kept_until)

    def destroy_key(self, act: Act, *, key_digest: str) -> None:
        record(self, self.KeyDestroyed, act, act.as_one_of(*KEEPERS), key_digest=key_digest)

    def clean(self, act: Act, *, places: Mapping[str, int]) -> None:
        record(self, self.Cleaned, act, act.as_one_of(*KEEPERS), places=dict(places))

    def verify(
        self, act: Act, *, looked_at: Mapping[str, int], remains: Mapping[str, int], too_short: Sequence[str]
    ) -> None:
        role = act.as_one_of(*KEEPERS)
        record(self, self.Verified, act, role, looked_at=dict(looked_at), remains=dict(remains),
               too_short=list(too_short))  # fmt: skip

    def certify(self, act: Act, *, key_digest: str, evidence: Mapping[str, int]) -> None:
        role = act.as_one_of(*KEEPERS)
        record(self, self.Certified, act, role, key_digest=key_digest, evidence=dict(evidence))

    def _require_not_begun(self) -> None:
        if self.stage in {S.KEY_DESTROYED, S.CLEANED, S.REMAINS, S.VERIFIED, S.CERTIFIED}:
            raise AlreadyErased()


STAGES: dict[type[Erasure.Event], ErasureStage] = {
    Erasure.Asked: S.ASKED,
    Erasure.Refused: S.REFUSED,
    Erasure.Restricted: S.RESTRICTED,
    Erasure.Cleaned: S.CLEANED,
    Erasure.Certified: S.CERTIFIED,
}
"""The stage each event leads to, where it is always the same."""
