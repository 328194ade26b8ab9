"""Webhook work 投递: pushes events to webhooks, in order within each log, from where it was left, until stopped.

The log is the queue: an event that is not accepted keeps its place, and those after it wait there. An attempt that was
sent and not noted down, because the process ended, is made again: at least once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from application.feed.envelope import CaseEvent, enveloped
from application.feed.feed import Topics
from application.feed.retrying import Next, Outcome, after_failure
from application.privacy.keys import KeyUnavailableError
from application.registry.registry import Registry
from domain.registry.webhook import Webhook
from infrastructure.feed import delivery_figures
from infrastructure.feed.tail import Tail
from infrastructure.feed.webhook_rows import Claimed, PostgresDeliveries
from infrastructure.feed.webhook_secrets import PostgresHookSecrets
from infrastructure.feed.webhook_sending import Sender
from infrastructure.repeating import every

LOOK_SECONDS = 0.5
REST_SECONDS = 0.1
FIGURES_SECONDS = 2.0
FORGET_SECONDS = 3600.0
AT_ONCE = 8
"""Logs of webhooks worked on at one time."""
WINDOW = 50
NO_SECRET_SECONDS = 2.0
"""Whoever opens a webhook is about to make one; otherwise an administrator has to."""
FAULT_SECONDS = 5.0
TURN_SECONDS = 20.0
"""How long one goes on before others have their turn."""
ALL: Topics = frozenset()
MOST = 100_000
logger = structlog.get_logger(__name__)


class Target(NamedTuple):
    """A webhook as a turn found it: what the registry shows changes under our hands."""

    code: str
    version: int
    url: str
    topics: Topics
    secrets: Sequence[str]


class WebhookWork:
    """The webhook worker of one process. Of several processes each log of a webhook has one at a time."""

    def __init__(
        self, registry: Registry, tail: Tail, rows: PostgresDeliveries, secrets: PostgresHookSecrets, sender: Sender
    ) -> None:
        self._registry, self._tail, self._rows, self._secrets, self._sender = registry, tail, rows, secrets, sender
        self._busy: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._begun: set[str] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(every(FIGURES_SECONDS, self._report))
                group.create_task(every(FORGET_SECONDS, self._rows.forget))
                while True:
                    try:
                        await self._begin_what_is_due(group)
                    except Exception:
                        logger.exception("webhooks_not_followed")
                    await asyncio.sleep(REST_SECONDS)
                    await self._tail.beyond(self._tail.positions(), LOOK_SECONDS)
        finally:
            await self._sender.close()

    async def _begin_what_is_due(self, group: asyncio.TaskGroup) -> None:
        active = self._webhooks()
        if fresh := [one for one in active if one.code not in self._begun]:
            await self._rows.begin(fresh)
            self._begun.update(one.code for one in fresh)
        if not active or len(self._busy) >= AT_ONCE:
            return
        for claimed in await self._rows.claim(active, self._tail.positions(), AT_ONCE - len(self._busy)):
            self._busy[claimed.key] = group.create_task(self._take_a_turn(claimed))

    async def _take_a_turn(self, claimed: Claimed) -> None:
        """Deliver for a while. Whatever happens, the lease is given back."""
        try:
            await self._deliver(claimed)
        except Exception:
            logger.exception("webhook_failed", webhook=claimed.webhook, log=claimed.log_id)
            # A fault of ours would otherwise be met again at once, and for ever.
            await asyncio.sleep(FAULT_SECONDS)
        finally:
            self._busy.pop(claimed.key, None)
            try:
                await asyncio.shield(self._rows.release(claimed))
            except Exception as error:  # the lease ends by itself, and the other turns go on
                logger.warning("webhook_lease_not_given_back", webhook=claimed.webhook, error=type(error).__name__)

    async def _deliver(self, claimed: Claimed) -> None:
        webhook = self._registry.find(Webhook, claimed.webhook)
        try:
            secrets = await self._secrets.signing(webhook.code)
        except KeyUnavailableError:
            secrets = []
        if not secrets:
            await self._rows.postpone(claimed, "no-secret", NO_SECRET_SECONDS, halted=False)
            return
        target = Target(webhook.code, webhook.version, webhook.url, webhook.topics, secrets)
        await self._send_again(claimed, target)
        until = asyncio.get_running_loop().time() + TURN_SECONDS
        while claimed.due and asyncio.get_running_loop().time() < until and self._stands(target):
            newest = await self._tail.newest(claimed.log_id)
            window = await self._tail.between(claimed.log_id, claimed.position, newest, WINDOW, target.topics)
            if window.upto <= claimed.position:
                return  # the end, or a newer program wrote what comes next, and tells it
            if not await self._push(claimed, target, window.events):
                return
            if window.upto > claimed.position and not await self._rows.pass_by(claimed, window.upto):
                return

    async def _push(self, claimed: Claimed, target: Target, events: Sequence[CaseEvent]) -> bool:
        """Offer them one after another; whether all were settled."""
        for event in events:
            if not self._stands(target):
                return False
            outcome = await self._sender.send(target.url, target.secrets, enveloped(event))
            claimed.attempts += 1
            if not outcome.delivered and not await self._failed(claimed, event, outcome):
                return False
            if outcome.delivered and not await self._rows.settle(
                claimed, event.position, event.topic, outcome, attempts=claimed.attempts, parked_in_row=0
            ):
                return False
        return True

    async def _failed(self, claimed: Claimed, event: CaseEvent, outcome: Outcome) -> bool:
        """Whether to go on with the next: this one was parked."""
        then, seconds = after_failure(outcome, claimed.attempts, claimed.parked_in_row)
        logger.warning(
            "webhook_not_taken", webhook=claimed.webhook, log=claimed.log_id, position=event.position,
            attempt=claimed.attempts, failure=outcome.failure, then=then.value,
        )  # fmt: skip
        if then is Next.PARK:
            return await self._rows.settle(
                claimed, event.position, event.topic, outcome, attempts=claimed.attempts,
                parked_in_row=claimed.parked_in_row + 1,
            )  # fmt: skip
        # Receivers that failed together need not be asked together again.
        wait = seconds * random.uniform(0.9, 1.1)  # noqa: S311 - no secret hangs on it
        if event.position - 1 > claimed.position and not await self._rows.pass_by(claimed, event.position - 1):
            return False
        await self._rows.postpone(claimed, outcome.failure, wait, halted=then is Next.HALT)
        return False

    async def _send_again(self, claimed: Claimed, target: Target) -> None:
        for position in await self._rows.resending(claimed, WINDOW):
            window = await self._tail.between(claimed.log_id, position - 1, position, 1, ALL)
            for event in window.events:
                outcome = await self._sender.send(target.url, target.secrets, enveloped(event))
                await self._rows.resent(claimed, position, outcome)

    def _webhooks(self) -> list[Webhook]:
        known = set(self._tail.log_ids)
        found = self._registry.entries(Webhook, lambda one: one.delivers, limit=MOST)
        return [one for one in found if known.issuperset(one.starts)]

    def _stands(self, target: Target) -> bool:
        """Whether nobody paused, ended or changed it meanwhile."""
        return self._registry.find(Webhook, target.code).version == target.version

    async def _report(self) -> None:
        kept = self._registry.entries(Webhook, lambda one: not one.ended, limit=MOST)
        delivery_figures.report(await self._rows.standings(kept))
