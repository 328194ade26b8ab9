"""Entry 登记项: what entries of the registry share: id, wording, days of validity, who may keep them."""

import re
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeVar
from unicodedata import category
from uuid import UUID, uuid5

from domain.actor import Act, Role
from domain.refusals import BadCode
from domain.registry.refusals import BadChoice, BadPeriod, BadPhone, BadText, NoLongerKept

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)

_REGISTRY = UUID("a70b0cc1-84eb-520c-9922-49127ba07484")
# China keeps one civil time, so a day of the registry is a day there.
CIVIL_TIME = timezone(timedelta(hours=8))
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def entry_id(kind: str, code: str) -> UUID:
    """The stream of entry `code` of `kind`: always the same, so a code registers once."""
    return uuid5(_REGISTRY, f"{kind}:{code}")


def administer(act: Act, *places: str) -> Role:
    """The role in which `act` may keep entries of all `places`. Refuses `WrongRole`, `OutsideArea`."""
    role = act.as_one_of(Role.ADMIN)
    for place in places:
        act.within(place)
    return role


def wording(text: str, field: str, most: int = 100, *, several_lines: bool = False) -> str:
    """`text` without outer blanks. Refuses `BadText`: empty, beyond `most`, or holding what nobody sees."""
    text = text.strip().replace("\r\n", "\n")
    seen = text.replace("\n", "") if several_lines else text
    if not 1 <= len(text) <= most or any(category(character) in _UNPRINTABLE for character in seen):
        raise BadText(field=field, most=most)
    return text


def phone_number(text: str) -> str:
    """Refuses `BadPhone`."""
    text = text.strip()
    digits = sum(character.isdigit() for character in text)
    if not re.fullmatch(r"[0-9+() -]{3,30}", text) or not 3 <= digits <= 20:
        raise BadPhone()
    return text


def local_code(text: str, kind: str) -> str:
    """A code the city gives out itself, of a unit or a member of staff. Refuses `BadCode`."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise BadCode(code=text, kind=kind, rule="应为 1 至 64 位字母、数字或 . _ -，以字母或数字开头")
    return text


def chosen(choices: type[ChoiceT], value: str, field: str) -> ChoiceT:
    """The member of a closed list with this value. Refuses `BadChoice`."""
    for choice in choices:
        if choice.value == value:
            return choice
    raise BadChoice(field=field, value=value, choices=[choice.value for choice in choices])


def period(first: date, last: date | None) -> tuple[str, str | None]:
    """First and last day of validity as events hold them. Refuses `BadPeriod`."""
    if last is not None and last < first:
        raise BadPeriod(first=first, last=last)
    return first.isoformat(), None if last is None else last.isoformat()


def ending(kind: str, code: str, valid_from: str, valid_until: str | None, last_day: date) -> str:
    """The day an entry ends on when it ends earlier than known. Refuses `NoLongerKept`, `BadPeriod`."""
    if valid_until is not None and valid_until <= last_day.isoformat():
        raise NoLongerKept(kind=kind, code=code, day=valid_until)
    if last_day.isoformat() < valid_from:
        raise BadPeriod(first=valid_from, last=last_day)
    return last_day.isoformat()


def still_kept(kind: str, code: str, valid_until: str | None, at: datetime) -> None:
    """Refuses `NoLongerKept` when the entry's last day lies before the deed."""
    if valid_until is not None and valid_until < civil_day(at).isoformat():
        raise NoLongerKept(kind=kind, code=code, day=valid_until)


def in_force(on: date, first: str, last: str | None) -> bool:
    """Whether `on` lies in the period from `first` to `last`, both included."""
    return first <= on.isoformat() and (last is None or on.isoformat() <= last)


def civil_day(at: datetime) -> date:
    """The day in China at an instant."""
    return at.astimezone(CIVIL_TIME).date()
