"""/duties/import: lists of admitted duties 准入清单 that streets and communities already have."""

from __future__ import annotations

from fastapi import APIRouter

from application.command import deed
from domain import refusals as no
from domain.registry import refusals as registry_no
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.problems import responses
from interfaces.http.registry.importing import CSV, Content, DryRun, ReportView, SkipRejected, seen

router = APIRouter(prefix="/duties", tags=["职责准入"])


@router.post(
    "/import",
    responses=responses(no.WrongRole, no.Stale, registry_no.BadFile),
    openapi_extra=CSV,
)
async def import_duty_lists(
    content: Content, actor: ActorDep, services: ServicesDep, dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
) -> ReportView:  # fmt: skip
    """导入准入清单: CSV, 列为 单位、小类、起、止、文号, UTF-8 或 GB18030; 可反复导入."""
    act = deed(actor, now=services.clock())
    return seen(await services.importing_duties.run(act, content, dry_run=dry_run, skip_rejected=skip_rejected))
