"""The two state charts, written down a second time: which event leads from which stage to which.

Written from the design and not from the code, so that a step the code allows by mistake is seen.
"""

ISSUE_CHART = """
reported     issue.voided                  voided
reported     issue.filed                   filed
reported     issue.solved_on_spot          solved
filed        issue.consultation_opened     consulting
consulting   issue.consultation_concluded  filed
filed        issue.assigned                assigned
assigned     issue.accepted                accepted
assigned     issue.return_asked            return_asked
accepted     issue.return_asked            return_asked
return_asked issue.return_granted          returned
return_asked issue.return_refused          assigned
return_asked issue.return_refused          accepted
returned     issue.assigned                assigned
accepted     issue.suspended               suspended
suspended    issue.resumed                 accepted
accepted     issue.resolved                resolved
resolved     issue.checked                 checked
resolved     issue.checked                 failed
solved       issue.checked                 checked
solved       issue.checked                 failed
failed       issue.rework_ordered          assigned
failed       issue.reopened                reported
checked      issue.closed                  closed
solved       issue.closed                  closed
resolved     issue.redo_ordered            assigned
failed       issue.redo_ordered            assigned
checked      issue.redo_ordered            assigned
closed       issue.redo_ordered            assigned
solved       issue.reopened                reported
checked      issue.reopened                reported
closed       issue.reopened                reported
"""
REQUEST_CHART = """
received     request.answered              answered
received     request.diverted              diverted
received     request.attached              attached
received     request.fed_back              fed_back
attached     request.detached              received
contacted    request.detached              received
attached     request.requester_contacted   attached
attached     request.requester_contacted   contacted
contacted    request.requester_contacted   contacted
attached     request.fed_back              fed_back
contacted    request.fed_back              fed_back
attached     request.called_back           called_back
contacted    request.called_back           called_back
fed_back     request.called_back           called_back
called_back  request.called_back           called_back
called_back  request.redo_ordered          attached
called_back  request.closed                closed
fed_back     request.closed                closed
"""
FINISHED = {"voided", "closed", "merged"}
STAGES = {word for line in ISSUE_CHART.split("\n") if line for word in line.split()[::2]} | {"merged"}
OPEN = STAGES - FINISHED
ASKED_IN_WORK = (
    "issue.extension_asked", "issue.extension_endorsed", "issue.extended", "issue.extension_refused",
    "issue.suspension_asked", "issue.suspension_refused",
)  # fmt: skip
APPEALS = ("issue.overdue_appealed", "issue.appeal_endorsed", "issue.appeal_granted", "issue.appeal_refused")
LED = {"assigned", "accepted", "suspended", "return_asked", "resolved", "failed", "checked"}
BESIDE = {
    "issue.escalated": OPEN - {"suspended"},
    "issue.sent_down": OPEN - {"suspended"},
    "issue.request_attached": OPEN,
    "issue.request_detached": OPEN | {"merged"},
    "issue.moved": OPEN | {"merged"},
    "request.moved": {"received", "attached", "contacted", "fed_back", "called_back"},
    "issue.absorbed": OPEN,
    "issue.released": STAGES - {"voided"},
    **{topic: {"accepted"} for topic in ASKED_IN_WORK},
    **{topic: {"closed"} for topic in APPEALS},
    "issue.supervision_ordered": LED,
    "issue.supervision_answered": LED | {"closed"},
    "issue.supervision_closed": STAGES,
}
"""Where these may happen; they move nothing."""


def allowed(before: str, topic: str, after: str) -> bool:
    """Whether the field knows this step."""
    if topic.partition(".")[2] in {"exemption_asked", "exempted", "exemption_refused"}:
        return before == after
    if topic == "issue.merged_into":
        return before in OPEN and after == "merged"
    if topic == "issue.unmerged":
        return before == "merged" and after in OPEN
    if topic in BESIDE:
        return before == after and before in BESIDE[topic]
    return [before, topic, after] in [line.split() for line in (ISSUE_CHART + REQUEST_CHART).split("\n")]
