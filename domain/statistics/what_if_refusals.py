"""The nos of what if 试算."""

from domain.refusals import Refused


class NoSuchWhatIf(Refused):
    """没有这次试算"""

    hint = "没有试算 {job}，或不是您提出的；保存期满的已清除。"


class WhatIfEmpty(Refused):
    """没有假设任何不同"""

    hint = "请至少给出一项假设：另一版时限规则、另一个工作日历，或另一组权重。"


class TooManyWhatIfs(Refused):
    """未完成的试算过多"""

    hint = "每人同时至多 {most} 次试算，请等先前的完成，或撤销其中的。"


class WhatIfOver(Refused):
    """试算已经结束"""

    hint = "这次试算{state}，不能再撤销。"


class DraftChanged(Refused):
    """假设的草案已改动"""

    hint = "时限规则 {edition} 在提出试算之后又改过，请重新提出。"
