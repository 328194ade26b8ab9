"""Reading 阅览: who opened what people told, of which cases and why. Never what was read."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, signature
from domain.step import Step


class ReadingWay(StrEnum):
    """阅览方式. Events hold the value."""

    DETAILS = "details"  #: 一件诉求的反映人
    LIST = "list"  #: 列表或单件的内容, told together some seconds later
    PHONE = "phone"  #: 按电话查找
    EXPORT = "export"  #: 导出: of the cases named, or of the log it stands in, all still sealed


class Reading(Aggregate):
    """One reading, or those of one member of staff in a few seconds."""

    TOPIC = "reading"

    class Event(Step):
        """Base of the events of `Reading`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "reading.created"

    class Recorded(Created):
        """阅览. `fields` are names of fields; `cases` may be none: nobody had that number."""

        TOPIC = "reading.recorded"
        way: str
        cases: list[UUID]
        fields: list[str]

    def __init__(self, *, way: str, cases: list[UUID], fields: list[str]) -> None:
        self.way, self.cases, self.fields = way, tuple(cases), tuple(fields)

    @classmethod
    def record(
        cls, act: Act, *, id: UUID, way: ReadingWay, cases: Collection[UUID], fields: Collection[str]
    ) -> Reading:
        """记录 of what `act` opened."""
        role = act.as_one_of(*Role)
        return cls._create(
            cls.Recorded, id=id, timestamp=act.at, **signature(act, role), way=way.value,
            cases=sorted(cases), fields=sorted(fields),
        )  # fmt: skip
