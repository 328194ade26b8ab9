"""时限规则, a second edition on a real database: what is filed from then on follows it, open cases keep theirs."""

from __future__ import annotations

from tests import town
from tests.case_calls import done, seen
from tests.limit_calls import RULES, assigned, filed, hours, limit, publish
from tests.served import Served

FIRST, SECOND = "limits-1", "limits-2"


def test_a_second_edition_changes_limits_while_open_cases_keep_theirs(
    served: Served,
) -> None:
    admin, dispatcher, roads = (served.client(who) for who in ("admin", "dispatcher", "roads"))
    publish(admin, FIRST, RULES)
    path, receipt = assigned(served)
    waiting, filed_receipt = filed(served)
    before = seen(dispatcher, path, receipt)
    publish(admin, SECOND, [
        {"number": "1", "limits": {"accept": limit(10, "minute"), "check": limit(20, "minute")}},
        {"number": "2", "category": f"{town.LAMPS}-1", "rank": 1, "limits": {"handle": limit(3, "urgent_hour")}},
    ], based_on=FIRST)  # fmt: skip
    fresh, new_receipt = assigned(served)
    row = seen(dispatcher, fresh, new_receipt)
    assert (row["limit_amount"], row["limit_unit"]) == (3, "urgent_hour")
    assert hours(row, "accept_due", "assigned_at") * 60 == 10
    assert seen(dispatcher, path, new_receipt)["due"] == before["due"]
    receipt = done(roads, f"{path}/accept", receipt["version"])
    receipt = done(roads, f"{path}/resolve", receipt["version"], measure="更换灯泡")
    row = seen(roads, path, receipt)
    assert (row["due"], row["accept_due"]) == (before["due"], before["accept_due"])
    assert hours(row, "check_due", "resolved_at") == 2
    # Filed under the first edition, assigned under the second: the first holds.
    receipt = done(dispatcher, f"{waiting}/assign", filed_receipt["version"], lead=town.ROADS)
    row = seen(dispatcher, waiting, receipt)
    assert (row["limit_unit"], hours(row, "accept_due", "assigned_at")) == ("workday", 1)
    found = admin.get(f"/limit-rules/{SECOND}/difference").json()
    changed = {(one["stage"], one["change"]): (one["before"], one["after"]) for one in found["changes"]}
    assert changed["accept", "changed"] == ("1个紧急工作时", "10分钟")
    assert changed["handle", "added"] == ("", "3个紧急工作时")
    assert ("case", "withdrawn") in changed
