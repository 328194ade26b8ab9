"""`wangge import limit-rules`: limit rules 时限规则 brought into the draft of an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from application.importing.limit_rules import ImportingLimitRules
from application.importing.report import ImportReport
from domain.actor import Act
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.wiring import House


def limit_rules(
    file: Annotated[Path, typer.Argument(help="CSV 文件，每行一条规则，编码为 UTF-8 或 GB18030", show_default=False)],
    edition: Annotated[str, typer.Option(help="版本号，如 limits-2026.1")],
    name: Annotated[str, typer.Option(help="版本尚未拟订时的名称；不填则同版本号")] = "",
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入时限规则到一个版本的草案, 可反复导入: 编号已有的以文件为准, 文件中没有的不动; 不发布.

    列为编号、名称、事项、渠道、紧急程度、优先级, 及各环节的时限, 如 2工作日: 派遣、签收、联系、处置、反馈、核查、
    回访、全案; 编号必备.

    返回码: 0 已导入, 1 有拒收而未导入, 2 无法导入.
    """

    async def use(house: House, act: Act, found: bytes) -> ImportReport:
        importing = ImportingLimitRules(house.services.desk)
        return await importing.run(
            act, found, edition=edition, name=name, dry_run=dry_run, skip_rejected=skip_rejected
        )  # fmt: skip

    bring_in(file, use, as_json=as_json)
