"""`wangge import addresses`: a list of addresses comes in. Reads options, tells what happened."""

from __future__ import annotations

from application.importing.addresses import ImportingAddresses
from application.importing.report import ImportReport
from domain.actor import Act
from interfaces.cli.divisions import ListFile, ValidFrom
from interfaces.cli.importing import AsJson, DryRun, SkipRejected, bring_in
from interfaces.wiring import House


def addresses(
    file: ListFile,
    valid_from: ValidFrom = None,
    dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    as_json: AsJson = False,
) -> None:
    """导入地名地址 (列为地址代码、地址名称、别名、经度、纬度), 可反复导入: 新的登记, 变了的更新, 其余不变.

    每个地址按经纬度落入网格, 不在任何网格内的拒收. 别名之间用顿号隔开. 名单中没有的不动.

    返回码: 0 全部导入, 1 有拒收的行因而没有导入, 2 无法导入.
    """

    async def use(house: House, act: Act, content: bytes) -> ImportReport:
        importing = ImportingAddresses(house.services.desk)
        return await importing.run(act, content, valid_from=valid_from, dry_run=dry_run, skip_rejected=skip_rejected)

    bring_in(file, use, as_json=as_json)
