"""The no of drawing, dividing and naming grids (网格). Shared ones: `domain.registry.refusals`."""

from __future__ import annotations

from collections.abc import Sequence

from domain.refusals import Refused
from domain.registry.ground import MOST_NAMED, Difference, Topology
from domain.registry.refusals import GridsOverlap


class GridsGap(Refused):
    """网格之间有空隙"""

    hint = "{gaps}{more}；网格须全覆盖，请调整边界。"


class OutsideCommunity(Refused):
    """网格越出所属社区"""

    hint = "{strays}{more}；网格须在所属社区（村）的边界之内。"


class GroundNotKept(Refused):
    """调整前后的范围不一致"""

    hint = "原网格 {olds} 有 {lost_m2} 平方米没有归入新网格，新网格 {news} 多出 {gained_m2} 平方米，请核对边界。"


class BadSuccession(Refused):
    """新旧网格不合要求"""

    hint = "{problem}。"


class BadFeature(Refused):
    """网格要素不合要求"""

    hint = "{problem}。"


class AliasTaken(Refused):
    """外部编号已有归属"""

    hint = "{network} 的编号 {number} 自 {since} 起属于网格 {other}，同一时期只能属于一个网格。"


class NoSuchAlias(Refused):
    """没有这个外部编号"""

    hint = "{network} 的编号 {number} 在 {day} 不属于已登记的网格。"


class NotASuccessor(Refused):
    """不能移入该网格"""

    hint = "{grid} 不是 {place} 的后继网格，也不在同一社区；可移入：{choices}。"


def refuse_overlaps(topology: Topology) -> GridsOverlap:
    """With the pairs named; `code`, `other` and `percent` are of the worst."""
    worst = topology.overlaps[0]
    return GridsOverlap(
        code=worst.one, other=worst.other, percent=round(worst.share * 100),
        pairs=[str(overlap) for overlap in topology.overlaps[:MOST_NAMED]], more=_more(topology.overlaps),
    )  # fmt: skip


def refuse_gaps(topology: Topology) -> GridsGap:
    """With the gaps named."""
    return GridsGap(gaps=[str(gap) for gap in topology.gaps[:MOST_NAMED]], more=_more(topology.gaps))


def refuse_strays(topology: Topology) -> OutsideCommunity:
    """With the grids named."""
    return OutsideCommunity(strays=[str(stray) for stray in topology.strays[:MOST_NAMED]], more=_more(topology.strays))


def refuse_difference(found: Difference, olds: Sequence[str], news: Sequence[str]) -> GroundNotKept:
    """With what is lost and gained."""
    lost, gained = round(found.lost_m2), round(found.gained_m2)
    return GroundNotKept(olds=list(olds), news=list(news), lost_m2=lost, gained_m2=gained)


def _more(found: Sequence[object]) -> str:
    return f" 等 {len(found)} 处" if len(found) > MOST_NAMED else ""
