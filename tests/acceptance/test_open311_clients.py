"""Open311 asked by a client that others wrote, and by the shapes of request that others in the field send."""

from __future__ import annotations

import asyncio
import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from defusedxml import ElementTree
from georeport import GeoReport

from application.command import Command, deed
from application.open311.reporting import Report
from application.services import Services
from tests import town
from tests.open311_desk import Sender, anybody, on_board, root, rows, sender
from tests.pictures import jpeg
from tests.served import Served

MANY = 450


@pytest.fixture(scope="module")
def app(served: Served) -> Sender:
    """A client with a key for the district."""
    return sender(served, "app", jurisdiction="test.example")


@pytest.fixture(scope="module")
def three(served: Served, app: Sender) -> Iterator[Any]:
    """The client `three` 0.8.0, as its users have it: in JSON, with a key."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was written for a Python without `filter` as it is
        patch.setattr(itertools, "ifilter", filter, raising=False)
        from three.core import Three

        client = Three(root(served), api_key=app.key, jurisdiction="test.example")
        yield client
        client.session.close()


@pytest.fixture(scope="module")
def many(app: Sender) -> list[str]:
    """The ids of 450 reports."""

    async def send(services: Services) -> list[str]:
        (key,) = [one for one in await services.open311.keys.every() if one.code == "app"]
        reports = [Report(town.RUBBISH, f"第{n}件：垃圾成堆", 121.505, 50.785) for n in range(MANY)]
        command = Command(deed(key.actor, now=services.clock()))
        given = await asyncio.gather(*(services.open311.reporting.receive(key, command, one) for one in reports))
        for one in given:
            await services.reach(one.log, one.position, within_seconds=60)
        return [str(one.id) for one in given]

    found: list[str] = app.served.run(send)
    return found


def _id(answer: httpx.Response) -> str:
    return str(answer.raise_for_status().json()[0]["service_request_id"])


def test_three_finds_its_way(three: Any) -> None:
    found = three.discovery()
    assert found["endpoints"][0]["url"] == three.endpoint.rstrip("/")
    services = three.services()
    assert town.LAMPS in [one["service_code"] for one in services]
    assert three.services(town.LAMPS) == {"service_code": town.LAMPS, "attributes": []}


def test_three_reports_and_reads_what_it_reported(served: Served, three: Any) -> None:
    given = three.post(
        town.LAMPS, lat="50.785", long="121.505", address="幸福路 3 号", name="Li Ming", phone="13900001111",
        description="路灯不亮，\n请尽快修理", jurisdiction_id="test.example",
    )  # fmt: skip
    id = on_board(served, given[0]["service_request_id"])
    (one,) = three.request(id)
    assert (one["description"], one["status"]) == ("路灯不亮，\n请尽快修理", "open")
    assert three.token(id) == [{"service_request_id": id, "token": id}]
    assert id in [one["service_request_id"] for one in three.requests(town.LAMPS, count=1000)]


def test_three_reports_with_a_picture(served: Served, three: Any, tmp_path: Path) -> None:
    picture = tmp_path / "lamp.jpg"
    picture.write_bytes(jpeg())
    with picture.open("rb") as file:
        given = three.post(town.LAMPS, lat="50.785", long="121.505", description="有图", media=file)
    (one,) = three.request(on_board(served, given[0]["service_request_id"]))
    assert three.session.get(one["media_url"]).headers["Content-Type"] == "image/jpeg"


def test_three_reads_xml_as_far_as_it_can(three: Any) -> None:
    """It fails at taking XML apart under this Python, so it is taken apart here."""
    three.configure(format="xml")
    services = ElementTree.fromstring(three.services(convert=False))
    assert town.LAMPS in [one.text for one in services.iterfind("service/service_code")]
    assert ElementTree.fromstring(three.requests(convert=False)).tag == "service_requests"
    assert ElementTree.fromstring(three.get("discovery", convert=False)).tag == "discovery"
    three.reset()


@pytest.mark.parametrize("format", ["json", "xml"])
def test_georeport_reads_in_both_formats(served: Served, app: Sender, format: str) -> None:
    client = GeoReport(root(served), jurisdiction="test.example", output_format=format)
    id = app.posted(description="坏了\n<修理> & 更换", jurisdiction_id="test.example")
    other = app.posted(description="又一件")
    services = client.get_service_list()
    assert {town.LAMPS, town.NOISE, town.RUBBISH} == {one["service_code"] for one in services}
    assert client.get_service_definition(town.LAMPS)["service_code"] == town.LAMPS
    one = client.get_service_request(id)
    assert (one["description"], one["status"], float(one["lat"])) == ("坏了\n<修理> & 更换", "open", 50.785)
    both = client.get_service_requests(service_request_id=f"{id},{other}")
    assert {each["service_request_id"] for each in both} == {id, other}
    found = client.get_service_requests(service_code=town.LAMPS, status="open", start_date="2026-11-01T00:00:00Z")
    assert id in [each["service_request_id"] for each in found]
    with pytest.raises(requests.HTTPError, match="400"):
        client.get_service_requests(start_date="2026-01-01T00:00:00Z", end_date="2026-12-01T00:00:00Z")


def test_georeport_finds_nothing(served: Served) -> None:
    """In JSON: an empty list in XML is more than it can read."""
    client = GeoReport(root(served))
    assert client.get_service_requests(start_date="2001-01-01T00:00:00Z") == []


def test_three_is_told_what_is_wrong(three: Any) -> None:
    assert three.post("matter-99999", lat="50.785", long="121.505")[0]["code"] == 404
    assert three.post(town.LAMPS)[0]["code"] == 400
    assert three.post(town.LAMPS, lat="50.785", long="121.505", api_key="wrong")[0]["code"] == 403


def test_450_cases_are_paged_through_each_once(served: Served, many: list[str]) -> None:
    """As one client does: it asks for 200 and stops at the first shorter page."""
    pages: list[list[dict[str, Any]]] = []
    while not pages or len(pages[-1]) == 200:
        asked = {"service_code": town.RUBBISH, "page_size": 200, "page": len(pages) + 1}
        pages.append(rows(served, "requests.json", **asked))
    assert [len(page) for page in pages] == [200, 200, 50]
    found = [one for page in pages for one in page]
    assert {one["service_request_id"] for one in found} == set(many)
    at = [one["requested_datetime"] for one in found]
    assert at == sorted(at, reverse=True)
    assert rows(served, "requests.json", service_code=town.RUBBISH, page_size=200, page=4) == []


def test_all_of_them_fit_into_one_page_of_1000(served: Served, many: list[str]) -> None:
    found = rows(served, "requests.json", service_code=f"{town.RUBBISH},{town.NOISE}", page_size=1000)
    assert {one["service_request_id"] for one in found} == set(many)
    repeated = (
        anybody(served)
        .get(root(served) + f"requests.json?service_code={town.RUBBISH}&service_code={town.NOISE}")
        .json()
    )
    assert repeated == found


def test_ids_are_all_returned_and_override_every_other_argument(served: Served, many: list[str]) -> None:
    ids = f"{many[3]},{many[1]},unknown,{many[2]}"
    found = rows(served, "requests.json", service_request_id=ids, status="closed", start_date="2001-01-01T00:00:00Z")
    assert {one["service_request_id"] for one in found} == {many[1], many[2], many[3]}
    assert len(found) == 3


SHAPES = [
    [("attribute[colour][]", "红"), ("attribute[colour][]", "绿")],
    [("attribute[colour][0]", "红"), ("attribute[colour][1]", "绿")],
    [("attribute[colour]", "红"), ("attribute[colour]", "绿")],
]


@pytest.mark.parametrize("shape", SHAPES)
def test_answers_to_unknown_questions_are_kept_as_words(
    served: Served, app: Sender, shape: list[tuple[str, str]]
) -> None:
    form = {
        "service_code": [town.LAMPS],
        "lat": ["50.785"],
        "long": ["121.505"],
        "description": ["灯"],
        "media_url": [""],
    }
    for name, value in shape:
        form.setdefault(name, []).append(value)
    form["media_url"] = ["http://a.example/1.jpg", "http://a.example/2.jpg"]
    # Key and jurisdiction in the address, and brackets percent-encoded, as some clients do.
    url = f"{root(served)}requests.json?api_key={app.key}&jurisdiction_id=test.example"
    id = on_board(served, _id(anybody(served).post(url, data=form)))
    seen = served.client("receiver").get(f"/requests/{id}").json()["details"]["text"]
    assert seen == (
        "灯\n\n【附加信息】\ncolour：红、绿\n图片链接：http://a.example/1.jpg\n图片链接：http://a.example/2.jpg"
    )
    assert rows(served, f"requests/{id}.json")[0]["description"] == "灯"


def test_a_plus_in_a_time_may_arrive_as_a_blank(served: Served, many: list[str]) -> None:
    (last,) = rows(served, "requests.json", service_request_id=many[-1])
    at = last["requested_datetime"].replace("Z", "+00:00")
    for written in (at.replace("+", "%2B"), at, at.replace("+", "%20")):
        found = anybody(served).get(root(served) + f"requests.json?start_date={written}&end_date={written}").json()
        assert many[-1] in [one["service_request_id"] for one in found]


def test_empty_arguments_are_absent(served: Served, many: list[str]) -> None:
    empty = "service_request_id=&service_code=&start_date=&end_date=&status=&page=&page_size=&jurisdiction_id=&bbox="
    assert len(anybody(served).get(root(served) + f"requests.json?{empty}").json()) >= MANY


def test_an_address_that_is_registered_gives_the_point(served: Served, app: Sender) -> None:
    body = {
        "code": "A-1", "name": "光明路12号", "aliases": ["光明小学"], "longitude": 121.507, "latitude": 50.786,
        "valid_from": "2020-01-01",
    }  # fmt: skip
    served.client("admin").post("/addresses", json=body).raise_for_status()
    for given in ({"address_id": "A-1"}, {"address_string": "光明路12号"}, {"address_string": "光明小学"}):
        id = app.posted(lat=None, long=None, **given)
        (one,) = rows(served, f"requests/{id}.json")
        assert (one["lat"], one["long"]) == (50.786, 121.507)
        assert (one["address"], one["address_id"]) == ("光明路12号", "A-1")


def test_an_address_nobody_registered_is_kept_and_the_area_is_the_place(served: Served, app: Sender) -> None:
    id = app.posted(lat=None, long=None, address_string="某小区5号楼201室")
    seen = served.client("receiver").get(f"/requests/{id}").json()
    assert (seen["request"]["place"], seen["details"]["address"]) == (town.DISTRICT, "某小区5号楼201室")
    (one,) = rows(served, f"requests/{id}.json")
    assert (one["lat"], one["address"]) == (None, "测试县")
