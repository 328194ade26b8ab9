"""案件台账 board: issues, requests and whistles as they stand now; where a merged issue's requests are handled."""

from __future__ import annotations

from collections.abc import Sequence

from domain.case_clocks import CalendarOf
from infrastructure import sql
from infrastructure.projections import issue_rules, request_rules, timing, whistle_rules
from infrastructure.projections.beside import beside
from infrastructure.projections.folding import RowPerStream
from infrastructure.projections.read_model import Connection, Happened, Place, Tell, UnknownEvent, of_a_case

ISSUES = RowPerStream(
    issue_rules.BEGIN, {**issue_rules.FRESH, **timing.FRESH}, timing.with_timing(issue_rules.RULES),
    sql.load("issue_board.sql"), quiet=frozenset(timing.RULES),
)  # fmt: skip
REQUESTS = RowPerStream(
    request_rules.BEGIN, request_rules.FRESH, request_rules.RULES, sql.load("request_board.sql"),
    quiet=frozenset({"request.call_back_came_due"}),
)  # fmt: skip
WHISTLES = RowPerStream(whistle_rules.BEGIN, whistle_rules.FRESH, whistle_rules.RULES, sql.load("whistle_board.sql"))
RULES = {**ISSUES.rules, **REQUESTS.rules, **WHISTLES.rules}
_MERGERS = frozenset({"issue.merged_into", "issue.unmerged"})
_TIES = frozenset({"request.attached", "request.detached"})


class Board:
    """The read model behind lists, work and rates."""

    name = "board"
    edition = 2
    parks = True
    in_order = False

    def __init__(self, tell: Tell, calendar_of: CalendarOf) -> None:
        self._tell, self._calendar_of = tell, calendar_of

    def wants(self, topic: str) -> bool:
        if topic in RULES:
            return True
        if of_a_case(topic):
            raise UnknownEvent(topic)
        return False

    def ties(self, topic: str) -> bool:
        return topic in _MERGERS or topic in _TIES

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        of_issues = [event for event in events if event.topic in ISSUES.rules]
        of_requests = [event for event in events if event.topic in REQUESTS.rules]
        issue_rows = await ISSUES.fetch(connection, place, of_issues)
        request_rows = await REQUESTS.fetch(connection, place, of_requests)
        await ISSUES.fold(issue_rows, of_issues, self._tell)
        timing.look_ahead(issue_rows.values(), self._calendar_of)
        # The database writes issues while requests are folded here.
        async with beside(ISSUES.write(connection, place, issue_rows)):
            await REQUESTS.fold(request_rows, of_requests, self._tell)
        await REQUESTS.write(connection, place, request_rows)
        if of_whistles := [event for event in events if event.topic in WHISTLES.rules]:
            whistle_rows = await WHISTLES.fetch(connection, place, of_whistles)
            await WHISTLES.fold(whistle_rows, of_whistles, self._tell)
            await WHISTLES.write(connection, place, whistle_rows)
        issues = [event.stream_id for event in events if event.topic in _MERGERS]
        requests = [event.stream_id for event in events if event.topic in _TIES]
        if issues or requests:
            tied = {**place._asdict(), "issues": issues, "requests": requests}
            await connection.execute(REQUESTS.queries["follow"], tied)

    async def analyze(self, connection: Connection) -> None:
        for table in (ISSUES, REQUESTS, WHISTLES):
            await table.analyze(connection)

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        for table in (ISSUES, REQUESTS, WHISTLES):
            await table.drop(connection, place, after, upto)
