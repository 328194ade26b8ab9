"""下一步: which stage waits for which role. The work queue of a person is read from here."""

from domain.actor import Actor, Role
from domain.stages import OPEN_ISSUE
from domain.stages import IssueStage as I
from domain.stages import RequestStage as R

ISSUE_WAITS_FOR: dict[I, frozenset[Role]] = {
    I.REPORTED: frozenset({Role.WORKER, Role.RECEIVER, Role.DISPATCHER}),
    I.FILED: frozenset({Role.DISPATCHER}),
    I.CONSULTING: frozenset({Role.DISPATCHER}),
    I.RETURN_ASKED: frozenset({Role.DISPATCHER}),
    I.RETURNED: frozenset({Role.DISPATCHER}),
    I.ASSIGNED: frozenset({Role.HANDLER}),
    I.ACCEPTED: frozenset({Role.HANDLER}),
    I.RESOLVED: frozenset({Role.VERIFIER}),
    I.SOLVED: frozenset({Role.VERIFIER}),
    I.FAILED: frozenset({Role.VERIFIER, Role.DISPATCHER}),
    I.CHECKED: frozenset({Role.RECEIVER, Role.VERIFIER}),
}
REQUEST_WAITS_FOR: dict[R, frozenset[Role]] = {
    R.RECEIVED: frozenset({Role.RECEIVER, Role.DISPATCHER}),
    R.ATTACHED: frozenset({Role.HANDLER}),
    R.CONTACTED: frozenset({Role.HANDLER}),
    R.CALLED_BACK: frozenset({Role.VERIFIER, Role.RECEIVER}),
}
CALL_BACK_ROLES = frozenset({Role.VERIFIER, Role.RECEIVER})
"""Whom a request waits for once the limit of its issue has ended."""


def waiting_asks(actor: Actor) -> dict[str, object]:
    """What of extensions, suspensions, appeals and supervision orders waits for the actor's roles."""
    reviews = {Role.DISPATCHER: "asked", Role.RECEIVER: "endorsed"}
    return {
        "dispatches": Role.DISPATCHER in actor.roles,
        "supervises": Role.SUPERVISOR in actor.roles,
        "handles": Role.HANDLER in actor.roles,
        "appeals": [appeal for role, appeal in reviews.items() if role in actor.roles],
    }


UNFINISHED = [stage.value for stage in I if stage in OPEN_ISSUE]
"""Stages in which somebody still coordinates an issue."""


LED_ISSUE, LED_REQUEST = {I.ASSIGNED, I.ACCEPTED}, {R.ATTACHED, R.CONTACTED}
"""Stages that wait for the lead alone, and not for everybody of a role."""


def waiting_stages(actor: Actor) -> dict[str, list[str]]:
    """The stages of issues and requests that wait for one of the actor's roles, and of those the ones led."""
    issue = [stage for stage, roles in ISSUE_WAITS_FOR.items() if roles & actor.roles]
    request = [stage for stage, roles in REQUEST_WAITS_FOR.items() if roles & actor.roles]
    return {
        "issue_stages": [stage.value for stage in issue if stage not in LED_ISSUE],
        "led_issue_stages": [stage.value for stage in issue if stage in LED_ISSUE],
        "request_stages": [stage.value for stage in request if stage not in LED_REQUEST],
        "led_request_stages": [stage.value for stage in request if stage in LED_REQUEST],
    }
