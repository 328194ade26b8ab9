"""环节时限 on the board: by when each stage with a limit of its own is due; null where none has begun or is set."""

from __future__ import annotations

from domain.limit_stages import BOARDED, LimitStage
from infrastructure.projections.folding import Row, Rule
from infrastructure.projections.read_model import Facts

FRESH: Row = {f"{stage.value}_due": None for stage in BOARDED}
WITHOUT_LEAD: Row = {"accept_due": None, "contact_due": None, "feedback_due": None}
"""Once the lead gave it back nobody owes these."""
NOTHING_YET: Row = {"case": None, "pauses": [], "added": 0, "stages": {}, "fired": []}
"""What a row keeps of its clocks beside their columns, before there are any."""
UNJUDGED: Row = {"check_due": None, "call_back_due": None}
"""Once it goes round again neither has begun."""


def _set(row: Row, facts: Facts) -> None:
    timing = row["timing"] or NOTHING_YET
    row["timing"] = timing | {"stages": timing["stages"] | {clock["stage"]: clock for clock in facts["clocks"]}}
    for clock in facts["clocks"]:
        if (due := f"{clock['stage']}_due") in FRESH:
            row[due] = clock["due"]
        if clock["stage"] == LimitStage.CASE and timing["case"]:
            case = {"amount": clock["limit_amount"], "unit": clock["limit_unit"], "provisional": clock["provisional"]}
            row["timing"] |= {"case": {**timing["case"], **case}}


RULES: dict[str, Rule] = {"issue.stage_clocks_set": _set}
