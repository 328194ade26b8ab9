"""Messages with the replies another system gave: imported whole, each reply at its own time, and once."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.acceptance.operator import wangge
from tests.served import Served
from tests.town import DISTRICT, STREET

Reports = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def imported(
    served: Served, module_database_url: str, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Reports:
    """What two runs of the same import said."""
    file = str(shared_data / "cn_replies.csv.gz")
    order = ["import", "messages", file, "--source", "replies-2019", "--place", STREET, "--json"]
    folder = tmp_path_factory.mktemp("operator")
    first, again = (json.loads(wangge(module_database_url, folder, order).stdout) for _ in range(2))
    return first, again


def test_messages_with_replies_are_imported_whole_and_once(imported: Reports, module_database_url: str) -> None:
    first, again = imported
    assert (first["lines"], first["received"], first["rejected"], first["replies"]) == (1425, 1425, 0, 1425)
    assert (again["received"], again["already_there"], again["replies"]) == (0, 1425, 0)
    received = _times(module_database_url, "request.received")
    fed_back = _times(module_database_url, "request.fed_back")
    assert len(received) == len(fed_back) == 1425
    assert all(received[case] <= fed_back[case] for case in received)
    assert datetime.fromisoformat("2019-05-09T09:49:14+08:00") in fed_back.values()


def test_a_reply_is_read_by_intake_and_stands_in_no_event(
    served: Served, imported: Reports, module_database_url: str
) -> None:
    receiver = served.client("receiver")
    served.run(lambda services: services.reach(DISTRICT, 2850))
    found = receiver.get("/requests", params={"external_id": "2555"}).json()["items"]
    details: dict[str, Any] = receiver.get(f"/requests/{found[0]['id']}").json()["details"]
    assert details["reply_2"].startswith("市民同志")
    with psycopg.connect(module_database_url) as connection:
        query = "SELECT count(*) FROM event WHERE log_id = '150785' AND convert_from(state, 'UTF8') LIKE '%%市民同志%%'"
        assert connection.execute(query).fetchone() == (0,)


def _times(url: str, topic: str) -> dict[str, datetime]:
    query = "SELECT stream_id::text, convert_from(state, 'UTF8') FROM event WHERE log_id = '150785' AND topic = %s"
    with psycopg.connect(url) as connection:
        return {
            case: datetime.fromisoformat(json.loads(state)["timestamp"])
            for case, state in connection.execute(query, (topic,))
        }
