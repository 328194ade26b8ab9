"""Dispatching 派遣: asks the edition of the rules in force, then the catalogue, then the place, whom a case falls to.

Of the rules that match, the first by precedence whose lead is a unit valid that day decides; one whose lead is not
is passed over and said so. Without a rule the lead is the catalogue's, without that the street the case lies in
(属地: the owner of the place is the default lead), and without that nobody's but the dispatcher's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from application.dispatch.local_leads import unit_for
from application.dispatch.routing import Routing, RoutingInputs, RunnerUp, lost
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from application.registry.relations import standing_copies
from application.registry.unit_names import default_lead
from domain.lead_basis import LeadBasis
from domain.registry.case_type import CaseType
from domain.registry.dispatch_rule import DispatchRule, RuleInputs, lost_by
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.entry import civil_day
from domain.registry.rule_book import RuleBook
from domain.registry.rule_edition import in_force_at
from domain.registry.rule_time import Moment
from domain.registry.unit import Unit
from domain.workdays import WorkCalendar

_STREET = "@street"
_ALL = 1_000_000
_MOST_BOOKS, _MOST_RUNNERS_UP = 8, 50


class Dispatching:
    """Answers for one city; the calendar of the place reads the instants, where it has none `calendar`."""

    def __init__(self, registry: Registry, calendar: WorkCalendar) -> None:
        self._registry, self._calendars = registry, CalendarsInForce(registry, calendar)
        self._books: dict[str, tuple[int, RuleBook]] = {}

    def edition_at(self, at: datetime) -> DispatchRules | None:
        """The edition in force: of those begun by then, the one with the latest first day, then published last."""
        return in_force_at(self._registry.entries(DispatchRules, lambda _: True, limit=_ALL), at)

    def route(
        self, *, category: str, place: str, channel: str, at: datetime, edition: DispatchRules | None = None
    ) -> Routing:
        """Whom a case falls to by `edition`, or by the one in force. Refuses `NoSuchEntry` for the category.

        Raises ValueError for an instant beyond the years of the calendar.
        """
        case_type = self._registry.case_type(category)
        asked = edition or self.edition_at(at)
        calendar = self._calendars.of_place(place, civil_day(at))
        moment = Moment.of(at, calendar)
        inputs = RoutingInputs(
            category, place, channel, at, moment.day, moment.working, calendar.name, calendar.version
        )
        matching: list[DispatchRule] = []
        if asked is not None:
            matching = self._book(asked).matching(RuleInputs(category, place, channel, moment))
        routing = self._decided(inputs, case_type, "" if asked is None else asked.code, matching)
        return replace(routing, standing=self._standing(routing))

    def _decided(
        self, inputs: RoutingInputs, case_type: CaseType, edition: str, matching: list[DispatchRule]
    ) -> Routing:
        passed_over: list[RunnerUp] = []
        for nth, rule in enumerate(matching):
            lead = self._unit(rule.lead, inputs)
            if isinstance(lead, Unit):
                others = matching[nth + 1 : nth + 1 + _MOST_RUNNERS_UP]
                beaten = [lost(one, f"{lost_by(one, rule)}不及第 {rule.number} 条") for one in others]
                return self._by_rule(inputs, edition, rule, lead, (*passed_over, *beaten))
            passed_over.append(lost(rule, lead))
        return self._by_default(inputs, case_type, edition, tuple(passed_over))

    def _by_rule(
        self, inputs: RoutingInputs, edition: str, rule: DispatchRule, lead: Unit, runners_up: tuple[RunnerUp, ...]
    ) -> Routing:
        taken, left_out = {lead.code}, []
        others: dict[str, list[Unit]] = {"copies": [], "assists": []}
        for part, units in (("copies", rule.copies), ("assists", rule.assists)):
            for named in units:
                unit = self._unit(named, inputs)
                if not isinstance(unit, Unit):
                    left_out.append(unit)
                elif unit.code not in taken:
                    taken.add(unit.code)
                    others[part].append(unit)
        return Routing(
            inputs=inputs, basis=LeadBasis.RULE, reason=f"依派遣规则 {edition} 第 {rule.number} 条", edition=edition,
            rule=rule.number, rule_name=rule.name, lead=lead.code, copies=_codes(others["copies"]),
            assists=_codes(others["assists"]), off_list=_off_list([lead, *others["assists"]], inputs),
            left_out=tuple(left_out), runners_up=runners_up,
        )  # fmt: skip

    def _by_default(
        self, inputs: RoutingInputs, case_type: CaseType, edition: str, runners_up: tuple[RunnerUp, ...]
    ) -> Routing:
        on = civil_day(inputs.at)
        filing = case_type.on(on)
        usual = default_lead(self._registry, filing.content, on)
        why = [f"派遣规则 {edition} 没有适用的规则" if edition else "没有施行中的派遣规则"]
        for basis, named, said in (
            (LeadBasis.CATALOGUE, usual, f"依编目 {filing.edition} 的默认主办单位"),
            (LeadBasis.PLACE, _STREET, "依属地，由所在街道（乡镇）主办"),
        ):
            if named is None:
                why.append("编目没有默认主办单位")
                continue
            lead = self._unit(named, inputs)
            if isinstance(lead, Unit):
                return Routing(
                    inputs=inputs, basis=basis, reason=f"{'，'.join(why)}；{said}", edition=edition, lead=lead.code,
                    off_list=_off_list([lead], inputs), runners_up=runners_up,
                )  # fmt: skip
            why.append(lead)
        return Routing(
            inputs=inputs, basis=LeadBasis.NOBODY, reason="，".join(why), edition=edition, runners_up=runners_up
        )

    def _standing(self, routing: Routing) -> tuple[str, ...]:
        if routing.lead is None:
            return ()
        lead, beside = self._registry.unit(routing.lead), (*routing.copies, *routing.assists)
        on = civil_day(routing.inputs.at)
        return tuple(standing_copies(self._registry, lead, on, beside=beside, avoid=()))

    def _unit(self, named: str, inputs: RoutingInputs) -> Unit | str:
        return unit_for(self._registry, named, inputs.place, civil_day(inputs.at))

    def _book(self, edition: DispatchRules) -> RuleBook:
        """The edition laid out, kept while it reads the same."""
        version, book = self._books.get(edition.code, (0, None))
        if book is None or version != edition.version:
            book = RuleBook(edition.rules.values())
            self._books.pop(edition.code, None)
            while len(self._books) >= _MOST_BOOKS:
                del self._books[next(iter(self._books))]
            self._books[edition.code] = edition.version, book
        return book


def _off_list(units: list[Unit], inputs: RoutingInputs) -> tuple[str, ...]:
    return _codes([unit for unit in units if not unit.admits(inputs.category, civil_day(inputs.at))])


def _codes(units: list[Unit]) -> tuple[str, ...]:
    return tuple(unit.code for unit in units)
