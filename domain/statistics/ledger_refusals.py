"""The nos of ledgers 台账."""

from domain.refusals import Refused


class NoSuchColumn(Refused):
    """台账没有这一列"""

    hint = "台账“{ledger}”没有列“{column}”，可选：{choices}。"


class LedgerTooLong(Refused):
    """台账行数过多"""

    hint = "一份台账至多 {most} 行，所选超过此数；请缩短时段，或按街道、单位、事项、渠道、环节分开导出。"
