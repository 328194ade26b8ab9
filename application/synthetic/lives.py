"""Lives of cases in the base: which ways there are, how often each is gone, and what happens on it."""

from __future__ import annotations

from collections.abc import Callable

from application.synthetic import intake
from application.synthetic.catalogue import Category
from application.synthetic.handling import dispatch, file, handle
from application.synthetic.judging import call_back, close_voices, exempt, judge
from application.synthetic.strand import Strand
from domain.actor import Role
from domain.grid_issue import GridIssue
from domain.merging import merge, unmerge
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from domain.vocabulary import Channel

Life = Callable[[Strand, int], None]
"""What happens in a strand that has room for so many cases."""
MORE_VOICES = 0.14


def answered(strand: Strand, room: int) -> None:
    """A question, answered at once."""
    intake.answer(strand, intake.receive(strand, intake.grid_of(strand)))


def patrolled(strand: Strand, room: int) -> None:
    """Found on patrol; some are wrong, and residents call about some that are known."""
    grid, category = intake.grid_of(strand), intake.category_of(strand)
    issue = intake.report(strand, grid, category)
    if strand.happens(0.02):
        strand.wait(30)
        dispatcher = strand.setting.district.desk(Role.DISPATCHER, strand.chance)
        strand.issue_does(issue, dispatcher, issue.void, "重复上报")
        return
    _from_filing(strand, issue, grid, category, room)


def sensed(strand: Strand, room: int) -> None:
    """A device's alarm."""
    grid, category = intake.grid_of(strand), intake.category_of(strand)
    _from_filing(strand, intake.report(strand, grid, category, Channel.SENSOR), grid, category, room)


def solved_on_spot(strand: Strand, room: int) -> None:
    """Found and solved inside the grid; what a check finds undone is reported anew."""
    grid, category = intake.grid_of(strand), intake.category_of(strand)
    issue = intake.report(strand, grid, category)
    strand.wait(25)
    worker = strand.setting.district.worker(grid)
    strand.issue_does(issue, worker, lambda act: issue.solve_on_spot(act, measure="当场处置"))
    judge(strand, issue, [])
    if issue.stage is IssueStage.REPORTED:
        _from_filing(strand, issue, grid, category, 1)


def called(strand: Strand, room: int) -> None:
    """A resident calls, and an issue is opened for it."""
    grid, category = intake.grid_of(strand), intake.category_of(strand)
    about = strand.setting.district.department(category.department) if strand.happens(0.01) else ""
    request = intake.receive(strand, grid, category, about)
    issue = intake.open_issue(strand, request, grid, category)
    _from_filing(strand, issue, grid, category, room, [request], about)


def merged(strand: Strand, room: int) -> None:
    """Two call about the same, two issues are opened, and become one; now and then that was wrong."""
    grid, category = intake.grid_of(strand), intake.category_of(strand)
    first = intake.receive(strand, grid, category)
    issue = intake.open_issue(strand, first, grid, category)
    strand.wait(90)
    second = intake.receive(strand, grid, category)
    twin = intake.open_issue(strand, second, grid, category)
    strand.wait(40)
    dispatcher = strand.setting.district.desk(Role.DISPATCHER, strand.chance)
    act = strand.act(dispatcher)
    merge(act, issue=twin, into=issue)
    strand.setting.issues.stage_clocks.follow(issue, act)
    strand.keep(act, twin, issue)
    voices = [first, second]
    if strand.happens(0.1):
        strand.wait(60)
        act = strand.act(dispatcher, "不是同一处")
        unmerge(act, issue=twin, into=issue)
        strand.setting.issues.stage_clocks.follow(issue, act)
        strand.keep(act, twin, issue)
        voices = [first]
    _from_filing(strand, issue, grid, category, 1, voices)


WAYS: tuple[tuple[Life, int, float], ...] = (
    (answered, 1, 26), (patrolled, 1, 28), (solved_on_spot, 1, 8), (sensed, 1, 3), (called, 2, 33), (merged, 4, 2),
)  # fmt: skip
"""Each life with the least room it needs and its weight."""


def live(strand: Strand, room: int) -> None:
    """One of the lives there is room for."""
    fitting = [(life, weight) for life, least, weight in WAYS if least <= room]
    (life,) = strand.chance.choices([life for life, _ in fitting], weights=[weight for _, weight in fitting])
    life(strand, room)


def _from_filing(
    strand: Strand, issue: GridIssue, grid: str, category: Category, room: int,
    voices: list[ResidentRequest] | None = None, avoid: str = "",
) -> None:  # fmt: skip
    voices = voices if voices is not None else []
    _hear_more(strand, issue, grid, category, room, voices)
    file(strand, issue, category)
    _hear_more(strand, issue, grid, category, room, voices)
    dispatch(strand, issue, category, avoid)
    _hear_more(strand, issue, grid, category, room, voices)
    handle(strand, issue, voices)
    judge(strand, issue, voices)
    exempt(strand, issue)
    call_back(strand, issue, voices)
    close_voices(strand, voices)
    for voice in voices:
        exempt(strand, voice)


def _hear_more(
    strand: Strand, issue: GridIssue, grid: str, category: Category, room: int, voices: list[ResidentRequest]
) -> None:  # fmt: skip
    """Others call about the same (重复诉求); a few of them meant something else."""
    while len(strand.issues) + len(strand.requests) < room and strand.happens(MORE_VOICES):
        strand.wait(120)
        request = intake.receive(strand, grid, category)
        intake.attach(strand, request, issue)
        if strand.happens(0.05):
            strand.wait(60)
            intake.detach(strand, request, issue)
            intake.answer(strand, request)
        elif request.stage is RequestStage.ATTACHED:
            voices.append(request)
