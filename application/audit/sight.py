"""Sight 当时所见: what somebody could see of a case when they acted, by the rules of disclosure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from application.disclosure import IDENTITY, hidden_fields, reads_words, sees_whole_area
from domain.actor import Actor, Party, acting_as
from domain.firing import PROGRAM


@dataclass(frozen=True)
class Sight:
    """What was open to who acted: of cases, of the words people said, of who they are; each in a sentence."""

    cases: str
    words: str
    identity: str


def sight_of(by: str, role: str, unit: str, state: Mapping[str, Any]) -> Sight:
    """By role and unit as the event states them, over the case as it stood just before, or as it began."""
    if by == PROGRAM.id:
        return Sight("系统自动，无人查看", "未向任何人显示", "未向任何人显示")
    acting = acting_as(role)
    if isinstance(acting, Party):
        return Sight("本人反映的这一件：进度、单位、时限和措施", "未向任何人显示", "未向任何人显示")
    actor, label = Actor(by, frozenset({acting}), unit, ()), acting.label
    if state.get("complained_about") in {by, unit} - {""}:
        return Sight("被投诉对象，整件回避", "不可读", "不可读")
    cases = f"{label}：本人管辖范围内的案件" if sees_whole_area(actor) else f"{label}：本单位主办、抄送、协办的案件"
    if not reads_words(actor):
        return Sight(cases, f"{label}不读反映内容", f"{label}不见反映人")
    lead, secret = str(state.get("lead") or ""), bool(state.get("confidential"))
    if not IDENTITY & hidden_fields(actor, lead=lead, confidential=secret):
        return Sight(cases, "可读反映内容", "可见反映人，每次打开都有记录")
    return Sight(cases, "可读反映内容", "反映人要求保密，不可见" if secret else f"{label}不见反映人")
