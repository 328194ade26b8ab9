"""Statuses: the one table from refusals to HTTP statuses, and the refusals that only this face knows."""

from __future__ import annotations

from http import HTTPStatus

from domain import attachment_refusals as attachment_no
from domain import clock_refusals as clock_no
from domain import escalation_refusals as escalation_no
from domain import feed_refusals as feed_no
from domain import follow_refusals as follow_no
from domain import limit_refusals as limit_no
from domain import open311_refusals as open311_no
from domain import privacy_refusals as privacy_no
from domain import refusals as no
from domain import sign_in_refusals as sign_in_no
from domain import whistle_refusals as whistle_no
from domain.proof import refusals as proof_no
from domain.refusals import Refused
from domain.registry import calendar_refusals as calendar_no
from domain.registry import catalogue_refusals as catalogue_no
from domain.registry import dispatch_refusals as dispatch_no
from domain.registry import division_refusals as division_no
from domain.registry import duty_refusals as duty_no
from domain.registry import grid_refusals as grid_no
from domain.registry import limit_rule_refusals as limit_rule_no
from domain.registry import refusals as registry_no
from domain.registry import roster_refusals as roster_no
from domain.registry import rule_refusals as rule_no
from domain.registry import staff_refusals as staff_no
from domain.registry import unit_refusals as unit_no
from domain.statistics import bulletin_refusals as bulletin_no
from domain.statistics import ledger_refusals as ledger_no
from domain.statistics import policy_refusals as policy_no
from domain.statistics import refusals as statistics_no
from domain.statistics import what_if_refusals as what_if_no


class VersionMissing(Refused):
    """缺少版本条件"""

    hint = '请以 If-Match 头给出所见版本，如 If-Match: "3"。'


class BadCursor(Refused):
    """翻页游标无效"""

    hint = "请原样使用上一页返回的 next，或从头查询。"


class BadPeriodAsked(Refused):
    """查询时段无效"""

    hint = "起始 {start} 须早于截止 {end}。"


class HeaderRepeated(Refused):
    """请求头重复"""

    hint = "{headers} 只能出现一次。"


class NotFromOurPage(Refused):
    """请求不是由本系统页面发出"""

    hint = "请刷新页面后再试。"


class TooLarge(Refused):
    """请求内容过大"""

    hint = "请求正文不得超过 {bytes} 字节。"


class NoFile(Refused):
    """没有文件"""

    hint = "请把文件作为正文，或作为表单中名为 file 的一项。"


FORBIDDEN = (
    no.WrongRole,
    no.OutsideArea,
    no.NotLead,
    no.DutyConflict,
    no.ComplainedAbout,
    registry_no.SelfGrant,
    NotFromOurPage,
)
NOT_FOUND = (follow_no.NotFollowed, no.NoSuchCase, no.NoSuchLog, no.NoSuchEntry, grid_no.NoSuchAlias)
UNAUTHORIZED = (sign_in_no.BadCredentials, sign_in_no.NotSignedIn)
CONFLICT = (
    no.NothingToMove,
    no.WrongStage, no.LimitStillRunning, no.NoDeadline, no.AlreadyAttached, no.NotAttached, no.NotMerged,
    no.MergeWithSelf, no.OtherLog, no.VoicesAttached, no.ExemptionPending, no.NoExemptionAsked, no.AlreadyRegistered,
    no.AlreadyImported, no.RequesterContent, no.NotAdmitted, no.NotImported,
    no.AlreadyExempt, registry_no.NothingChanged, registry_no.NoLongerKept,
    registry_no.StillInUse, registry_no.GridsOverlap, grid_no.GridsGap, grid_no.OutsideCommunity, grid_no.AliasTaken,
    registry_no.DutyOnList, registry_no.DutyNotOnList, calendar_no.YearsApart,
)  # fmt: skip
UNPROCESSABLE = (
    grid_no.GroundNotKept, grid_no.BadSuccession, grid_no.NotASuccessor, grid_no.BadFeature,
    no.OutOfOrder, no.ImplausibleTime, no.ReasonMissing, no.NoCategory, no.AnswersIncomplete, no.BadCode,
    no.NotValidThen, no.BadPolygon, no.Nowhere, no.BadCoordinates, sign_in_no.WeakPassword, no.KeyReused, BadCursor,
    BadPeriodAsked, HeaderRepeated,
    registry_no.BadText, registry_no.BadPhone, registry_no.BadChoice, registry_no.BadAreas, registry_no.BadPeriod,
    calendar_no.NoWorkingCalendar, calendar_no.NotOfThatYear, calendar_no.InUseBefore,
    registry_no.BadLimit, registry_no.NotAGridWorker, registry_no.NoDutyList, registry_no.BadFile,
    registry_no.BadAliases,
)  # fmt: skip
RULES_CONFLICT = (
    rule_no.EditionPublished, rule_no.NoRules, rule_no.RulesTie, rule_no.RulesUnsound, rule_no.TooManyRules,
    bulletin_no.PeriodNotOver, bulletin_no.AlreadyIssued,
)  # fmt: skip
RULES_UNPROCESSABLE = (
    dispatch_no.BadRule, rule_no.NotRetroactive, dispatch_no.NoLead, limit_rule_no.BadLimitRule,
    policy_no.BadWeights, policy_no.BadHour, policy_no.BadMonthDay, policy_no.BadSmallCell,
)  # fmt: skip
STATISTICS_NOT_FOUND = (statistics_no.NoSuchNumber, statistics_no.NotPublished, statistics_no.MonthNotOver)
STATISTICS_UNPROCESSABLE = (
    statistics_no.PeriodTooLong, statistics_no.TooManyGroups, statistics_no.BadGrouping, statistics_no.NoSuchPart,
    statistics_no.BadMoment,
)  # fmt: skip
CATALOGUE_CONFLICT = (
    catalogue_no.LimitUndecided, catalogue_no.LimitSettled, catalogue_no.NothingUndecided, catalogue_no.EditionSettled,
    catalogue_no.EditionEmpty, catalogue_no.EditionTaken, catalogue_no.EditionDated, catalogue_no.NoLocalCode,
)  # fmt: skip
CLOCK_CONFLICT = (
    clock_no.Suspended, clock_no.AlreadyOverdue, clock_no.ExtensionPending, clock_no.NoExtensionAsked,
    clock_no.ExtensionNotEndorsed, clock_no.ExtensionAlreadyEndorsed, clock_no.ExtensionsUsedUp,
    clock_no.SuspensionPending, clock_no.NoSuspensionAsked, clock_no.AlreadySuspended, clock_no.NotYetOver,
    clock_no.NotLate, clock_no.AlreadyAppealed, clock_no.NoAppealMade, clock_no.AppealNotEndorsed,
    clock_no.AppealAlreadyEndorsed, clock_no.AlreadyAnswered,
)  # fmt: skip
STAFFING_NOT_FOUND = (roster_no.NoSuchShift, staff_no.NoSuchStandIn)
STAFFING_CONFLICT = (
    unit_no.SupervisionCycle, unit_no.SupervisedSince, unit_no.NotSupervised, unit_no.CopyOnRecord,
    unit_no.NoCopyRelation, staff_no.StoodInFor, staff_no.StandInChain, staff_no.OpenWorkLeft, staff_no.NotTheHandler,
    staff_no.ContactTaken, staff_no.NoContact, roster_no.ShiftsOverlap, roster_no.ShiftPast,
)  # fmt: skip
STAFFING_UNPROCESSABLE = (
    unit_no.CopyToItself, staff_no.NotFitToStandIn, staff_no.NotFitToTakeOver, staff_no.NotInHand, roster_no.BadShift,
    roster_no.NotOfTheUnit, roster_no.RangeTooLong,
)  # fmt: skip

WHISTLE_FORBIDDEN = (whistle_no.NotTheCaller, whistle_no.NotCalled, escalation_no.NotCoordinating)
WHISTLE_CONFLICT = (
    whistle_no.WhistleSounding, whistle_no.AlreadyArrived, whistle_no.AlreadyRated, whistle_no.NoStreetUnit,
    escalation_no.AtTheTop, escalation_no.NoUnitAbove, escalation_no.NotEscalated,
)  # fmt: skip
WHISTLE_UNPROCESSABLE = (whistle_no.CallerCalled, whistle_no.UnitNotCalled, whistle_no.BadStars)

STATUS: dict[type[Refused], HTTPStatus] = {
    **dict.fromkeys(WHISTLE_FORBIDDEN, HTTPStatus.FORBIDDEN),
    **dict.fromkeys(WHISTLE_CONFLICT, HTTPStatus.CONFLICT),
    **dict.fromkeys(WHISTLE_UNPROCESSABLE, HTTPStatus.UNPROCESSABLE_ENTITY),
    **dict.fromkeys(FORBIDDEN, HTTPStatus.FORBIDDEN),
    **dict.fromkeys(NOT_FOUND, HTTPStatus.NOT_FOUND),
    **dict.fromkeys(UNAUTHORIZED, HTTPStatus.UNAUTHORIZED),
    **dict.fromkeys(CONFLICT, HTTPStatus.CONFLICT),
    **dict.fromkeys(UNPROCESSABLE, HTTPStatus.UNPROCESSABLE_ENTITY),
    **dict.fromkeys(CLOCK_CONFLICT, HTTPStatus.CONFLICT),
    clock_no.BadSuspensionEnd: HTTPStatus.UNPROCESSABLE_ENTITY,
    clock_no.NoSuchSupervision: HTTPStatus.NOT_FOUND,
    division_no.NoSuchDoubt: HTTPStatus.NOT_FOUND,
    division_no.CodesOverlap: HTTPStatus.CONFLICT,
    division_no.CodeTaken: HTTPStatus.CONFLICT,
    division_no.StillCoded: HTTPStatus.CONFLICT,
    division_no.BadSuccessor: HTTPStatus.UNPROCESSABLE_ENTITY,
    division_no.NothingSupposed: HTTPStatus.UNPROCESSABLE_ENTITY,
    follow_no.AlreadyHeard: HTTPStatus.CONFLICT,
    follow_no.TooManyGuesses: HTTPStatus.TOO_MANY_REQUESTS,
    privacy_no.Forgotten: HTTPStatus.CONFLICT,
    privacy_no.AlreadyErased: HTTPStatus.CONFLICT,
    privacy_no.HeldAlready: HTTPStatus.CONFLICT,
    privacy_no.NotHeld: HTTPStatus.CONFLICT,
    privacy_no.KeysStillWrapped: HTTPStatus.CONFLICT,
    privacy_no.NothingToErase: HTTPStatus.NOT_FOUND,
    limit_no.LimitOutOfBounds: HTTPStatus.UNPROCESSABLE_ENTITY,
    limit_no.PauseBackwards: HTTPStatus.UNPROCESSABLE_ENTITY,
    limit_no.CalendarExhausted: HTTPStatus.UNPROCESSABLE_ENTITY,
    duty_no.OwnUnitReviews: HTTPStatus.FORBIDDEN,
    duty_no.AdmissionPending: HTTPStatus.CONFLICT,
    duty_no.AdmittedAnew: HTTPStatus.CONFLICT,
    duty_no.MixedLevels: HTTPStatus.UNPROCESSABLE_ENTITY,
    duty_no.TooManyUnits: HTTPStatus.UNPROCESSABLE_ENTITY,
    duty_no.DatedBack: HTTPStatus.UNPROCESSABLE_ENTITY,
    **dict.fromkeys(RULES_CONFLICT, HTTPStatus.CONFLICT),
    **dict.fromkeys(RULES_UNPROCESSABLE, HTTPStatus.UNPROCESSABLE_ENTITY),
    rule_no.NoSuchRule: HTTPStatus.NOT_FOUND,
    **dict.fromkeys(STATISTICS_NOT_FOUND, HTTPStatus.NOT_FOUND),
    **dict.fromkeys(STATISTICS_UNPROCESSABLE, HTTPStatus.UNPROCESSABLE_ENTITY),
    bulletin_no.NoSuchIssuance: HTTPStatus.NOT_FOUND,
    **dict.fromkeys(CATALOGUE_CONFLICT, HTTPStatus.CONFLICT),
    catalogue_no.ConditionNotDrafted: HTTPStatus.NOT_FOUND,
    catalogue_no.EditionTooEarly: HTTPStatus.UNPROCESSABLE_ENTITY,
    catalogue_no.TooManyToTry: HTTPStatus.UNPROCESSABLE_ENTITY,
    **dict.fromkeys(STAFFING_NOT_FOUND, HTTPStatus.NOT_FOUND),
    **dict.fromkeys(STAFFING_CONFLICT, HTTPStatus.CONFLICT),
    **dict.fromkeys(STAFFING_UNPROCESSABLE, HTTPStatus.UNPROCESSABLE_ENTITY),
    proof_no.NoSuchPosition: HTTPStatus.NOT_FOUND,
    proof_no.EventUnreadable: HTTPStatus.CONFLICT,
    proof_no.NotYetSealed: HTTPStatus.CONFLICT,
    proof_no.NoSuchExport: HTTPStatus.NOT_FOUND,
    proof_no.ExportUnderWay: HTTPStatus.CONFLICT,
    proof_no.ExportUnfinished: HTTPStatus.CONFLICT,
    proof_no.ShelfFull: HTTPStatus.CONFLICT,
    proof_no.TreeDamaged: HTTPStatus.CONFLICT,
    proof_no.SizesBackwards: HTTPStatus.UNPROCESSABLE_ENTITY,
    what_if_no.NoSuchWhatIf: HTTPStatus.NOT_FOUND,
    what_if_no.TooManyWhatIfs: HTTPStatus.CONFLICT,
    what_if_no.WhatIfOver: HTTPStatus.CONFLICT,
    what_if_no.DraftChanged: HTTPStatus.CONFLICT,
    what_if_no.WhatIfEmpty: HTTPStatus.UNPROCESSABLE_ENTITY,
    ledger_no.NoSuchColumn: HTTPStatus.UNPROCESSABLE_ENTITY,
    ledger_no.LedgerTooLong: HTTPStatus.UNPROCESSABLE_ENTITY,
    feed_no.NoSuchTopic: HTTPStatus.UNPROCESSABLE_ENTITY,
    feed_no.BadAddress: HTTPStatus.UNPROCESSABLE_ENTITY,
    feed_no.NoSuchDelivery: HTTPStatus.NOT_FOUND,
    feed_no.WebhookEnded: HTTPStatus.CONFLICT,
    feed_no.PastTheEnd: HTTPStatus.CONFLICT,
    feed_no.Closing: HTTPStatus.SERVICE_UNAVAILABLE,
    attachment_no.NoSuchAttachment: HTTPStatus.NOT_FOUND,
    attachment_no.NotAPicture: HTTPStatus.NOT_FOUND,
    attachment_no.UnsupportedFile: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    attachment_no.FileTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    attachment_no.PictureTooLarge: HTTPStatus.UNPROCESSABLE_ENTITY,
    attachment_no.DamagedPicture: HTTPStatus.UNPROCESSABLE_ENTITY,
    open311_no.BadApiKey: HTTPStatus.FORBIDDEN,
    open311_no.TooManyCalls: HTTPStatus.TOO_MANY_REQUESTS,
    open311_no.NoSuchService: HTTPStatus.NOT_FOUND,
    open311_no.NoSuchJurisdiction: HTTPStatus.NOT_FOUND,
    no.Stale: HTTPStatus.PRECONDITION_FAILED,
    VersionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    NoFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    sign_in_no.TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    no.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    no.NotYetVisible: HTTPStatus.SERVICE_UNAVAILABLE,
}
