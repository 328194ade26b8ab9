"""Deeds on grid issues: each is one use case, bound to its facts."""

from __future__ import annotations

from collections.abc import Callable, Collection

from application.demonstration.story import Deed
from domain.actor import Act
from domain.exempting import ask_exemption, decide_exemption
from domain.grid_issue import GridIssue
from domain.handing_over import hand_over_issue
from domain.vocabulary import Channel, ReturnReason, SolvedLevel

PHOTOS = ("处置前照片", "处置后照片")


def report(
    text: str, *, grid: str, point: tuple[float, float] | None, category: str, channel: Channel, urgency: str
) -> Deed:
    longitude, latitude = point or (None, None)
    return Deed(
        "report", lambda scene, command: scene.services.issues.report(
            command, text=text, grid=grid, longitude=longitude, latitude=latitude, category=category, channel=channel,
            urgency=urgency,
        )
    )  # fmt: skip


def void() -> Deed:
    return on_issue("void", lambda issue, act: issue.void(act))


def file(category: str) -> Deed:
    return Deed("file", lambda scene, command: scene.services.issues.file(scene.id, command, category=category))


def solve_on_spot(measure: str) -> Deed:
    return on_issue("solve_on_spot", lambda issue, act: issue.solve_on_spot(act, measure=measure, evidence=PHOTOS))


def open_consultation(units: Collection[str]) -> Deed:
    return on_issue("open_consultation", lambda issue, act: issue.open_consultation(act, units=units))


def conclude_consultation(lead: str) -> Deed:
    return on_issue("conclude_consultation", lambda issue, act: issue.conclude_consultation(act, proposed_lead=lead))


def assign(lead: str | None, *, copies: Collection[str] = (), assists: Collection[str] = ()) -> Deed:
    return Deed(
        "assign", lambda scene, command: scene.services.issues.assign(
            scene.id, command, lead=lead, copies=copies, assists=assists
        )
    )  # fmt: skip


def accept() -> Deed:
    return on_issue("accept", lambda issue, act: issue.accept(act))


def ask_return(code: ReturnReason) -> Deed:
    return on_issue("ask_return", lambda issue, act: issue.ask_return(act, code=code))


def grant_return() -> Deed:
    return on_issue("grant_return", lambda issue, act: issue.grant_return(act))


def refuse_return() -> Deed:
    return Deed("refuse_return", lambda scene, command: scene.services.issues.refuse_return(scene.id, command))


def hand_over(giver: str, taker: str, unit: str) -> Deed:
    return on_issue(
        "hand_over", lambda issue, act: hand_over_issue(act, issue=issue, giver=giver, taker=taker, taker_unit=unit)
    )


def resolve(measure: str, level: SolvedLevel) -> Deed:
    return on_issue(
        "resolve", lambda issue, act: issue.resolve(act, measure=measure, evidence=PHOTOS, level=level)
    )  # fmt: skip


def check(*, passed: bool) -> Deed:
    return on_issue(
        "check" if passed else "check_failed", lambda issue, act: issue.check(act, passed=passed, evidence=PHOTOS)
    )


def order_rework() -> Deed:
    return Deed("order_rework", lambda scene, command: scene.services.issues.order_rework(scene.id, command))


def close() -> Deed:
    return on_issue("close", lambda issue, act: issue.close(act))


def merge(into: str) -> Deed:
    return Deed("merge", lambda scene, command: scene.services.issues.merge(scene.id, command, into=scene.ids[into]))


def unmerge(into: str) -> Deed:
    return Deed(
        "unmerge",
        lambda scene, command: scene.services.issues.merge(scene.id, command, into=scene.ids[into], undo=True),
    )


def escalate() -> Deed:
    return Deed("escalate", lambda scene, command: scene.services.escalations.escalate(scene.id, command))


def send_down() -> Deed:
    return Deed("send_down", lambda scene, command: scene.services.escalations.send_down(scene.id, command))


def ask_to_exempt() -> Deed:
    return on_issue("ask_exemption", lambda issue, act: ask_exemption(act, case=issue))


def decide_to_exempt(*, granted: bool) -> Deed:
    verb = "exempt" if granted else "refuse_exemption"
    return on_issue(verb, lambda issue, act: decide_exemption(act, case=issue, granted=granted))


def on_issue(verb: str, decide: Callable[[GridIssue, Act], None]) -> Deed:
    return Deed(
        verb, lambda scene, command: scene.services.cases.change(
            GridIssue, scene.id, command, lambda issue: decide(issue, command.act)
        )
    )  # fmt: skip
