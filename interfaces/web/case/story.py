"""Story 经过: a case's timeline in chapters: steps people took, and between them what the program noted by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from application.timeline import Told

QUIET = {
    "issue.deadline_warned", "issue.stage_clocks_set", "issue.deadline_recalculated", "request.call_back_came_due",
}  # fmt: skip
"""Steps that are folded: clocks set and warned of. One that was missed is not."""
_TONES = {
    "issue.deadline_missed": "late", "issue.return_asked": "held", "issue.suspended": "held", "issue.voided": "held",
    "issue.closed": "good", "request.closed": "good", "issue.resolved": "good", "issue.solved_on_spot": "good",
}  # fmt: skip
_ISSUE = ("issues", "（查看事件）")
_CASES = {"request": ("requests", "（查看诉求）"), "issue": _ISSUE, "into": _ISSUE}
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Chapter:
    """Steps shown one below the other; `quiet` ones are folded."""

    quiet: bool
    steps: list[Told]


def chapters(story: Sequence[Told]) -> list[Chapter]:
    """The story in order, neighbours of one kind together."""
    return [Chapter(quiet, list(steps)) for quiet, steps in groupby(story, lambda step: step.topic in QUIET)]


def tone(step: Told) -> str:
    """How a step's mark looks: late, held, good, or plain."""
    if step.topic == "issue.checked":
        return "good" if step.facts.get("passed") else "late"
    return _TONES.get(step.topic, "plain")


@dataclass(frozen=True)
class Sentence:
    """What a step says, around the case it names: `before`, the words of the link and its address, `after`."""

    before: str
    link: str = ""
    address: str = ""
    after: str = ""


def sentence(step: Told) -> Sentence:
    """What the step says, with the other case it names as a link in place of its id."""
    for name, (folder, word) in _CASES.items():
        before, named, after = step.what.partition(str(step.facts.get(name) or "\0"))
        if named:
            return Sentence(before.rstrip(), word, f"/{folder}/{named}", after)
    return Sentence(step.what)


def pictures(step: Told) -> list[str]:
    """The digests of attachments among a step's evidence."""
    return [one for one in _named(step.facts) if _DIGEST.fullmatch(one)]


def papers(step: Told) -> list[str]:
    """Evidence that is told by other names."""
    return [one for one in step.facts.get("evidence") or [] if not _DIGEST.fullmatch(one)]


def _named(facts: Mapping[str, object]) -> list[str]:
    found = [*_texts(facts.get("evidence")), *_texts(facts.get("attachments"))]
    return list(dict.fromkeys(found))


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
