"""Deeds of whistles 吹哨报到: each is one use case, bound to its facts."""

from __future__ import annotations

from collections.abc import Sequence

from application.demonstration.story import Deed
from domain.vocabulary import WhistleOccasion, WhistleRemark


def blow(units: Sequence[str], occasion: WhistleOccasion) -> Deed:
    """About the story's issue."""
    return Deed(
        "blow", lambda scene, command: scene.services.whistles.blow(
            command, issue_id=scene.ids["issue"], units=units, occasion=occasion
        )
    )  # fmt: skip


def arrive() -> Deed:
    return Deed("arrive", lambda scene, command: scene.services.whistles.arrive(scene.id, command))


def end(measure: str) -> Deed:
    return Deed("end", lambda scene, command: scene.services.whistles.end(scene.id, command, measure=measure))


def withdraw() -> Deed:
    return Deed("withdraw", lambda scene, command: scene.services.whistles.withdraw(scene.id, command))


def rate_unit(unit: str, stars: int, remarks: Sequence[WhistleRemark]) -> Deed:
    return Deed(
        "rate_unit", lambda scene, command: scene.services.whistles.rate_unit(
            scene.id, command, unit=unit, stars=stars, remarks=remarks
        )
    )  # fmt: skip


def rate(*, justified: bool) -> Deed:
    return Deed("rate", lambda scene, command: scene.services.whistles.rate(scene.id, command, justified=justified))
