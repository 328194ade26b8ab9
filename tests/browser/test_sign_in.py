"""登录 in a browser: who gets in, where to, what a wrong password says, what the cookie keeps to itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look
from tests.browser.looking import PHONE
from tests.served import Served

HOMES = {
    "worker": "/work", "roads": "/work", "dispatcher": "/desk", "receiver": "/desk", "verifier": "/calls",
    "supervisor": "/board", "auditor": "/audit",
}  # fmt: skip


@contextmanager
def signed_in(served: Served, staff: str) -> Iterator[httpx.Client]:
    """A client that carries the cookie of a browser, and nothing else."""
    with httpx.Client(base_url=served.url, timeout=30) as client:
        client.post("/login", data={"login": staff, "password": served.passwords[staff]})
        yield client


@pytest.mark.parametrize(("staff", "home"), HOMES.items())
def test_signing_in_leads_to_ones_own_work(served: Served, staff: str, home: str) -> None:
    with signed_in(served, staff) as client:
        assert client.get("/").headers["location"] == home


def test_a_stranger_signs_in_and_gets_where_they_wanted(look: Look, served: Served) -> None:
    looking = look(None, viewport=PHONE)
    page = looking.page
    page.goto("/me")
    page.get_by_label("账号").fill("worker")
    page.get_by_label("口令").fill("falsch-falsch")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或口令不正确")
    assert page.get_by_label("账号").input_value() == "worker"
    assert looking.barriers() == []
    looking.picture("login-phone")
    page.get_by_label("口令").fill(served.passwords["worker"])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/me")
    expect(page.get_by_role("heading", level=1)).to_have_text("worker岗")
    assert looking.fits()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    page.goto("/me")
    page.wait_for_url("**/login?next=/me")


def test_a_page_loads_nothing_from_elsewhere_and_its_cookie_is_closed_to_scripts(look: Look) -> None:
    looking = look("worker", viewport=PHONE)
    asked: list[str] = []
    looking.page.on("request", lambda request: asked.append(request.url))
    answer = looking.page.goto("/me")
    assert answer
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert asked
    assert all(url.startswith(looking.served.url) for url in asked)
    assert looking.page.evaluate("document.cookie") == ""
    (cookie,) = looking.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


def test_a_session_reads_with_its_cookie_and_changes_only_with_the_proof_of_a_page(served: Served) -> None:
    with signed_in(served, "receiver") as client:
        assert client.get("/api/v1/requests").status_code == 200
        order = {"kind": "help", "text": "路灯不亮"}
        forged = client.post("/api/v1/requests", json=order)
        assert (forged.status_code, forged.json()["type"]) == (403, "urn:wangge:problem:not-from-our-page")
        assert client.post("/api/v1/requests", json=order, headers={"X-CSRF-Token": "0" * 64}).status_code == 403
        proof = client.get("/me").text.split('name="csrf" content="')[1][:64]
        assert client.post("/api/v1/requests", json=order, headers={"X-CSRF-Token": proof}).status_code == 201
        assert client.post("/logout", data={"csrf": "wrong"}).status_code == 403
        assert client.post("/session", headers={"X-CSRF-Token": proof}).status_code == 204


def test_another_site_neither_signs_people_in_nor_leads_them_away(served: Served) -> None:
    form = {"login": "worker", "password": served.passwords["worker"]}
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert httpx.post(f"{served.url}/login", data=form, headers=elsewhere, timeout=30).status_code == 403
    for wanted in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:0"):
        answer = httpx.post(f"{served.url}/login", data=form | {"next": wanted}, timeout=30)
        assert answer.headers["location"] == "/work", wanted


def test_assets_are_kept_for_ever_under_an_address_of_their_own(stranger: Page) -> None:
    stranger.goto("/login")
    address = stranger.locator("link[rel=stylesheet]").first.get_attribute("href")
    assert address
    answer = stranger.request.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert stranger.request.get("/login").headers["cache-control"] == "no-store"
    script = stranger.request.get(address.replace("palette.css", "charts-bundle.js"))
    assert script.status == 200
    assert len(script.body()) > 500_000
