"""Stories that do not go smoothly: consultation, returns, rework, redo, exemption."""

from __future__ import annotations

from application.demonstration import issue_deeds, request_deeds
from application.demonstration.calls import begin, finish
from application.demonstration.handling import (
    DISCONTENT,
    call_back,
    check,
    close_voices,
    dispatch,
    file,
    handle,
    judge,
    lead_for,
    resolve,
)
from application.demonstration.story import Story
from application.demonstration.units_and_staff import DEPARTMENTS, DISPATCHERS, SUPERVISORS, VERIFIERS, handlers
from domain.vocabulary import ReturnReason


def consulted(story: Story) -> None:
    """派前会商 before the dispatch, with another department that then assists."""
    begin(story)
    file(story)
    story.wait(10, 40)
    lead = lead_for(story)
    other = _other_than(lead, story)
    dispatcher = story.one_of(DISPATCHERS)
    story.add(dispatcher, issue_deeds.open_consultation([lead, other]), reason="consult")
    story.work(1, 4)
    story.add(dispatcher, issue_deeds.conclude_consultation(lead), reason="concluded")
    dispatch(story, lead, assists=(other,))
    handle(story)
    finish(story)


def returned(story: Story) -> None:
    """退单 granted; every other time the next unit returns it too and the first gets it back (ping-pong)."""
    begin(story)
    file(story)
    first = lead_for(story)
    second = _other_than(first, story)
    dispatch(story, first)
    _give_back(story)
    dispatch(story, second)
    if story.nth % 2:
        _give_back(story)
        dispatch(story, first)
    handle(story)
    finish(story)


def return_refused(story: Story) -> None:
    """退单 refused: the same unit goes on, its clock resumed."""
    begin(story)
    file(story)
    dispatch(story)
    _ask_return(story)
    story.work(0.3, 3)
    story.add(story.one_of(DISPATCHERS), issue_deeds.refuse_return(), reason="refused")
    story.resume_clock()
    handle(story)
    finish(story)


def reworked(story: Story) -> None:
    """返工 after a failed check."""
    begin(story)
    file(story)
    dispatch(story)
    handle(story, 0.5)
    check(story, passed=False)
    story.wait(5, 60)
    story.add(story.one_of(VERIFIERS), issue_deeds.order_rework(), reason="failed")
    story.resume_clock()
    _handle_again(story)
    finish(story)


def redone(story: Story) -> None:
    """重办 after an unsatisfied call-back: a new clock for the same lead."""
    begin(story)
    file(story)
    dispatch(story)
    handle(story)
    judge(story)
    call_back(story, DISCONTENT)
    story.wait(5, 90)
    story.add(story.one_of(VERIFIERS), request_deeds.order_redo(), case="request", reason="redo")
    story.start_clock()
    handle(story)
    finish(story)


def handed_over(story: Story) -> None:
    """交接: who accepted and heard the caller is posted elsewhere, a colleague goes on."""
    begin(story)
    file(story)
    dispatch(story)
    story.use(story.chance.uniform(0.05, 0.2))
    story.add(story.handler, issue_deeds.accept())
    story.use(story.chance.uniform(0.25, 0.35))
    story.add(story.handler, request_deeds.contact(reached=True), case="request")
    story.wait(10, 60)
    giver, dispatcher = story.handler, story.one_of(DISPATCHERS)
    (story.handler,) = (code for code in handlers(story.lead) if code != giver)
    story.add(dispatcher, issue_deeds.hand_over(giver, story.handler, story.lead), reason="handed_over")
    hand_over = request_deeds.hand_over(giver, story.handler, story.lead)
    story.add(dispatcher, hand_over, case="request", reason="handed_over")
    resolve(story, 0.8)
    finish(story)


def exempted(story: Story) -> None:
    """剔除 of a late one: of the issue or of the request in turns, two in six refused."""
    begin(story)
    file(story)
    dispatch(story)
    handle(story, 1.3)
    judge(story)
    call_back(story, DISCONTENT)
    close_voices(story)
    story.work(0.5, 4)
    case, deeds = ("issue", issue_deeds) if story.nth % 2 == 0 or story.nth % 8 == 5 else ("request", request_deeds)
    granted = story.nth % 6 not in (2, 3)
    asker = story.handler if case == "issue" else story.one_of(DISPATCHERS)
    story.add(asker, deeds.ask_to_exempt(), case=case, reason="exempt")
    story.work(2, 10)
    said = "exempt_granted" if granted else "exempt_refused"
    story.add(story.one_of(SUPERVISORS), deeds.decide_to_exempt(granted=granted), case=case, reason=said)


def _handle_again(story: Story) -> None:
    """The caller has been told already: no second feed-back without a second round of theirs."""
    voices, story.voices = story.voices, []
    handle(story, 0.9)
    story.voices = voices


def _ask_return(story: Story) -> None:
    """The lead finds out within a part of its limit that it wants to give the case back."""
    story.use(story.chance.uniform(0.05, 0.3))
    code = story.one_of((ReturnReason.NOT_OUR_DUTY, ReturnReason.NOT_OUR_AREA, ReturnReason.WRONG_CATEGORY))
    story.add(story.handler, issue_deeds.ask_return(code), reason="return")
    story.stop_clock()


def _give_back(story: Story) -> None:
    _ask_return(story)
    story.work(0.3, 3)
    story.add(story.one_of(DISPATCHERS), issue_deeds.grant_return(), reason="granted")


def _other_than(lead: str, story: Story) -> str:
    return story.one_of([unit for unit in DEPARTMENTS if unit != lead])
