"""Load the demonstration district 示范区: 根河市 with its registry, and three weeks of what happens there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from application.demonstration import (
    addresses,
    admissions,
    calendars,
    catalogue,
    dispatching,
    limits,
    places,
    renumbering,
    units_and_staff,
)
from application.demonstration.cases import all_stories
from application.demonstration.play import Stage, Tale, step_key
from application.demonstration.request_deeds import answer, receive
from application.demonstration.story import Step
from application.demonstration.texts import THANKS
from application.demonstration.units_and_staff import DEMO_STAFF, HOTLINE, RECEIVERS
from application.registry.registry import Entry
from application.services import Services
from domain.actor import Act, Actor, Role
from domain.registry.entry import civil_day, entry_id
from domain.registry.unit import Unit
from domain.vocabulary import Channel, RequestKind

__all__ = ["DEMO_STAFF", "Loaded", "load_demonstration"]

REGISTERED_BEFORE = timedelta(days=60)
"""How long before the end of the weeks the registry was set up."""
_REGISTRAR = Actor("demonstration", frozenset({Role.ADMIN}), "", (places.CITY,))
_FINALE = "finale"
_COMPLETE = step_key(_FINALE, 1)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What this load added: entries of the registry, steps of cases, and of those the new cases."""

    entries: int = 0
    steps: int = 0
    issues: int = 0
    requests: int = 0


async def load_demonstration(
    services: Services, now: datetime, *, scale: float = 1.0, progress: Progress | None = None
) -> Loaded:
    """Register the district and play the three weeks before `now`. `progress(done, total)` follows the steps.

    A complete district is left as it is, whatever the scale. One broken off half-way is completed as of
    the instant it was begun at. Refuses `NoSuchLog` where the district is not served.
    """
    log = services.logs.named(places.DISTRICT)
    if await log.first_answer(_COMPLETE):
        return Loaded()
    end, entries = await _register(services, now)
    entries += await renumbering.renumber(services, end)
    stories = all_stories(end, scale, services.issues.calendar)
    tales, finale = [Tale(str(number), steps) for number, steps in enumerate(stories)], Tale(_FINALE, _thanks(end))
    moving = [
        Tale(f"renumbering {nth}", steps)
        for nth, steps in enumerate(renumbering.stories(end, services.issues.calendar))
    ]
    every = [*tales, *moving, finale]
    total, passed = sum(len(tale.steps) for tale in every), count(1)
    stage = Stage(services, log, end, lambda: progress(next(passed), total) if progress else None)
    await stage.recall(every)
    before = _counts(every)
    await stage.play([*tales, *moving], before=renumbering.moved_at(end))
    await renumbering.move(services, moving, end)
    await stage.play([*tales, *moving])
    await stage.let_pass([*tales, *moving], end)
    await admissions.try_without(services, tales, end)
    await calendars.add_a_day_off(services, tales, end)
    await stage.play([finale])
    steps, issues, requests = (now - then for now, then in zip(_counts(every), before, strict=True))
    return Loaded(entries, steps, issues, requests)


async def _register(services: Services, now: datetime) -> tuple[datetime, int]:
    """The instant the weeks end at, the same for every load of a district, and how many entries were added."""
    registry, desk = services.registry, services.desk
    await registry.refresh()
    known = registry.holds(entry_id(Unit.TOPIC, HOTLINE))
    at = registry.unit(HOTLINE).created_on if known else now - REGISTERED_BEFORE
    act, since = Act(_REGISTRAR, at), civil_day(at)
    units = units_and_staff.units(act, since)
    asked = admissions.admissions(act, since, {unit.code: unit for unit in units})
    entries: list[Entry] = [
        *places.divisions(act), *places.grids(act, since), *catalogue.editions(act, since),
        *units, *asked, *units_and_staff.staff(act), *addresses.addresses(act, since),
        dispatching.dispatch_rules(act, since), limits.limit_rules(act, since),
        *calendars.calendars(act, since, services.issues.calendar),
    ]  # fmt: skip
    if new := [entry for entry in entries if not registry.holds(entry.id)]:
        await desk.register_many(new)
    return at + REGISTERED_BEFORE, len(new)


def _thanks(end: datetime) -> list[Step]:
    """The last thing that happens: once it has, the district is complete."""
    said, reply = THANKS
    received = receive(
        {"title": "感谢", "text": said}, kind=RequestKind.THANKS, channel=Channel.HOTLINE, place=places.DISTRICT
    )
    return [Step(end, RECEIVERS[0], "request", deed, "") for deed in (received, answer(reply))]


def _counts(tales: Sequence[Tale]) -> tuple[int, int, int]:
    """Steps done, issues and requests made."""
    cases = [case for tale in tales for case in tale.ids]
    issues = sum(case.startswith("issue") for case in cases)
    whistles = cases.count("whistle")
    return sum(tale.done for tale in tales), issues, len(cases) - issues - whistles
