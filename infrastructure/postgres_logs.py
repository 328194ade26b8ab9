"""All logs of a city in one PostgreSQL, found by name, case or place."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import psycopg
from eventsourcing.domain import Aggregate

from domain.case_id import log_of
from domain.refusals import NoSuchCase, NoSuchLog
from infrastructure.event_log import QUERY, PostgresLog


class PostgresLogs:
    """`application.ports.Logs`: the city's log and one for each district, opened on first use of the database."""

    def __init__(
        self, database_url: str, city: str, districts: Sequence[str], aggregates: Sequence[type[Aggregate]]
    ) -> None:
        with psycopg.connect(database_url) as connection:
            for log_id in (city, *districts):
                connection.execute(QUERY["open_log"], {"log_id": log_id})
        self._logs = {log_id: PostgresLog(log_id, database_url, aggregates) for log_id in (city, *districts)}
        self._city = city

    def close(self) -> None:
        """Give back all connections."""
        for log in self._logs.values():
            log.close()

    @property
    def city(self) -> PostgresLog:
        return self._logs[self._city]

    def every(self) -> list[PostgresLog]:
        return list(self._logs.values())

    def named(self, log_id: str) -> PostgresLog:
        try:
            return self._logs[log_id]
        except KeyError:
            raise NoSuchLog(log=log_id) from None

    def holding(self, case_id: UUID) -> PostgresLog:
        try:
            return self._logs[log_of(case_id)]
        except KeyError:
            raise NoSuchCase(case=case_id) from None

    def at(self, place: str) -> PostgresLog:
        """A place below a district is that district's; the city's own code is the city's; elsewhere is refused."""
        if place == self._city:
            return self.city
        return self.named(place[:6])
