"""RuleBook 规则簿: the rules of an edition laid out by category and place, so that a case reads a few of them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.registry.category_scope import scopes_of
from domain.registry.dispatch_rule import DispatchRule, Precedence, RuleInputs


class RuleBook:
    """What matches a case, at the cost of a look-up for each scope and each length of place there are."""

    def __init__(self, rules: Iterable[DispatchRule]) -> None:
        self._pages: dict[tuple[str, str], list[tuple[Precedence, DispatchRule]]] = {}
        for rule in rules:
            self._pages.setdefault((rule.category, rule.place), []).append((rule.precedence, rule))
        self._lengths = sorted({len(place) for _, place in self._pages}, reverse=True)

    def matching(self, inputs: RuleInputs) -> list[DispatchRule]:
        """All rules that match, the highest precedence first. Refuses `BadCode` for a category that is no key."""
        pages, place = self._pages, inputs.place
        places = [place[:length] for length in self._lengths if length <= len(place)]
        found = [
            entry
            for scope in scopes_of(inputs.category)
            for prefix in places
            for entry in pages.get((scope, prefix), ())
            if entry[1].suits(inputs)
        ]
        found.sort(key=lambda entry: entry[0], reverse=True)
        return [rule for _, rule in found]
