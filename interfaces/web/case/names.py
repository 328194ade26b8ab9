"""Names: what codes are called now, or the code where nothing is registered under it any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from application.registry.registry import Registry
from domain.place import GRID_DIGITS
from domain.refusals import Refused
from domain.stages import IssueStage, RequestStage
from domain.vocabulary import LABELS, Channel, Diversion, RequestKind, Satisfaction, Solved, SolvedLevel, Urgency

_VOCABULARIES = (Channel, RequestKind, Urgency, Diversion, Solved, Satisfaction, SolvedLevel)


class Names:
    """Asks the registry; for templates."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def unit(self, code: str) -> str:
        return _named(self._registry.unit, code)

    def units(self, codes: Sequence[str]) -> str:
        return "、".join(map(self.unit, codes))

    def staff(self, code: str) -> str:
        return _named(self._registry.staff, code)

    def category(self, code: str) -> str:
        return _named(self._registry.case_type, code)

    def place(self, code: str) -> str:
        """A grid with its community, or a division."""
        if len(code) != GRID_DIGITS:
            return _named(self._registry.division, code)
        return f"{_named(self._registry.division, code[:12])} {_named(self._registry.grid, code)}"

    def code(self, kind: str, code: str) -> str:
        """The name of what a form picks by search."""
        return {"category": self.category, "grid": self.place}.get(kind, self.unit)(code)

    def issue_stage(self, stage: str) -> str:
        return IssueStage(stage).label

    def request_stage(self, stage: str) -> str:
        return RequestStage(stage).label

    def word(self, code: str) -> str:
        """The word for a code of one of the field's lists."""
        return next((LABELS[one(code)] for one in _VOCABULARIES if code in list(one)), code)


def _named(look_up: Callable[[str], Any], code: str) -> str:
    if not code:
        return ""
    try:
        return str(look_up(code).name)
    except Refused:
        return code
