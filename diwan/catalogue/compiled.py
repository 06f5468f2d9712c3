"""A published version as the engine and the screens read it: typed, immutable, kept in the process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from diwan.catalogue import variables
from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.fees import Charged, fee_of
from diwan.catalogue.former import LABEL, OUTCOME, PUBLIC, STEP, former_text
from diwan.catalogue.loader import read_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.rulebook import books, lamp_rule
from diwan.catalogue.schema import (
    About,
    Check,
    Consequence,
    Definition,
    Entry,
    FeeLine,
    FollowUp,
    Renewal,
    Result,
)
from diwan.catalogue.source import from_plain
from diwan.flow import Deadline, Table, from_json
from diwan.flow.table import Exit, Step, Text
from diwan.forms.context import FormContext
from diwan.forms.facts import derive
from diwan.forms.lamp import RETURNED, Lamp, lamp
from diwan.forms.lookups import Lookups
from diwan.forms.plan import FormPlan, LampRule, in_language
from diwan.kit.fees import Totals
from diwan.rules.errors import RuleError
from diwan.rules.rulebook import Rulebook
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

_GRAVITY: Final = ("clear", "referred", "manual", "returned", "blocked")
_FAILS: Final = {"block": "blocked", "return": "returned", "refer": "referred", "manual": "manual"}

__all__ = ["Charged", "ChecklistItem", "CompiledService", "build", "load_definition"]


PASS_MARK: Final = 80
"""The score at which a checklist passes."""


class ChecklistItem(NamedTuple):
    """One item of a visit's checklist. Weights of a checklist sum to 100."""

    code: str
    weight: int
    critical: bool
    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class CompiledService:
    """One version of a service. See the package's text for what is where."""

    version_id: int
    number: int
    patch: int
    definition: Definition
    table: Table | None
    _books: Mapping[str, Rulebook] = field(repr=False)
    _checklists: Mapping[str, tuple[ChecklistItem, ...]] = field(repr=False)

    # What it is
    @property
    def slug(self) -> str:
        return self.definition.slug

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def service_class(self) -> str:
        return self.definition.service_class

    @property
    def audiences(self) -> tuple[str, ...]:
        return self.definition.audiences

    @property
    def department(self) -> str:
        return self.definition.department

    @property
    def applicable(self) -> bool:
        return self.definition.applicable

    @property
    def internal(self) -> bool:
        return self.definition.internal

    @property
    def instant(self) -> bool:
        return self.definition.instant

    @property
    def quiet(self) -> bool:
        return self.definition.quiet

    @property
    def rating(self) -> bool:
        return self.definition.rating

    # What it is made of
    @property
    def form(self) -> FormPlan:
        return self.definition.form

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.definition.checks

    @property
    def fee_lines(self) -> tuple[FeeLine, ...]:
        return self.definition.fees

    @property
    def notices(self) -> Mapping[str, str]:
        return self.definition.notices

    @property
    def result(self) -> Result | None:
        return self.definition.result

    @property
    def entry(self) -> Entry | None:
        return self.definition.entry

    @property
    def renewal(self) -> Renewal | None:
        return self.definition.renewal

    @property
    def about(self) -> About | None:
        return self.definition.about

    @property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        return self.definition.follow_ups

    def consequences_on(self, step: str) -> tuple[Consequence, ...]:
        """What comes about when the case has the document of this step, or ends at it."""
        return tuple(each for each in self.definition.consequences if each.on == step)

    @property
    def deadline(self) -> Deadline | None:
        """The deadline of the whole: the workflow's, else the time promised on the card."""
        return (self.table.deadline if self.table is not None else None) or self.definition.deadline

    @property
    def standing_authority(self) -> str:
        """The decision under which results are sealed without an approver ("" when somebody approves)."""
        return (self.result.standing_authority or "") if self.result is not None else ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason code that the service uses."""
        return tuple(dict.fromkeys(code for codes in self.definition.reasons.values() for code in codes))

    def reason_codes(self, effect: str) -> tuple[str, ...]:
        """Reasons offered for an effect of an action (`return`, `reject`), or for a list by name (`check`,
        `cancel`)."""
        if effect in ("continue", "approve"):
            effect = "check"
        return self.definition.reasons.get(effect, ())

    def reasons_for(self, exit_: Exit) -> tuple[str, ...]:
        """Reasons offered with one way out of a step: the list that it names, else the list of its effect."""
        if exit_.reasons is not None:
            return self.definition.reasons.get(exit_.reasons.removeprefix("RSN-").lower(), ())
        return self.reason_codes(exit_.effect)

    def check(self, code: str) -> Check | None:
        """The check with this code, or None."""
        return next((check for check in self.checks if check.code == code), None)

    def checklist(self, code: str) -> tuple[ChecklistItem, ...]:
        """The items of a checklist; KeyError for an unknown one (refused at publish)."""
        return self._checklists[code]

    def scored(self, code: str, unmet: Collection[str]) -> dict[str, Any]:
        """What a checklist comes to with these items not met: `score` (weights of those met), the `critical` ones among
        them, and whether it `passed`: at `PASS_MARK`, with no critical item unmet (domain 6.2)."""
        items = self.checklist(code)
        score = sum(item.weight for item in items if item.code not in unmet)
        critical = [item.code for item in items if item.critical and item.code in unmet]
        return {"score": score, "critical": critical, "passed": score >= PASS_MARK and not critical}

    @property
    def by_hand(self) -> frozenset[str]:
        """Steps to which an automatic act leads when a register is silent: whoever acts there has looked by hand."""
        machine = [step for step in self.flow.steps.values() if step.kind == "automatic"]
        return frozenset(step.exits["manual"].to for step in machine if "manual" in step.exits)

    def has_field(self, key: str) -> bool:
        """Whether the form has this question or document slot."""
        return self.form.field(key) is not None or self.form.slot(key) is not None

    def label(self, key: str, language: str) -> str:
        """The label of a question or document slot; the key itself when there is none."""
        found = self.form.field(key) or self.form.slot(key)
        return (
            self._former(LABEL, key, key, language) if found is None else in_language(found.label, language)
        )

    @property
    def flow(self) -> Table:
        """The workflow of a service that people can apply for; ValueError for one that is only read."""
        if self.table is None:
            raise ValueError(f"{self.slug} is only read: it has no workflow")
        return self.table

    # Its words
    def name(self, language: str) -> str:
        """The service's name."""
        return in_language(self.definition.name, language)

    def summary(self, language: str) -> str:
        """One sentence on what it is."""
        return in_language(self.definition.summary, language)

    def public(self, stage: str, language: str) -> str:
        """What the citizen reads at a step; "" for a step without public words."""
        step = self._step(stage)
        if step is None:
            return self._former(PUBLIC, stage, "", language)
        return "" if step.public is None else in_language(step.public, language)

    def title(self, step: str, language: str) -> str:
        """What employees call a step: its title, else its public words, else its key."""
        found = self._step(step)
        if found is None:
            return self._former(STEP, step, step, language)
        text = found.title or found.public
        return step if text is None else in_language(text, language)

    def stage_title(self, stage: str) -> Text:
        """The staff's words for a step in both languages."""
        return Text(self.title(stage, "ar"), self.title(stage, "en"))

    def outcome(self, step: str, outcome: str, language: str) -> str:
        """The label of an exit; its code when it has none."""
        found = self._step(step)
        exit_ = found.exits.get(outcome) if found is not None else None
        if exit_ is None:
            return self._former(OUTCOME, f"{step}:{outcome}", outcome, language)
        return outcome if exit_.label is None else in_language(exit_.label, language)

    def _step(self, key: str) -> Step | None:
        return self.table.steps.get(key) if self.table is not None else None

    def _former(self, what: str, key: str, otherwise: str, language: str) -> str:
        """The words of another version, for a case that was moved to this one."""
        text = former_text(self.slug, what, key) if self.version_id and key else None
        return otherwise if text is None else in_language(text, language)

    # Its rules
    def variable_types(self) -> dict[str, CelType]:
        """Dotted name -> type of every variable that its rules may read."""
        return variables.variable_types(self.definition, self.table.steps if self.table is not None else ())

    def derive(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """The derived facts of these answers, for `Case.facts`."""
        return derive(self.form, values, context)

    def environment(
        self,
        *,
        values: Mapping[str, Any],
        facts: Mapping[str, Any],
        today: date,
        applicant: Mapping[str, Any] | None = None,
        entry: Mapping[str, Any] | None = None,
        documents: Mapping[str, Sequence[Any]] | None = None,
        checks: Mapping[str, str] | None = None,
        outcomes: Mapping[str, str] | None = None,
        visit: Mapping[str, Any] | None = None,
        case: Mapping[str, Any] | None = None,
        contested: Mapping[str, Any] | None = None,
        answered: Mapping[str, Any] | None = None,
        item: str = "",
    ) -> dict[str, Any]:
        """The nested values that `evaluate` and the flow read.

        `facts` as `derive` gave them; `checks` maps check code -> `passed`, `failed`, `silent`, `manual`;
        `outcomes` maps
        step -> last exit; `visit` has `score` and `passed`; `case` has `round` and `channel`; `answered` maps step ->
        the exits taken there by the tokens of an each, `item` is what one of them is for.
        """
        return variables.environment(
            self.form, values=values, facts=facts, today=today, applicant=applicant, entry=entry, documents=documents,
            checks=checks, outcomes=outcomes, visit=visit, case=case, contested=contested, answered=answered, item=item,
        )  # fmt: skip

    def evaluate(self, rule: str, known: Mapping[str, Any]) -> Verdict:
        """Answer a rule of this version with what it read."""
        return self._books[""].evaluate(rule, known)

    def gravest(self, states: Mapping[str, str]) -> str:
        """What the checks together bring about, by their states: blocked, returned, manual, referred or clear."""
        grave = 0
        for check in self.checks:
            state = states.get(check.code)
            if state == "silent":
                grave = max(grave, _GRAVITY.index("manual"))
            elif state == "failed":
                grave = max(grave, _GRAVITY.index(_FAILS[check.on_fail]))
        return _GRAVITY[grave]

    def evaluate_check(self, check: Check, known: Mapping[str, Any]) -> Verdict:
        """Answer the rule of a check over `known` with `answer`."""
        return self._books[check.register].evaluate(check.passes, known)

    def holds(self, rule: str | None, known: Mapping[str, Any]) -> bool:
        """Whether a condition holds; None always does."""
        return rule is None or self._books[""].value(rule, known) is True

    def answers(self, rule: str, known: Mapping[str, Any]) -> Any:
        """What a rule or `table:NAME` of this version gives; None when no row of a table holds."""
        try:
            return self._books[""].value(rule, known)
        except RuleError as error:
            if error.code == "rules.no_row":
                return None
            raise

    def context(
        self,
        *,
        on: date,
        lookups: Lookups,
        places: Any = None,
        applicant: Mapping[str, Any] | None = None,
        entry: Mapping[str, Any] | None = None,
    ) -> FormContext:
        """The surroundings in which its form is read and shown."""
        return FormContext(
            on=on,
            lookups=lookups,
            places=places,
            applicant=applicant or {},
            entry=entry or {},
            holds=self.holds,
            answers=self.answers,
        )

    def fee(
        self, values: Mapping[str, Any], facts: Mapping[str, Any], context: FormContext, *, city_class: int
    ) -> tuple[tuple[Charged, ...], Totals]:
        """The fee of these answers on the context's day: lines that apply, and totals in halalas."""
        known = self.environment(
            values=values, facts=facts, today=context.on, applicant=context.applicant, entry=context.entry
        )
        lines = tuple(line for line in self.fee_lines if self.holds(line.when, known))
        kept = {"form": values, "facts": facts, "entry": context.entry}
        return fee_of(lines, kept, on=context.on, city_class=city_class, lookups=context.lookups)

    def lamp(
        self, values: Mapping[str, Any], documents: Mapping[str, Sequence[Any]], context: FormContext
    ) -> Lamp:
        """The lamp before submit: the service's own rules and every check that needs no register."""
        rules = tuple(
            LampRule(
                code=check.code,
                says=RETURNED,
                when=lamp_rule(check),
                text=check.text,
                fix=check.fix,
                article=check.article,
                fields=check.fields,
            )
            for check in self.checks
            if check.kind == "rule"
            and check.on_fail in ("block", "return")
            and check.of == (context.part or "")
        )
        return lamp(self.form, values, documents, context, rules=rules)


def load_definition(version: ServiceVersion) -> CompiledService:
    """The compiled service of a version; the same object as long as the version is the same."""
    return _load(version.pk, version.patch, version.hash, _Version(version))


class _Version:
    """Carries the row into the cache without being part of its key."""

    __slots__ = ("row",)

    def __init__(self, row: ServiceVersion) -> None:
        self.row = row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=512)
def _load(pk: int, patch: int, digest: str, version: _Version) -> CompiledService:
    row = version.row
    return build(row.definition, row.compiled, shelf(None), version_id=pk, number=row.number, patch=patch)


def build(
    definition: Mapping[str, Any],
    compiled: Mapping[str, Any],
    lookups: Lookups,
    *,
    version_id: int = 0,
    number: int = 0,
    patch: int = 0,
) -> CompiledService:
    """A compiled service from stored data. `lookups` gives registers and checklists (of any day: codes stay)."""
    read = read_definition(from_plain(definition))
    table = from_json(compiled["table"]) if compiled["table"] is not None else None
    types = variables.variable_types(read, table.steps if table is not None else ())
    rulebooks = dict(books(read, table, types, lookups))
    return CompiledService(
        version_id=version_id,
        number=number,
        patch=patch,
        definition=read,
        table=table,
        _books=rulebooks,
        _checklists=_checklists(lookups),
    )


def _checklists(lookups: Lookups) -> dict[str, tuple[ChecklistItem, ...]]:
    return {
        row.code: tuple(
            ChecklistItem(
                item["code"], int(item["weight"]), bool(item.get("critical")), Text(item["ar"], item["en"])
            )
            for item in row.data["items"]
        )
        for row in lookups.rows("checklists")
    }
