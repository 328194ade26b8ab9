"""A witness 见证 outside (C2SP tlog-witness): is shown each new head with a proof that it goes on from the last it saw.

What the witness does, or does not, holds nothing up. But one that has seen more than we know, or another log, is
evidence that ours was rolled back.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence

import anyio.to_thread
import httpx
import structlog
from prometheus_client import Counter, Gauge

from application.proof.ports import StoredHead
from domain.proof.note import Note
from domain.proof.tiles import Tiled, TileMissing, needed
from domain.proof.tree import consistency_ranges
from infrastructure import sql
from infrastructure.proof.trees import Connection, PostgresTrees, connected

QUERY = sql.load("proof.sql")
SECONDS = 5.0
MOST_BYTES = 16_384
FAILED = Counter("wangge_witness_failed_total", "Heads that a witness did not sign, by why", ["log", "why"])
WITNESSED = Gauge("wangge_witnessed_size", "Events that the newest head signed by a witness covers", ["log"])
logger = structlog.get_logger(__name__)


class Witness:
    """Shows the heads of `log_ids` to the witness at `address`."""

    def __init__(
        self, url: str, log_ids: Sequence[str], address: str,
        client: Callable[[], httpx.Client] = lambda: httpx.Client(timeout=SECONDS),
    ) -> None:  # fmt: skip
        self._url, self._log_ids, self._address, self._client = url, list(log_ids), address.rstrip("/"), client

    async def look(self) -> None:
        """Show what is new. A failure is told and tried again the next time."""
        await anyio.to_thread.run_sync(self.show)

    def show(self) -> None:
        """As `look`, on the calling thread."""
        with connected(self._url) as connection, self._client() as client:
            for log_id in self._log_ids:
                head = PostgresTrees(connection).last_head(log_id)
                row = connection.execute(QUERY["witnessed"], {"log_id": log_id}).fetchone()
                old = int(row[0]) if row else 0
                if head is not None and head.size > old:
                    self._show(connection, client, log_id, head, old)

    def _show(self, connection: Connection, client: httpx.Client, log_id: str, head: StoredHead, old: int) -> None:
        try:
            answer = self._ask(connection, client, log_id, head, old)
            if answer.status_code == httpx.codes.CONFLICT and answer.headers["content-type"] == "text/x.tlog.size":
                old = int(answer.text)
                if old > head.size:
                    self._failed(log_id, "witness_saw_more", head, old)
                    return
                answer = self._ask(connection, client, log_id, head, old)
            if answer.status_code != httpx.codes.OK:
                self._failed(log_id, f"status_{answer.status_code}", head, old)
                return
            if len(answer.content) > MOST_BYTES:
                self._failed(log_id, "too_long", head, old)
                return
            Note.parse(head.note + answer.text)
        except (httpx.HTTPError, TileMissing, ValueError, KeyError) as error:
            self._failed(log_id, type(error).__name__, head, old)
            return
        facts = {"log_id": log_id, "size": head.size, "lines": answer.text}
        connection.execute(QUERY["put_cosignature"], facts)
        WITNESSED.labels(log=log_id).set(head.size)

    def _ask(
        self, connection: Connection, client: httpx.Client, log_id: str, head: StoredHead, old: int
    ) -> httpx.Response:
        ranges = consistency_ranges(old, head.size)
        path = Tiled(PostgresTrees(connection).tiles(log_id, needed(ranges))).path(ranges)
        lines = [f"old {old}", *(b64encode(one).decode() for one in path), "", head.note]
        return client.post(f"{self._address}/add-checkpoint", content="\n".join(lines).encode())

    def _failed(self, log_id: str, why: str, head: StoredHead, old: int) -> None:
        FAILED.labels(log=log_id, why=why).inc()
        logger.error("witness_did_not_sign", log=log_id, why=why, size=head.size, seen=old)
