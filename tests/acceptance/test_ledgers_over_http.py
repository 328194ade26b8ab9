"""Ledgers 台账 over HTTP: files as offices open them, within area and level."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pytest

from tests.case_calls import at, dispatch, nothing_written, receive, refused, report
from tests.served import Served
from tests.town import STREET

PERIOD = {"start": at(-60), "end": at(24 * 60)}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fetched(client: httpx.Client, name: str, **asked: Any) -> httpx.Response:
    return client.get(f"/stats/ledgers/{name}", params={**PERIOD, **asked})


def lines(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def known(served: Served) -> str:
    """A case of this module; the ledger shows it once the boards do."""
    issue = report(served, text="=HYPERLINK(A1)")
    request = receive(served, text="+86 的电话打不通")
    dispatch(served, request)
    return issue


def waited(served: Served) -> dict[str, str]:
    position = served.run(lambda services: services.logs.named("150785").last_position())
    return {"wait": f"150785:{position}"}


def test_a_workbook_and_a_csv_file_say_the_same(served: Served, known: str) -> None:
    auditor = served.client("auditor")
    answer = fetched(auditor, "issues.xlsx", **waited(served))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == XLSX
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    name = unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2])
    assert name.startswith("案件台账-2026110")
    assert name.endswith(".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    text = lines(fetched(auditor, "issues.csv"))
    assert [cell.value for cell in sheet[2]] == text[1]
    assert sheet.max_row == len(text) >= 4
    assert text[0][0].startswith("案件台账。筛选：")


def test_what_people_wrote_is_no_formula_and_only_for_who_may_read_it(served: Served, known: str) -> None:
    asked = {"columns": ["number", "text"], **waited(served)}
    text = lines(fetched(served.client("receiver"), "issues.csv", **asked))
    assert "'=HYPERLINK(A1)" in [row[1] for row in text[2:]]
    sheet = openpyxl.load_workbook(
        io.BytesIO(fetched(served.client("receiver"), "issues.xlsx", **asked).content)
    ).worksheets[0]  # fmt: skip
    found = [cell for cell in sheet["B"] if cell.value == "=HYPERLINK(A1)"]
    assert [cell.data_type for cell in found] == ["s"]
    refused(fetched(served.client("auditor"), "issues.csv", **asked), 403, "wrong-role")
    whole = fetched(served.client("receiver"), "requests.csv").text
    assert "电话打不通" not in whole


def test_no_ledger_writes_to_a_log(served: Served, known: str) -> None:
    with nothing_written(served):
        for name in ("issues", "requests", "units", "call-backs", "returns"):
            assert len(lines(fetched(served.client("supervisor"), f"{name}.csv"))) >= 2


def test_what_there_is_not_is_refused(served: Served) -> None:
    client = served.client("auditor")
    refused(fetched(client, "issues.csv", columns="phone"), 422, "no-such-column")
    refused(client.get("/stats/ledgers/issues.csv", params={"start": at(1), "end": at(0)}), 422, "bad-period-asked")
    refused(fetched(client, "people.csv"), 422, "malformed")
    refused(httpx.get(f"{served.url}/api/v1/stats/ledgers/issues.csv", params=PERIOD), 401, "not-signed-in")


def test_the_filter_narrows_and_another_street_has_nothing(served: Served, known: str) -> None:
    every = lines(fetched(served.client("auditor"), "issues.csv", **waited(served)))
    here = lines(fetched(served.client("auditor"), "issues.csv", street=STREET))
    elsewhere = lines(fetched(served.client("auditor"), "issues.csv", street="150785999"))
    assert every[2:] == here[2:]
    assert elsewhere[2:] == []
    assert f"（{STREET}）" in here[0][0]


def test_the_kinds_of_ledgers_and_their_columns_are_listed(served: Served) -> None:
    listed = served.client("worker").get("/stats/ledgers").json()
    assert [one["name"] for one in listed] == ["issues", "requests", "units", "call-backs", "returns"]
    words = {(one["name"], column["key"]) for one in listed for column in one["columns"] if column["words"]}
    assert words == {("issues", "text"), ("requests", "text"), ("requests", "title")}
    assert not any(column["usual"] for one in listed for column in one["columns"] if column["words"])
