"""账号 over HTTP: an administrator keeps them, never their own; a password is its owner's."""

from __future__ import annotations

import httpx

from tests.served import Served

CHOSEN = {"password": "一句足够长的口令一二三四"}


def test_an_administrator_resets_a_password_and_old_tokens_end(served: Served) -> None:
    admin = served.client("admin")
    old = served.passwords["elsewhere"]
    token = _sign_in(served, "elsewhere", old).json()["token"]
    assert admin.post("/accounts/elsewhere/reset-password", json=CHOSEN).status_code == 204
    assert _sign_in(served, "elsewhere", old).status_code == 401
    assert _sign_in(served, "elsewhere", CHOSEN["password"]).status_code == 201
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{served.url}/api/v1/work", headers=headers).json()["type"] == "urn:wangge:problem:not-signed-in"


def test_a_stopped_account_opens_nothing_until_it_is_restored(served: Served) -> None:
    admin = served.client("admin")
    password = served.passwords["dispatcher-2"]
    assert admin.post("/accounts/dispatcher-2/stop").status_code == 204
    assert _sign_in(served, "dispatcher-2", password).status_code == 401
    assert admin.post("/accounts/dispatcher-2/restore").status_code == 204
    assert _sign_in(served, "dispatcher-2", password).status_code == 201


def test_nobody_else_keeps_accounts_and_no_administrator_their_own(served: Served) -> None:
    refused = served.client("receiver").post("/accounts/worker/reset-password", json=CHOSEN)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:wangge:problem:wrong-role")
    own = served.client("admin").post("/accounts/admin/reset-password", json=CHOSEN)
    assert (own.status_code, own.json()["type"]) == (403, "urn:wangge:problem:self-grant")


def test_a_password_is_changed_by_its_owner_who_knows_it(served: Served) -> None:
    water = served.client("water")
    wrong = water.post("/accounts/mine/change-password", json={"current": "不是这个口令"} | CHOSEN)
    assert wrong.json()["type"] == "urn:wangge:problem:bad-credentials"
    right = water.post("/accounts/mine/change-password", json={"current": served.passwords["water"]} | CHOSEN)
    assert right.status_code == 204
    assert _sign_in(served, "water", CHOSEN["password"]).status_code == 201


def test_an_account_is_opened_once(served: Served) -> None:
    again = served.client("admin").post("/accounts", json={"staff": "worker", "login": "worker"} | CHOSEN)
    assert (again.status_code, again.json()["type"]) == (409, "urn:wangge:problem:already-registered")


def _sign_in(served: Served, login: str, password: str) -> httpx.Response:
    return httpx.post(f"{served.url}/api/v1/tokens", json={"login": login, "password": password})
