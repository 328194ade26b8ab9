"""docs/numbers.md says of every number what the code says, and of no other."""

from __future__ import annotations

from pathlib import Path

from domain.statistics.number import Number
from domain.statistics.numbers import NUMBERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "numbers.md"
UNITS = {"cases": "件", "rate": "比率", "points": "分", "seconds": "秒"}


def line(number: Number) -> str:
    """The row of a number in the table."""
    wording = number.wording
    facts = "、".join(f"`{kind}`" for kind in number.kinds) or "`holding`"
    cells = (
        f"`{number.id}`", number.name, UNITS[number.unit.value], wording.counted, wording.over or "—", wording.instant,
        "剔除另列" if number.exempts else "—", facts, wording.source,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def test_every_number_has_its_line_and_no_line_is_of_another() -> None:
    rows = [row for row in DOCUMENT.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    assert rows == [line(number) for number in NUMBERS.values()]
