"""`wangge erase`: forget the people of a case, or go on where that was stopped."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from domain.actor import Act
from domain.erasure import Erasure, ErasureStage
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, Reason
from interfaces.cli.telling import say_json
from interfaces.wiring import House

NOT_ERASED = 1
LABELS = {
    ErasureStage.NONE: "未申请",
    ErasureStage.ASKED: "已申请",
    ErasureStage.REFUSED: "不予删除：案件尚未办结，或依法保全中",
    ErasureStage.RESTRICTED: "保存期限未满，已限制处理",
    ErasureStage.KEY_DESTROYED: "密钥已销毁",
    ErasureStage.CLEANED: "已清理",
    ErasureStage.REMAINS: "密钥已销毁，但核查发现残留，请清理后再次执行",
    ErasureStage.VERIFIED: "已核查",
    ErasureStage.CERTIFIED: "已删除并出具证明",
}


def erase(case: Annotated[UUID, typer.Argument(help="案件编号")], reason: Reason = "", as_json: AsJson = False) -> None:
    """删除一个案件反映人的个人信息; 中断后再次执行即继续.

    返回码: 0 已出具证明, 1 不予删除、限制处理或有残留.
    """

    async def work(house: House, act: Act) -> Erasure:
        return await house.services.erasing.erase(act, case)

    erasure = in_house(work, reason=reason)
    facts: dict[str, Any] = {
        "case": case, "stage": erasure.stage, "key_digest": erasure.key_digest, "looked_at": erasure.looked_at,
        "remains": erasure.remains,
    }  # fmt: skip
    if as_json:
        say_json(facts)
    else:
        typer.echo(f"{LABELS[erasure.stage]}；核查 {sum(erasure.looked_at.values())} 条")
        for place, count in erasure.remains.items():
            typer.echo(f"  残留：{place} {count} 条")
    if erasure.stage is not ErasureStage.CERTIFIED:
        raise typer.Exit(NOT_ERASED)
