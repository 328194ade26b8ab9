"""Deeds on residents' requests: each is one use case, bound to its facts."""

from __future__ import annotations

from collections.abc import Callable

from application.demonstration.story import Deed
from domain.actor import Act
from domain.exempting import ask_exemption, decide_exemption
from domain.handing_over import hand_over_request
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, Diversion, RequestKind, Satisfaction, Solved


def receive(
    details: dict[str, str], *, kind: RequestKind, channel: Channel, place: str,
    point: tuple[float, float] | None = None, category: str = "", complained_about: str = "",
    confidential: bool = False,
) -> Deed:  # fmt: skip
    longitude, latitude = point or (None, None)
    return Deed(
        "receive", lambda scene, command: scene.services.requests.receive(
            command, details=details, kind=kind, channel=channel, place=place, longitude=longitude, latitude=latitude,
            category=category, complained_about=complained_about, confidential=confidential,
        )
    )  # fmt: skip


def answer(reply: str) -> Deed:
    return Deed("answer", lambda scene, command: scene.services.requests.answer(scene.id, command, reply=reply))


def divert(code: Diversion, reply: str) -> Deed:
    return Deed(
        "divert", lambda scene, command: scene.services.requests.divert(scene.id, command, code=code, reply=reply)
    )  # fmt: skip


def open_issue(request: str, *, grid: str, category: str) -> Deed:
    """The case it is about is the new issue."""
    return Deed(
        "open_issue", lambda scene, command: scene.services.requests.open_issue(
            scene.ids[request], command, grid=grid, category=category
        )
    )  # fmt: skip


def attach(issue: str) -> Deed:
    return Deed(
        "attach", lambda scene, command: scene.services.requests.attach(scene.id, command, issue_id=scene.ids[issue])
    )  # fmt: skip


def detach(issue: str) -> Deed:
    return Deed(
        "detach", lambda scene, command: scene.services.requests.detach(scene.id, command, issue_id=scene.ids[issue])
    )  # fmt: skip


def contact(*, reached: bool) -> Deed:
    return Deed("contact", lambda scene, command: scene.services.requests.contact(scene.id, command, reached=reached))


def hand_over(giver: str, taker: str, unit: str) -> Deed:
    said = {"giver": giver, "taker": taker, "taker_unit": unit, "lead": unit}
    return _on_request("hand_over", lambda request, act: hand_over_request(act, request=request, **said))


def feed_back(reply: str) -> Deed:
    return Deed("feed_back", lambda scene, command: scene.services.requests.feed_back(scene.id, command, reply=reply))


def call_back(contacted: bool, solved: Solved, satisfaction: Satisfaction) -> Deed:
    return Deed(
        "call_back", lambda scene, command: scene.services.requests.call_back(
            scene.id, command, valid=True, contacted=contacted, solved=solved, satisfaction=satisfaction
        )
    )  # fmt: skip


def call_in_vain() -> Deed:
    return Deed(
        "call_in_vain", lambda scene, command: scene.services.requests.call_back(scene.id, command, valid=False)
    )


def order_redo() -> Deed:
    return Deed("order_redo", lambda scene, command: scene.services.requests.order_redo(scene.id, command))


def close_request() -> Deed:
    return _on_request("close_request", lambda request, act: request.close(act))


def ask_to_exempt() -> Deed:
    return _on_request("ask_exemption", lambda request, act: ask_exemption(act, case=request))


def decide_to_exempt(*, granted: bool) -> Deed:
    verb = "exempt" if granted else "refuse_exemption"
    return _on_request(verb, lambda request, act: decide_exemption(act, case=request, granted=granted))


def _on_request(verb: str, decide: Callable[[ResidentRequest, Act], None]) -> Deed:
    return Deed(
        verb, lambda scene, command: scene.services.cases.change(
            ResidentRequest, scene.id, command, lambda request: decide(request, command.act)
        )
    )  # fmt: skip
