"""待办 as cards: what waits for somebody, in words, with its clock, what may be done, what runs out first on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from application.clock_views import ClockView, clocks_of
from application.registry.registry import Registry
from application.services import Services
from application.views import IssueView, Question, RequestView, WorkItem
from application.whistle_views import WhistleView
from domain.actor import Actor, Role
from domain.place import GRID_DIGITS
from domain.refusals import NoSuchEntry
from domain.registry.entry import civil_day
from domain.stages import ISSUE_LABELS, REQUEST_LABELS, WHISTLE_LABELS, IssueStage, RequestStage, WhistleStage
from domain.vocabulary import LABELS, WhistleOccasion

MOST_CARDS = 50
"""Cards on one page; more waits behind them."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_LABELS: Mapping[str, Mapping[str, str]] = {
    "issue": {stage.value: label for stage, label in ISSUE_LABELS.items()},
    "request": {stage.value: label for stage, label in REQUEST_LABELS.items()},
    "whistle": {stage.value: label for stage, label in WHISTLE_LABELS.items()},
}
_KINDS = {"issue": "案件", "request": "诉求", "whistle": "吹哨"}


Case = IssueView | RequestView | WhistleView


@dataclass(frozen=True)
class Card:
    """One case that waits. `clock` is the one that runs out first; `deeds` are what buttons are for.

    `address` is the page of the case, of a whistle that of the issue it is about.
    """

    case: str
    kind: str
    id: UUID
    number: int
    version: int
    stage: str
    place: str
    category: str
    text: str
    text_state: str
    clock: ClockView | None
    due: datetime | None
    since: datetime
    deeds: tuple[str, ...]
    address: str


async def cards_of(services: Services, actor: Actor, most: int = MOST_CARDS) -> tuple[list[Card], bool]:
    """What waits for the actor, and whether there is more than `most`. What is shown of words goes on record."""
    now = services.clock()
    found = await services.boards.work(actor, None, most + 1, now)
    items, registry = found[:most], services.registry
    cases = await _cases(services, actor, items, now)
    issues = [one.id for one in items if one.case == "issue" and one.id in cases]
    clocks = await services.case_clocks.of({one.log_id for one in items}, issues)
    calendar_of, on = services.timers.calendar_of, civil_day(now)
    cards = []
    for item in items:
        seen = clocks_of(clocks[item.id], calendar_of, now) if item.id in clocks else []
        cards.append(_card(registry, actor, item, cases.get(item.id), _tightest(seen), on))
    return sorted(cards, key=lambda card: (card.due or _NEVER, card.since, card.id)), len(found) > most


def place_words(registry: Registry, code: str) -> str:
    """Where a code lies: street, community and grid by name; the code itself where nobody knows it any more."""
    digits = [9, 12] if len(code) == GRID_DIGITS else [6, 9, 12]
    words = []
    for division in [code[:end] for end in digits if len(code) >= end]:
        with suppress(NoSuchEntry):
            words.append(registry.division(division).name)
    if len(code) == GRID_DIGITS:
        with suppress(NoSuchEntry):
            words.append(registry.grid(code).name)
    return " ".join(words) or code


def category_words(registry: Registry, code: str, on: date) -> str:
    """The name of a filing condition and what it is about."""
    if not code:
        return "尚未分类"
    try:
        said = registry.case_type(code).on(on).content
    except NoSuchEntry:
        return code
    return f"{said.name}：{said.condition}" if said.condition else said.name


def deeds_of(actor: Actor, stage: str, lead: str) -> tuple[str, ...]:
    """What the actor is offered to do about an issue. The issue itself decides whether they may."""
    leads = Role.HANDLER in actor.roles and lead in actor.units
    if stage == IssueStage.REPORTED and Role.WORKER in actor.roles:
        return ("solve",)
    if stage == IssueStage.ASSIGNED and leads:
        return ("accept", "ask-return", "resolve")
    if stage == IssueStage.ACCEPTED and leads:
        return ("resolve", "ask-return")
    return ()


def asked_of(actor: Actor, stage: str, lead: str) -> tuple[str, ...]:
    """What the actor is offered to do about a request: its lead contacts the requester and tells what was done."""
    leads = Role.HANDLER in actor.roles and lead in actor.units
    return ("contact", "feed-back") if leads and stage in (RequestStage.ATTACHED, RequestStage.CONTACTED) else ()


def called(actor: Actor, whistle: WhistleView) -> tuple[str, ...]:
    """What the actor is offered to do about a whistle: to arrive, for a unit that was called and has not."""
    awaited = Role.HANDLER in actor.roles and actor.units & set(whistle.awaited)
    return ("arrive",) if awaited and whistle.stage == WhistleStage.SOUNDING else ()


async def _cases(services: Services, actor: Actor, items: Sequence[WorkItem], now: datetime) -> dict[UUID, Case]:
    issues, requests, whistles = (
        [one.id for one in items if one.case == kind] for kind in ("issue", "request", "whistle")
    )
    boards, rows = services.boards, list[IssueView | RequestView]()
    if issues:
        rows += await boards.issues(actor, Question(ids=issues, limit=len(issues)), now)
    if requests:
        rows += await boards.requests(actor, Question(ids=requests, limit=len(requests)), now)
    await services.readings.of_words(actor, rows)
    return {row.id: row for row in rows} | {one: await boards.whistle(actor, one) for one in whistles}


def _tightest(clocks: Sequence[ClockView]) -> ClockView | None:
    going = [clock for clock in clocks if clock.state != "decided"]
    return min(going, key=lambda clock: clock.due, default=None)


def _card(
    registry: Registry, actor: Actor, item: WorkItem, case: Case | None, clock: ClockView | None, on: date
) -> Card:  # fmt: skip
    words, state, deeds = _said_and_offered(actor, item, case)
    if isinstance(case, WhistleView):
        category, address = f"吹哨：{LABELS[WhistleOccasion(case.occasion)]}", f"/issues/{case.issue}"
    else:
        category, address = category_words(registry, item.category, on), f"/{item.case}s/{item.id}"
    return Card(
        case=item.case, kind=_KINDS[item.case], id=item.id, number=item.number, version=item.version,
        stage=_LABELS[item.case].get(item.stage, item.stage), place=place_words(registry, item.place),
        category=category, text=words, text_state=state, clock=clock, due=clock.due if clock else item.due,
        since=item.since, deeds=deeds, address=address,
    )  # fmt: skip


def _said_and_offered(actor: Actor, item: WorkItem, case: Case | None) -> tuple[str, str, tuple[str, ...]]:
    match case:
        case IssueView():
            return case.text or "", case.text_state, deeds_of(actor, item.stage, item.lead)
        case RequestView():
            return case.title or case.text or "", case.text_state, asked_of(actor, item.stage, item.lead)
        case WhistleView():
            return case.about, "open", called(actor, case)
    return "", "none", ()


def remaining(clock: ClockView) -> str:
    """What a clock says in words: 还剩 3 工作时 20 分, 已超 2天4小时."""
    said = clock.left_text.removeprefix("超 ")
    if said.startswith("工作时间"):
        hours, minutes = divmod(abs(clock.left_seconds) // 60, 60)
        said = (f"{hours} 工作时" if hours else "") + (f" {minutes} 分" if minutes else "") or "不足 1 分"
    return f"已超 {said.strip()}" if clock.late else f"还剩 {said.strip()}"
