"""Saying 说法: values of events and cases as the office says them, the stored form beside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from application.duty_report import name_of
from application.proof.attesting import Stored
from application.registry.registry import Registry
from application.statistics.naming import STAGES
from application.timeline import TOLD
from domain.actor import Party, Role, acting_as
from domain.limit import LimitUnit
from domain.registry.entry import CIVIL_TIME
from domain.stages import WHISTLE_LABELS
from domain.vocabulary import (
    LABELS,
    Channel,
    Diversion,
    RequestKind,
    Satisfaction,
    Solved,
    SolvedLevel,
    Urgency,
)
from interfaces.web.audit.field_words import FIELDS, SEALED

OF_CASES = ("issue.", "request.", "whistle.")
"""How topics of cases begin."""
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_UNITS = {
    "lead", "copies", "assists", "of_unit", "unit", "units", "from_unit", "to_unit", "caller", "called", "awaited",
    "coordinator", "missed_by", "proposed_lead", "complained_about", "absent", "late",
}  # fmt: skip
_STAFF = {"by", "handler", "reported_by", "received_by", "blown_by", "from_staff", "to_staff", "contact", "leader"}
_PLACES = {"grid", "place", "from_grid", "from_place", "counted_grid", "counted_place", "missed_grid"}
_WORDS: dict[str, type[StrEnum]] = {
    "channel": Channel, "urgency": Urgency, "diversion": Diversion, "level": SolvedLevel, "from_level": SolvedLevel,
    "solved_level": SolvedLevel, "solved": Solved, "said_solved": Solved, "satisfaction": Satisfaction,
    "said_satisfaction": Satisfaction,
}  # fmt: skip
_SHORT = {
    "issue.supervision_ordered": "督办", "issue.supervision_closed": "督办办结", "issue.deadline_warned": "时限预警",
    "issue.deadline_missed": "超时", "whistle.rated": "评价此哨", "whistle.unit_rated": "评价单位",
}  # fmt: skip
_ALL_STAGES = {**STAGES, **{stage.value: label for stage, label in WHISTLE_LABELS.items()}}


@dataclass(frozen=True)
class Field:
    """One field of an event. `words` are empty where they say no more; of a sealed one `value` is its commitment."""

    name: str
    label: str
    value: str
    words: str = ""
    sealed: bool = False


def short(topic: str) -> str:
    """What a step is, in a word or two."""
    if topic in _SHORT:
        return _SHORT[topic]
    plain = re.sub(r"\{\w+\}|\s", "", TOLD.get(topic, topic)).replace("第次", "").replace("第号", "")
    return re.split(r"[，：（]", plain)[0]


class Saying:
    """With the names registered now."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def say(self, name: str, value: Any) -> str:
        """A value in words."""
        match value:
            case None | "" | [] | {}:
                return "—"
            case bool():
                return "是" if value else "否"
            case list():
                return "、".join(self.say(name, one) for one in value)
            case dict():
                return json.dumps(value, ensure_ascii=False)
            case str():
                return self._text(name, value)
        return str(value)

    def fields(self, event: Stored) -> list[Field]:
        """Every field of the event as stored, those of the signature last; what cannot be read is shown as it is."""
        try:
            state = json.loads(event.state)
        except ValueError:
            state = None
        if not isinstance(state, dict):
            return [Field("state", "存储的内容", event.state.decode("utf-8", "backslashreplace"), "不是可读的 JSON")]
        shown: list[Field] = []
        for name, value in state.items():
            if name == "sealed" and isinstance(value, Mapping):
                shown += [
                    Field(f"sealed.{one}", sealed_label(one), str(hash), sealed=True) for one, hash in value.items()
                ]
            else:
                raw = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                words = self.say(name, value)
                shown.append(Field(name, FIELDS.get(name, ""), raw, "" if words in (raw, "—") else words))
        return shown

    def _text(self, name: str, value: str) -> str:
        if _INSTANT.match(value):
            return _to_the_second(value)
        registry = self._registry
        look_up: Callable[[str], Any] | None = (
            registry.unit if name in _UNITS else registry.staff if name in _STAFF
            else registry.grid if name in _PLACES and len(value) == 15
            else registry.division if name in _PLACES else registry.case_type if name == "category" else None
        )  # fmt: skip
        if look_up:
            return name_of(look_up, value)
        if name in ("stage", "back_to"):
            return _ALL_STAGES.get(value, value)
        return _code(name, value)


def sealed_label(name: str) -> str:
    """What a sealed field holds."""
    return SEALED.get(name.rstrip("_0123456789"), "答复" if name.startswith("reply") else name)


def _code(name: str, value: str) -> str:
    vocabulary: type[StrEnum] | None = _WORDS.get(name)
    if vocabulary and value in list(vocabulary):
        return LABELS[vocabulary(value)]
    if name == "role" and value in [*Role, *Party]:
        return acting_as(value).label
    if name == "limit_unit" and value in [one.value for one in LimitUnit]:
        return LimitUnit(value).label
    if name == "kind" and value in list(RequestKind):
        return LABELS[RequestKind(value)]
    return value


def _to_the_second(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is None:
        return text
    return exactly(at)


def exactly(at: datetime) -> str:
    """2026年11月21日 16:40:07.123456: what an auditor compares, to the last digit there is."""
    local = at.astimezone(CIVIL_TIME)
    tail = f".{local.microsecond:06d}".rstrip("0") if local.microsecond else ""
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}{tail}"
