"""附件 over HTTP: brought, named by cases, seen by whoever may see such a case, and by nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest

from application.attachments import Variant
from application.services import Services
from domain.attachment_refusals import NoSuchAttachment
from tests import pictures, town
from tests.case_calls import call, dispatch, done, receive, report
from tests.served import Served

ANOTHER = count(1)


def fresh() -> bytes:
    """A picture that nobody has brought yet."""
    return pictures.saved(pictures.picture(color=(next(ANOTHER), 30, 30)), "PNG")


def bring(served: Served, staff: str, content: bytes | None = None) -> str:
    """The digest of a file brought by a member of staff."""
    answer = served.client(staff).post("/attachments", content=content or fresh())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["digest"])


def seen(served: Served, staff: str, digest: str, variant: str = "", **query: str) -> int:
    """The status of looking at it."""
    path = f"/attachments/{digest}/{variant}".rstrip("/")
    return served.client(staff).get(path, params=query).status_code


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


# --- bringing -------------------------------------------------------------------------------------


def test_a_photo_is_taken_in_as_body_or_form_and_told_of_alike(served: Served) -> None:
    content = pictures.photo((400, 300), orientation=6)
    first = served.client("worker").post("/attachments", content=content, headers={"Content-Type": "text/html"})
    told = {
        "digest": sha256(content).hexdigest(), "media_type": "image/jpeg", "bytes": len(content), "width": 300,
        "height": 400, "taken_at": pictures.TAKEN_AT, "longitude": pictures.LONGITUDE, "latitude": pictures.LATITUDE,
    }  # fmt: skip
    assert (first.status_code, first.json()) == (201, told)
    again = served.client("worker").post("/attachments", files={"file": ("夜.exe", content, "application/x-dosexec")})
    assert (again.status_code, again.json()) == (201, told)
    assert served.client("receiver").post("/attachments", content=content).json() == told


def test_a_form_without_the_file_and_what_is_no_form_are_refused(served: Served) -> None:
    worker = served.client("worker")
    assert code_of(worker.post("/attachments", files={"photo": ("a.jpg", fresh())})) == (422, "no-file")
    assert code_of(worker.post("/attachments", data={"file": "text"}, files={"x": b"1"})) == (422, "no-file")
    broken = worker.post("/attachments", content=b"rubbish", headers={"Content-Type": "multipart/form-data"})
    assert code_of(broken) == (422, "malformed")


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", (415, "unsupported-file")), (pictures.SVG, (415, "unsupported-file")),
        (pictures.photo((640, 480))[:3_000], (422, "damaged-picture")),
        (pictures.png_bomb(), (422, "picture-too-large")),
        (pictures.jpeg() + b"\0" * 8 * 1_048_576, (413, "file-too-large")),
        (pictures.MP4 + b"\0" * 16 * 1_048_576, (413, "too-large")),
    ],
    ids=["empty", "svg", "cut off", "bomb", "8 MB", "16 MB"],
)  # fmt: skip
def test_a_hostile_file_is_refused(served: Served, content: bytes, refused: Any) -> None:
    answer = served.client("worker").post("/attachments", content=content)
    assert code_of(answer) == refused
    assert seen(served, "worker", sha256(content).hexdigest()) == 404


def test_who_has_not_signed_in_brings_and_sees_nothing(served: Served) -> None:
    digest = bring(served, "worker")
    for answer in (
        httpx.post(f"{served.url}/api/v1/attachments", content=fresh()),
        httpx.get(f"{served.url}/api/v1/attachments/{digest}"),
        httpx.get(f"{served.url}/api/v1/attachments/{digest}/public"),
    ):
        assert code_of(answer) == (401, "not-signed-in")


# --- looking --------------------------------------------------------------------------------------


def test_a_browser_is_told_what_it_gets_and_keeps_it_for_a_while(served: Served) -> None:
    content = pictures.photo((2000, 1000))
    digest, worker = bring(served, "worker", content), served.client("worker")
    original = worker.get(f"/attachments/{digest}")
    assert original.content == content
    headers = {name: original.headers[name] for name in original.headers}
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == f'inline; filename="{digest[:16]}.jpeg"'
    assert headers["cache-control"] == "private, max-age=600"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert len(original.headers.get_list("x-content-type-options")) == 1
    for variant, size in (("public", (1600, 800)), ("thumbnail", (320, 160))):
        drawn = worker.get(f"/attachments/{digest}/{variant}")
        assert pictures.opened(drawn.content).size == size
        assert b"Exif" not in drawn.content
        tag = {"If-None-Match": drawn.headers["etag"]}
        unchanged = worker.get(f"/attachments/{digest}/{variant}", headers=tag)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert worker.get("/work").headers["cache-control"] == "no-store"


def test_a_paper_is_downloaded_and_has_no_picture(served: Served) -> None:
    digest = bring(served, "receiver", pictures.PDF)
    paper = served.client("receiver").get(f"/attachments/{digest}")
    assert paper.headers["content-disposition"] == f'attachment; filename="{digest[:16]}.pdf"'
    assert paper.content == pictures.PDF
    answer = served.client("receiver").get(f"/attachments/{digest}/public")
    assert code_of(answer) == (404, "not-a-picture")


def test_until_a_case_names_it_only_who_brought_it_sees_it(served: Served) -> None:
    digest = bring(served, "worker")
    assert seen(served, "worker", digest) == 200
    for other in ("receiver", "roads", "admin", "auditor"):
        assert seen(served, other, digest) == 404
    assert seen(served, "worker", "0" * 64) == 404
    assert seen(served, "worker", "no-digest") == 422


def test_the_picture_of_an_issue_is_seen_by_who_may_see_the_issue(served: Served) -> None:
    digest = bring(served, "worker")
    issue = report(served, attachments=[digest, digest])
    receipt = served.client("worker").get(issue, params={"wait": last(served)})
    assert receipt.status_code == 200
    for staff in ("dispatcher", "supervisor", "auditor"):
        assert seen(served, staff, digest) == 200
        assert seen(served, staff, digest, "thumbnail", case=issue.removeprefix("/issues/")) == 200
    # A handler sees what their unit handles, and who works elsewhere nothing of here.
    for staff in ("roads", "elsewhere"):
        assert seen(served, staff, digest) == 404
        assert seen(served, staff, digest, case=issue.removeprefix("/issues/")) == 404
    first = served.client("worker").get(f"{issue}/timeline").json()[0]
    assert first["facts"]["attachments"] == [digest]
    (named,) = served.client("supervisor").get(f"{issue}/attachments").json()
    assert (named["digest"], named["media_type"], named["width"]) == (digest, "image/png", 64)
    assert named.keys() == {"digest", "media_type", "bytes", "width", "height"}
    assert served.client("elsewhere").get(f"{issue}/attachments").status_code == 404


def last(served: Served) -> str:
    """The newest position of the district's log."""

    async def ask(services: Services) -> int:
        return await services.logs.named(town.DISTRICT).last_position()

    return f"{town.DISTRICT}:{served.run(ask)}"


def test_the_picture_of_a_request_is_seen_by_its_lead_once_there_is_one(served: Served) -> None:
    digest = bring(served, "receiver")
    request = receive(served, attachments=[digest])
    assert seen(served, "roads", digest) == 404
    dispatch(served, request)
    served.client("dispatcher").get("/requests", params={"wait": last(served)}).raise_for_status()
    assert seen(served, "roads", digest) == 200
    assert seen(served, "water", digest) == 404
    assert [one["digest"] for one in served.client("roads").get(f"{request}/attachments").json()] == [digest]
    assert served.client("water").get(f"{request}/attachments").status_code == 404


def test_evidence_of_a_step_may_be_an_attachment_or_words(served: Served) -> None:
    digest = bring(served, "worker")
    issue = report(served)
    evidence = ["处置后照片", digest]
    done(served.client("worker"), f"{issue}/solve-on-spot", 1, measure="更换灯泡", evidence=evidence)
    served.client("worker").get(issue, params={"wait": last(served)}).raise_for_status()
    assert seen(served, "verifier", digest) == 200


# --- naming ---------------------------------------------------------------------------------------


def test_an_order_names_only_what_its_giver_may_see(served: Served) -> None:
    others, unknown = bring(served, "receiver"), "f" * 64
    for digest in (others, unknown):
        answer = call(served.client("worker"), "/issues", grid=town.GRID, text="路灯不亮", attachments=[digest])
        assert code_of(answer) == (404, "no-such-attachment")
        assert digest in answer.json()["detail"]
        issue = report(served)
        answer = call(served.client("worker"), f"{issue}/solve-on-spot", 1, measure="清理", evidence=[digest])
        assert code_of(answer) == (404, "no-such-attachment")
    answer = call(served.client("worker"), "/issues", grid=town.GRID, text="路灯不亮", attachments=["x"])
    assert code_of(answer) == (422, "malformed")


def test_a_retried_report_gets_its_first_answer(served: Served) -> None:
    digest = bring(served, "worker")
    body: dict[str, Any] = {"grid": town.GRID, "text": "路灯不亮", "attachments": [digest]}
    first = done(served.client("worker"), "/issues", key="attached-1", **body)
    assert done(served.client("worker"), "/issues", key="attached-1", **body) == first


def test_a_page_of_a_case_shows_the_pictures_of_that_case_alone(served: Served) -> None:
    digest, other = bring(served, "worker"), bring(served, "worker")
    case = UUID(report(served, attachments=[digest]).removeprefix("/issues/"))

    async def show(services: Services) -> None:
        found = await services.attachments.picture_of(case, digest, Variant.PUBLIC)
        assert (found.media_type, pictures.opened(found.content).size) == ("image/jpeg", (64, 48))
        named = await services.attachments.of_case(case)
        assert [(one.digest, one.media_type, one.width) for one in named] == [(digest, "image/png", 64)]
        for wrong, variant in ((digest, Variant.ORIGINAL), (other, Variant.PUBLIC)):
            with pytest.raises(NoSuchAttachment):
                await services.attachments.picture_of(case, wrong, variant)

    served.run(show)


def test_who_looked_is_on_record(served: Served) -> None:
    digest = bring(served, "worker")
    issue = report(served, attachments=[digest])
    served.client("dispatcher").get(issue, params={"wait": last(served)}).raise_for_status()

    async def readings(services: Services) -> list[Any]:
        await services.readings.flush()
        await services.reach(town.DISTRICT, await services.logs.named(town.DISTRICT).last_position())
        found = await services.reading_report.of_case(UUID(issue.removeprefix("/issues/")), after=0, limit=50)
        return [(one.by, one.fields) for one in found if "attachment" in one.fields]

    before = served.run(readings)  # what is held is told together, a reader's cases with all they read of them
    assert seen(served, "worker", digest) == 200
    assert served.run(readings) == before
    assert seen(served, "dispatcher", digest, "thumbnail") == 200
    assert served.run(readings) == [*before, ("dispatcher", ["attachment"])]


def test_many_bring_the_same_at_once(served: Served) -> None:
    content, staff = pictures.photo((1200, 900)), ["worker", "receiver", "dispatcher", "roads"] * 3
    for one in set(staff):
        served.client(one)  # signed in once, not by two threads at a time
    with ThreadPoolExecutor(len(staff)) as pool:
        digests = set(pool.map(lambda one: bring(served, one, content), staff))
    assert digests == {sha256(content).hexdigest()}
    assert [seen(served, one, *digests) for one in set(staff)] == [200] * 4


# --- sweeping -------------------------------------------------------------------------------------


def test_what_nobody_has_named_for_a_day_is_swept_away(served: Served) -> None:
    idle, named = bring(served, "worker"), bring(served, "worker")
    report(served, attachments=[named])

    async def sweep(services: Services, days: int) -> int:
        store = services.attachments._store
        return await store.sweep(services.clock() + timedelta(days=days))

    assert served.run(lambda services: sweep(services, -1)) == 0
    assert seen(served, "worker", idle) == 200
    assert served.run(lambda services: sweep(services, 1)) > 0
    assert seen(served, "worker", idle) == 404
    served.client("worker").get("/issues", params={"wait": last(served)}).raise_for_status()
    assert seen(served, "worker", named) == 200
    assert served.run(lambda services: sweep(services, 1)) == 0
