"""Open311: discovery, services, reports sent in and read again, in both formats and to the letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from defusedxml import ElementTree

from application.services import Services
from tests import town
from tests.case_calls import done, receive
from tests.open311_desk import REQUESTS, SERVICES, Sender, anybody, fits, get, on_board, root, rows, sender
from tests.served import Served

LONG = "路灯不亮，天黑路滑，老人摔倒。\n" * 250


@pytest.fixture(scope="module")
def app(served: Served) -> Sender:
    """A client with a key for the district."""
    return sender(served, "app")


def test_discovery_tells_the_endpoint_and_both_formats(served: Served) -> None:
    found: dict[str, Any] = get(served, "discovery.json").json()
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert (endpoint["url"], endpoint["type"]) == (root(served).rstrip("/"), "production")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert datetime.fromisoformat(found["changeset"]) <= datetime.now(UTC)
    xml = ElementTree.fromstring(get(served, "discovery.xml").content)
    assert xml.tag == "discovery"
    assert [one.text for one in xml.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]
    assert (xml.findtext("contact"), xml.findtext("key_service")) == (found["contact"], found["key_service"])


def test_services_are_the_catalogue_in_force(served: Served) -> None:
    found = rows(served, "services.json")
    fits(SERVICES, found)
    assert [one["service_code"] for one in found] == sorted([town.LAMPS, town.RUBBISH, town.NOISE])
    assert (found[0]["service_name"], found[0]["metadata"], found[0]["group"]) == ("路灯", False, "测试大类")
    xml = ElementTree.fromstring(get(served, "services.xml").content)
    assert [one.findtext("metadata") for one in xml.iterfind("service")] == ["false"] * 3


def test_a_service_without_questions_has_an_empty_definition(served: Served) -> None:
    assert get(served, f"services/{town.LAMPS}.json").json() == {"service_code": town.LAMPS, "attributes": []}
    assert "<attributes/>" in get(served, f"services/{town.LAMPS}.xml").text


def test_a_report_becomes_a_request_of_the_web_channel(served: Served, app: Sender) -> None:
    answer = app.post(
        description="小区门口路灯不亮", first_name="某", last_name="李", phone="13900001111", email="li@example.org",
        device_id="abc", account_id="7",
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    (given,) = answer.json()
    assert set(given) == {"service_request_id", "service_notice", "account_id"}
    assert "2个工作日" in given["service_notice"]
    seen = served.client("receiver").get(f"/requests/{given['service_request_id']}").json()
    request = seen["request"]
    assert (request["channel"], request["place"], request["category"]) == ("web", town.GRID, town.LAMPS)
    assert request["received_by"] == "open311:app"
    assert seen["details"] == {
        "text": "小区门口路灯不亮", "name": "李某", "phone": "13900001111", "email": "li@example.org"
    }  # fmt: skip


def test_one_request_is_read_in_both_formats_with_every_element(served: Served, app: Sender) -> None:
    id = app.posted(description="灯\n不亮 <b>&amp;", address_string="幸福路三号楼一单元")
    found = rows(served, f"requests/{id}.json")
    fits(REQUESTS, found)
    (one,) = found
    assert (one["status"], one["status_notes"], one["description"]) == ("open", "受理", "灯\n不亮 <b>&amp;")
    assert (one["lat"], one["long"], one["service_name"]) == (50.785, 121.505, "路灯")
    assert one["address"] == "测试县东街道第一社区第1网格"
    xml = ElementTree.fromstring(get(served, f"requests/{id}.xml").content)
    (request,) = xml
    assert (xml.tag, request.tag) == ("service_requests", "request")
    assert [element.tag for element in request] == list(one)
    assert {e.tag: e.text for e in request} == {k: v if v is None else str(v) for k, v in one.items()}


def test_numbers_and_addresses_in_a_description_are_masked(served: Served, app: Sender) -> None:
    id = app.posted(description="找张三 13912345678 或 zhang@example.com，证件 15078519900101123X，9月30日")
    (one,) = rows(served, f"requests/{id}.json")
    assert one["description"] == "找张三 【已隐去】 或 【已隐去】，证件 【已隐去】，9月30日"


def test_4000_characters_go_in_and_come_out(served: Served, app: Sender) -> None:
    assert len(LONG) == 4000
    id = app.posted(description=LONG)
    assert rows(served, f"requests/{id}.json")[0]["description"] == LONG.strip()
    refused = app.post(description=LONG + "多")
    assert (refused.status_code, refused.json()[0]["code"]) == (400, 400)
    assert "4000" in refused.json()[0]["description"]


def test_the_answer_to_a_post_may_be_xml(served: Served, app: Sender) -> None:
    answer = app.post("xml", description="灯不亮")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    request = ElementTree.fromstring(answer.content).find("request")
    assert request is not None
    assert [element.tag for element in request] == ["service_request_id", "service_notice", "account_id"]


def test_a_retry_with_its_key_gets_the_first_answer(served: Served, app: Sender) -> None:
    key = {"Idempotency-Key": "r-1"}
    first = app.post(headers=key, description="重试").json()[0]["service_request_id"]
    # Another boundary is no other report.
    again = app.post(headers=key, description="重试", files={"x": b""})
    assert again.json()[0]["service_request_id"] == first
    other = app.post(headers=key, description="另一件")
    assert (other.status_code, other.json()[0]["description"].partition("：")[0]) == (400, "key-reused")


def test_a_token_is_the_id(served: Served, app: Sender) -> None:
    id = app.posted()
    assert rows(served, f"tokens/{id}.json") == [{"service_request_id": id, "token": id}]
    assert get(served, "tokens/nothing.xml").status_code == 404


def test_who_reported_is_never_told(served: Served, app: Sender) -> None:
    told = {"first_name": "某某", "last_name": "欧阳", "phone": "13912340000", "email": "someone@example.org"}
    id = app.posted(**told, address_string="某小区九号楼", description="路灯不亮，联系 13912340000")
    pages = [get(served, f"{path}.{form}").text for path in (f"requests/{id}", "requests") for form in ("xml", "json")]
    assert all(id in page for page in pages)
    words = ["欧阳", "13912340000", "someone@", "九号楼", "open311:app"]
    assert [word for word in words for page in pages if word in page] == []
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        dumped = str(connection.execute("SELECT to_json(e) FROM event e").fetchall())
    assert [word for word in words[:4] if word in dumped] == []


def test_reading_what_is_public_adds_nothing_to_a_log(served: Served, app: Sender) -> None:
    app.posted(description="公开的话")

    async def last(services: Services) -> list[int]:
        await services.readings.flush()
        return [await log.last_position() for log in services.logs.every()]

    before = served.run(last)
    rows(served, "requests.json")
    assert served.run(last) == before


def test_polls_of_adjoining_minutes_tell_each_step_once(served: Served, app: Sender) -> None:
    id = app.posted(description="分流")
    done(served.client("receiver"), f"/requests/{id}/divert", 1, code="same_matter", reply="已在办")
    _until(served, id, "closed")
    served.run(_caught_up)
    (step,) = [one for one in rows(served, "servicerequestupdates.json") if one["service_request_id"] == id]
    at = datetime.fromisoformat(step["updated_datetime"])

    def polled(since: int, until: int) -> list[str]:
        start, end = at + timedelta(seconds=since), at + timedelta(seconds=until)
        asked = {"start_date": start.isoformat(), "end_date": end.isoformat()}
        return [one["update_id"] for one in rows(served, "servicerequestupdates.json", **asked)]

    assert step["update_id"] in polled(0, 0)
    assert step["update_id"] in polled(-300, 0)
    assert step["update_id"] in polled(0, 300)
    assert step["update_id"] not in polled(-300, -1) + polled(1, 300)


def test_calls_are_counted_by_route_and_never_by_what_they_name(served: Served, app: Sender) -> None:
    id = app.posted()
    rows(served, f"requests/{id}.json")
    get(served, "nobody/knows/this.xml")
    figures = anybody(served).get(f"{served.url}/metrics").text
    assert 'route="/open311/v2/requests/{named}",status="200"' in figures
    assert id not in figures
    assert "nobody" not in figures


def test_what_people_told_others_is_not_published(served: Served, app: Sender) -> None:
    def hidden(**given: Any) -> bool:
        id = on_board(served, receive(served, channel="web", **given))
        return get(served, f"requests/{id}.json").status_code == 404

    assert hidden(confidential=True)
    assert hidden(complained_about=town.ROADS)
    assert hidden(kind="complaint")
    id = on_board(served, receive(served, channel="hotline"))
    assert get(served, f"requests/{id}.json").status_code == 404


def test_of_a_web_request_not_sent_in_here_neither_words_nor_the_point_are_shown(served: Served) -> None:
    id = on_board(served, receive(served, channel="web", place=None, longitude=121.5049, latitude=50.7851))
    (one,) = rows(served, f"requests/{id}.json")
    assert (one["description"], one["lat"], one["long"]) == (None, 50.79, 121.5)
    assert one["address"] == "测试县东街道第一社区"
    # Nor can the point be found by asking for smaller and smaller boxes.
    box = "121.5048,50.785,121.505,50.7852"
    ids = [
        one["service_request_id"] for one in rows(served, "requests.json", bbox=box, start_date="2026-11-01T00:00:00Z")
    ]
    assert id not in ids


def test_a_diverted_request_is_closed_and_says_why(served: Served, app: Sender) -> None:
    id = app.posted(description="应由物业负责")
    receiver = served.client("receiver")
    done(receiver, f"/requests/{id}/divert", 1, code="beyond_duty", reply="请联系物业")
    (one,) = _until(served, id, "closed")
    served.run(_caught_up)
    assert one["status_notes"] == "分流：超出政府职责，引导至市场或社会渠道"
    steps = [one for one in rows(served, "servicerequestupdates.json") if one["service_request_id"] == id]
    assert [(one["status"], one["description"]) for one in steps] == [
        ("not_councils_responsibility", "已分流：超出政府职责，引导至市场或社会渠道")
    ]


def _until(served: Served, id: str, status: str) -> list[dict[str, Any]]:
    """The request as soon as the boards show it so."""
    while True:
        found = rows(served, f"requests/{id}.json")
        if found[0]["status"] == status:
            return found


async def _caught_up(services: Services) -> None:
    """Every read model shows what is in the logs."""
    for log in services.logs.every():
        await services.reach(log.log_id, await log.last_position(), within_seconds=60)


def test_head_and_unknown_arguments_do_no_harm(served: Served) -> None:
    answer = anybody(served).head(root(served) + "services.xml")
    assert (answer.status_code, answer.content) == (200, b"")
    assert get(served, "services.json?locale=zh&x[]=1&&=&%00=%ff").status_code == 200
