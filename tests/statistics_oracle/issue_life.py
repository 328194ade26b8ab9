"""The life of a grid issue, event by event, told from the design: one `if` a topic, nothing clever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.statistics_oracle import limits
from tests.statistics_oracle.life import Life, Outcome
from tests.statistics_oracle.told import Told, instant

HELD = {
    "reported": "grid", "filed": "desk", "consulting": "desk", "returned": "desk", "assigned": "unit",
    "accepted": "unit", "return_asked": "unit", "suspended": "unit", "resolved": "check", "solved": "check",
    "failed": "check", "checked": "closing",
}  # fmt: skip
"""Who holds an issue at a stage; at the others it is over and nobody does."""
RUNS, STANDS = ("assigned", "accepted"), ("return_asked", "suspended")


@dataclass(slots=True)
class IssueLife(Life):
    """`lead` is who leads, "" before the first assignment and once it was returned."""

    lead: str = ""
    edition: str = ""
    level: str = "grid"
    filed_at: datetime | None = None
    return_code: str = ""
    merged_into: str = ""
    voices: set[str] = field(default_factory=set)
    absorbed: set[str] = field(default_factory=set)
    reported_at: datetime | None = None
    """When it was last reported: anew once it was reopened."""
    case_since: datetime | None = None
    waits_since: datetime | None = None
    """For acceptance: the assignment, or the order to go round again."""
    resolved_at: datetime | None = None
    """Of the resolution that stands."""
    redone: bool = False
    set_aside: list[Outcome] = field(default_factory=list)
    """Limits that fell with a merger, and rise again when it is undone."""


def reported(event: Told) -> IssueLife:
    facts = event.facts
    life = IssueLife(
        event.stream, event.log, "issue", facts["grid"], facts["category"], facts["channel"], event.at, "reported"
    )
    life.reported_at = event.at
    life.came("reported", event, value="patrol_first" if facts["channel"] == "patrol" else None)
    hold(life, event.at)
    return life


def step(life: IssueLife, event: Told) -> None:
    """What `event` makes of the issue."""
    topic = event.topic.removeprefix("issue.")
    if topic in STEPS:
        STEPS[topic](life, event)
    hold(life, event.at)


def hold(life: IssueLife, at: datetime) -> None:
    """Write down who has it from now on."""
    kind = HELD.get(life.stage)
    if kind is None:
        life.is_held(None, "", at)
        return
    holder = {"grid": life.place, "unit": life.lead}.get(kind, "")
    clock = "lead" if life.stage in RUNS else "stopped" if life.stage in STANDS else ""
    rules = life.edition if clock else ""
    life.is_held((kind, holder, life.stage, life.level, life.round, clock, rules), life.lead, at)


def _voided(life: IssueLife, event: Told) -> None:
    life.stage = "voided"
    life.came("voided", event, unit=life.lead)
    limits.stand_still(life, event.at, *limits.EVERY)


def _filed(life: IssueLife, event: Told) -> None:
    life.stage, life.category, life.filed_at = "filed", event.facts["category"], event.at
    life.came("filed", event, since=life.reported_at)


def _assigned(life: IssueLife, event: Told) -> None:
    facts = event.facts
    life.stage, life.waits_since = "assigned", event.at
    life.lead = facts["lead"]
    since = life.filed_at if facts["nth"] == 1 else None
    life.came("assigned", event, unit=life.lead, value="again" if facts["again"] else None, since=since)
    limits.meet(life, "clock:dispatch", event.at)
    _clock_set(life, event)


def _clock_set(life: IssueLife, event: Told) -> None:
    """The lead's clock and the case clock run, from now on or again, until what the event says."""
    facts = event.facts
    life.edition = facts["edition"]
    since, due = instant(facts["clock_start"]), instant(facts["due"])
    limits.go_on(life, "clock:handle", due, since, event, life.lead)
    if life.case_since is None:
        life.case_since = since
    limits.set_case(life, _case_due(life, event), life.case_since, event, life.lead, life.resolved_at)


def _case_due(life: IssueLife, event: Told) -> datetime:
    """The case clock never starts again, so what is redone has until its redo is due at least."""
    case_due, due = instant(event.facts["case_due"]), instant(event.facts["due"])
    return max(case_due, due) if life.redone else case_due


def _clock_moved(life: IssueLife, event: Told) -> None:
    life.edition = event.facts["edition"]
    limits.move(life, "clock:handle", instant(event.facts["due"]), event, life.lead)
    limits.move(life, "clock:close", _case_due(life, event), event, life.lead)


def _accepted(life: IssueLife, event: Told) -> None:
    life.stage = "accepted"
    life.came("accepted", event, unit=life.lead, since=life.waits_since)
    limits.meet(life, "clock:accept", event.at)


def _return_asked(life: IssueLife, event: Told) -> None:
    life.stage, life.return_code = "return_asked", event.facts["code"]
    limits.stand_still(life, event.at, *limits.OF_THE_LEAD)


def _return_granted(life: IssueLife, event: Told) -> None:
    life.stage, life.lead = "returned", ""
    life.came("returned", event, unit=event.facts["lead"], value=life.return_code)
    limits.stand_still(life, event.at, *limits.OF_THE_LEAD)


def _return_refused(life: IssueLife, event: Told) -> None:
    life.stage = event.facts["back_to"]
    life.came("return_refused", event, unit=life.lead, value=life.return_code)
    _clock_set(life, event)


def _suspended(life: IssueLife, event: Told) -> None:
    life.stage = "suspended"
    life.came("suspended", event, unit=life.lead)
    limits.stand_still(life, event.at, *limits.OF_THE_LEAD, "clock:close")


def _resumed(life: IssueLife, event: Told) -> None:
    life.stage = "accepted"
    _clock_set(life, event)


def _extended(life: IssueLife, event: Told) -> None:
    life.came("extended", event, unit=life.lead)
    _clock_moved(life, event)


def _resolved(life: IssueLife, event: Told) -> None:
    life.stage, life.resolved_at = "resolved", event.at
    life.came("resolved", event, unit=life.lead, value=event.facts["level"], since=life.began_at)
    limits.meet(life, "clock:handle", event.at)


def _solved_on_spot(life: IssueLife, event: Told) -> None:
    life.stage = "solved"
    life.came("solved_on_spot", event, value="grid", since=life.began_at)


def _checked(life: IssueLife, event: Told) -> None:
    passed = event.facts["passed"]
    life.stage = "checked" if passed else "failed"
    life.came("checked", event, unit=life.lead, value="passed" if passed else "failed")
    limits.meet(life, "clock:check", event.at)


def _rework_ordered(life: IssueLife, event: Told) -> None:
    _round_again(life, event, "rework")


def _redo_ordered(life: IssueLife, event: Told) -> None:
    life.redone = True
    _round_again(life, event, "redo")


def _round_again(life: IssueLife, event: Told, kind: str) -> None:
    life.came(kind, event, unit=life.lead)
    life.round, life.waits_since = event.facts["round"], event.at
    life.withdraw("closed")
    limits.stand_still(life, event.at, *limits.OF_JUDGING)
    life.stage = "assigned"
    _clock_set(life, event)
    life.resolved_at = None


def _reopened(life: IssueLife, event: Told) -> None:
    life.stage, life.round = "reported", event.facts["round"]
    life.came("redo" if event.facts["request"] else "rework", event)
    life.withdraw("closed")
    limits.stand_still(life, event.at, *limits.OF_JUDGING)
    life.reported_at = event.at


def _closed(life: IssueLife, event: Told) -> None:
    life.stage = "closed"
    solved = [one for one in life.outcomes if one.kind in ("resolved", "solved_on_spot")][-1]
    life.came("closed", event, unit=life.lead, value=solved.value, since=life.began_at)
    limits.meet(life, "clock:close", solved.at)
    limits.stand_still(life, event.at, "clock:check")


def _merged_into(life: IssueLife, event: Told) -> None:
    life.stage, life.merged_into = "merged", event.facts["into"]
    life.came("merged", event, unit=life.lead)
    undone = [one for one in life.standing(*limits.EVERY) if one.done_at is None]
    limits.stand_still(life, event.at, *limits.EVERY)
    life.set_aside = [one for one in undone if one.withdrawn]


def _unmerged(life: IssueLife, event: Told) -> None:
    life.stage, life.merged_into = event.facts["back_to"], ""
    for one in life.set_aside:
        limits.begin(life, one.kind, one.at, one.since or one.at, event, one.unit)
    life.set_aside = []


def _escalated(life: IssueLife, event: Told) -> None:
    life.level = event.facts["level"]
    life.came("escalated", event, unit=life.lead, value=life.level)


def _sent_down(life: IssueLife, event: Told) -> None:
    life.level = event.facts["level"]


def _moved(life: IssueLife, event: Told) -> None:
    life.place = event.facts["grid"]
    for one in life.standing(*limits.EVERY):
        if one.done_at is None and one.at > event.at:
            one.place = life.place


def _exempted(life: IssueLife, event: Told) -> None:
    life.came("exempted", event, unit=life.lead)
    life.exempt = True


def _attached(life: IssueLife, event: Told) -> None:
    life.voices.add(event.facts["request"])


def _detached(life: IssueLife, event: Told) -> None:
    life.voices.discard(event.facts["request"])
    _fall_silent(life, event)


def _released(life: IssueLife, event: Told) -> None:
    life.absorbed.discard(event.facts["issue"])
    _fall_silent(life, event)


def _fall_silent(life: IssueLife, event: Told) -> None:
    """Nobody asks any more, so nobody is to be contacted, told or called back."""
    if not life.voices and not life.absorbed:
        limits.stand_still(life, event.at, *limits.OF_VOICES)


def _stage_clocks_set(life: IssueLife, event: Told) -> None:
    for clock in event.facts["clocks"]:
        if clock["stage"] in ("handle", "case"):
            continue  # they are the assignment's
        since, due = instant(clock["clock_start"]), instant(clock["due"])
        limits.set_stage(life, f"clock:{clock['stage']}", due, since, event, life.lead)


def _only(stage: str) -> Callable[[IssueLife, Told], None]:
    def change(life: IssueLife, event: Told) -> None:
        life.stage = stage

    return change


STEPS: dict[str, Callable[[IssueLife, Told], None]] = {
    "voided": _voided,
    "filed": _filed,
    "consultation_opened": _only("consulting"),
    "consultation_concluded": _only("filed"),
    "assigned": _assigned,
    "accepted": _accepted,
    "return_asked": _return_asked,
    "return_granted": _return_granted,
    "return_refused": _return_refused,
    "resolved": _resolved,
    "solved_on_spot": _solved_on_spot,
    "checked": _checked,
    "rework_ordered": _rework_ordered,
    "redo_ordered": _redo_ordered,
    "reopened": _reopened,
    "closed": _closed,
    "merged_into": _merged_into,
    "unmerged": _unmerged,
    "escalated": _escalated,
    "sent_down": _sent_down,
    "suspended": _suspended,
    "resumed": _resumed,
    "extended": _extended,
    "deadline_recalculated": _clock_moved,
    "moved": _moved,
    "exempted": _exempted,
    "appeal_granted": _exempted,
    "request_attached": _attached,
    "request_detached": _detached,
    "absorbed": lambda life, event: life.absorbed.add(event.facts["issue"]),
    "released": _released,
    "stage_clocks_set": _stage_clocks_set,
}
