"""The one way to change an event: as the tables' owner, with the guard switched off for the length of a transaction.

For tests of what happens to a log somebody laid hands on. Nothing but tests does this.
"""

from __future__ import annotations

import psycopg

OFF = "ALTER TABLE event DISABLE TRIGGER event_is_never_changed"
ON = "ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_never_changed"


def tamper(url: str, statement: str, *values: object) -> None:
    """Run a statement that the guard would refuse."""
    with psycopg.connect(url) as connection:
        connection.execute(OFF)
        connection.execute(statement.encode(), values)
        connection.execute(ON)
