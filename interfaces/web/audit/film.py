"""/audit/cases: a case as a film, step by step with its proof; and the difference between two of its moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from application.audit.filming import Frame, Shot, Torn
from application.proof.attesting import Attested, Doubt, Verdict
from application.services import Services
from domain.case_id import log_of
from domain.proof.refusals import EventUnreadable
from interfaces.http.calls import ServicesDep
from interfaces.web.audit.asking import FACE, AuditorDep, When
from interfaces.web.audit.field_words import COLUMNS
from interfaces.web.audit.saying import Saying, exactly, short
from interfaces.web.rendering import fragment, page
from interfaces.web.route import PageRoute

router = APIRouter(prefix="/audit/cases", route_class=PageRoute, include_in_schema=False)
KINDS = {"issue": "网格事件", "request": "诉求", "whistle": "吹哨"}
MARKS = {Verdict.PROVEN: "✓", Verdict.WAITING: "○", Verdict.MISMATCH: "✕"}


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it held, None where there is nothing to hold it against yet."""

    name: str
    held: bool | None
    found: str


@dataclass(frozen=True)
class Link:
    """A way to another step; None where there is none."""

    first: int | None
    back: int | None
    on: int | None
    last: int | None


@router.get("/{case_id}")
async def film(
    case_id: UUID, visitor: AuditorDep, services: ServicesDep, at: When = None,
    step: Annotated[int | None, Query(ge=1, le=10**9)] = None, part: bool = False,
) -> Response:  # fmt: skip
    """One step of the film; `part` gives it without the page around."""
    if step is not None:
        at = await services.audit.filming.position_of(visitor.actor, case_id, step)
    shown: dict[str, Any] = {"visitor": visitor, "here": FACE}
    try:
        shown |= _shown(services, await services.audit.filming.shot(visitor.actor, case_id, at))
    except EventUnreadable as no:
        torn = await services.audit.filming.torn(visitor.actor, case_id, at)
        return page("audit/torn.html", **shown, **_torn(services, torn), refused=no)
    return fragment("audit/shot.html", **shown) if part else page("audit/film.html", **shown)


@router.get("/{case_id}/difference")
async def difference(
    case_id: UUID, visitor: AuditorDep, services: ServicesDep,
    start: Annotated[When, Query(alias="from")] = None, end: Annotated[When, Query(alias="to")] = None,
) -> Response:  # fmt: skip
    """Two moments of a case side by side."""
    shot = await services.audit.filming.shot(visitor.actor, case_id, end)
    earlier = shot.ends.first if start is None else start
    found = await services.replaying.difference(visitor.actor, case_id, earlier, shot.case.position)
    saying = Saying(services.registry)
    changes = [
        (COLUMNS.get(one.name, one.name), saying.say(one.name, one.before), saying.say(one.name, one.after))
        for one in found.changes
    ]
    return page(
        "audit/difference.html", visitor=visitor, here=FACE, shot=shot, found=found, changes=changes, short=short,
        title=title_of(services, shot), exactly=exactly, asked={"from": earlier, "to": end or shot.case.position},
    )  # fmt: skip


def title_of(services: Services, shot: Shot) -> str:
    """网格事件 150785-42, 路灯."""
    state, log_id = shot.case.state, shot.case.log
    category = Saying(services.registry).say("category", state.get("category"))
    what = "" if category == "—" else f" {category}"
    return f"{KINDS[shot.case.kind]} {log_id}-{state['number']}{what}"


def _shown(services: Services, shot: Shot) -> dict[str, Any]:
    saying, case = Saying(services.registry), shot.case
    place = saying.say("place", case.state.get("place") or case.state.get("grid"))
    return {
        "shot": shot, "strip": shot.strip, "version": case.version, "base": f"{FACE}/cases/{case.id}",
        "proof": shot.proof, "leaf": shot.event.leaf, "fields": saying.fields(shot.event),
        "title": title_of(services, shot), "place": place, "checks": checks_of(shot.proof),
        "short": short, "marks": MARKS, "exactly": exactly, "labels": COLUMNS, "say": saying.say,
        "counts": _counts(shot.strip), "log": log_of(case.id), "stage": saying.say("stage", case.state["stage"]),
        "links": Link(
            None if shot.begins else shot.ends.first, case.previous, case.next,
            None if case.next is None else shot.ends.last,
        ),
    }  # fmt: skip


def _torn(services: Services, torn: Torn) -> dict[str, Any]:
    return {
        "torn": torn, "strip": torn.strip, "version": torn.event.leaf.version, "base": f"{FACE}/cases/{torn.case}",
        "title": f"案件 {torn.case}", "fields": Saying(services.registry).fields(torn.event), "proof": torn.proof,
        "checks": checks_of(torn.proof), "leaf": torn.event.leaf, "short": short, "marks": MARKS,
        "log": torn.event.leaf.log_id,
    }  # fmt: skip


def _counts(strip: list[Frame]) -> dict[Verdict, int]:
    verdicts = [one.proof.verdict if one.proof else Verdict.MISMATCH for one in strip]
    return {verdict: verdicts.count(verdict) for verdict in Verdict}


def checks_of(proof: Attested) -> list[Check]:
    """What was looked at, in the order in which a doubter would."""
    head, doubt = proof.head, proof.doubt
    own = Check("由存放的内容重算叶哈希，与旁存的相比", proof.made == proof.beside, proof.made.hex())
    if head is None:
        return [own, Check("签过名的检查点包含此位置", None if doubt is not Doubt.BEHIND else False, "尚无检查点")]
    same = None if proof.sealed is None else proof.sealed == proof.made
    leads = doubt not in {Doubt.TREE, Doubt.CHANGED}
    return [
        own,
        Check("与哈希树中此位置的叶相比", bool(same), proof.sealed.hex() if proof.sealed else "树中没有这片叶"),
        Check(f"沿 {len(proof.path)} 个相邻哈希上行，到达签名的根", leads, head.root.hex()),
        Check("检查点由可信密钥签名", doubt is not Doubt.HEAD, f"大小 {head.size}，{exactly(head.sealed_at)} 封存"),
    ]
