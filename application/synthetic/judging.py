"""How what was done about an issue of the base is judged: check and rework, closing, call-back and redo, exemption."""

from __future__ import annotations

from application.synthetic.handling import handle
from application.synthetic.strand import Strand
from application.synthetic.town import UnitTraits
from domain.actor import Role
from domain.exempting import Case, ask_exemption, decide_exemption
from domain.grid_issue import GridIssue
from domain.registry.entry import civil_day
from domain.resident_request import ResidentRequest
from domain.stages import JUDGED, IssueStage, RequestStage
from domain.vocabulary import Satisfaction, Solved

MOST_ROUNDS = 3
EXEMPT_SHARE = 0.02
IN_VAIN, MOST_CALLS_IN_VAIN = 0.1, 2


def judge(strand: Strand, issue: GridIssue, voices: list[ResidentRequest]) -> None:
    """核查, with rework while it fails, and 结案."""
    district, chance = strand.setting.district, strand.chance
    traits = district.units.get(issue.lead)
    while not _passes(strand, issue, traits.botches if traits else 0.03):
        if issue.stage is IssueStage.REPORTED:
            return
        handle(strand, issue, [])
    strand.work(1)
    strand.issue_does(issue, district.desk(Role.VERIFIER, chance), issue.close)


def _passes(strand: Strand, issue: GridIssue, botches: float) -> bool:
    """核查 on the spot, and 返工 of what fails it."""
    strand.work(3)
    passed = issue.round >= MOST_ROUNDS or not strand.happens(botches)
    verifier = strand.setting.district.desk(Role.VERIFIER, strand.chance)
    strand.issue_does(
        issue, verifier, lambda act: issue.check(act, passed=passed), "" if passed else "现场未复原"
    )  # fmt: skip
    if not passed:
        strand.wait(40)
        terms = strand.setting.issues.same_terms(issue)
        strand.issue_does(issue, verifier, lambda act: issue.order_rework(act, terms=terms), "核查未通过")
    return passed


def call_back(strand: Strand, issue: GridIssue, voices: list[ResidentRequest]) -> None:
    """回访 of every voice after the lead's limit; who is not content may send it round again."""
    waiting = list(voices)
    while waiting:
        voice = waiting.pop(0)
        if strand.happens(0.04):
            continue  # nobody gets round to it
        _ask(strand, issue, voice)
        if _sent_round(strand, issue, voice):
            judge_again = [one for one in voices if one.stage is RequestStage.ATTACHED]
            handle(strand, issue, judge_again)
            judge(strand, issue, judge_again)
            waiting.append(voice)


def _ask(strand: Strand, issue: GridIssue, voice: ResidentRequest) -> None:
    district, chance = strand.setting.district, strand.chance
    due = issue.assignment.due if issue.assignment else None
    if due is not None:
        strand.at = max(strand.at, due)
    for _ in range(MOST_CALLS_IN_VAIN):
        if not strand.happens(IN_VAIN):
            break
        strand.work(4)
        strand.request_does(
            voice, district.desk(Role.VERIFIER, chance),
            lambda act: voice.call_back(act, due=due, handlers=issue.handled_by, valid=False), "无人接听",
        )  # fmt: skip
        if strand.happens(0.25):
            return
    strand.work(4)
    contacted, solved, satisfaction = _said(strand, issue)
    strand.request_does(
        voice, district.desk(Role.VERIFIER, chance),
        lambda act: voice.call_back(
            act, due=due, handlers=issue.handled_by, valid=True, contacted=contacted, solved=solved,
            satisfaction=satisfaction,
        ),
    )  # fmt: skip


def _said(strand: Strand, issue: GridIssue) -> tuple[bool, Solved, Satisfaction]:
    """What people say: worse of a unit that botches, worse of what was late."""
    traits = strand.setting.district.units.get(issue.lead) or UnitTraits(0.5, 0.5, 0.02, 0.03)
    bad = traits.botches + (0.08 if issue.grants.late else 0.0)
    contacted = not strand.happens(0.03 + bad / 3)
    if strand.happens(bad):
        solved = Solved.UNSOLVED if strand.happens(0.6) else Solved.PARTLY
        return contacted, solved, Satisfaction.DISSATISFIED if strand.happens(0.75) else Satisfaction.BASICALLY
    answers = (Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED, Satisfaction.UNRATED)
    (satisfaction,) = strand.chance.choices(answers, cum_weights=(78, 93, 96, 100))
    return contacted, Solved.SOLVED, satisfaction


def _sent_round(strand: Strand, issue: GridIssue, voice: ResidentRequest) -> bool:
    """重办, if the requester is not content and it is worth another round."""
    may = voice.stage is RequestStage.CALLED_BACK and not voice.content and issue.stage in JUDGED
    if not may or issue.assignment is None or issue.round >= MOST_ROUNDS or not strand.happens(0.4):
        return False
    strand.work(1)
    verifier = strand.setting.district.desk(Role.VERIFIER, strand.chance)
    act = strand.act(verifier, "反映人不满意")
    voice.order_redo(act)
    issues = strand.setting.issues
    issue.order_redo(act, request=voice.id, terms=issues.redo_terms(issue, civil_day(act.at)))
    issues.stage_clocks.follow(issue, act)
    strand.keep(act, voice, issue)
    return True


def close_voices(strand: Strand, voices: list[ResidentRequest]) -> None:
    """办结 of those who were asked."""
    for voice in voices:
        if voice.stage is RequestStage.CALLED_BACK:
            strand.wait(10)
            strand.request_does(voice, strand.setting.district.desk(Role.VERIFIER, strand.chance), voice.close)


def exempt(strand: Strand, case: Case) -> None:
    """剔除 asked for now and then, and decided by somebody else."""
    if not strand.happens(EXEMPT_SHARE):
        return
    district, chance = strand.setting.district, strand.chance
    does = strand.issue_does if isinstance(case, GridIssue) else strand.request_does
    strand.work(6)
    does(case, district.desk(Role.DISPATCHER, chance), lambda act: ask_exemption(act, case=case), "不可抗力")  # type: ignore[arg-type]  # each with its own
    strand.work(8)
    granted = strand.happens(0.6)
    supervisor = district.desk(Role.SUPERVISOR, chance)
    does(case, supervisor, lambda act: decide_exemption(act, case=case, granted=granted), "依办法审核")  # type: ignore[arg-type]  # as above
