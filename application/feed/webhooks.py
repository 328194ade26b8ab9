"""Webhooks 回调: opened, paused, resumed, given another secret and ended by administrators; how deliveries fare."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from application.feed.feed import require_known
from application.ports import Logs, Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act, Actor, Role
from domain.feed_refusals import NoSuchDelivery
from domain.refusals import NoSuchEntry, WrongRole
from domain.registry.webhook import Webhook, hook_address

SHOWN_TO = (Role.ADMIN, Role.AUDITOR)
LAST = 20
"""Deliveries shown beside a webhook."""
DeliveryState = Literal["delivered", "parked", "resending"]


@dataclass(frozen=True)
class Signed:
    """A receipt, and the secret that deliveries are signed with from now on. It is shown to nobody again."""

    receipt: Receipt
    secret: str = field(repr=False)


@dataclass(frozen=True)
class HookStanding:
    """How far a webhook is in one log. What is tried now, and failed so often, is the first event above `position`."""

    log: str
    position: int
    backlog: int
    parked: int
    attempts: int
    next_attempt_at: datetime | None
    halted: bool
    failure: str


@dataclass(frozen=True)
class Delivery:
    """One event delivered, parked or waiting to be sent again."""

    log: str
    position: int
    topic: str
    state: DeliveryState
    attempts: int
    status: int | None
    failure: str
    took_ms: int
    last_at: datetime


class HookSecrets(Protocol):
    """The secrets, kept sealed."""

    async def made_for(self, code: str, version: int) -> str:
        """The secret that a webhook has from a version of it on: made at the first asking, told again at the next.

        Those before sign for a day more.
        """
        ...

    async def destroy(self, code: str) -> None: ...


class Deliveries(Protocol):
    """What workers note down."""

    async def standings(self, webhooks: Sequence[Webhook]) -> Mapping[str, Sequence[HookStanding]]:
        """By the code of each, log by log."""
        ...

    async def find(
        self, code: str, state: DeliveryState | None, before: tuple[datetime, str, int] | None, limit: int
    ) -> Sequence[Delivery]:
        """The latest first, before one that was seen."""
        ...

    async def resend(self, code: str, log_id: str, position: int) -> Delivery | None:
        """Ask for it to be sent again; None when nobody knows it."""
        ...


class Webhooks:
    """回调 of the city."""

    def __init__(
        self, desk: RegistryDesk, logs: Logs, secrets: HookSecrets, deliveries: Deliveries,
        require_allowed: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._desk, self._logs, self._secrets, self._deliveries = desk, logs, secrets, deliveries
        self._require_allowed = require_allowed

    async def open(
        self, act: Act, *, code: str, name: str, url: str, logs: Collection[str], topics: Collection[str],
        key: RequestKey | None = None,
    ) -> Signed:  # fmt: skip
        """开通: events recorded from now on are pushed to `url`.

        Refuses `AlreadyRegistered`, `BadAddress`, `NoSuchLog`, `NoSuchTopic`, `OutsideArea`.
        """
        act.as_one_of(Role.ADMIN)
        require_known(frozenset(topics))
        self._require_allowed(hook_address(url))
        starts = {log_id: await self._logs.named(log_id).last_position() for log_id in logs}
        receipt = await self._desk.register(
            lambda: Webhook.open(act, code=code, name=name, url=url, starts=starts, topics=topics), key
        )
        return Signed(receipt, await self._secrets.made_for(code, receipt.version))

    async def renew_secret(
        self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None
    ) -> Signed:
        """换密钥. Refuses `NoSuchEntry`, `WebhookEnded`."""
        receipt = await self._desk.change(Webhook, code, lambda one: one.renew_secret(act), version=version, key=key)
        return Signed(receipt, await self._secrets.made_for(code, receipt.version))

    async def pause(self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None) -> Receipt:
        """暂停. Refuses `NoSuchEntry`, `NothingChanged`, `WebhookEnded`."""
        return await self._desk.change(Webhook, code, lambda one: one.pause(act), version=version, key=key)

    async def resume(
        self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """恢复 of one paused or halted. Refuses `NoSuchEntry`, `WebhookEnded`."""
        return await self._desk.change(Webhook, code, lambda one: one.resume(act), version=version, key=key)

    async def end(self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None) -> Receipt:
        """终止: its secrets are destroyed. Refuses `NoSuchEntry`, `WebhookEnded`."""
        receipt = await self._desk.change(Webhook, code, lambda one: one.end(act), version=version, key=key)
        await self._secrets.destroy(code)
        return receipt

    def find(self, actor: Actor, *, name: str = "", after: str = "", limit: int = 50) -> Sequence[Webhook]:
        """Those of logs in the actor's area, by ascending code. Refuses `WrongRole`."""
        self._admit(actor)
        return self._desk.registry.entries(
            Webhook, lambda one: self._seen(actor, one), name=name, after=after, limit=limit
        )

    def get(self, actor: Actor, code: str) -> Webhook:
        """Refuses `WrongRole`, `NoSuchEntry`."""
        self._admit(actor)
        found = self._desk.registry.find(Webhook, code)
        if not self._seen(actor, found):
            raise NoSuchEntry(kind=Webhook.label, code=code)
        return found

    async def standings(self, webhook: Webhook) -> Sequence[HookStanding]:
        """How it fares, log by log."""
        return (await self._deliveries.standings([webhook]))[webhook.code]

    async def deliveries(
        self, webhook: Webhook, *, state: DeliveryState | None = None,
        before: tuple[datetime, str, int] | None = None, limit: int = LAST,
    ) -> Sequence[Delivery]:  # fmt: skip
        """The latest first."""
        return await self._deliveries.find(webhook.code, state, before, limit)

    async def resend(self, act: Act, *, code: str, log: str, position: int) -> Delivery:
        """再投: send a delivery again, parked or not, out of turn. Refuses `NoSuchEntry`, `NoSuchDelivery`."""
        act.as_one_of(Role.ADMIN)
        webhook = self.get(act.actor, code)
        found = await self._deliveries.resend(webhook.code, log, position)
        if found is None:
            raise NoSuchDelivery(code=code, log=log, position=position)
        return found

    def _admit(self, actor: Actor) -> None:
        if not actor.roles & set(SHOWN_TO):
            raise WrongRole(needed=[role.label for role in SHOWN_TO])

    @staticmethod
    def _seen(actor: Actor, webhook: Webhook) -> bool:
        return all(actor.overlaps(log_id) for log_id in webhook.starts)
