"""`wangge import roster`: a duty roster comes in. Reads options, tells what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from application.importing.report import ImportReport
from application.importing.rosters import ImportingRosters
from domain.actor import Act
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.wiring import House

RosterFile = Annotated[
    Path,
    typer.Argument(
        help="CSV 文件，列为单位、日期、起、止、值班人员，可另有首日、末日，编码为 UTF-8 或 GB18030", show_default=False
    ),
]


def roster(
    file: RosterFile, dry_run: DryRun = False, skip_rejected: SkipRejected = False, as_json: AsJson = False
) -> None:
    """导入值班表, 可反复导入: 新的排班, 换了人的换班, 其余不变; 文件中没有的班不动.

    日期如 2026-02-17、每天、工作日、休息日、周六、周日 或 周一至周五; 止不晚于起的到次日.

    返回码: 0 全部导入, 1 有拒收的行因而没有导入, 2 无法导入.
    """

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        importing = ImportingRosters(house.services.desk)
        return await importing.run(act, content, dry_run=dry_run, skip_rejected=skip_rejected)

    bring_in(file, use, as_json=as_json)
