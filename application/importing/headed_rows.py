"""Rows of a list under headings: each line as what its columns say, or rejected for its number of columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from application.importing.csv_file import decoded, records
from application.importing.report import Line, Outcome
from domain.registry.refusals import BadFile

MOST_SHOWN = 120
RowT = TypeVar("RowT")


def headed_rows(
    content: bytes, headings: Mapping[str, str], required: Collection[str],
    read: Callable[[int, dict[str, str]], RowT | Line], *, others: bool = True,
) -> Iterator[RowT | Line]:  # fmt: skip
    """What `read` makes of each line below the header: of its number and its texts by column, without outer blanks.

    Refuses `BadFile`: size, encoding, quotes, and the header as `columns_of` does.
    """
    found = records(decoded(content))
    columns = columns_of(next(found, (1, []))[1], headings, required, others=others)
    for line, fields in found:
        if len(fields) == len(columns):
            yield read(line, {column: field.strip() for column, field in zip(columns, fields, strict=True)})
        else:
            yield Line(line, "", Outcome.REJECTED, f"应有 {len(columns)} 列，实有 {len(fields)} 列")


def columns_of(
    header: Sequence[str], headings: Mapping[str, str], required: Collection[str], *, others: bool = True
) -> list[str]:
    """The columns a header names. `headings` maps what people write above one to its name; the name itself will do.

    Refuses `BadFile` when one of the `required` headings is missing, a column stands twice, or one is unknown though
    no `others` may be there.
    """
    named = [name.strip() for name in header]
    columns = [headings.get(name, name) for name in named]
    strange = [] if others else [name for name in named if headings.get(name, name) not in headings.values()]
    missing = [name for name in required if headings[name] not in columns]
    if strange or missing or len(set(columns)) != len(columns):
        spare = [name for name in headings if name not in required]
        wanted = f"{'、'.join(required)}，可另有 {'、'.join(spare)}" if spare else "、".join(required)
        more = f"；多出：{'、'.join(strange)[:MOST_SHOWN]}" if strange else ""
        shown = "，".join(named)[:MOST_SHOWN] or "空"
        raise BadFile(problem=f"第 1 行应是表头，列为 {wanted}，不得重复{more}；实为：{shown}")
    return columns
