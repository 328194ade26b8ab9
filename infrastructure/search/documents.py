"""Document 检索项: what of a registered entry is searched, where it lies and when it is valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from application.registry.registry import Entry
from application.search import Part, SearchKind
from domain.place import GRID_DIGITS, parent_of
from domain.registry.address import Address
from domain.registry.case_type import CaseType
from domain.registry.division import Division
from domain.registry.entry import civil_day
from domain.registry.grid import Grid
from domain.registry.revisions import Revision
from domain.registry.staff import Staff
from domain.registry.unit import Unit
from infrastructure.search.letters import letters

Placed = Unit | Grid | Division | Address | Staff
Searched = CaseType | Placed
Numbered = Callable[[str], bytes]
Ground = tuple[int, int]
"""The codes of all grids of a place as numbers: from the first, to before the second."""
_SHOWN_CONDITION = 40


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an entry, and its letters as the alphabet numbers them."""

    part: Part
    text: str
    numbers: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """An entry as it is from the day with the ordinal `first` to the one with `last`.

    `note` tells it from others of its name, where that is not the place it lies in.
    """

    kind: SearchKind
    entry: Searched
    name: str
    note: str
    texts: tuple[Text, ...]
    place: str
    first: int
    last: int


def documents(entry: Entry, numbered: Numbered) -> tuple[Document, ...]:
    """The entry as it is searched, once for each wording it has or had; none for what is not to be found."""
    match entry:
        case CaseType():
            return tuple(_worded(entry, numbered))
        case Division() if entry.behind or entry.keeper:
            return ()  # who chose it would be taken to mean the division that now has its code
        case Unit() | Grid() | Division() | Address() | Staff():
            first, last = _days(entry)
            texts = _numbered([(Part.NAME, entry.name), *_texts(entry)], numbered)
            place = _place(entry)
            return (Document(_kind(entry), entry, entry.name, "", texts, place, first.toordinal(), last.toordinal()),)
        case _:
            return ()


def ground(place: str) -> Ground:
    """The span of a division's or grid's code; of "" all there is."""
    wide = 10 ** (GRID_DIGITS - len(place))
    return int(place or 0) * wide, (int(place or 0) + 1) * wide


def _worded(case_type: CaseType, numbered: Numbered) -> Iterator[Document]:
    ends = [date.fromisoformat(mark.since).toordinal() - 1 for mark in case_type.history[1:]]
    for mark, last in zip(case_type.history, [*ends, date.max.toordinal()], strict=True):
        if isinstance(mark, Revision):
            said = mark.content
            codes = [(Part.CODE, case_type.code), (Part.CODE, case_type.code.partition("-")[2])]
            texts = _numbered([(Part.NAME, said.name), *codes, (Part.CLASS, said.class_name)], numbered)
            note = f"{said.class_name}：{said.condition[:_SHOWN_CONDITION]}"
            first = date.fromisoformat(mark.since).toordinal()
            yield Document(SearchKind.CATEGORY, case_type, said.name, note, texts, "", first, last)


def _numbered(texts: Iterable[tuple[Part, str]], numbered: Numbered) -> tuple[Text, ...]:
    return tuple(Text(part, text, numbered(letters(text)[0])) for part, text in texts)


def _kind(entry: Placed) -> SearchKind:
    match entry:
        case Unit():
            return SearchKind.UNIT
        case Grid():
            return SearchKind.GRID
        case Division():
            return SearchKind.DIVISION
        case Address():
            return SearchKind.ADDRESS
        case Staff():
            return SearchKind.STAFF


def _texts(entry: Placed) -> Iterator[tuple[Part, str]]:
    """What else it is found by: its code, what other tables and networks call it, what people call it."""
    yield Part.CODE, entry.code
    match entry:
        case Division():
            for code in dict.fromkeys(each.code for each in entry.codes if each.code != entry.code):
                yield Part.CODE, code
        case Address():
            for alias in entry.aliases:
                yield Part.ALIAS, alias
        case Grid():
            for elsewhere in entry.aliases:
                if elsewhere.last_day is None:
                    yield Part.ALIAS, elsewhere.number


def _place(entry: Placed) -> str:
    """The code of where it lies; of staff the place that holds all their areas."""
    match entry:
        case Unit():
            return entry.place
        case Grid() | Division():
            return entry.code
        case Address():
            return entry.grid
        case Staff():
            place = entry.areas[0]
            while not all(area.startswith(place) for area in entry.areas):
                place = parent_of(place)
            return place


def _days(entry: Placed) -> tuple[date, date]:
    match entry:
        case Staff():
            gone = entry.left_on and date.fromisoformat(entry.left_on) - timedelta(days=1)
            return civil_day(entry.created_on), gone or date.max
        case Unit():
            first = date.min
        case _:
            first = date.fromisoformat(entry.valid_from)
    return first, date.fromisoformat(entry.valid_until) if entry.valid_until else date.max
