"""职责准入 of the demonstration district: a policy, requests in every stage, and somebody who tries without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from application.command import Command, deed
from application.demonstration.places import COMMUNITIES, DISTRICT, STREETS
from application.demonstration.play import Tale
from application.demonstration.units_and_staff import DISPATCHERS, OVERSIGHT, SUPERVISORS, handlers
from application.ports import RequestKey
from application.registry.registry import Entry
from application.services import Services
from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.refusals import NotAdmitted
from domain.registry.admission_policy import AdmissionPolicy, AdmissionRule, OffList, Reviewer
from domain.registry.duty_admission import DutyAdmission
from domain.registry.unit import Unit

_REVIEWER = Actor(SUPERVISORS[0], frozenset({Role.SUPERVISOR}), OVERSIGHT, (DISTRICT,))
_OVER = (DISTRICT,)
_REVOKED_AFTER = timedelta(days=30)
_KEY = RequestKey("demonstration off the list", "demonstration")


def admissions(act: Act, since: date, units: Mapping[str, Unit]) -> list[Entry]:
    """The policy and the requests; the lists of `units` take on what was approved."""
    # A city without districts reviews its streets' lists itself.
    rule = AdmissionRule(
        "2026.1", since.isoformat(), OffList.REFUSE, OffList.REFUSE, Reviewer.DISTRICT, Reviewer.DISTRICT
    )
    policy = AdmissionPolicy.adopt(act, code=DISTRICT, name="根河市职责准入办法", rule=rule)
    streets, towns = [[units[code] for code in STREETS if code[6] == kind] for kind in "01"]
    communities = [units[code] for code in COMMUNITIES]
    approved = _request(
        act, since, "ZR-2026-001", "店外经营日常劝导", "cg", "matter-09005", streets,
        basis="内蒙古自治区城市市容和环境卫生条例", powers="随事下放劝导、告知权限，处罚仍由城管局实施",
        funding="每街道每年 3 万元，由城管局划转",
    )  # fmt: skip
    _approve(approved, act.at, "根政办发〔2026〕7号", since, streets)
    rejected = _request(
        act, since, "ZR-2026-002", "排污口日常巡查", "hb", "matter-06030", communities, basis="水污染防治法",
        powers="无", funding="不另行安排",
    )  # fmt: skip
    rejected.reject(_review(act.at, "社区没有相应权限，也未附经费，不予下沉"), over=_OVER)
    revoked = _request(
        act, since, "ZR-2026-003", "农贸市场日常巡查", "sc", "matter-09020", towns,
        basis="食用农产品市场销售质量安全监督管理办法", powers="随事委托现场检查", funding="每镇每年 2 万元",
    )  # fmt: skip
    _approve(revoked, act.at, "根政办发〔2026〕8号", since, towns)
    revoked.revoke(_review(act.at, "改由市场监管所直接承担"), over=_OVER, last_day=since + _REVOKED_AFTER, units=towns)
    pending = _request(
        act, since, "ZR-2026-004", "施工扬尘日常巡查", "zj", "matter-08004", streets, basis="大气污染防治法",
        powers="随事下放现场告知权限", funding="每街道每年 1 万元",
    )  # fmt: skip
    return [policy, approved, rejected, revoked, pending]


async def try_without(services: Services, tales: Sequence[Tale], at: datetime) -> None:
    """清单外派遣: a dispatcher tries to pass a filed issue to its community, whose list does not hold the class."""
    log = services.logs.named(DISTRICT)
    for tale in tales:
        if tale.steps[-1].deed.verb != "file":
            continue
        issue = await log.load(GridIssue, tale.ids["issue"])
        community = services.registry.unit(issue.grid[:12])
        if not community.admits(issue.category, at.date()):
            act = deed(services.registry.actor(DISPATCHERS[0]), now=at)
            with suppress(NotAdmitted):
                await services.issues.assign(issue.id, Command(act, key=_KEY), lead=community.code)
            return


def _request(
    act: Act, since: date, code: str, name: str, asking: str, category: str, units: Sequence[Unit], **notes: str
) -> DutyAdmission:
    asker = Actor(handlers(asking)[0], frozenset({Role.HANDLER}), asking, (DISTRICT,))
    return DutyAdmission.request(
        Act(asker, act.at), code=code, name=name, category=category, units=units, since=since, until=None, **notes
    )


def _approve(admission: DutyAdmission, at: datetime, document: str, since: date, units: Sequence[Unit]) -> None:
    admission.approve(_review(at, document), document=document, over=_OVER, since=since, units=units)


def _review(at: datetime, reason: str) -> Act:
    return Act(_REVIEWER, at, reason)
