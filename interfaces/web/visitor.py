"""Visitor 访客: who looks at a page, and where their work lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, Request

from domain.actor import Actor, Role
from interfaces.http.calls import ServicesDep
from interfaces.http.session import session_of

R = Role


@dataclass(frozen=True)
class Face:
    """One of the faces: its address, its name, and the roles whose work it is."""

    path: str
    name: str
    roles: frozenset[Role]


FACES = (
    Face("/work", "待办与上报", frozenset({R.WORKER, R.HANDLER})),
    Face("/desk", "受理派遣", frozenset({R.RECEIVER, R.DISPATCHER})),
    Face("/calls", "回访", frozenset({R.VERIFIER, R.RECEIVER})),
    Face("/board", "督查", frozenset({R.SUPERVISOR, R.ADMIN, R.DISPATCHER})),
    Face("/audit", "审计回放", frozenset({R.AUDITOR, R.ADMIN})),
)


def faces_of(actor: Actor) -> list[Face]:
    """The faces of somebody's roles, their own work first."""
    return [face for face in FACES if face.roles & actor.roles]


def home_of(actor: Actor) -> str:
    """Where signing in leads."""
    return next((face.path for face in faces_of(actor)), "/me")


@dataclass(frozen=True)
class Visitor:
    """A member of staff in a browser session. `proof` goes along with what changes something."""

    actor: Actor
    name: str
    unit: str
    proof: str

    @property
    def faces(self) -> list[Face]:
        """Those of the visitor's roles, their own work first."""
        return faces_of(self.actor)


async def _visitor(request: Request, services: ServicesDep) -> Visitor:
    session = session_of(request)
    actor = await services.sign_in.who(session.token)
    structlog.contextvars.bind_contextvars(actor=actor.id)
    request.state.recognized = True
    staff, unit = services.registry.staff(actor.id), services.registry.unit(actor.unit)
    return Visitor(actor, staff.name, unit.name, session.proof)


VisitorDep = Annotated[Visitor, Depends(_visitor)]
"""Who looks. A stranger is sent to sign in (`interfaces.web.route.PageRoute`)."""
