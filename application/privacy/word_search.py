"""文字查询: what people wrote is sealed, so it is searched by opening it, newest first, a bounded number a time.

An index of words would tell whoever reads the database what people write about; opening tells nobody. It costs a read
and a decryption a case, so one question looks at `MOST_LOOKED_AT` cases that fit its other filters and says where
it stopped: the next page goes on from there, and a page may hold few or none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from application.views import IssueView, Question, RequestView

MOST_LOOKED_AT = 2000
_AT_ONCE = 250
View = TypeVar("View", IssueView, RequestView)
Mark = tuple[datetime, UUID]


async def with_words(
    ask: Callable[[Question], Awaitable[Sequence[View]]], question: Question, mark: Callable[[View], Mark]
) -> tuple[list[View], Mark | None]:
    """A page of what `ask` finds, with the words asked for, and the mark to go on from, None at the end."""
    if question.text is None:
        rows = list(await ask(replace(question, limit=question.limit + 1)))
        page = rows[: question.limit]
        return page, mark(page[-1]) if len(rows) > question.limit else None
    wanted, found, looked_at, after = question.text.casefold(), list[View](), 0, question.after
    while looked_at < MOST_LOOKED_AT:
        rows = list(await ask(replace(question, limit=_AT_ONCE, after=after)))
        for row in rows:
            if _says(row, wanted):
                found.append(row)
                if len(found) > question.limit:
                    return found[:-1], mark(found[-2])
        if len(rows) < _AT_ONCE:
            return found, None
        looked_at, after = looked_at + len(rows), mark(rows[-1])
    return found, after


def _says(row: IssueView | RequestView, wanted: str) -> bool:
    words = [row.text] if isinstance(row, IssueView) else [row.title, row.text]
    return any(wanted in one.casefold() for one in words if one)
