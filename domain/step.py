"""Step 环节: the facts every recorded event carries besides its own: who, in what role, for which unit, why.

`timestamp` (from the library) is when it happened. The event store adds when it was recorded.
"""

from eventsourcing.domain import Aggregate


class Step(Aggregate.Event):
    """Base of all recorded events: each is one decision somebody answers for."""

    by: str
    role: str
    of_unit: str
    reason: str
