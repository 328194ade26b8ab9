"""Stories that begin with a voice: by telephone, on the web, at the counter, on a visit."""

from __future__ import annotations

from application.demonstration import issue_deeds, request_deeds
from application.demonstration.handling import (
    DISCONTENT,
    call_back,
    close_voices,
    dispatch,
    file,
    handle,
    judge,
    report,
)
from application.demonstration.places import DISTRICT, name_of
from application.demonstration.story import Story
from application.demonstration.texts import CALL, CONSULTED, DIVERTED, REPLY, SINCE, WISH
from application.demonstration.units_and_staff import HOTLINE, NAMES, RECEIVERS, VERIFIERS
from application.demonstration.wordings import DONE, SEEN, spots
from domain.vocabulary import Channel, Diversion, RequestKind

KINDS = (RequestKind.HELP, RequestKind.HELP, RequestKind.HELP, RequestKind.COMPLAINT, RequestKind.REPORT)
CHANNELS = (*[Channel.HOTLINE] * 7, Channel.WEB, Channel.WEB, Channel.COUNTER, Channel.DELEGATE, Channel.FORUM)


def receive(story: Story, case: str, *, complained_about: str = "", exact: bool = False) -> None:
    """受理 of what the story is about, as exact about the place as callers are, unless it is known to the grid."""
    matter, place = story.matter, story.place
    where = story.one_of(spots(matter.in_class))
    text = CALL.format(
        where=name_of(place.community) + where, seen=story.one_of(SEEN[matter.code]), since=story.one_of(SINCE),
        wish=story.one_of(WISH),
    )  # fmt: skip
    channel, kind = story.one_of(CHANNELS), RequestKind.COMPLAINT if complained_about else story.one_of(KINDS)
    known = place.code if exact else story.one_of((place.code, place.code, place.community, place.street, DISTRICT))
    details = {"title": f"{name_of(place.community)}{matter.called}", "text": text, "phone": phone(story)}
    if known == place.code:
        details["address"] = name_of(place.community) + where
    deed = request_deeds.receive(
        details, kind=kind, channel=channel, place=known,
        point=place.point(story.chance) if channel is Channel.WEB else None,
        category=matter.code if story.happens(0.6) else "", complained_about=complained_about,
        confidential=kind is RequestKind.REPORT,
    )  # fmt: skip
    story.add(story.one_of(RECEIVERS), deed, case=case)


def phone(story: Story) -> str:
    """A number that is nobody's."""
    return f"1380000{story.chance.randrange(10_000):04}"


def begin(story: Story, case: str = "issue", *, complained_about: str = "", exact: bool = False) -> None:
    """Receive a request and open its issue."""
    receive(story, "request", complained_about=complained_about, exact=exact)
    open_issue(story, case)


def open_issue(story: Story, case: str = "issue") -> None:
    """由诉求立事件 in the story's place."""
    story.voices.append("request")
    story.wait(3, 25)
    deed = request_deeds.open_issue("request", grid=story.place.code, category=story.matter.code)
    story.add(story.one_of(RECEIVERS), deed, case=case)


def join(story: Story, case: str) -> None:
    """One more voice on the story's issue."""
    receive(story, case)
    story.wait(2, 15)
    story.add(story.one_of(RECEIVERS), request_deeds.attach("issue"), case=case)
    story.voices.append(case)


def finish(story: Story) -> None:
    """Judge the issue, ask the callers, close all."""
    judge(story)
    call_back(story)
    close_voices(story)


def called_about(story: Story) -> None:
    """The usual call, from intake to call-back."""
    begin(story)
    file(story)
    dispatch(story)
    handle(story)
    finish(story)


def called_about_by_several(story: Story) -> None:
    begin(story)
    file(story)
    join(story, "request-2")
    dispatch(story)
    story.wait(10, 40)
    join(story, "request-3")
    handle(story)
    finish(story)


def complained_about_the_lead(story: Story) -> None:
    """Who is complained about does not get the case: another unit leads."""
    begin(story, complained_about=story.matter.lead or "")
    file(story)
    dispatch(story, "zj" if story.matter.lead != "zj" else "cg")
    handle(story)
    finish(story)


def answered(story: Story) -> None:
    """直接答复."""
    kind, asked, reply = CONSULTED[story.nth % len(CONSULTED)]
    channel = Channel.HOTLINE if story.happens(0.8) else Channel.WEB
    details = {"title": asked.rstrip("。"), "text": asked, "phone": phone(story)}
    receiver = story.one_of(RECEIVERS)
    story.add(receiver, request_deeds.receive(details, kind=kind, channel=channel, place=DISTRICT), case="request")
    story.wait(1, 12)
    story.add(receiver, request_deeds.answer(reply), case="request")


def diverted(story: Story) -> None:
    """分流, the six reasons in turn."""
    code = tuple(Diversion)[story.nth % len(Diversion)]
    asked, reply = DIVERTED[code]
    details = {"title": asked.rstrip("。"), "text": asked, "phone": phone(story)}
    receiver = story.one_of(RECEIVERS)
    received = request_deeds.receive(details, kind=RequestKind.HELP, channel=Channel.HOTLINE, place=DISTRICT)
    story.add(receiver, received, case="request")
    story.wait(1, 20)
    story.add(receiver, request_deeds.divert(code, reply), case="request")


def heard_on_a_visit(story: Story) -> None:
    """民情日记 and 接访日: the worker hears it, opens the issue and solves it there and then."""
    _hear_and_solve(story)
    call_back(story)
    close_voices(story)


def heard_again(story: Story) -> None:
    """重办 of what was solved on a visit: the caller says no, so it is reported anew and passed up."""
    _hear_and_solve(story)
    call_back(story, DISCONTENT)
    story.wait(5, 40)
    story.add(story.one_of(VERIFIERS), request_deeds.order_redo(), case="request", reason="redo")
    file(story)
    dispatch(story)
    handle(story)
    finish(story)


def _hear_and_solve(story: Story) -> None:
    matter, place = story.matter, story.place
    where = name_of(place.community) + story.one_of(spots(matter.in_class))
    text = f"走访时居民反映：{where}{story.one_of(SEEN[matter.code])}。"
    channel = Channel.VISIT_DIARY if story.nth % 3 else Channel.RECEPTION_DAY
    details = {"title": f"{name_of(place.community)}{matter.called}", "text": text, "address": where}
    received = request_deeds.receive(details, kind=RequestKind.HELP, channel=channel, place=place.code)
    story.add(place.worker, received, case="request")
    story.voices.append("request")
    story.wait(1, 5)
    story.add(place.worker, request_deeds.open_issue("request", grid=place.code, category=matter.code))
    story.wait(5, 60)
    story.add(place.worker, issue_deeds.solve_on_spot(story.one_of(DONE[matter.in_class])))
    judge(story)


def attached_to_the_wrong_issue(story: Story) -> None:
    """解除关联: another place after all, and answered by itself."""
    report(story)
    file(story)
    receive(story, "request")
    story.wait(2, 15)
    story.add(story.one_of(RECEIVERS), request_deeds.attach("issue"), case="request")
    story.wait(10, 60)
    story.add(story.one_of(RECEIVERS), request_deeds.detach("issue"), case="request", reason="detach")
    story.wait(5, 30)
    reply = REPLY.format(name=story.matter.called, unit=NAMES[HOTLINE], done="经核实该处已修复")
    story.add(story.one_of(RECEIVERS), request_deeds.answer(reply), case="request")
    dispatch(story)
    handle(story)
    judge(story)
