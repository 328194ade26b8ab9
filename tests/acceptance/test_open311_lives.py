"""Open311 over the life of a case: what is open, what is closed, what is told of it, and what is shown no more."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from domain.actor import Act
from tests import town
from tests.case_calls import at, call, dispatch, done, receive, report, seen
from tests.open311_desk import REQUESTS, Sender, anybody, fits, get, on_board, root, rows, sender
from tests.pictures import jpeg, photo
from tests.served import Served


@pytest.fixture(scope="module")
def app(served: Served) -> Sender:
    """A client with a key for the district."""
    return sender(served, "lives")


def shown(served: Served, request: str, receipt: dict[str, Any]) -> dict[str, Any]:
    """The public request once the boards have reached a write."""
    seen(served.client("receiver"), request, receipt)
    (one,) = rows(served, f"{request[1:]}.json")
    fits(REQUESTS, [one])
    return one


def steps(served: Served, request: str) -> list[tuple[str, str]]:
    """Status words and sentences of what was told about a request."""
    id = request.rpartition("/")[2]
    found = rows(served, "servicerequestupdates.json")
    assert len({one["update_id"] for one in found}) == len(found)
    return [(one["status"], one["description"]) for one in found if one["service_request_id"] == id]


def test_a_request_is_open_until_it_is_closed_after_the_call_back(served: Served) -> None:
    receiver, roads, verifier = map(served.client, ["receiver", "roads", "verifier"])
    request = receive(served, channel="web")
    issue = dispatch(served, request)
    told = []

    def step(client: httpx.Client, path: str, version: int, minutes: int, **body: Any) -> None:
        one = shown(served, request, done(client, path, version, **body, happened_at=at(minutes)))
        told.append((one["status"], one["status_notes"]))

    step(roads, f"{issue}/accept", 4, 30)
    step(roads, f"{request}/contact", 2, 60, reached=True)
    step(roads, f"{issue}/resolve", 5, 1500, measure="更换灯具")
    step(roads, f"{request}/feed-back", 3, 1510, reply="已更换")
    step(verifier, f"{issue}/check", 6, 1800, passed=True)
    step(receiver, f"{issue}/close", 7, 1810)
    answers = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied"}
    step(verifier, f"{request}/call-back", 4, 3000, **answers)
    assert told == [
        ("open", "已关联，事件环节：签收"), ("open", "已联系，事件环节：签收"), ("open", "已联系，事件环节：办理反馈"),
        ("open", "已反馈，事件环节：办理反馈"), ("open", "已反馈，事件环节：核查通过"),
        ("open", "已反馈，事件环节：结案"),
        ("open", "已回访，事件环节：结案"),
    ]  # fmt: skip
    one = shown(served, request, done(verifier, f"{request}/close", 5, happened_at=at(3001)))
    assert (one["status"], one["status_notes"], one["agency_responsible"]) == ("closed", "已办结", "道路照明所")
    assert (one["updated_datetime"], one["expected_datetime"]) == ("2026-11-04T03:01:00Z", "2026-11-04T01:10:00Z")
    assert steps(served, request) == [
        ("action_scheduled", "已派遣承办单位"), ("investigating", "已受理立项，转入办理"),
        ("in_progress", "承办单位已联系反映人"), ("fixed", "承办单位已反馈办理结果，待回访"), ("closed", "已办结"),
    ]  # fmt: skip


def test_a_merged_case_is_closed_as_a_duplicate_and_open_again_when_it_is_parted(served: Served) -> None:
    dispatcher = served.client("dispatcher")
    request, other = receive(served, channel="web"), report(served)
    issue = dispatch(served, request)
    into = other.rpartition("/")[2]
    merged = shown(served, request, done(dispatcher, f"{issue}/merge", 4, into=into, happened_at=at(40)))
    assert (merged["status"], merged["status_notes"]) == ("closed", "已并案，与同一事项一并办理")
    assert steps(served, request)[-1] == ("duplicate", "已并案，与同一事项一并办理")
    closed = rows(served, "requests.json", status="closed", page_size=1000)
    assert request.rpartition("/")[2] in [one["service_request_id"] for one in closed]
    parted = shown(
        served, request, done(dispatcher, f"{issue}/unmerge", 5, into=into, reason="并错了", happened_at=at(50))
    )
    assert parted["status"] == "open"
    still = rows(served, "requests.json", status="open,closed", updated_after=parted["updated_datetime"])
    assert request.rpartition("/")[2] in [one["service_request_id"] for one in still]


def test_pictures_go_in_and_come_out_drawn_anew(served: Served, app: Sender) -> None:
    files = [("photo1", ("a.jpg", photo())), ("media[]", ("b.jpg", jpeg())), ("file_2", ("c", b"")), ("x", ("d", b"?"))]
    answer = app.post(description="有图", files=files)
    id = on_board(served, answer.json()[0]["service_request_id"])
    (one,) = rows(served, f"requests/{id}.json", extensions="true")
    assert len(one["media_urls"]) == 2
    assert one["media_url"] == one["media_urls"][0]
    picture = anybody(served).get(one["media_url"])
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(BytesIO(picture.content)) as drawn:
        assert not drawn.getexif()
    for path in (f"media/{id}/{'0' * 64}.jpg", f"media/{'0' * 36}/x.jpg", f"media/{id}.jpg", "media/.jpg"):
        assert get(served, path).status_code == 404
    again = app.post(description="又一件", files=[("media", ("a.exe", b"MZ" + bytes(100)))])
    assert (again.status_code, again.json()[0]["description"].partition("：")[0]) == (400, "unsupported-file")


def test_a_picture_of_others_is_not_shown(served: Served) -> None:
    receiver = served.client("receiver")
    brought = receiver.post("/attachments", content=jpeg((1, 2, 3))).json()["digest"]
    id = on_board(served, receive(served, channel="web", attachments=[brought]))
    (one,) = rows(served, f"requests/{id}.json")
    assert one["media_url"] is None
    assert get(served, f"media/{id}/{brought}.jpg").status_code == 404


def test_of_somebody_whose_words_are_restricted_nothing_is_shown_any_more(served: Served, app: Sender) -> None:
    files = [("media", ("a.jpg", jpeg((9, 9, 9))))]
    id = on_board(served, app.post(description="请勿再提", files=files).json()[0]["service_request_id"])
    (one,) = rows(served, f"requests/{id}.json")
    receipt = done(served.client("receiver"), f"/requests/{id}/divert", 1, code="same_matter", reply="已在办")
    seen(served.client("receiver"), f"/requests/{id}", receipt)
    call(served.client("auditor"), "/audit/erasures", case=id, reason="本人要求").raise_for_status()
    (restricted,) = rows(served, f"requests/{id}.json")
    assert (one["description"], restricted["description"], restricted["media_url"]) == ("请勿再提", None, None)
    assert get(served, one["media_url"].removeprefix(root(served))).status_code == 404


def test_several_conditions_are_one_service_with_a_question(served: Served, app: Sender) -> None:
    async def publish(services: Any) -> None:
        for number, condition in ((2, "灯杆倾斜"), (3, "灯罩脱落")):
            await services.catalogue.publish(
                Act(town.ADMIN, town.START), code=f"{town.NOISE}-{number}", name="噪声扰民", class_name="测试大类",
                condition=condition, closing_condition="恢复原状", limit_amount=1, limit_unit="workday",
                edition="2015.1", valid_from=town.SINCE,
            )  # fmt: skip

    served.run(publish)
    served.run(lambda services: services.registry.refresh())
    (service,) = [one for one in rows(served, "services.json") if one["service_code"] == town.NOISE]
    assert (service["metadata"], service["description"]) == (True, "存在问题\n灯杆倾斜\n灯罩脱落")
    definition = get(served, f"services/{town.NOISE}.json").json()
    (question,) = definition["attributes"]
    assert question["values"][1] == {"key": "2", "name": "灯杆倾斜"}
    assert (question["datatype"], question["required"], question["order"]) == ("singlevaluelist", True, 1)
    assert app.post(service_code=town.NOISE).json()[0]["description"].startswith("missing-attribute：")
    assert app.post(service_code=town.NOISE, **{"attribute[condition]": "9"}).status_code == 400
    id = app.posted(service_code=town.NOISE, **{"attribute[condition][]": "2"})
    assert served.client("receiver").get(f"/requests/{id}").json()["request"]["category"] == f"{town.NOISE}-2"
    assert rows(served, f"requests/{id}.json")[0]["service_code"] == town.NOISE
    listed = rows(served, "requests.json", service_code=town.NOISE)
    assert [one["service_request_id"] for one in listed] == [id]


def test_a_change_of_the_catalogue_moves_the_changeset(served: Served) -> None:
    before = get(served, "discovery.json").json()["changeset"]
    body: dict[str, Any] = {"limit_amount": 3, "limit_unit": "workday", "edition": "2026.x"}
    done(served.client("admin"), f"/catalogue/{town.LAMPS}/set-limit", 1, **body)
    served.run(lambda services: services.registry.refresh())
    assert get(served, "discovery.json").json()["changeset"] > before


@pytest.mark.parametrize("name", ["bbox", "radius"])
def test_a_place_narrows_the_list(served: Served, app: Sender, name: str) -> None:
    near, far = app.posted(lat="50.7811", long="121.5011"), app.posted(lat="50.7889", long="121.5189")
    asked: dict[str, dict[str, Any]] = {
        "bbox": {"bbox": "121.5010,50.7810,121.5012,50.7812"},
        "radius": {"lat": 50.7812, "long": 121.5012, "radius": 30},
    }
    found = [one["service_request_id"] for one in rows(served, "requests.json", **asked[name])]
    assert near in found
    assert far not in found
