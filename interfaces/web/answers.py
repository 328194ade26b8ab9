"""三个问题: what the form of the page asks, and what a filled-in one says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from application.following.self_rating import Answers
from domain.vocabulary import LABELS, Satisfaction, Solved


@dataclass(frozen=True)
class Question:
    """One question with its choices, by the value that is sent."""

    name: str
    asked: str
    choices: Mapping[str, str]


QUESTIONS = (
    Question("contacted", "承办单位联系过您吗？", {"yes": "联系过", "no": "没有联系"}),
    Question("solved", "问题解决了吗？", {one.value: LABELS[one] for one in Solved}),
    Question(
        "satisfaction", "您对办理满意吗？",
        {one.value: LABELS[one] for one in Satisfaction if one is not Satisfaction.UNRATED},
    ),
)  # fmt: skip


def answered(given: Mapping[str, str], *, longest: int) -> Answers | list[str]:
    """The answers, or what is wrong with them, in words."""
    wrong = [f"请回答：{one.asked}" for one in QUESTIONS if given[one.name] not in one.choices]
    comment = given["comment"].replace("\r\n", "\n").strip()
    if len(comment) > longest:
        wrong.append(f"想说的话请不超过 {longest} 字，现有 {len(comment)} 字。")
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in comment):
        wrong.append("想说的话里有不能保存的字符，请重新填写。")
    if wrong:
        return wrong
    return Answers(given["contacted"] == "yes", Solved(given["solved"]), Satisfaction(given["satisfaction"]), comment)
