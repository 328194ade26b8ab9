"""Limiting 核定时限: how long a case may take, by the limit rules in force and, for handling, the catalogue.

For each stage the first of the matching rules that says something about it decides. For handling the catalogue's limit
counts as a rule for its own filing condition, whatever urgency and channel, of rank 0: a more exact or higher ranked
rule comes before it, a wider one after it, and where nothing else decides the catalogue stands.
"""

from __future__ import annotations

from datetime import datetime

from application.limits.limit_answer import LimitAnswer, LimitSource, LostLimit, StageLimit
from application.registry.registry import Registry
from domain.limit_stages import LimitStage
from domain.registry.limit_rule import CATALOGUE, LimitBook, LimitInputs, LimitRule, Precedence, lost_by
from domain.registry.limit_rules import LimitRules
from domain.registry.revisions import Revision
from domain.registry.rule_edition import in_force_at

_ALL = 1_000_000
_MOST_BOOKS, _MOST_RUNNERS_UP = 8, 50


class Limiting:
    """Answers for one city."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._books: dict[str, tuple[int, LimitBook]] = {}

    def edition_at(self, at: datetime) -> LimitRules | None:
        """The edition in force."""
        return in_force_at(self._registry.entries(LimitRules, lambda _: True, limit=_ALL), at)

    def answer(
        self, *, category: str, channel: str, urgency: str, at: datetime, filed: Revision | None,
        edition: LimitRules | None = None,
    ) -> LimitAnswer:  # fmt: skip
        """The limits of a case by `edition`, or by the one in force at `at`; `filed` is what the catalogue says of it.

        Without a category only rules for all matters match. Refuses `BadCode` for one that is no key.
        """
        asked = edition or self.edition_at(at)
        matching = self._book(asked).matching(LimitInputs(category, channel, urgency)) if asked else []
        code = asked.code if asked else ""
        stages = tuple(_decided(stage, code, matching, filed) for stage in LimitStage)
        return LimitAnswer(category, channel, urgency, at, code, filed.edition if filed else "", stages)

    def _book(self, edition: LimitRules) -> LimitBook:
        """The edition laid out, kept while it reads the same."""
        version, book = self._books.get(edition.code, (0, None))
        if book is None or version != edition.version:
            book = LimitBook(edition.rules.values())
            self._books.pop(edition.code, None)
            while len(self._books) >= _MOST_BOOKS:
                del self._books[next(iter(self._books))]
            self._books[edition.code] = edition.version, book
        return book


def _decided(stage: LimitStage, edition: str, matching: list[LimitRule], filed: Revision | None) -> StageLimit:
    speaking = [rule for rule in matching if rule.limit(stage) is not None]
    if stage is LimitStage.HANDLE and filed is not None and not (speaking and speaking[0].precedence > CATALOGUE):
        return StageLimit(
            stage, filed.content.limit, LimitSource.CATALOGUE, reason=_of_catalogue(filed),
            runners_up=_lost(stage, speaking, CATALOGUE, "编目"),
        )  # fmt: skip
    if not speaking:
        return StageLimit(stage, None, LimitSource.NOTHING, reason=_of_nothing(stage, edition))
    winner = speaking[0]
    beaten = _lost(stage, speaking[1:], winner.precedence, f"第 {winner.number} 条")
    if stage is LimitStage.HANDLE and filed is not None:
        why = f"{lost_by(CATALOGUE, winner.precedence)}不及第 {winner.number} 条"
        beaten = (LostLimit("", f"编目 {filed.edition}", filed.content.limit, why), *beaten)
    reason = f"依时限规则 {edition} 第 {winner.number} 条"
    return StageLimit(
        stage, winner.limit(stage), LimitSource.RULE, winner.number, winner.name, reason, beaten
    )  # fmt: skip


def _lost(
    stage: LimitStage, rules: list[LimitRule], winner: Precedence, called: str
) -> tuple[LostLimit, ...]:  # fmt: skip
    return tuple(
        LostLimit(rule.number, rule.name, rule.limit(stage), _why(rule.precedence, winner, called))
        for rule in rules[:_MOST_RUNNERS_UP]
    )


def _why(loser: Precedence, winner: Precedence, called: str) -> str:
    # Only a draft may have equal ones among its rules.
    return f"与{called}同样具体，以{called}为准" if loser == winner else f"{lost_by(loser, winner)}不及{called}"


def _of_catalogue(filed: Revision) -> str:
    decided = "" if filed.content.limit else "，编目的时限待定"
    return f"依编目 {filed.edition} 的立案条件，没有更具体的规则{decided}"


def _of_nothing(stage: LimitStage, edition: str) -> str:
    if stage is LimitStage.CASE:
        return "没有规定，与首次处置的时限相同"
    return f"时限规则 {edition} 没有规定" if edition else "没有施行中的时限规则"
