"""Telling facts: a batch of events, told in order over the cases they touch, becomes the rows of a sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from domain.statistics.holding import Held, issue_held, request_held
from infrastructure.projections import issue_fact_rules, request_fact_rules
from infrastructure.projections.fact_sheet import CHANGED, Case, Sheet, instant
from infrastructure.projections.folding import A_BREATH, BEGUN, NoRow
from infrastructure.projections.read_model import Happened, Tell

RULES = {**issue_fact_rules.RULES, **request_fact_rules.RULES}
FRESH: Mapping[str, Case] = {
    one["kind"]: {"level": "grid", "exempt_in": None, "spans": 0, "span": None, **one}
    for one in (issue_fact_rules.FRESH, request_fact_rules.FRESH)
}
SILENT = issue_fact_rules.SILENT | request_fact_rules.SILENT
_BEGINS = {issue_fact_rules.BEGIN: "issue", request_fact_rules.BEGIN: "request"}


def begun(kind: str, case_id: str, number: int) -> Case:
    """A case nothing is told of yet, whose first event has position `number`."""
    return {**FRESH[kind], "id": case_id, "number": number, "counts": {}, "clocks": {}}


async def tell_all(sheet: Sheet, events: Sequence[Happened], tell: Tell) -> None:
    """Write down what `events`, ascending, say. Raises `NoRow` for a case whose first event was never told."""
    for first in range(0, len(events), A_BREATH):
        for event in events[first : first + A_BREATH]:
            _tell(sheet, event, tell)
        await asyncio.sleep(0)


def _tell(sheet: Sheet, event: Happened, tell: Tell) -> None:
    facts = tell(event)
    if kind := _BEGINS.get(event.topic):
        case = sheet.cases[event.stream_id] = {BEGUN: True, **begun(kind, event.stream_id, event.position)}
    elif event.stream_id in sheet.cases:
        case = sheet.cases[event.stream_id]
    else:
        raise NoRow(f"{event.topic} at position {event.position}")
    sheet.position, sheet.at = event.position, facts["timestamp"]
    case[CHANGED] = True
    RULES[event.topic](sheet, case, facts)
    _pass_on(sheet, case)


def _pass_on(sheet: Sheet, case: Case) -> None:
    """End the span of whoever held the case till now and begin the next, when that is another or on other terms."""
    held, span = _held(case), case["span"]
    if (tuple(span[1:]) if span else None) == held:
        return
    at = sheet.at
    if span:
        # What happened is told in the order it was recorded: a span never ends before it began.
        at = span[0] if instant(at) < instant(span[0]) else at
        sheet.end_span(case, at)
    if held:
        sheet.begin_span(case, held, at)


def _held(case: Case) -> Held | None:
    if case["kind"] == "request":
        return request_held(case["stage"], issue=case["issue"], round=case["round"])
    return issue_held(
        case["stage"], grid=case["place"], lead=case["lead"], level=case["level"], round=case["round"],
        edition=case["edition"],
    )  # fmt: skip
