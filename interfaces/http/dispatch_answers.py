"""What /dispatch answers with 派遣答复: a routing with its inputs and runners-up, a page of a trial with its counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from application.dispatch.trial import Difference, Tally, TrialPage
from domain.lead_basis import LeadBasis
from domain.vocabulary import Channel

OffList = Annotated[list[str], Field(description="主办、协办中准入清单不含此事项的单位")]


class FromAttributes(BaseModel):
    """读自属性的值."""

    model_config = ConfigDict(from_attributes=True)


class InputsView(FromAttributes):
    """答复所依据的全部输入. day 和 working 由工作日历从 at 读出."""

    category: str
    place: str
    channel: Channel
    at: datetime
    day: Annotated[date, Field(description="当地日期")]
    working: Annotated[bool, Field(description="是否工作时间")]
    calendar: str
    calendar_version: str


class RunnerUpView(FromAttributes):
    """同样适用而未采用的规则, 及其原因."""

    rule: str
    name: str
    why: Annotated[str, Field(description="为何未采用")]


class RoutingView(FromAttributes):
    """派遣答复: 依据何版本的哪一条. lead 为 null 时由派遣员指定."""

    basis: LeadBasis
    reason: Annotated[str, Field(description="依据")]
    edition: Annotated[str, Field(description="所用的版本，没有施行中的则为空文本")]
    rule: Annotated[str, Field(description="规则编号，未依规则则为空文本")]
    rule_name: str
    lead: str | None
    off_list: OffList
    copies: list[str]
    assists: list[str]
    standing: Annotated[list[str], Field(description="单位的抄送关系另外抄送的单位")]
    left_out: Annotated[list[str], Field(description="未能找到的抄送、协办单位")]
    runners_up: list[RunnerUpView]
    inputs: InputsView


class ChosenView(BaseModel):
    """主办、抄送、协办."""

    lead: str | None
    copies: list[str]
    assists: list[str]


class DifferenceView(BaseModel):
    """差异: 当时派给谁, 按所试的版本会派给谁, 哪几项不同."""

    id: str
    log_id: str
    number: int
    category: str
    grid: str
    channel: Channel
    assigned_at: datetime
    parts: Annotated[list[str], Field(description="不同的项：lead、copies、assists")]
    then: ChosenView
    now: ChosenView
    basis: LeadBasis
    rule: str
    off_list: OffList
    reason: str

    @classmethod
    def of(cls, one: Difference) -> DifferenceView:
        case = one.case
        return cls(
            id=str(case.id), log_id=case.log_id, number=case.number, category=case.category, grid=case.grid,
            channel=Channel(case.channel), assigned_at=case.assigned_at, parts=one.parts,
            then=ChosenView(lead=case.lead, copies=case.copies, assists=case.assists),
            now=ChosenView(lead=one.lead, copies=one.copies, assists=one.assists), basis=one.basis, rule=one.rule,
            off_list=one.off_list, reason=one.reason,
        )  # fmt: skip


class CountView(BaseModel):
    """本页中由一条规则 (或某一依据) 决定的案件数, 及其中与当时不同的."""

    rule: str
    basis: LeadBasis
    examined: int
    different: int


class TrialView(BaseModel):
    """试派的一页: 本页所试案件的全部差异和计数. 取下一页时把 next 填入 cursor, 末页为 null; 各页计数相加即合计."""

    examined: int
    different: int
    counts: list[CountView]
    differences: list[DifferenceView]
    next: str | None

    @classmethod
    def of(cls, page: TrialPage) -> TrialView:
        mark = page.next and f"{page.next[0]}:{page.next[1]}"
        return cls(
            examined=page.tally.examined.total(), different=page.tally.different.total(),
            counts=_counts(page.tally), differences=[DifferenceView.of(one) for one in page.differences], next=mark,
        )  # fmt: skip


def _counts(tally: Tally) -> list[CountView]:
    return [
        CountView(rule=rule, basis=LeadBasis(basis), examined=count, different=tally.different[rule, basis])
        for (rule, basis), count in sorted(tally.examined.items())
    ]
