"""What is told of a hit: which characters matched, and what tells it from others of its name."""

from __future__ import annotations

from collections.abc import Callable

from application.search import Match, SearchKind
from domain.place import GRID_DIGITS, parent_of
from domain.registry.address import Address
from domain.registry.case_type import CaseType
from domain.registry.staff import Staff
from domain.registry.unit import Unit
from infrastructure.search.documents import Document
from infrastructure.search.letters import letters
from infrastructure.search.ranking import AROUND
from infrastructure.search.sheet import Sheet

Named = Callable[[SearchKind, str], str]
"""The name of a registered entry, "" when there is none."""
_COUNTY_DIGITS = 6


def matched(sheet: Sheet, best: int) -> Match | None:
    """The characters a best match of `ranking` covers; None when only the place around matched."""
    if best >> 40 == AROUND:
        return None
    start, covered = (best >> 8) & 0xFFFFFFFF, best & 0xFF
    number = int(sheet.text_at[start])
    text = sheet.text_of(number)
    places = letters(text.text)[1]
    begin = start - int(sheet.text_begin[number])
    first, last = places[begin], places[begin + covered - 1]
    return Match(text.part, text.text, first, last - first + 1)


def detail_of(found: Document, named: Named) -> str:
    """Class and condition of a category, the unit of a member of staff, of the others where they lie."""
    match found.entry:
        case CaseType():
            return found.note
        case Staff():
            return named(SearchKind.UNIT, found.entry.unit)
        case Unit() | Address():
            return _path(found.place, named)
        case _:
            return _path(parent_of(found.place), named)


def _path(place: str, named: Named) -> str:
    """The names from the county down to `place`, with blanks between; above it the names as they are."""
    codes = [place]
    while len(codes[0]) > _COUNTY_DIGITS:
        codes.insert(0, parent_of(codes[0]))
    kinds = [SearchKind.GRID if len(code) == GRID_DIGITS else SearchKind.DIVISION for code in codes]
    return " ".join(name for name in map(named, kinds, codes) if name)
