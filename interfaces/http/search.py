"""/search: find categories, units, grids, divisions, addresses and staff by what one types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from application.search import MOST_HITS, MOST_LETTERS, Part, SearchKind, Wanted
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Plain
from interfaces.http.problems import responses
from interfaces.http.registry.entries import Day, Within

router = APIRouter(prefix="/search", tags=["检索"])
_KIND = f"({'|'.join(SearchKind)})"


class MatchView(BaseModel):
    """命中的文字: text 中自 start 起 (首字为 0) 的 length 个字, 供标亮."""

    model_config = ConfigDict(from_attributes=True)

    part: Annotated[Part, Field(description="名称、别名、大类名称或代码")]
    text: str
    start: int
    length: int


class HitView(BaseModel):
    """命中. detail 为大类和立案条件、所在单位或所在区划; place 为所在的区划或网格, 全市适用时为空文本.

    只在所在区划的名称中找到的词没有 matches.
    """

    model_config = ConfigDict(from_attributes=True)

    kind: SearchKind
    code: str
    name: str
    detail: str
    place: str
    matches: list[MatchView]


class Hits(BaseModel):
    """检索结果, 最合的在前."""

    items: list[HitView]


@router.get("", responses=responses())
async def search(
    actor: ActorDep, services: ServicesDep,
    q: Annotated[
        str,
        Query(
            max_length=MOST_LETTERS, examples=["lvdi"],
            description="汉字、全拼、简拼或代码，可混用；空格隔开的词须全部找到；留空为最近使用的",
        ),
        Plain,
    ] = "",
    kinds: Annotated[
        str,
        Query(
            pattern=rf"^{_KIND}(,{_KIND})*$", max_length=100, examples=["category,unit"],
            description="检索哪几类，逗号隔开，缺省为全部",
        ),
    ] = ",".join(SearchKind),
    within: Within = "",
    on: Annotated[Day | None, Query(description="哪一天有效的，缺省为今天")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 20,
) -> Hits:  # fmt: skip
    """检索编目、单位、网格、区划、地址和岗位. 先看吻合程度, 再看本人、本单位和全体最近的使用."""
    now = services.clock()
    wanted = Wanted(
        text=q, on=on or civil_day(now), at=now, kinds=frozenset(map(SearchKind, kinds.split(","))), within=within,
        limit=limit,
    )  # fmt: skip
    return Hits(items=[HitView.model_validate(hit) for hit in services.search.find(actor, wanted)])
