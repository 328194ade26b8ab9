"""附近相似案件: unsettled issues that may be the same thing, by place, time, class and words.

Words are sealed, so none are searched: candidates are found by place and time, and of those the few that are left are
opened, told to the readings as any other list, and compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from application.near.views import Candidate, NearBoards, NearIssue, NearQuestion
from application.privacy.readings import Readings
from application.registry.registry import Registry
from application.views import Boards
from domain.actor import Actor
from domain.distance import metres_between
from domain.likeness import likeness
from domain.registry.case_type_key import class_key
from domain.registry.entry import civil_day

MOST_OPENED = 50
"""Candidates whose words are opened, a read and a decryption each."""
SAID_TO_BE_LIKE = 0.2
"""Texts with less in common are not said to be alike."""


class NearCases:
    """What is near a point, and near a request."""

    def __init__(self, candidates: NearBoards, boards: Boards, registry: Registry, readings: Readings) -> None:
        self._candidates, self._boards, self._registry, self._readings = candidates, boards, registry, readings

    async def of_point(
        self, actor: Actor, *, longitude: float, latitude: float, category: str, text: str, hours: int, metres: int,
        now: datetime,
    ) -> list[NearIssue]:  # fmt: skip
        """Before something is reported. Refuses `Nowhere`, `BadCoordinates`."""
        grid = self._registry.locate(longitude, latitude, valid_on=civil_day(now)).code
        question = NearQuestion(
            longitude, latitude, grid, category, text, metres, now - timedelta(hours=hours), now + timedelta(hours=1)
        )
        return await self._found(actor, question, now)

    async def of_request(
        self, actor: Actor, request_id: UUID, *, hours: int, metres: int, now: datetime
    ) -> list[NearIssue]:
        """Before it is dispatched: what was reported within `hours` before it or after. Refuses `NoSuchCase`."""
        view = await self._boards.request(actor, request_id)
        await self._readings.of_words(actor, [view])
        around, text = timedelta(hours=hours), "\n".join(words for words in (view.title, view.text) if words)
        question = NearQuestion(
            view.longitude, view.latitude, view.place, view.category, text, metres, view.received_at - around,
            view.received_at + around, apart_from=view.issue,
        )  # fmt: skip
        return await self._found(actor, question, now)

    async def _found(self, actor: Actor, question: NearQuestion, now: datetime) -> list[NearIssue]:
        found: list[Candidate] = []
        if question.longitude is not None:
            found += await self._candidates.around(actor, question, most=MOST_OPENED)
        pointless = question.longitude is not None
        left = MOST_OPENED - len(found)
        if left:
            found += await self._candidates.in_place(actor, question, pointless=pointless, most=left)
        await self._readings.of_texts(actor, [one.told_in for one in found if one.text_state == "open"])
        return ranked(found, question, now)


def ranked(candidates: Sequence[Candidate], question: NearQuestion, now: datetime) -> list[NearIssue]:
    """Those of the class first, then the most alike, then the nearest; what is too far is left out."""
    compared = [_compared(one, question, now) for one in candidates]
    near = [one for one in compared if one.metres is None or one.metres <= question.metres]
    return sorted(near, key=lambda one: (
        not one.same_class, -(one.similarity or 0.0), one.metres is None, one.metres or 0.0, -one.number,
    ))  # fmt: skip


def _compared(one: Candidate, question: NearQuestion, now: datetime) -> NearIssue:
    metres = None
    if None not in (one.longitude, one.latitude, question.longitude, question.latitude):
        here = (question.longitude or 0.0, question.latitude or 0.0)
        metres = round(metres_between(here, (one.longitude or 0.0, one.latitude or 0.0)), 1)
    similarity = round(likeness(one.text, question.text), 2) if one.text and question.text else None
    same_class = bool(question.category) and class_key(one.category) == class_key(question.category)
    age = max(timedelta(), now - one.reported_at)
    return NearIssue(
        log_id=one.log_id, id=one.id, number=one.number, version=one.version, stage=one.stage, grid=one.grid,
        category=one.category, lead=one.lead, due=one.due, reported_at=one.reported_at, voices=one.voices,
        metres=metres, age_seconds=int(age.total_seconds()), same_class=same_class, similarity=similarity,
        why=_why(same_class, metres, age, similarity), text=one.text, text_state=one.text_state,
    )  # fmt: skip


def _why(same_class: bool, metres: float | None, age: timedelta, similarity: float | None) -> str:
    said = ["同类"] if same_class else []
    said.append("同一地点范围" if metres is None else f"相距 {metres:.0f} 米")
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    ago = f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时" if hours else f"{minutes} 分钟"
    said.append(f"{ago}前上报")
    if similarity is not None and similarity >= SAID_TO_BE_LIKE:
        said.append(f"文字相近 {similarity:.0%}")
    return "，".join(said)
