"""A retry that overtakes the first go: recorded between two of its steps, it is still one order with one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import pytest

from application.command import Cases, Command
from application.issues import Issues
from application.ports import Logs, Receipt, RequestKey
from application.registry.admission_rules import AdmissionRules
from application.registry.registry import Registry
from application.requests import Requests
from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.registry.admission_policy import OffList
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, RequestKind
from tests import spec
from tests.cases import CALENDAR, SUBJECT
from tests.fakes import MemoryLog

KEY = RequestKey("receiver once", "hash of what was asked")


class Overtaken(MemoryLog):
    """Answers whether a key is known, and just after that somebody else is through."""

    meanwhile: Callable[[], Awaitable[Receipt]] | None = None

    async def first_answer(self, key: RequestKey | None) -> Receipt | None:
        answer = await super().first_answer(key)
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            await meanwhile()
        return answer


class OneLog:
    """`Logs` of a city with one log, as far as these orders ask."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log

    def holding(self, _case_id: object) -> MemoryLog:
        return self.log


Order = Callable[[Logs], Awaitable[Receipt]]


def ordered_by(actor: Actor) -> Command:
    return Command(spec.act(actor), version=1, key=KEY)


def _requests(logs: Logs) -> Requests:
    return Requests(logs, cast(Registry, None), _issues(logs))


def _issues(logs: Logs) -> Issues:
    return Issues(logs, cast(Registry, None), CALENDAR, AdmissionRules(cast(Registry, None), OffList.REFUSE))


async def void(logs: Logs) -> Receipt:
    command = Command(spec.act(spec.RECEIVER, reason="误报"), version=1, key=KEY)
    return await Cases(logs).change(GridIssue, spec.ISSUE, command, lambda issue: issue.void(command.act))


async def merge(logs: Logs) -> Receipt:
    return await _issues(logs).merge(spec.ISSUE, ordered_by(spec.DISPATCHER), into=spec.OTHER_ISSUE)


async def answer(logs: Logs) -> Receipt:
    return await _requests(logs).answer(spec.REQUEST, ordered_by(spec.RECEIVER), reply="好")


async def attach(logs: Logs) -> Receipt:
    return await _requests(logs).attach(spec.REQUEST, ordered_by(spec.RECEIVER), issue_id=spec.ISSUE)


@pytest.mark.parametrize("order", [void, merge, answer, attach])
def test_a_retry_that_is_overtaken_gets_the_first_answer(order: Order) -> None:
    asyncio.run(_overtaken(order))


async def _overtaken(order: Order) -> None:
    log = Overtaken(spec.DISTRICT)
    logs = cast(Logs, OneLog(log))
    await log.save(_received(), _reported(), _reported(other=True))
    known, firsts = len(log.recorded), []

    async def first_go() -> Receipt:
        firsts.append(await order(logs))
        return firsts[0]

    log.meanwhile = first_go
    assert await order(logs) == firsts[0]
    new = log.recorded[known:]
    assert len(new) == len({one.event.originator_id for one in new})


def _reported(*, other: bool = False) -> GridIssue:
    return GridIssue.report(
        spec.act(spec.WORKER), id=spec.OTHER_ISSUE if other else spec.ISSUE, subject=SUBJECT, grid=spec.GRID,
        grid_edition=1,
    )  # fmt: skip


def _received() -> ResidentRequest:
    return ResidentRequest.receive(
        spec.act(spec.RECEIVER), id=spec.REQUEST, subject=SUBJECT, kind=RequestKind.HELP, channel=Channel.HOTLINE,
        place=spec.GRID,
    )  # fmt: skip
