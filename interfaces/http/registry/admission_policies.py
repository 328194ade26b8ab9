"""/duties/policies: admission policies 准入办法: what is off the list, refused or flagged; who reviews."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import duty_refusals as duty_no
from domain.registry import refusals as registry_no
from domain.registry.admission_policy import AdmissionPolicy, AdmissionRule, OffList, Reviewer
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Entries,
    RangeDep,
    Seen,
    change,
    register,
    tagged,
)

router = APIRouter(prefix="/duties/policies", tags=["职责准入"])
PolicyPlace = Annotated[
    str, Field(pattern=r"^([0-9]{4}|[0-9]{6})$", description="市或区县的区划代码", examples=["150785"])
]
Street = Annotated[OffList, Field(description="街道（乡镇）清单外的派遣：拒绝或标记")]
Community = Annotated[OffList, Field(description="社区（村）清单外的派遣：拒绝或标记")]
StreetReview = Annotated[Reviewer, Field(description="街道清单由哪一级审核")]
CommunityReview = Annotated[Reviewer, Field(description="社区清单由哪一级审核")]


class RuleView(BaseModel):
    """办法的一个版本, 自 since 起施行."""

    model_config = ConfigDict(from_attributes=True)

    edition: str
    since: date
    street: Street
    community: Community
    street_review: StreetReview
    community_review: CommunityReview


class PolicyView(Seen):
    """准入办法. 区县自有的先于市的; 都没有的按系统设置. 各版本按施行首日排列."""

    rules: list[RuleView]


class RevisingPolicy(Order):
    """修订: 新的版本, 施行首日不早于当日, 且在上一版本之后. 已作出的派遣不变."""

    edition: Annotated[Line, Field(description="版本", examples=["2026.1"])]
    since: Annotated[Day, Field(description="施行首日")]
    street: Street
    community: Community
    street_review: StreetReview = Reviewer.CITY
    community_review: CommunityReview = Reviewer.DISTRICT

    def rule(self) -> AdmissionRule:
        """As the domain knows it."""
        return AdmissionRule(
            self.edition, self.since.isoformat(), self.street, self.community, self.street_review, self.community_review
        )


class AdoptingPolicy(RevisingPolicy):
    """制定."""

    code: PolicyPlace
    name: Annotated[Line, Field(description="办法名称", examples=["职责下沉准入办法"])]


WORDING = (registry_no.BadText, registry_no.BadChoice)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, no.NoSuchEntry, no.NotValidThen, registry_no.BadChoice),
)
async def adopt_policy(order: AdoptingPolicy, desk: NewDesk) -> Receipt:
    """制定准入办法."""
    use = desk.services.admission_policies.adopt
    return await register(use, order, desk, code=order.code, name=order.name, rule=order.rule())


@router.get("", responses=responses())
async def find_policies(_actor: ActorDep, services: ServicesDep, asked: RangeDep) -> Entries[PolicyView]:
    """查询准入办法."""
    registry = services.registry
    return asked.of(
        lambda **wanted: registry.entries(AdmissionPolicy, lambda _policy: True, **wanted), PolicyView.model_validate
    )


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_policy(code: PolicyPlace, _actor: ActorDep, services: ServicesDep, response: Response) -> PolicyView:
    """一个市或区县的准入办法."""
    return tagged(PolicyView.model_validate(services.registry.find(AdmissionPolicy, code)), response)


@router.post("/{code}/revise", responses=responses(*CHANGING, *WORDING, registry_no.NothingChanged, duty_no.DatedBack))
async def revise_policy(code: PolicyPlace, order: RevisingPolicy, desk: ChangeDesk) -> Receipt:
    """修订准入办法."""
    return await change(desk.services.admission_policies.revise, code, order, desk, rule=order.rule())
