"""区划代码 over HTTP: which place had a code on a day, what became of it, lists brought in, doubts settled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from application.services import Services
from domain.resident_request import ResidentRequest
from tests.registry_calls import accepted, division, refused, send
from tests.served import Served
from tests.town import COMMUNITY, DISTRICT, STREET

NBS = "level,code,name,parent_code\n4,150785801,阿龙山镇,150785\n4,150785802,满归镇,150785\n"
MCA = "county_code,county,code12,name\n150785,根河市,150785802000,阿龙山镇\n150785,根河市,150785801000,乌力库玛镇\n"
CHANGES = (
    "year,type,level,old_code,old_name,old_path,new_code,new_name,new_path,doc_no,curated,note\n"
    "1994,撤销,3,152126000000,额尔古纳左旗,内蒙古自治区/呼伦贝尔盟/额尔古纳左旗,150785000000,根河市,"
    "内蒙古自治区/呼伦贝尔市/根河市,,False,批量补全去向\n"
    "1994,新设,3,,,,152105000000,根河市,内蒙古自治区/呼伦贝尔盟/根河市,,False,\n"
)


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


def bring(admin: httpx.Client, path: str, content: str | bytes, **query: Any) -> dict[str, Any]:
    answer = admin.post(path, params=query, content=content if isinstance(content, bytes) else content.encode())
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def outcomes(report: dict[str, Any]) -> list[str]:
    return [line["outcome"] for line in report["lines"]]


def names(admin: httpx.Client, code: str, **query: str) -> list[str]:
    found = admin.get("/divisions/lookup", params={"code": code, **query})
    assert found.status_code == 200, found.text
    return [item["division"]["name"] for item in found.json()["items"]]


def test_two_tables_disagree_and_the_answer_names_both(admin: httpx.Client) -> None:
    listed = {"source": "国家统计局2023", "valid_from": "2023-06-30"}
    assert outcomes(bring(admin, "/divisions/import", NBS, **listed, dry_run=True)) == ["added", "added"]
    assert outcomes(bring(admin, "/divisions/import", NBS, **listed)) == ["added", "added"]
    townships = {"source": "民政部2026", "valid_from": "2026-01-01"}
    report = bring(admin, "/divisions/import-townships", MCA, **townships)
    assert sorted(outcomes(report)) == ["changed", "pending"]
    assert names(admin, "150785802", on="2026-02-01") == ["满归镇", "阿龙山镇"]
    assert names(admin, "150785802", on="2026-02-01", source="nbs") == ["满归镇"]
    assert names(admin, "150785802", on="2026-02-01", source="mca") == ["阿龙山镇"]
    assert names(admin, "150785802", on="2020-01-01") == []
    assert outcomes(bring(admin, "/divisions/import-townships", MCA, **townships)) == ["unchanged"] * 2
    said = admin.get("/divisions/lookup", params={"code": "150785802"}).json()["ever"]
    assert [[one["table"] for one in item["said"]] for item in said] == [["nbs"], ["mca"]]


def test_a_list_with_a_rejected_line_is_taken_only_by_who_skips_it(admin: httpx.Client) -> None:
    content = "level,code,name,parent_code\n4,150785811,南河镇,150785\n4,15078581X,北河镇,150785\n"
    report = bring(admin, "/divisions/import", content, source="x")
    assert (outcomes(report), report["taken"]) == (["added", "rejected"], False)
    assert names(admin, "150785811") == []
    assert bring(admin, "/divisions/import", content, source="x", skip_rejected=True)["taken"]
    assert names(admin, "150785811") == ["南河镇"]


def test_guessed_changes_wait_for_a_person_in_pages(admin: httpx.Client) -> None:
    more = "".join(
        f"1996,撤销,3,1522{number}000000,某旗{number},x/某旗{number},150785000000,根河市,x/根河市,,False,补全去向\n"
        for number in range(21, 24)
    )
    report = bring(admin, "/divisions/import-changes", CHANGES + more, source="变更表")
    assert outcomes(report) == ["pending", "added", "pending", "pending", "pending"]
    first = admin.get("/divisions/doubts", params={"limit": 2, "within": "1522"}).json()
    second = admin.get("/divisions/doubts", params={"limit": 2, "within": "1522", "after": first["next"]}).json()
    told = [item["division"]["name"] for item in first["items"] + second["items"]]
    assert (told, second["next"]) == (["某旗21", "某旗22", "某旗23"], None)
    assert names(admin, "152126", on="1993-12-31") == ["额尔古纳左旗"]
    assert names(admin, "152126", on="1994-01-01") == []
    found = admin.get("/divisions/doubts", params={"within": "1521"}).json()
    [item] = found["items"]
    assert (item["supposed"]["name"], found["next"]) == ("根河市", None)
    order = {"division": item["division"]["id"], "row": item["doubt"]["row"], "verdict": "confirmed"}
    accepted(send(admin, "/divisions/doubts/settle", **order))
    refused(send(admin, "/divisions/doubts/settle", **order), 404, "no-such-doubt")
    [banner] = admin.get("/divisions/152126/history").json()["items"]
    assert [link["division"]["name"] for link in banner["successors"]] == ["根河市"]
    assert [deed["what"] for deed in banner["deeds"]] == ["登记", "撤销", "存疑", "存疑了结", "承接"]
    now = admin.get("/divisions/lookup", params={"code": "152126", "on": "1993-06-01"}).json()["items"][0]["now"]
    assert [place["code"] for place in now] == ["152105"]
    early = CHANGES.replace("1994", "1990")
    assert outcomes(bring(admin, "/divisions/import-changes", early, source="变更表")) == ["rejected", "rejected"]


def test_a_recode_waits_for_the_grids_and_the_identity_stays(admin: httpx.Client) -> None:
    affected = admin.get(f"/divisions/{STREET}/affected").json()
    assert COMMUNITY in affected["divisions"]
    assert affected["grids"]
    body = {"new_code": "150785889", "since": "2026-02-01", "source": "批复"}
    problem = refused(send(admin, f"/divisions/{STREET}/recode", 1, **body), 409, "still-coded")
    assert STREET in problem["detail"]
    accepted(send(admin, "/divisions", **division("150785888")))
    accepted(send(admin, "/divisions/150785888/recode", 1, **body))
    refused(send(admin, "/divisions/150785889/recode", 1, **body), 412, "stale")
    assert admin.get("/divisions/150785889").json()["name"] == "区划150785888"
    [history] = admin.get("/divisions/150785888/history").json()["items"]
    assert [(one["code"], one["valid_until"]) for one in history["codes"]] == [
        ("150785888", "2026-01-31"), ("150785889", None),
    ]  # fmt: skip
    other = {
        "table": "mca",
        "year": 2026,
        "new_code": "150785887",
        "name": "南镇",
        "source": "x",
        "valid_from": "2026-01-01",
    }
    accepted(send(admin, "/divisions/150785889/give-code", 2, **other))
    refused(send(admin, "/divisions/150785889/give-code", 3, **other), 409, "codes-overlap")
    taken = body | {"new_code": STREET, "since": "2026-03-01"}
    refused(send(admin, "/divisions/150785889/recode", 3, **taken), 409, "code-taken")


def test_divisions_are_merged_all_or_none(admin: httpx.Client) -> None:
    for code in ("150785871", "150785872", "150785873"):
        accepted(send(admin, "/divisions", **division(code)))
    order: dict[str, Any] = {"successors": ["150785873"], "how": "merged", "since": "2026-02-01", "source": "批复"}
    problem = refused(
        send(admin, "/divisions/succession", predecessors=["150785871", STREET], **order), 409, "still-in-use"
    )
    assert STREET in problem["detail"]
    assert admin.get("/divisions/150785871").json()["valid_until"] is None
    accepted(send(admin, "/divisions/succession", predecessors=["150785871", "150785872"], **order))
    assert admin.get("/divisions/150785871").json()["valid_until"] == "2026-01-31"
    [history] = admin.get("/divisions/150785873/history").json()["items"]
    assert [one["division"]["code"] for one in history["predecessors"]] == ["150785871", "150785872"]
    mixed: dict[str, Any] = order | {"successors": ["150785872"]}
    refused(send(admin, "/divisions/succession", predecessors=["150785873"], **mixed), 422, "bad-successor")


def test_a_request_keeps_which_place_its_code_meant(served: Served, admin: httpx.Client) -> None:
    receiver = served.client("receiver")
    told: dict[str, Any] = {"kind": "help", "channel": "hotline", "place": STREET, "title": "路灯", "text": "路灯不亮"}
    case = send(receiver, "/requests", **told).json()["id"]

    async def kept(services: Services) -> tuple[object, ...]:
        page = await services.logs.named(DISTRICT).read(0, 1_000)
        [event] = [one.event for one in page if str(one.event.originator_id) == case]
        assert isinstance(event, ResidentRequest.Received)
        return event.place, event.place_id, event.place_version

    street = served.house.services.registry.division(STREET)
    assert served.run(kept) == (STREET, street.id, street.version)


def test_what_cannot_be_asked_is_refused(served: Served, admin: httpx.Client) -> None:
    assert admin.get("/divisions/lookup", params={"code": "15078"}).status_code == 422
    refused(admin.get("/divisions/999999/history"), 404, "no-such-entry")
    refused(admin.post("/divisions/import", params={"source": "x"}, content=b"a,b\n"), 422, "bad-file")
    receiver = served.client("receiver")
    refused(
        receiver.post("/divisions/import-changes", params={"source": "x"}, content=CHANGES.encode()), 403, "wrong-role"
    )


def test_the_real_files_come_in_over_http(admin: httpx.Client, shared_data: Path) -> None:
    listed = (shared_data / "cn_divisions_nbs2023_beijing_genhe.csv").read_bytes()
    report = bring(admin, "/divisions/import", listed, source="国家统计局2023", within="150785", dry_run=True)
    assert (len(report["lines"]), report["counts"]["left_out"]) == (7918, 7884)
