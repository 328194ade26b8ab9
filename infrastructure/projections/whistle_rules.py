"""吹哨报到 on the board: what each event changes in the row of its whistle, and who has a step before them."""

from __future__ import annotations

from infrastructure.projections.folding import Row, Rule
from infrastructure.projections.read_model import Facts

BEGIN = "whistle.blown"
FRESH: Row = {
    "stage": "sounding", "caller_awaited": True, "late": [], "absent": [], "arrivals": {}, "ratings": {},
    "verdicts": {}, "ended_at": None, "measure": None,
}  # fmt: skip


def _blown(row: Row, facts: Facts) -> None:
    for name in ("issue", "grid", "caller", "occasion", "called", "due"):
        row[name] = facts[name]
    row.update(about=facts["reason"], blown_by=facts["by"], blown_at=facts["timestamp"], awaited=facts["called"])


def _arrived(row: Row, facts: Facts) -> None:
    unit = facts["unit"]
    row["arrivals"] = {**row["arrivals"], unit: {"at": facts["arrived_at"], "late": facts["late"]}}
    row["awaited"] = [one for one in row["awaited"] if one != unit]
    if facts["late"]:
        row["late"] = [*row["late"], unit]


def _ended(row: Row, facts: Facts) -> None:
    row.update(stage="ended", ended_at=facts["timestamp"], measure=facts["measure"], absent=facts["absent"])
    row["awaited"] = row["called"]


def _withdrawn(row: Row, facts: Facts) -> None:
    row.update(stage="withdrawn", ended_at=facts["timestamp"], awaited=[], caller_awaited=False)


def _unit_rated(row: Row, facts: Facts) -> None:
    rating = {"stars": facts["stars"], "remarks": facts["remarks"], "why": facts["reason"]}
    row["ratings"] = {**row["ratings"], facts["unit"]: rating}
    row["caller_awaited"] = not row["ratings"].keys() >= set(row["called"])


def _rated(row: Row, facts: Facts) -> None:
    row["verdicts"] = {**row["verdicts"], facts["unit"]: {"justified": facts["justified"], "why": facts["reason"]}}
    row["awaited"] = [one for one in row["awaited"] if one != facts["unit"]]


RULES: dict[str, Rule] = {
    "whistle.blown": _blown,
    "whistle.arrived": _arrived,
    "whistle.ended": _ended,
    "whistle.withdrawn": _withdrawn,
    "whistle.unit_rated": _unit_rated,
    "whistle.rated": _rated,
}
