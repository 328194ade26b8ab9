"""网格 over HTTP on a real database: the map is redrawn while cases are open, and nothing of the past changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from tests.case_calls import at, done, refused, seen
from tests.registry_calls import accepted, division, member, send
from tests.served import Served
from tests.town import LAMPS, STREET, STREET_OFFICE

TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()
YESTERDAY = TODAY - timedelta(days=1)
PERIOD = {"start": "2026-11-01T00:00:00+08:00", "end": f"{TODAY + timedelta(days=1)}T00:00:00+08:00"}
SOUTH, SIDE = 50.90, 0.01
PHONE = "0470-5220000"
numbers = count(11)


def ground(west: float, east: float) -> dict[str, Any]:
    """A strip of the field, in hundredths of a degree."""
    one, two = round(122 + west * SIDE, 6), round(122 + east * SIDE, 6)
    ring = [[one, SOUTH], [two, SOUTH], [two, SOUTH + SIDE], [one, SOUTH + SIDE], [one, SOUTH]]
    return {"type": "Polygon", "coordinates": [ring]}


class Field:
    """A community of its own with two grids side by side, 001 and 002."""

    def __init__(self, served: Served) -> None:
        self.served, self.admin = served, served.client("admin")
        self.nth = next(numbers)
        self.code = f"{STREET}{self.nth:03}"
        self.left, self.right = self.grid(1), self.grid(2)
        self.base = 4 * self.nth
        accepted(send(self.admin, "/divisions", **division(self.code)))
        for number, code in enumerate((self.left, self.right)):
            accepted(send(self.admin, "/grids", **self.told(code, number, number + 1), valid_from="2015-01-01"))

    def grid(self, number: int) -> str:
        return f"{self.code}{number:03}"

    def told(self, code: str, west: float, east: float) -> dict[str, Any]:
        drawn = ground(self.base + west, self.base + east)
        return {"code": code, "name": f"网格{code}", "geometry": drawn, "supervision_phone": PHONE}

    def point(self, east: float) -> dict[str, float]:
        return {"longitude": 122 + (self.base + east) * SIDE, "latitude": SOUTH + SIDE / 2}

    def issue(self, minutes: float = 0, **where: Any) -> str:
        """The path of an issue assigned to the roads, due two workdays later."""
        client = self.served.client("dispatcher")
        told = {"text": "路灯不亮", "category": LAMPS, "happened_at": at(minutes)} | where
        path = f"/issues/{done(client, '/issues', **told)['id']}"
        done(client, f"{path}/file", 1, happened_at=at(minutes + 1))
        done(client, f"{path}/assign", 2, happened_at=at(minutes + 2))
        return path

    def close(self, path: str) -> None:
        roads, verifier = self.served.client("roads"), self.served.client("verifier")
        done(roads, f"{path}/accept", 3, happened_at=at(10))
        done(roads, f"{path}/resolve", 4, measure="换灯", happened_at=at(60))
        done(verifier, f"{path}/check", 5, passed=True, happened_at=at(70))
        done(verifier, f"{path}/close", 6, happened_at=at(80))

    def request(self, **where: Any) -> str:
        told = {"kind": "help", "text": "路灯不亮", "category": LAMPS, "happened_at": at(0)} | where
        return f"/requests/{done(self.served.client('receiver'), '/requests', **told)['id']}"

    def called_back(self, **where: Any) -> str:
        """A request that was handled and answered for, still to be closed."""
        path = self.request(**where)
        done(self.served.client("dispatcher"), f"{path}/dispatch", 1, happened_at=at(5))
        answers: dict[str, Any] = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied"}
        late = at(20 * 24 * 60 - 60 * 12)
        done(self.served.client("verifier"), f"{path}/call-back", 2, happened_at=late, **answers)
        return path

    def statistics(self) -> dict[str, Any]:
        """The rates of the past by every kind of place, once the boards are there."""
        client, log = self.served.client("supervisor"), "150785"
        newest = self.served.run(lambda services: services.logs.named(log).last_position())
        told = {}
        for by in ("street", "community", "grid"):
            asked = PERIOD | {"by": by, "wait": f"{log}:{newest}"}
            groups = client.get("/stats/rates", params=asked).raise_for_status().json()["groups"]
            told[by] = {one["group"]: one for one in groups if self.code.startswith(one["group"][:12])}
        return told

    def split_left(self) -> list[str]:
        """001 becomes 011 and 012 as of today."""
        parts = [self.grid(11), self.grid(12)]
        into = [self.told(parts[0], 0, 0.5), self.told(parts[1], 0.5, 1)]
        version = self.admin.get(f"/grids/{self.left}").json()["version"]
        accepted(send(self.admin, f"/grids/{self.left}/split", version, into=into, last_day=str(YESTERDAY)))
        return parts

    def move(self, code: str, **how: Any) -> dict[str, Any]:
        moves: dict[str, Any] = self.admin.post(f"/grids/{code}/move-open-cases", json=how).raise_for_status().json()
        return moves

    def where(self, path: str) -> str:
        log = "150785"
        newest = self.served.run(lambda services: services.logs.named(log).last_position())
        case = seen(self.served.client("dispatcher"), path, {"log": log, "position": newest})
        return str(case["request"]["place"] if "request" in case else case["grid"])


@pytest.fixture
def field(served: Served) -> Field:
    return Field(served)


def test_a_split_is_published_while_cases_are_open_and_the_past_stays_as_it_was(field: Field) -> None:
    closed = field.issue(**field.point(0.2))
    field.close(closed)
    left, right = (field.issue(**field.point(east)) for east in (0.2, 0.8))
    nowhere = field.issue(grid=field.left)
    settled = field.called_back(**field.point(0.8))
    waiting = field.request(place=field.left)
    elsewhere = field.issue(**field.point(1.5))
    before = field.statistics()
    counts = before["grid"][field.left]["counts"]
    assert (counts["due"], counts["closed_on_time"], counts["valid_call_backs"]) == (5, 1, 1)

    parts = field.split_left()
    assert field.statistics() == before
    moves = field.move(field.left)
    assert (moves["issues"], moves["requests"], moves["after"]) == (3, 1, None)
    assert {one["id"] for one in moves["waiting"]} == {nowhere[8:], waiting[10:]}
    assert all("2 个" in one["why"] for one in moves["waiting"])
    assert [field.where(path) for path in (left, right, settled)] == [parts[0], parts[1], parts[1]]
    assert [field.where(path) for path in (closed, nowhere, waiting, elsewhere)] == [field.left] * 3 + [field.right]
    assert field.statistics() == before

    again = field.move(field.left)
    assert (again["issues"], again["requests"], len(again["waiting"])) == (0, 0, 2)
    field.served.run(lambda services: field.served.house.projector.rebuild())
    assert field.statistics() == before
    assert field.where(left) == parts[0]
    told = field.served.client("dispatcher").get(f"{left}/timeline").json()[-1]
    assert told["topic"] == "issue.moved"
    assert told["what"] == f"移格：由 网格{field.left}（第 1 版）移至 网格{parts[0]}（第 1 版），拆分"


def test_what_the_ground_does_not_tell_a_dispatcher_decides(field: Field) -> None:
    issue, request = field.issue(grid=field.left), field.request(place=field.left)
    dispatcher = field.served.client("dispatcher")
    early = send(dispatcher, f"{issue}/move", 3, grid=field.right)
    refused(early, 409, "nothing-to-move")
    parts = field.split_left()
    refused(send(dispatcher, f"{issue}/move", 3, grid="150785002002001"), 422, "not-a-successor")
    refused(send(dispatcher, f"{issue}/move", 3, grid=field.left), 422, "not-valid-then")
    refused(send(field.served.client("worker"), f"{issue}/move", 3, grid=parts[0]), 403, "wrong-role")
    assert accepted(send(dispatcher, f"{issue}/move", 3, grid=parts[0], reason="实地核对")) == 4
    assert accepted(send(dispatcher, f"{request}/move", 1, grid=parts[1])) == 2
    assert (field.where(issue), field.where(request)) == (parts[0], parts[1])
    refused(send(dispatcher, f"{issue}/move", 4, grid=parts[0]), 409, "nothing-to-move")


def test_neighbours_are_redrawn_together_and_their_open_cases_follow_the_ground(field: Field) -> None:
    stays, goes = field.issue(**field.point(0.2)), field.issue(**field.point(0.9))
    pointless = field.issue(grid=field.left)
    before = field.statistics()
    drawn = [{"code": code, "version": 1, "geometry": ground(field.base + west, field.base + east)}
             for code, west, east in ((field.left, 0, 0.7), (field.right, 0.7, 2))]  # fmt: skip
    alone = send(field.admin, f"/grids/{field.left}/redraw", 1, geometry=drawn[0]["geometry"])
    assert f"{field.left} 与 {field.right}" in refused(alone, 409, "grids-gap")["detail"]
    over = send(field.admin, f"/grids/{field.right}/redraw", 1, geometry=drawn[1]["geometry"])
    assert f"{field.left} 与 {field.right} 重叠" in refused(over, 409, "grids-overlap")["detail"]
    key = {"Idempotency-Key": f"redraw-{field.nth}"}
    for _ in range(2):
        answer = field.admin.post("/grids/redraw", json={"grids": drawn}, headers=key)
        assert accepted(answer) == 2
    refused(field.admin.post("/grids/redraw", json={"grids": drawn}), 412, "stale")
    moves = field.move(field.left)
    assert (moves["issues"], moves["waiting"]) == (3, [])
    assert [field.where(path) for path in (stays, goes, pointless)] == [field.left, field.right, field.left]
    assert field.statistics() == before
    assert field.move(field.left)["issues"] == 0
    dispatcher = field.served.client("dispatcher")
    assert dispatcher.get(stays).json()["grid_edition"] == 2


def test_a_merger_and_a_renumbering_carry_all_open_cases_in_steps(field: Field) -> None:
    cases = [field.issue(grid=field.left), field.issue(**field.point(1.5)), field.request(place=field.right)]
    refused(field.admin.post(f"/grids/{field.left}/move-open-cases", json={"limit": 0}), 422, "malformed")
    assert field.move(field.left) == {"issues": 0, "requests": 0, "left": 0, "waiting": [], "after": None}
    into = field.told(field.grid(21), 0, 2)
    grids = [{"code": code, "version": 1} for code in (field.left, field.right)]
    accepted(send(field.admin, "/grids/merge", grids=grids, into=into, last_day=str(YESTERDAY)))
    merged = field.admin.get(f"/grids/{field.grid(21)}").json()
    assert merged["predecessors"] == [field.left, field.right]
    first = field.move(field.right, limit=1)
    assert (first["issues"], first["requests"], first["after"]["kind"]) == (1, 0, "issue")
    second = field.move(field.right, limit=1, after=first["after"])
    assert (second["requests"], second["after"]) == (1, None)
    assert field.move(field.left)["issues"] == 1
    assert {field.where(path) for path in cases} == {field.grid(21)}

    renumbered = send(field.admin, f"/grids/{field.grid(21)}/renumber", 1, new_code=field.grid(31), last_day=str(TODAY))
    accepted(renumbered)
    assert field.move(field.grid(21))["issues"] == 0  # not before the day has come
    worker = field.served.client("worker").post(f"/grids/{field.left}/move-open-cases", json={})
    refused(worker, 403, "wrong-role")


def test_the_posting_is_public_and_names_posts_only(field: Field) -> None:
    url = f"{field.served.url}/api/v1/grids/{field.left}/posting"
    bare = httpx.get(url).raise_for_status().json()
    assert (bare["worker"], bare["worker_phone"]) == (None, None)
    code = f"post-{field.nth}"
    posted = {"unit": STREET_OFFICE, "roles": ["worker"], "areas": [field.left], "phone": "0470-5220009"}
    accepted(send(field.admin, "/staff", **member(code, name="第一网格网格员", **posted)))
    accepted(send(field.admin, f"/grids/{field.left}/assign-worker", 1, worker=code))
    accepted(send(field.admin, f"/grids/{field.left}/set-supervision-phone", 2, phone="0470-12345"))
    told = httpx.get(url).json()
    assert told == {
        "code": field.left, "name": f"网格{field.left}", "kind": "综合", "community": f"区划{field.code}",
        "area_m2": told["area_m2"], "worker": "第一网格网格员", "worker_phone": "0470-5220009",
        "supervision_phone": "0470-12345",
    }  # fmt: skip
    assert told["area_m2"] == pytest.approx(781_700, rel=0.01)
    accepted(send(field.admin, f"/grids/{field.left}/assign-worker", 3, worker=None))
    assert httpx.get(url).json()["worker"] is None
    gone = httpx.get(f"{field.served.url}/api/v1/grids/{field.grid(99)}/posting")
    refused(gone, 404, "no-such-entry")


def test_an_exported_map_is_imported_unchanged_and_a_wrong_one_is_named_and_refused(field: Field) -> None:
    exported = field.admin.get("/grids.geojson", params={"within": field.code})
    assert exported.headers["Content-Type"].startswith("application/geo+json")
    features = exported.json()["features"]
    assert [one["properties"]["code"] for one in features] == [field.left, field.right]
    path = "/grids/import"
    report = field.admin.post(path, content=exported.content).raise_for_status().json()
    assert (report["counts"]["unchanged"], report["taken"], report["position"]) == (2, True, None)
    features[0]["geometry"] = ground(field.base, field.base + 1.5)
    wrong = field.admin.post(path, json=exported.json() | {"features": features}).raise_for_status().json()
    assert (wrong["counts"]["rejected"], wrong["taken"]) == (1, False)
    assert f"{field.left} 与 {field.right} 重叠" in wrong["lines"][0]["note"]
    refused(field.served.client("worker").post(path, content=exported.content), 403, "wrong-role")
    refused(field.admin.post(path, content=b"x"), 422, "bad-file")


def test_boundaries_come_in_and_the_topology_is_told(field: Field) -> None:
    drawn = {"type": "Feature", "properties": {"code": field.code}, "geometry": ground(field.base, field.base + 3)}
    collection = {"type": "FeatureCollection", "features": [drawn]}
    asked = {"source": "勘界"}
    report = field.admin.post("/divisions/boundaries/import", params=asked, json=collection).raise_for_status().json()
    assert report["counts"]["added"] == 1
    topology = field.admin.get("/grids/topology", params={"within": field.code}).json()
    assert (topology["sound"], topology["overlaps"], topology["strays"]) == (False, [], [])
    (gap,) = topology["gaps"]
    assert gap["neighbours"] == [field.right]
    accepted(send(field.admin, "/grids", **field.told(field.grid(3), 2, 3), valid_from="2015-01-01"))
    assert field.admin.get("/grids/topology", params={"within": field.code}).json()["sound"]
    beyond = send(field.admin, "/grids", **field.told(field.grid(4), 3, 4), valid_from="2015-01-01")
    assert field.grid(4) in refused(beyond, 409, "outside-community")["detail"]


def test_aliases_are_given_found_and_ended(field: Field) -> None:
    path, asked = f"/grids/{field.left}", {"network": "综治网格", "number": f"Z-{field.nth}"}
    accepted(send(field.admin, f"{path}/give-alias", 1, **asked, since=str(YESTERDAY)))
    assert field.admin.get("/grids/by-alias", params=asked).json()["code"] == field.left
    taken = send(field.admin, f"/grids/{field.right}/give-alias", 1, **asked, since=str(TODAY))
    assert field.left in refused(taken, 409, "alias-taken")["detail"]
    accepted(send(field.admin, f"{path}/end-alias", 2, **asked, last_day=str(YESTERDAY)))
    refused(field.admin.get("/grids/by-alias", params=asked), 404, "no-such-alias")
    old = field.admin.get("/grids/by-alias", params=asked | {"valid_on": str(YESTERDAY)}).json()
    assert old["aliases"] == [asked | {"since": str(YESTERDAY), "last_day": str(YESTERDAY)}]


def test_a_grid_is_renamed_and_reclassified(field: Field) -> None:
    path = f"/grids/{field.left}"
    accepted(send(field.admin, f"{path}/rename", 1, name="滨河网格"))
    accepted(send(field.admin, f"{path}/reclassify", 2, kind="专属"))
    found = field.admin.get(path).json()
    assert (found["name"], found["kind"]) == ("滨河网格", "专属")
    refused(send(field.admin, f"{path}/reclassify", 3, kind="专属"), 409, "nothing-changed")
