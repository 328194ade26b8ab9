"""Words of escalations 上报上级 and whistles 吹哨 on a timeline: who is named, who came, what was said of whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.vocabulary import LABELS, SolvedLevel, WhistleOccasion, WhistleRemark

Name = Callable[[str], str]
"""The name of what a code stands for."""


def call_words(topic: str, facts: dict[str, Any], unit: Name, staff: Name) -> dict[str, str]:
    """What the sentence of `topic` says beside what every other does; nothing for the topics of others."""
    match topic:
        case "issue.escalated":
            leader = facts["leader"]
            return {
                "automatic": "超时自动" if facts["automatic"] else "",
                "from_level": LABELS[SolvedLevel(facts["from_level"])],
                "to_unit": unit(facts["to_unit"]),
                "leader": f"，包联领导：{staff(leader)}" if leader else "",
            }
        case "issue.sent_down":
            to_unit = facts["to_unit"]
            return {
                "from_level": LABELS[SolvedLevel(facts["from_level"])],
                "to_unit": f"，由 {unit(to_unit)} 办理" if to_unit else "",
            }
        case "whistle.blown":
            called = _listed(facts["called"], unit)
            return {"called": called, "occasion": LABELS[WhistleOccasion(facts["occasion"])]}
        case "whistle.arrived":
            return {"unit": unit(facts["unit"]), "late": "，迟到" if facts["late"] else ""}
        case "whistle.ended":
            absent = _listed(facts["absent"], unit)
            return {"absent": f"；未到：{absent}" if absent else ""}
        case "whistle.unit_rated":
            remarks = _listed(facts["remarks"], lambda code: LABELS[WhistleRemark(code)])
            return {"unit": unit(facts["unit"]), "remarks": f"，{remarks}" if remarks else ""}
        case "whistle.rated":
            return {"unit": unit(facts["unit"]), "justified": "应当" if facts["justified"] else "不当"}
        case _:
            return {}


def _listed(codes: list[str], name: Name) -> str:
    return "、".join(name(code) for code in codes)
