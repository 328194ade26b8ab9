"""The no of whistles 吹哨报到."""

from domain.refusals import Refused


class NotTheCaller(Refused):
    """不是吹哨街道"""

    hint = "此哨由 {caller} 吹响，只有该街道（乡镇）的派遣员或管辖此地的督查员可以操作。"


class NotCalled(Refused):
    """未被此哨召集"""

    hint = "此哨召集的是 {called}，只有这些单位的承办人可以操作。"


class CallerCalled(Refused):
    """不能召集吹哨街道自己"""

    hint = "{unit} 是吹哨的街道（乡镇），只能召集其他单位。"


class WhistleSounding(Refused):
    """同一哨尚未销哨"""

    hint = "已为此事召集 {units}（哨 {whistle}），尚未销哨，不必重复吹哨。"


class AlreadyArrived(Refused):
    """该单位已报到"""

    hint = "{unit} 已于 {at} 报到。"


class AlreadyRated(Refused):
    """已经评价"""

    hint = "{rater} 已评价过 {rated}，每方只评一次。"


class UnitNotCalled(Refused):
    """该单位未被召集"""

    hint = "此哨召集的是 {called}，不能评价 {unit}。"


class BadStars(Refused):
    """评分不在 1 至 5 之间"""

    hint = "评分为 1 至 5 的整数，给出的是 {stars}。"


class NoStreetUnit(Refused):
    """所在街道没有登记的单位"""

    hint = "网格 {grid} 所在的街道（乡镇）在 {day} 没有登记的单位，请先由管理员登记。"
