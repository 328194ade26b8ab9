"""Disclosure 知悉范围: who may read what people said and who they are: intake, the handling unit, nobody else."""

from domain.actor import Actor, Role

INTAKE = frozenset({Role.RECEIVER, Role.DISPATCHER, Role.VERIFIER})
READERS_OF_WORDS = INTAKE | {Role.WORKER, Role.HANDLER}
AREA_WIDE = frozenset(Role) - {Role.HANDLER}
IDENTITY = frozenset({"name", "phone", "email", "address", "account", "id_number"})


def reads_words(actor: Actor) -> bool:
    """Whether what people wrote is shown to the actor at all. Numbers and replays do without it."""
    return bool(actor.roles & READERS_OF_WORDS)


def sees_whole_area(actor: Actor) -> bool:
    """A mere handler sees what their unit leads, copies or assists; every other role sees its area."""
    return bool(actor.roles & AREA_WIDE)


def hidden_fields(actor: Actor, *, lead: str, confidential: bool) -> frozenset[str]:
    """The fields of a requester's details this actor must not read.

    Intake reads all. The lead unit reads who asked, unless they asked for secrecy (潍坊 12345 条例). Workers
    read the words alone.
    """
    if actor.roles & INTAKE:
        return frozenset()
    if Role.HANDLER in actor.roles and lead and lead in actor.units and not confidential:
        return frozenset()
    return IDENTITY
