"""/audit/reads, /audit/erasures and /audit/events: who opened what was sealed, who was forgotten, any one event."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import RedirectResponse, Response

from application.command import deed
from domain.actor import Role
from domain.refusals import NoSuchCase
from interfaces.http.calls import ServicesDep
from interfaces.web.audit.asking import FACE, MOST, AuditorDep, LogId
from interfaces.web.audit.film import MARKS, checks_of
from interfaces.web.audit.past import log_of, logs_of
from interfaces.web.audit.saying import OF_CASES, Saying, exactly, sealed_label
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute

router = APIRouter(prefix="/audit", route_class=PageRoute, include_in_schema=False)
ROWS = 50
WAYS = {"details": "打开反映人信息", "list": "列表或单件内容", "phone": "按电话查找", "export": "导出"}
STAGES = {
    "none": "未申请删除", "asked": "已申请", "refused": "不予删除", "restricted": "限制处理，未到期限",
    "key_destroyed": "密钥已销毁", "cleaned": "已清理", "verified": "已核查", "remains": "仍有残留",
    "certified": "已出具证明",
}  # fmt: skip
Before = Annotated[int, Query(ge=1, le=MOST)]


@router.get("/reads")
async def reads(
    visitor: AuditorDep, services: ServicesDep, log: LogId | None = None, before: Before = MOST,
    by: Annotated[str, Query(max_length=64)] = "", case: Annotated[str, Query(max_length=60)] = "",
) -> Response:  # fmt: skip
    """Who read what of whom; of a case when one is named."""
    act = deed(visitor.actor, now=services.clock())
    act.as_one_of(Role.AUDITOR)
    chosen, of_case = log_of(visitor, services, log), _case(case)
    act.within(services.logs.holding(of_case).log_id if of_case else chosen)
    if of_case:
        rows = (await services.reading_report.of_case(of_case, after=0, limit=500))[::-1]
        rows = [one for one in rows if by in ("", one.by)]
    else:
        rows = await services.reading_report.of_log(chosen, before=before, by=by.strip(), limit=ROWS + 1)
    more = not of_case and len(rows) > ROWS
    shown = rows[:ROWS] if more else rows
    return page(
        "audit/reads.html", visitor=visitor, here=FACE, logs=logs_of(visitor, services), log=chosen, by=by, case=case,
        rows=shown, say=Saying(services.registry).say, ways=WAYS, sealed_label=sealed_label,
        onward=urlencode({"log": chosen, "by": by, "before": shown[-1].position}) if more else "",
    )  # fmt: skip


@router.get("/erasures")
async def erasures(
    visitor: AuditorDep, services: ServicesDep, log: LogId | None = None, before: Before = MOST
) -> Response:
    """Erasures and holds of a log, each certificate with its proof."""
    act, chosen = deed(visitor.actor, now=services.clock()), log_of(visitor, services, log)
    found = await services.audit.erasures.listed(act, chosen, before=before, limit=ROWS + 1)
    shown = found[:ROWS]
    certificates = [mark.certificate for mark, _ in shown if mark.certificate is not None]
    proven = await services.audit.filming.attested(visitor.actor, chosen, certificates)
    proofs = {proof.position: proof for _, proof in proven}
    return page(
        "audit/erasures.html", visitor=visitor, here=FACE, logs=logs_of(visitor, services), log=chosen, marks=MARKS,
        rows=[(mark, erasure, proofs.get(mark.certificate or 0)) for mark, erasure in shown], stages=STAGES,
        onward=urlencode({"log": chosen, "before": shown[-1][0].position}) if len(found) > ROWS else "",
    )  # fmt: skip


@router.get("/events/{log}/{position}")
async def event(
    visitor: AuditorDep, services: ServicesDep, log: Annotated[str, Path(pattern=r"^[0-9]{4,6}$")],
    position: Annotated[int, Path(ge=1, le=MOST)],
) -> Response:  # fmt: skip
    """One event of a log with its proof; one of a case is a step of its film."""
    found = await services.audit.filming.found(visitor.actor, log, position)
    if found.leaf.topic.startswith(OF_CASES):
        return RedirectResponse(f"{FACE}/cases/{found.leaf.stream_id}?at={position}", HTTPStatus.SEE_OTHER)
    ((stored, proof),) = await services.audit.filming.attested(visitor.actor, log, [position])
    return page(
        "audit/event.html", visitor=visitor, here=FACE, log=log, leaf=stored.leaf, proof=proof, marks=MARKS,
        fields=Saying(services.registry).fields(stored), checks=checks_of(proof), exactly=exactly,
    )  # fmt: skip


def _case(text: str) -> UUID | None:
    try:
        return UUID(text.strip()) if text.strip() else None
    except ValueError:
        raise NoSuchCase(case=text.strip()) from None
