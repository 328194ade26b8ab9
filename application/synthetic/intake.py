"""How cases of the base begin: who reports or calls, about what, where."""

from __future__ import annotations

from itertools import accumulate

from application.synthetic.arrivals import ZONE
from application.synthetic.catalogue import CATEGORIES, Category, weights
from application.synthetic.strand import Strand
from application.whereabouts import as_of_intake
from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.limit import LimitUnit
from domain.registry.entry import civil_day
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, Diversion, RequestKind

K, C = RequestKind, Channel
_MONTHS = [list(accumulate(weights(month))) for month in range(1, 13)]
_CHANNELS, _CHANNEL_SUMS = (C.HOTLINE, C.WEB, C.COUNTER, C.DELEGATE, C.FORUM, C.VISIT_DIARY), (80, 92, 96, 98, 99, 100)
_KINDS, _KIND_SUMS = (K.HELP, K.COMPLAINT, K.REPORT, K.SUGGESTION), (55, 85, 93, 100)
_ASKED, _ASKED_SUMS = (K.CONSULT, K.SUGGESTION, K.THANKS, K.OTHER), (80, 92, 95, 100)


def category_of(strand: Strand) -> Category:
    """By the season."""
    (found,) = strand.chance.choices(CATEGORIES, cum_weights=_MONTHS[strand.at.astimezone(ZONE).month - 1])
    return found


def grid_of(strand: Strand) -> str:
    """Where it is: some grids are far busier than others."""
    district = strand.setting.district
    (found,) = strand.chance.choices(district.grids, weights=district.busyness)
    return found


def report(strand: Strand, grid: str, category: Category, channel: Channel = C.PATROL) -> GridIssue:
    """上报 by the grid's worker; a device's alarm by a receiver."""
    district, on_patrol = strand.setting.district, channel is C.PATROL
    by = district.worker(grid) if on_patrol else district.desk(Role.RECEIVER, strand.chance)
    act = strand.act(by)
    issue = _reported(strand, act, grid, category, channel)
    strand.issues.append(issue)
    strand.keep(act, issue)
    return issue


def _reported(strand: Strand, act: Act, grid: str, category: Category, channel: Channel) -> GridIssue:
    edition = strand.setting.issues.registry.grid(grid).drawn_on(civil_day(act.at)).edition
    urgent = category.limit.unit is LimitUnit.URGENT_HOUR
    urgency = "urgent" if urgent else "complex" if strand.happens(0.04) else "normal"
    return GridIssue.report(
        act, id=strand.new_id(), subject=strand.some_id(), grid=grid, grid_edition=edition, category=category.code,
        channel=channel, urgency=urgency,
    )  # fmt: skip


def receive(strand: Strand, grid: str, category: Category | None = None, complained_about: str = "") -> ResidentRequest:
    """受理, as exact about the place as people are; without a category it is no matter for a grid."""
    chance, district = strand.chance, strand.setting.district
    kinds, sums = (_KINDS, _KIND_SUMS) if category else (_ASKED, _ASKED_SUMS)
    (kind,) = chance.choices(kinds, cum_weights=sums)
    (channel,) = chance.choices(_CHANNELS, cum_weights=_CHANNEL_SUMS)
    (digits,) = chance.choices((15, 12, 9, 6), cum_weights=(45, 70, 85, 100))
    place = grid[:digits]
    act = strand.act(district.desk(Role.RECEIVER, chance))
    noted = as_of_intake(strand.setting.issues.registry, place, civil_day(act.at))
    request = ResidentRequest.receive(
        act, id=strand.new_id(), subject=strand.some_id(), kind=kind, channel=channel, place=place,
        category=category.code if category and strand.happens(0.7) else "", complained_about=complained_about,
        confidential=kind is K.REPORT, **noted,
    )  # fmt: skip
    strand.requests.append(request)
    strand.keep(act, request)
    return request


def open_issue(strand: Strand, request: ResidentRequest, grid: str, category: Category) -> GridIssue:
    """由诉求立事件, within minutes."""
    strand.wait(8)
    act = strand.act(strand.setting.district.desk(Role.RECEIVER, strand.chance))
    issue = _reported(strand, act, grid, category, Channel(request.channel))
    _tie(act, request, issue)
    strand.setting.issues.stage_clocks.follow(issue, act)
    strand.issues.append(issue)
    strand.keep(act, issue, request)
    return issue


def attach(strand: Strand, request: ResidentRequest, issue: GridIssue) -> None:
    """关联 of one more voice."""
    strand.wait(10)
    act = strand.act(strand.setting.district.desk(Role.RECEIVER, strand.chance))
    _tie(act, request, issue)
    strand.setting.issues.stage_clocks.follow(issue, act)
    strand.keep(act, request, issue)


def detach(strand: Strand, request: ResidentRequest, issue: GridIssue) -> None:
    """解除关联: it was about something else."""
    act = strand.act(strand.setting.district.desk(Role.DISPATCHER, strand.chance))
    request.detach(act, issue=issue.id)
    issue.detach_request(act, request=request.id)
    strand.setting.issues.stage_clocks.follow(issue, act)
    strand.keep(act, request, issue)


def answer(strand: Strand, request: ResidentRequest) -> None:
    """直接答复, or 分流 of what is nobody's here."""
    by = _desk(strand)
    strand.wait(6)
    if strand.happens(0.12):
        code = strand.chance.choice(tuple(Diversion))
        strand.request_does(request, by, lambda act: request.divert(act, code=code))
    else:
        strand.request_does(request, by, request.answer)


def _desk(strand: Strand) -> Actor:
    return strand.setting.district.desk(Role.RECEIVER, strand.chance)


def _tie(act: Act, request: ResidentRequest, issue: GridIssue) -> None:
    request.attach(act, issue=issue.id)
    issue.attach_request(act, request=request.id, complained_about=request.complained_about)
