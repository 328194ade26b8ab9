"""延期, 挂账, 超时申诉, 督办 on the board: what each of their events changes in the row of its issue."""

from __future__ import annotations

from datetime import datetime

from infrastructure.projections.folding import Row, Rule, only
from infrastructure.projections.read_model import Facts

FRESH: Row = {
    "stopped_at": None, "suspended_until": None, "suspensions": 0, "suspension_asked": False, "extensions": 0,
    "extension_asked": "", "appeal": "", "supervised": 0, "supervision_due": None, "supervisions": [],
}  # fmt: skip
ANEW: Row = {"stopped_at": None, "extension_asked": "", "suspension_asked": False}
"""What another go of the handling begins with: its clock runs, and what was asked before has lapsed."""


def _extended(row: Row, facts: Facts) -> None:
    if facts["due"] != row["due"]:
        row["counted_grid"] = None
    row.update(_clock(facts), extensions=facts["nth"], extension_asked="")


def _suspended(row: Row, facts: Facts) -> None:
    row.update(stage="suspended", stopped_at=facts["timestamp"], suspended_until=facts["until"])
    row.update(suspensions=row["suspensions"] + 1, suspension_asked=False)


def _resumed(row: Row, facts: Facts) -> None:
    if facts["due"] != row["due"]:
        row["counted_grid"] = None
    row.update(_clock(facts), stage="accepted", stopped_at=None, suspended_until=None)


def _ordered(row: Row, facts: Facts) -> None:
    row["supervised"] += 1
    _wait_for(row, [*row["supervisions"], f"{facts['nth']} {facts['due']}"])


def _answered(row: Row, facts: Facts) -> None:
    _wait_for(row, _but(row, facts["nth"]))


def _closed(row: Row, facts: Facts) -> None:
    row["supervised"] -= 1
    _wait_for(row, _but(row, facts["nth"]))


def _but(row: Row, nth: int) -> list[str]:
    return [order for order in row["supervisions"] if order.partition(" ")[0] != str(nth)]


def _wait_for(row: Row, orders: list[str]) -> None:
    due = [order.partition(" ")[2] for order in orders]
    row.update(supervisions=orders, supervision_due=min(due, key=datetime.fromisoformat, default=None))


def _clock(facts: Facts) -> Row:
    measured = ("due", "case_due", "calendar", "calendar_version", "provisional")
    return {name: facts[name] for name in measured}


RULES: dict[str, Rule] = {
    "issue.extension_asked": only(extension_asked="asked"),
    "issue.extension_endorsed": only(extension_asked="endorsed"),
    "issue.extended": _extended,
    "issue.extension_refused": only(extension_asked=""),
    "issue.suspension_asked": only(suspension_asked=True),
    "issue.suspended": _suspended,
    "issue.suspension_refused": only(suspension_asked=False),
    "issue.resumed": _resumed,
    "issue.overdue_appealed": only(appeal="asked"),
    "issue.appeal_endorsed": only(appeal="endorsed"),
    "issue.appeal_granted": only(appeal="granted", exempt=True),
    "issue.appeal_refused": only(appeal="refused"),
    "issue.supervision_ordered": _ordered,
    "issue.supervision_answered": _answered,
    "issue.supervision_closed": _closed,
}
