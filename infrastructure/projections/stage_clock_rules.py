"""环节时限 on the board: by when each stage with a limit of its own is due; null where none has begun or is set."""

from __future__ import annotations

from domain.limit_stages import BOARDED, LimitStage
from infrastructure.projections.folding import Row, Rule
from infrastructure.projections.read_model import Facts

FRESH: Row = {f"{stage.value}_due": None for stage in BOARDED}
WITHOUT_LEAD: Row = {"accept_due": None, "contact_due": None, "feedback_due": None}
"""Once the lead gave it back nobody owes these."""
UNJUDGED: Row = {"check_due": None, "call_back_due": None}
"""Once it goes round again neither has begun."""


def _set(row: Row, facts: Facts) -> None:
    for clock in facts["clocks"]:
        if (due := f"{clock['stage']}_due") in FRESH:
            row[due] = clock["due"]
        if clock["stage"] == LimitStage.CASE and row["timing"]:
            case = {"amount": clock["limit_amount"], "unit": clock["limit_unit"], "provisional": clock["provisional"]}
            row["timing"] = {**row["timing"], "case": {**row["timing"]["case"], **case}}


RULES: dict[str, Rule] = {"issue.stage_clocks_set": _set}
