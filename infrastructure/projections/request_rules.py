"""诉求 on the board: what each event changes in the row of its request."""

from __future__ import annotations

from infrastructure.projections.folding import Row, Rule, only
from infrastructure.projections.read_model import Facts

BEGIN = "request.received"
FRESH: Row = {
    "issue": None, "handled_in": None, "diversion": None, "contacted_at": None, "fed_back_at": None,
    "called_back_at": None, "closed_at": None, "call_back_valid": None, "said_contacted": None, "said_solved": None,
    "said_satisfaction": None, "round": 1, "exempt": False, "exemption_asked": False, "counted_place": None,
    "limit_ended": None,
}  # fmt: skip
_AT_INTAKE = (
    "kind", "channel", "place", "category", "longitude", "latitude", "subject", "complained_about", "confidential",
    "source", "external_id",
)  # fmt: skip


def _received(row: Row, facts: Facts) -> None:
    for name in _AT_INTAKE:
        row[name] = facts[name]
    row.update(stage="received", received_by=facts["by"], received_at=facts["timestamp"])


def _moved(row: Row, facts: Facts) -> None:
    # A request is counted by when it was received, so where it lay then.
    row.update(counted_place=row["counted_place"] or row["place"], place=facts["place"])


def _answered(row: Row, facts: Facts) -> None:
    row.update(stage="answered", fed_back_at=facts["timestamp"])


def _diverted(row: Row, facts: Facts) -> None:
    row.update(stage="diverted", diversion=facts["code"])


def _attached(row: Row, facts: Facts) -> None:
    row.update(stage="attached", issue=facts["issue"], handled_in=facts["issue"])


def _requester_contacted(row: Row, facts: Facts) -> None:
    if facts["reached"]:
        row.update(stage="contacted", contacted_at=row["contacted_at"] or facts["timestamp"])


def _fed_back(row: Row, facts: Facts) -> None:
    row.update(stage="fed_back", fed_back_at=facts["timestamp"])


def _called_back(row: Row, facts: Facts) -> None:
    row.update(stage="called_back", called_back_at=facts["timestamp"], call_back_valid=facts["valid"])
    row.update(said_contacted=facts["contacted"], said_solved=facts["solved"], said_satisfaction=facts["satisfaction"])


def _call_back_came_due(row: Row, facts: Facts) -> None:
    row["limit_ended"] = facts["due"]


def _redo_ordered(row: Row, facts: Facts) -> None:
    row.update(stage="attached", round=facts["round"])


def _closed(row: Row, facts: Facts) -> None:
    row.update(stage="closed", closed_at=facts["timestamp"])


RULES: dict[str, Rule] = {
    "request.received": _received,
    "request.answered": _answered,
    "request.diverted": _diverted,
    "request.attached": _attached,
    "request.detached": only(stage="received", issue=None, handled_in=None),
    "request.requester_contacted": _requester_contacted,
    "request.fed_back": _fed_back,
    "request.handed_over": only(),
    "request.moved": _moved,
    "request.call_back_came_due": _call_back_came_due,
    "request.called_back": _called_back,
    "request.redo_ordered": _redo_ordered,
    "request.closed": _closed,
    "request.exemption_asked": only(exemption_asked=True),
    "request.exempted": only(exemption_asked=False, exempt=True),
    "request.exemption_refused": only(exemption_asked=False),
}
