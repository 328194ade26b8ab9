"""No's of duty admissions 职责准入: who may review, what is pending, what cannot be dated back."""

from domain.refusals import Refused


class MixedLevels(Refused):
    """一件申请只能对同一级单位"""

    hint = "街道（乡镇）和社区（村）的准入由不同级别审核，{units} 不在同一级，请分开申请。"


class TooManyUnits(Refused):
    """申请的单位数不合要求"""

    hint = "一件申请应列 1 至 {most} 个单位，不得重复，实有 {count} 个。"


class AdmissionPending(Refused):
    """已有在审的准入申请"""

    hint = "{unit} 的 {category} 已在申请 {code} 中待审，请等其审结。"


class OwnUnitReviews(Refused):
    """申请单位不得自审"""

    hint = "{unit} 提出的申请须由其他单位的人员审核。"


class DatedBack(Refused):
    """准入不溯及既往"""

    hint = "{what}不得早于 {earliest}，所填为 {day}。"


class AdmittedAnew(Refused):
    """其后另有准入"""

    hint = "{unit} 的清单自 {since} 起又准入了 {category}，请先取消其后的准入。"
