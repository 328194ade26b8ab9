"""检索 and 地址 over HTTP: what one types is found, what is used comes first, what is malformed is told in Chinese."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests.case_calls import CHINESE
from tests.registry_calls import SINCE, accepted, refused, send
from tests.served import Served
from tests.town import CITY, COMMUNITY, GRID, LAMPS, NEXT_GRID, NOISE, POINT, ROADS, RUBBISH


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


def address(code: str, **other: Any) -> dict[str, Any]:
    return {"code": code, "name": f"东街道柳树巷{code}号", "valid_from": SINCE, **POINT} | other


def found(client: httpx.Client, q: str, **asked: object) -> list[dict[str, Any]]:
    answer = client.get("/search", params={"q": q, **asked})  # type: ignore[dict-item]  # lists too, which httpx repeats
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


# --- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("q", ["暴露垃圾", "baolulaji", "bllj", "暴lulj", "BLlj", "ｂｌｌｊ", "06010", "matter-06010"])
def test_a_category_is_found_by_characters_pinyin_initials_and_code(served: Served, q: str) -> None:
    hit = found(served.client("worker"), q, kinds="category")[0]
    assert (hit["kind"], hit["code"], hit["name"]) == ("category", RUBBISH, "暴露垃圾")
    assert (hit["detail"], hit["place"]) == ("测试大类：存在问题", "")


def test_the_characters_that_matched_are_told(served: Served) -> None:
    [hit] = found(served.client("worker"), "zhaoming", kinds="unit")
    assert hit == {
        "kind": "unit", "code": ROADS, "name": "道路照明所", "detail": "测试县", "place": "150785",
        "matches": [{"part": "name", "text": "道路照明所", "start": 2, "length": 2}],
    }  # fmt: skip


def test_grids_and_divisions_are_found_in_the_callers_area(served: Served) -> None:
    asked = {"kinds": "grid,division"}
    assert [hit["code"] for hit in found(served.client("worker"), "网格", **asked)] == [GRID, NEXT_GRID]
    assert len(found(served.client("dispatcher"), "网格", **asked)) == 3
    assert [hit["name"] for hit in found(served.client("elsewhere"), "jiedao", **asked)] == ["西街道"]
    within = found(served.client("dispatcher"), "网格", within=COMMUNITY, **asked)
    assert within[0]["detail"] == "测试县 东街道 第一社区"


def test_only_what_is_valid_on_the_day_is_found(served: Served) -> None:
    client = served.client("worker")
    assert found(client, "测试市", on="2014-12-31") == []
    assert found(client, "测试市")[0]["code"] == CITY


def test_nothing_typed_shows_what_was_used_lately(served: Served) -> None:
    client, other = served.client("worker"), served.client("receiver")
    for category in (LAMPS, LAMPS, NOISE):
        accepted(send(client, "/issues", grid=GRID, category=category, text="路灯不亮"))
    give_up = monotonic() + 15
    while not (used := found(client, "", kinds="category,grid")) and monotonic() < give_up:
        sleep(0.1)
    assert [hit["code"] for hit in used] == [GRID, LAMPS, NOISE]
    assert [hit["code"] for hit in found(client, " ", kinds="category")] == [LAMPS, NOISE]
    assert all(hit["matches"] == [] for hit in used)
    assert [hit["code"] for hit in found(other, "", kinds="category")] == [LAMPS, NOISE]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"q": "路" * 51}, "不得多于 50 个字"), ({"q": "路\x00灯"}, "含有控制字符"), ({"kinds": "person"}, "格式不符"),
        ({"kinds": ""}, "格式不符"), ({"limit": 51}, "不得大于 50"), ({"limit": 0}, "不得小于 1"),
        ({"on": "昨天"}, "不是有效的日期"), ({"within": "根河"}, "格式不符"),
    ],
)  # fmt: skip
def test_a_malformed_question_is_told_in_chinese(served: Served, asked: dict[str, Any], problem: str) -> None:
    told = refused(served.client("worker").get("/search", params=asked), 422, "malformed")
    assert problem in told["detail"]
    assert CHINESE.search(told["title"])


def test_a_stranger_finds_nothing(served: Served) -> None:
    refused(httpx.get(f"{served.url}/api/v1/search?q=ld"), 401, "not-signed-in")


# --- addresses ------------------------------------------------------------------------------------


def test_an_address_is_registered_found_renamed_relocated_and_withdrawn(admin: httpx.Client) -> None:
    assert accepted(send(admin, "/addresses", **address("A-1", aliases=["柳树小学"]))) == 1
    path = "/addresses/A-1"
    seen = admin.get(path)
    assert seen.headers["ETag"] == '"1"'
    assert seen.json() == {
        "code": "A-1", "name": "东街道柳树巷A-1号", "aliases": ["柳树小学"], **POINT, "grid": GRID, "valid_from": SINCE,
        "valid_until": None, "version": 1,
    }  # fmt: skip
    assert found(admin, "liushuxx")[0]["matches"][0]["part"] == "alias"
    accepted(send(admin, f"{path}/rename", 1, name="东街道杨树巷1号"))
    assert found(admin, "liushuxx") == []
    assert found(admin, "ysx")[0]["detail"] == "测试县 东街道 第一社区 第1网格"
    accepted(send(admin, f"{path}/relocate", 2, longitude=121.515, latitude=POINT["latitude"]))
    assert admin.get(path).json()["grid"] == NEXT_GRID
    refused(send(admin, f"{path}/relocate", 3, longitude=121.515, latitude=POINT["latitude"]), 409, "nothing-changed")
    refused(send(admin, f"{path}/relocate", 2, **POINT), 412, "stale")
    refused(send(admin, f"{path}/relocate", None, **POINT), 428, "version-missing")
    accepted(send(admin, f"{path}/withdraw", 3, last_day="2026-01-31"))
    assert found(admin, "ysx") == []
    refused(send(admin, f"{path}/rename", 4, name="东街道杨树巷2号"), 409, "no-longer-kept")


def test_an_address_that_cannot_be_is_refused(admin: httpx.Client, served: Served) -> None:
    refused(send(admin, "/addresses", **address("A-2", longitude=121.9)), 422, "nowhere")
    refused(send(admin, "/addresses", **address("A-2", longitude=50.7, latitude=121.5)), 422, "bad-coordinates")
    refused(send(admin, "/addresses", **address("A-2", aliases=["甲", "甲"])), 422, "bad-aliases")
    refused(send(served.client("worker"), "/addresses", **address("A-2")), 403, "wrong-role")
    refused(admin.get("/addresses/A-2"), 404, "no-such-entry")


def test_addresses_are_listed_page_by_page_and_by_place(admin: httpx.Client) -> None:
    for number in range(3):
        accepted(send(admin, "/addresses", **address(f"B-{number}", name=f"榆树街{number}号")))
    page = admin.get("/addresses", params={"name": "榆树街", "limit": 2, "within": COMMUNITY}).json()
    assert ([one["code"] for one in page["items"]], page["next"]) == (["B-0", "B-1"], "B-1")
    rest = admin.get("/addresses", params={"name": "榆树街", "after": page["next"], "valid_on": "2026-01-01"}).json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["B-2"], None)
    assert admin.get("/addresses", params={"name": "榆树街", "within": NEXT_GRID}).json()["items"] == []


def test_addresses_near_a_point_are_found_nearest_first(admin: httpx.Client) -> None:
    south = POINT["latitude"] - 0.004
    for number, north in enumerate((0.0, 0.0005)):
        accepted(send(admin, "/addresses", **address(f"C-{number}", latitude=south + north)))
    near = admin.get("/addresses/locate", params={"longitude": POINT["longitude"], "latitude": south}).json()["items"]
    assert [(one["address"]["code"], one["metres"]) for one in near] == [("C-0", 0.0), ("C-1", 55.7)]
    assert admin.get("/addresses/locate", params={"longitude": 121.4, "latitude": 50.7}).json() == {"items": []}
    refused(admin.get("/addresses/locate", params={"longitude": 121.4}), 422, "bad-coordinates")


def test_a_list_is_tried_taken_and_taken_again(admin: httpx.Client) -> None:
    lines = "地址代码,地址名称,别名,经度,纬度\nD-1,桦树路1号,,121.505,50.785\nD-2,桦树路2号,,121.9,50.785\n"

    def take(**asked: Any) -> dict[str, Any]:
        answer = admin.post("/addresses/import", content=lines.encode(), params=asked)
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return {"taken": report["taken"]} | {name: count for name, count in report["counts"].items() if count}

    assert take(dry_run=True) == {"taken": False, "added": 1, "rejected": 1}
    assert take() == {"taken": False, "added": 1, "rejected": 1}
    assert found(admin, "桦树路") == []
    assert take(skip_rejected=True) == {"taken": True, "added": 1, "rejected": 1}
    assert take(skip_rejected=True) == {"taken": True, "unchanged": 1, "rejected": 1}
    assert [hit["code"] for hit in found(admin, "huashulu1")] == ["D-1"]
    refused(admin.post("/addresses/import", content=b"x"), 422, "bad-file")
