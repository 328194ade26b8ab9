"""三率: over valid call-backs of requests received in the period; exempted ones stand beside them."""

from dataclasses import replace

from domain.statistics import voices
from domain.statistics.number import Number, Shape, Told, Wording, full

_INSTANT = "诉求受理时间"
_VALID = "有效回访的诉求，已剔除的除外"
_KNOWN = "接诉即办三率通行算法（有效回访为分母）"

RESPONSE = Number(
    id="response_rate", name="响应率", shape=Shape.SHARE,
    wording=Wording("回访时反映人称已联系的", _VALID, _INSTANT, _KNOWN),
    kinds=("called_back",), values=("valid",), told=Told.VOICE, weigh=voices.each(voices.contacted), exempts=True,
)  # fmt: skip
RESOLUTION = replace(
    RESPONSE, id="resolution_rate", name="解决率", weigh=voices.each(voices.solved),
    wording=Wording("称已解决的，部分解决按权重", _VALID, _INSTANT, _KNOWN),
)  # fmt: skip
SATISFACTION = replace(
    RESPONSE, id="satisfaction_rate", name="满意率", weigh=voices.each(voices.satisfied),
    wording=Wording("称满意的，基本满意按权重", _VALID, _INSTANT, _KNOWN),
)  # fmt: skip
COMPOSITE = replace(
    RESPONSE, id="composite_score", name="综合得分", shape=Shape.SCORE, weigh=voices.each(voices.scored),
    wording=Wording("响应、解决、满意三率按权重相加", _VALID, _INSTANT, _KNOWN),
)  # fmt: skip
VALID_CALL_BACKS = Number(
    id="valid_call_back_rate", name="有效回访率", shape=Shape.SHARE,
    wording=Wording("回访有效的", "已回访的诉求", _INSTANT, _KNOWN),
    kinds=("called_back",), told=Told.VALUE, weigh=full("valid"),
)  # fmt: skip
VOICE_NUMBERS = (RESPONSE, RESOLUTION, SATISFACTION, COMPOSITE, VALID_CALL_BACKS)
