"""Download 下载: all cases behind one figure as a file, the same rows as the drawer shows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from starlette.responses import Response

from application.statistics.answers import CountedCase
from application.statistics.ledger import Cell, Heading, LedgerForm
from domain.registry.entry import civil_day
from domain.statistics.ledger_refusals import LedgerTooLong
from domain.statistics.number import Number, Part
from domain.statistics.numbers import NUMBERS
from interfaces.http.statistics.ledgers import MEDIA_TYPE
from interfaces.http.statistics.numbers import case_page, mark_of
from interfaces.web import telling
from interfaces.web.board.drawer import PARTS, Group, grouping_of, words_of
from interfaces.web.board.figures import name_of
from interfaces.web.board.glance import Glance

MOST_ROWS = 100_000
_PAGE = 2_000
_HEADINGS = [
    Heading("时间", 20), Heading("案件编号", 38), Heading("类别", 20), Heading("地点", 28), Heading("主办单位", 24),
    Heading("渠道", 12), Heading("计为", 24), Heading("用时（秒）", 12),
]  # fmt: skip


async def download(look: Glance, part: Part, of: Group, form: LedgerForm) -> Response:
    """The file, whole before its first byte is sent. Refuses `LedgerTooLong`, and as the drawer does."""
    number, room = NUMBERS[look.at.number], await asyncio.to_thread(TemporaryDirectory, prefix="wangge-cases-")
    title = f"{name_of(number.id)}-{PARTS[part]}"
    note = f"{title}，{look.period.label}，数据截至 {telling.moment(look.now)}；按{number.wording.instant}计入"
    try:
        path = Path(room.name) / "cases"
        sheets = look.services.ledgers.sheets
        async with sheets.open(form, path, title=title[:31], note=note, headings=_HEADINGS) as sheet:
            cursor, written = None, 0
            while True:
                found = await look.cases(
                    number.id, part, grouping=grouping_of(look, number, of), keys=(of.key, of.then_key),
                    limit=_PAGE + 1, after=mark_of(cursor) if cursor else None,
                )  # fmt: skip
                shown = case_page(found, _PAGE)
                written += len(shown.items)
                if written > MOST_ROWS:
                    raise LedgerTooLong(most=MOST_ROWS)
                await sheet.write([_row(look, number, row) for row in shown.items])
                if (cursor := shown.next) is None:
                    break
        content = await asyncio.to_thread(path.read_bytes)
    finally:
        await asyncio.to_thread(room.cleanup)
    name = f"{title}-{civil_day(look.now):%Y%m%d}.{form.value}"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=MEDIA_TYPE[form], headers={"Content-Disposition": disposition})


def _row(look: Glance, number: Number, row: CountedCase) -> list[Cell]:
    shown = words_of(look, number, row)
    return [
        row.at, str(row.case_id), shown.category, shown.place, shown.unit, shown.channel, shown.answer, row.seconds
    ]  # fmt: skip
