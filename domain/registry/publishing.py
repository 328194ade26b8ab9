"""发布版次: what publishing an edition decides, for the edition, those it supersedes and every filing condition.

All of it is one save. Nothing here touches a case, nor what was in force before the edition's day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NoReturn

from domain.actor import Act
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.catalogue_refusals import EditionTooEarly
from domain.registry.entry import civil_day


def publish(
    act: Act, *, city: str, edition: CatalogueEdition, editions: Iterable[CatalogueEdition],
    case_types: Iterable[CaseType],
) -> list[CatalogueEdition | CaseType]:  # fmt: skip
    """Let all of them decide; those that have something to record, the edition first.

    `editions` and `case_types` are all there are, and may be changed. Refuses what `CatalogueEdition.announce`
    does, and `EditionTooEarly` for a day not after the last edition's, or on which what is in force now has acted.
    """
    role = edition.announce(act, city=city)
    kinds = set(edition.kinds)
    before = [one for one in editions if one.is_published and one.code != edition.code and kinds & set(one.kinds)]
    known = {one.code: one for one in case_types if one.kind in kinds}
    _require_later(act, edition, before, known.values())
    changed: list[CatalogueEdition | CaseType] = [edition]
    for one in before:
        if given_up := [kind for kind in sorted(kinds & set(one.kinds)) if kind not in one.ended]:
            one.give_way(act, role, successor=edition, kinds=given_up)
            changed.append(one)
    for code, content in edition.conditions.items():
        if (case_type := known.get(code)) is None:
            changed.append(CaseType.list_(act, role, content, edition=edition.code, since=edition.effective))
        else:
            case_type.revise(act, role, content, edition=edition.code, since=edition.effective)
            changed.append(case_type)
    for case_type in dropped(edition, known.values()):
        case_type.drop(act, role, last_day=edition.eve)
        changed.append(case_type)
    return changed


def dropped(edition: CatalogueEdition, case_types: Iterable[CaseType]) -> list[CaseType]:
    """Those of its kinds that are in force up to the edition's day and that it does not list."""
    kinds: set[CaseKind] = set(edition.kinds)
    return [
        one
        for one in case_types
        if one.kind in kinds and one.code not in edition.conditions
        and one.in_force(edition.eve) and one.in_force(edition.effective)
    ]  # fmt: skip


def _require_later(
    act: Act, edition: CatalogueEdition, before: Iterable[CatalogueEdition], known: Iterable[CaseType]
) -> None:
    last = max((one.effective_from for one in before), default="")
    if edition.effective_from <= last:
        _refuse_day(edition, last, "同类的上一版自该日起生效")
    today = civil_day(act.at)
    if edition.effective < today and any(_acts_from(one, edition) for one in known):
        _refuse_day(edition, (today - timedelta(days=1)).isoformat(), "该类已有现行的立案条件，已过去的日子不得改变")


def _refuse_day(edition: CatalogueEdition, after: str, why: str) -> NoReturn:
    raise EditionTooEarly(edition=edition.code, day=edition.effective_from, after=after, why=why)


def _acts_from(case_type: CaseType, edition: CatalogueEdition) -> bool:
    """Whether it is in force on some day from the edition's first on."""
    return case_type.valid_until is None or case_type.valid_until >= edition.effective_from
