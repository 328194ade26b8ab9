"""The life of a resident's request, event by event, told from the design."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.statistics_oracle.life import Life
from tests.statistics_oracle.told import Told

HELD = {
    "received": "desk", "attached": "issue", "contacted": "issue", "fed_back": "call_back", "called_back": "call_back",
}  # fmt: skip
LAST = {"request.answered": "answered", "request.diverted": "diverted", "request.closed": "closed"}


@dataclass(slots=True)
class RequestLife(Life):
    """`received_in` is where it lay when it was received: there it is counted, wherever its ground went since."""

    received_in: str = ""
    issue: str = ""


def received(event: Told) -> RequestLife:
    facts = event.facts
    life = RequestLife(
        event.stream, event.log, "request", facts["place"], facts["category"], facts["channel"], event.at, "received",
        received_in=facts["place"],
    )  # fmt: skip
    life.came("received", event, value=facts["kind"])
    hold(life, "", event.at)
    return life


def hold(life: RequestLife, lead: str, at: datetime) -> None:
    """Write down who has it from now on; `lead` leads the issue it is handled in."""
    kind = HELD.get(life.stage)
    if kind is None:
        life.is_held(None, "", at)
        return
    holder = life.issue if kind == "issue" else ""
    life.is_held((kind, holder, life.stage, "grid", life.round, "", ""), lead, at)


def step(life: RequestLife, event: Told, lead: str, *, repeats: bool) -> None:
    """What `event` makes of the request. `repeats` says that the issue it is attached to had a voice already."""
    facts, topic = event.facts, event.topic
    if topic in LAST:
        life.stage = LAST[topic]
        since = life.began_at if topic == "request.closed" else None
        life.came(LAST[topic], event, unit=lead, value=facts.get("code"), since=since)
    elif topic == "request.attached":
        life.stage, life.issue = "attached", facts["issue"]
        if repeats:
            life.came("repeat", event, unit=lead, at=life.began_at, place=life.received_in)
    elif topic == "request.detached":
        life.stage, life.issue, lead = "received", "", ""
        life.withdraw("repeat")
    elif topic == "request.requester_contacted":
        life.stage = "contacted" if facts["reached"] else life.stage
    elif topic == "request.fed_back":
        life.stage = "fed_back"
    elif topic == "request.called_back":
        life.stage = "called_back"
        _called_back(life, event, lead)
    elif topic == "request.redo_ordered":
        life.stage, life.round = "attached", facts["round"]
    elif topic == "request.moved":
        life.place = facts["place"]
    elif topic == "request.exempted":
        life.came("exempted", event, unit=lead)
        life.exempt = True
    hold(life, lead, event.at)


def _called_back(life: RequestLife, event: Told, lead: str) -> None:
    facts = event.facts
    life.withdraw("called_back")
    one = life.came(
        "called_back", event, unit=lead, value="valid" if facts["valid"] else "invalid", at=life.began_at,
        place=life.received_in,
    )  # fmt: skip
    one.done_at = event.at
    one.contacted, one.solved, one.satisfaction = facts["contacted"], facts["solved"], facts["satisfaction"]
