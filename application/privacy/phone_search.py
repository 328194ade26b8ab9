"""按电话查找: requests of a telephone number, found by its short tag, opened and compared; each search on record."""

from __future__ import annotations

from application.disclosure import INTAKE
from application.privacy.readings import Readings
from application.privacy.telephones import normalised
from application.views import Boards, Question, RequestView
from domain.actor import Act
from domain.reading import ReadingWay

MOST_FOUND = 50
_CANDIDATES = 1_000


class PhoneSearch:
    """For intake alone: who calls again is known again."""

    def __init__(self, boards: Boards, readings: Readings) -> None:
        self._boards, self._readings = boards, readings

    async def find(self, act: Act, phone: str) -> list[RequestView]:
        """The newest requests within the actor's area that left this number, however it was written down.

        Refuses `WrongRole`, and `Busy` when the search cannot be put on record.
        """
        act.as_one_of(*sorted(INTAKE))
        wanted, found = normalised(phone), list[RequestView]()
        asked = Question(phone=phone, limit=_CANDIDATES)
        for row in await self._boards.requests(act.actor, asked, act.at):
            told = (await self._boards.details(act.actor, row)).open
            if normalised(told.get("phone", "")) == wanted:
                found.append(row)
            if len(found) == MOST_FOUND:
                break
        await self._readings.of_cases(act, ReadingWay.PHONE, [row.id for row in found], ["phone"])
        return found
