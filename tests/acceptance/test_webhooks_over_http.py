"""Webhooks: opened by who may, delivered signed and in order, paused, resumed, ended, and on record."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from standardwebhooks import WebhookVerificationError

from domain.registry.entry import entry_id
from tests import town
from tests.case_calls import call, dispatch, receive, refused, report
from tests.feed_calls import LOG, NUMBERS, Hook, end_of, everything, hire, hook, receiver
from tests.receiver import Receiver, receiving
from tests.served import Served

__all__ = ["hook", "receiver"]

# --- what arrives ---------------------------------------------------------------------------------


def test_what_the_feed_tells_arrives_in_order_and_signed(served: Served, receiver: Receiver, hook: Hook) -> None:
    auditor = served.client("auditor")
    before = end_of(auditor)
    dispatch(served, receive(served))
    report(served)
    expected = everything(auditor, before)
    assert receiver.wait_for_accepted(len(expected)) == [one["id"] for one in expected]
    assert [one.verified(hook.secret) for one in receiver.taken] == expected
    assert receiver.taken[0].headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    with pytest.raises(WebhookVerificationError):
        receiver.taken[0].verified("whsec_" + "A" * 43 + "=")
    state = hook.seen()
    assert state["standings"][0]["backlog"] == 0
    assert {one["state"] for one in state["last"]} == {"delivered"}
    assert [one["position"] for one in state["last"]] == [one["position"] for one in reversed(expected)][:20]


def test_only_topics_asked_for_arrive_and_nothing_from_before_it_was_opened(served: Served, receiver: Receiver) -> None:
    report(served)
    hook = Hook(served, receiver, topics=["issue.assigned", "whistle.*"])
    issue = dispatch(served, receive(served))
    receiver.wait_for_accepted(1)
    receiver.wait_for(lambda: hook.standing()["backlog"] == 0)
    (only,) = [one.verified(hook.secret) for one in receiver.taken]
    assert (only["type"], f"/issues/{only['subject']}") == ("wangge.issue.assigned", issue)
    hook.do("end")


def test_paused_it_stands_still_and_resumed_it_loses_nothing(served: Served, receiver: Receiver, hook: Hook) -> None:
    hook.do("pause", reason="接收方检修")
    report(served)
    report(served)
    receiver.wait_for(lambda: hook.standing()["backlog"] == 2)
    assert receiver.taken == []
    refused(call(hook.admin, f"{hook.path}/pause", hook.seen()["version"]), 409, "nothing-changed")
    hook.do("resume")
    assert len(receiver.wait_for_accepted(2)) == 2


def test_a_new_secret_signs_beside_the_old_one_for_a_day(served: Served, receiver: Receiver, hook: Hook) -> None:
    fresh = hook.do("renew-secret").json()["secret"]
    assert fresh != hook.secret
    report(served)
    receiver.wait_for_accepted(1)
    assert receiver.taken[0].verified(fresh) == receiver.taken[0].verified(hook.secret)
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        connection.execute("UPDATE vault.webhook_secret SET ends_at = now() - interval '1 s' WHERE ends_at IS NOT NULL")
    report(served)
    receiver.wait_for_accepted(2)
    assert receiver.taken[1].verified(fresh)
    with pytest.raises(WebhookVerificationError):
        receiver.taken[1].verified(hook.secret)


def test_ended_it_is_silent_its_secret_destroyed_and_its_code_used_up(served: Served, receiver: Receiver) -> None:
    hook = Hook(served, receiver)
    hook.do("end", reason="平台下线")
    report(served)
    receiver.wait_for(lambda: _backlog_of_everybody(served))
    assert receiver.taken == []
    for step in ("pause", "resume", "renew-secret", "end"):
        refused(call(hook.admin, f"{hook.path}/{step}", hook.seen()["version"]), 409, "webhook-ended")
    refused(call(hook.admin, "/feed/webhooks", **hook.order), 409, "already-registered")
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        left = connection.execute("SELECT 1 FROM vault.webhook_secret WHERE webhook = %s", (hook.code,)).fetchall()
    assert left == []


def _backlog_of_everybody(served: Served) -> bool:
    """A second webhook, opened later, has taken what came after it: so has every other that would."""
    with receiving() as other:
        hook = Hook(served, other)
        report(served)
        other.wait_for_accepted(1)
        hook.do("end")
    return True


# --- who may, and what is taken -------------------------------------------------------------------


def test_a_retry_with_the_same_key_gets_the_same_secret_and_no_second_webhook(
    served: Served, receiver: Receiver
) -> None:
    admin = served.client("admin")
    order: dict[str, Any] = {"code": f"hook-{next(NUMBERS)}", "name": "数据平台", "url": receiver.url, "logs": [LOG]}
    first, again = (call(admin, "/feed/webhooks", key="open-it-once", **order) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    version = first.json()["receipt"]["version"]
    path = f"/feed/webhooks/{order['code']}"
    renewed, renewed_again = (call(admin, f"{path}/renew-secret", version, key="renew-once") for _ in range(2))
    assert renewed.json() == renewed_again.json()
    assert renewed.json()["secret"] != first.json()["secret"]
    assert call(admin, f"{path}/end", renewed.json()["receipt"]["version"]).is_success


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"url": "http://data.example.org/hook"}, 422, "bad-address"),
        ({"url": "https://10.1.2.3/hook"}, 422, "bad-address"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, 422, "bad-address"),
        ({"url": "https://a:b@data.example.org/hook"}, 422, "bad-address"),
        ({"url": "https://data.example.org/hook?key=1"}, 422, "bad-address"),
        ({"topics": ["issue.dreamt"]}, 422, "no-such-topic"),
        ({"topics": ["reading.recorded"]}, 422, "no-such-topic"),
        ({"logs": ["150781"]}, 404, "no-such-log"),
        ({"logs": []}, 422, "malformed"),
        ({"code": "a b"}, 422, "malformed"),
        ({"secret": "mine"}, 422, "malformed"),
    ],
)
def test_what_would_be_no_good_webhook_is_refused(
    served: Served, given: dict[str, Any], status: int, code: str
) -> None:
    order: dict[str, Any] = {
        "code": "never",
        "name": "数据平台",
        "url": "https://data.example.org/hook",
        "logs": [LOG],
    } | given
    refused(call(served.client("admin"), "/feed/webhooks", **order), status, code)
    refused(served.client("admin").get("/feed/webhooks/never"), 404, "no-such-entry")


def test_only_an_administrator_of_the_whole_log_opens_one(served: Served, hook: Hook) -> None:
    order: dict[str, Any] = {"code": "never", "name": "数据平台", "url": "https://data.example.org/hook", "logs": [LOG]}
    for staff in ("supervisor", "auditor", "worker"):
        refused(call(served.client(staff), "/feed/webhooks", **order), 403, "wrong-role")
        refused(call(served.client(staff), f"{hook.path}/pause", 1), 403, "wrong-role")
    hire(served, "street-admin", [town.STREET], role="admin")
    refused(call(served.client("street-admin"), "/feed/webhooks", **order), 403, "outside-area")
    refused(call(served.client("admin"), f"{hook.path}/pause"), 428, "version-missing")
    refused(call(served.client("admin"), f"{hook.path}/pause", 9), 412, "stale")


def test_auditors_see_webhooks_and_nobody_sees_a_secret(served: Served, hook: Hook) -> None:
    auditor = served.client("auditor")
    listed = auditor.get("/feed/webhooks").raise_for_status()
    one = auditor.get(hook.path).raise_for_status()
    assert hook.code in {item["code"] for item in listed.json()["items"]}
    assert one.headers["ETag"] == '"1"'
    assert hook.secret not in listed.text + one.text
    assert "whsec" not in listed.text + one.text
    refused(served.client("supervisor").get("/feed/webhooks"), 403, "wrong-role")
    refused(served.client("worker").get(hook.path), 403, "wrong-role")


def test_opening_and_pausing_are_events_without_the_secret(served: Served, hook: Hook) -> None:
    hook.do("pause", reason="接收方检修")
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        rows = connection.execute(
            "SELECT topic, actor_ref FROM event WHERE stream_id = %s ORDER BY version",
            (entry_id("webhook", hook.code),),
        ).fetchall()
        kept = connection.execute("SELECT place, holding FROM sweep_for(%s)", ([hook.secret[6:40]],)).fetchall()
    assert rows == [("webhook.opened", "admin"), ("webhook.paused", "admin")]
    assert [place for place, holding in kept if holding] == []


def test_a_new_master_key_wraps_secrets_too(served: Served, receiver: Receiver, hook: Hook) -> None:
    served.run(lambda services: services.keys.rotate(lambda done, total: None))
    served.run(lambda services: services.keys.retire())
    report(served)
    receiver.wait_for_accepted(1)
    assert receiver.taken[0].verified(hook.secret)
