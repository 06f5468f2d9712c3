"""A service definition as frozen dataclasses: what a service YAML says, checked, with nothing computed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diwan.flow.table import Deadline, Text
from diwan.forms.plan import Fact, FormPlan

CLASSES = ("informational", "interactive", "procedural", "integrative")
"""Maturity classes of a service (domain 0): معلوماتية، تفاعلية، إجرائية، تكاملية."""
AUDIENCES = (
    "individual",
    "business",
    "government",
    "engineering_office",
    "service_office",
    "contractor",
    "investor",
    "employee",
)
OPENS = ("track", "verify", "calculator", "activities")
"""Pages of the portal that a service without an application is: tracking, verifying, the fee calculator, the
activities."""
CHANNELS = ("portal", "counter", "api", "phone", "kiosk", "desk")
"""Where a service is offered; `desk`: to employees, for themselves."""
ON_FAIL = ("block", "return", "refer", "manual")
"""A failed check stops the case until its cause is gone (block), returns it, refers it to the officer as a
finding, or asks
for a manual check."""
REASON_LISTS = (
    "return", "reject", "check", "cancel", "outside", "visit", "hold", "forward", "bounce", "dispute", "verify",
    "done",
)  # fmt: skip
"""Lists of reasons a service allows: for returning, rejecting, confirming by hand, cancelling, a refusal from
outside, holding, forwarding, giving back as not ours, disputing what was done, judging it; what a low rating led to."""
INTERNAL = (
    "unpaid_bills", "suspension", "duplicate_licence", "entry", "linked_permit", "land_use", "distances", "quota",
    "leave",
)  # fmt: skip
"""Questions to our own registers."""
STANDINGS = ("active", "expiring", "expired", "suspended", "cancelled", "revoked")
"""How a register entry can stand on a day (`registers.queries.standing_of`)."""
VAT_CLASSES = ("out_of_scope", "taxable", "zero", "exempt")


@dataclass(frozen=True, slots=True)
class Expected:
    """The time promised on the card: an amount of a unit (0 = at once), in words."""

    amount: int
    unit: str
    text: Text


@dataclass(frozen=True, slots=True)
class Check:
    """An automatic check.

    `kind` is a declared check kind: `register` asks an outside register, `internal` our own data, `rule` nobody.
    `asks` maps each parameter to CEL text (string; of any type for our own data); `passes` is CEL (bool)
    over `answer.*`, `form.*`, `facts.*`, `applicant.*`, `today`. A register that is silent makes the outcome `silent`
    whatever `on_fail` says. `at` names the automatic step that runs it (empty: each); `of` the party step about whose
    party it is, which `applicant.*` then means.
    """

    code: str
    kind: str
    name: Text
    passes: str
    on_fail: str
    text: Text
    fix: Text
    register: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)
    when: str | None = None
    reason: str | None = None
    article: str | None = None
    fields: tuple[str, ...] = ()
    at: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the fee: data multiplied by our own code in integers and Decimal, never by CEL.

    `rate` is the code of a row of the lookup `fee_rates`, which may name a fact: `activity-{facts.rate_class}`; the row
    gives halalas by city class at the date. `quantity` and `years` name answers or facts (`form.area_m2`).
    `explain` is a
    sentence with `{quantity}`, `{rate}`, `{years}`, `{days}`. `days` names the days of a `daily` line
    (`entry.days_expired`).
    """

    code: str
    kind: str
    name: Text
    explain: Text
    rate: str
    quantity: tuple[str, ...] = ()
    years: str | None = None
    days: str | None = None
    when: str | None = None
    vat: str = "out_of_scope"
    article: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One printed row: a label and where its value comes from (`form.area_m2`, `facts.risk`, `applicant.name`)."""

    label: Text
    source: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class ResultSection:
    """A heading with rows of the result document."""

    title: Text
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """How long the result holds: `years` is a field or fact with the number of years, or the number itself as text;
    `until` a date field of the form (a permit for some days); `starts` is `issue` or `expiry` (a renewal starts from
    the old expiry); `calendar` is `gregorian` or `hijri`. With `ends: entry` it holds no longer than the entry that the
    case is about (a permit under a licence), and exactly as long without `years` (a transfer keeps the remaining
    term)."""

    years: str | None = None
    starts: str = "issue"
    calendar: str = "gregorian"
    ends: str = "years"
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The document that the case ends in. Without a `term` it holds without end (the proof of a cancellation)."""

    kind: str
    template: str
    title: Text
    term: Term | None
    series: str
    sections: tuple[ResultSection, ...] = ()
    activities: str | None = None
    conditions: tuple[Text, ...] = ()
    card: Mapping[str, str] = field(default_factory=dict)
    standing_authority: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The register entry made or renewed by the result. `keeps`: answers kept in the entry; `renewal`: slug
    that renews it; `parent`: it hangs on the entry that the case is about; `reminders`: how many days before the last
    one its holder is told; `holder`: the party step whose party holds it (empty: the applicant); `inherits`: it starts
    from what the entry that the case is about keeps; `renames`: answer -> the name under which it is kept."""

    kind: str
    keeps: tuple[str, ...] = ()
    renewal: str | None = None
    expiring_days: int = 90
    parent: bool = False
    reminders: tuple[int, ...] = (90, 30, 7)
    holder: str = ""
    inherits: bool = False
    renames: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """A service that begins from a register entry of one of the `kinds` and with one of the `standings`: cancelling,
    transferring, objecting, a permit under it. `fixed` answers are those of the entry and cannot be changed. The case
    keeps the number in its facts (`about`); rules read `entry.*`."""

    kinds: tuple[str, ...]
    standings: tuple[str, ...] = ("active", "expiring")
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequence:
    """What else comes about, in the same transaction, when the case has its document (`on` a document step) or reaches
    an end (`on` an end step), e.g. that the entry which the case is about is cancelled."""

    kind: str
    on: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewing service asks of the entry it renews. Days count from the expiry; `nothing_changed`
    offers two taps.

    Every answer is prefilled from the entry; `fixed` ones cannot be changed, `asks` are asked each time.
    """

    entry: str
    opens_days_before: int
    refused_days_after: int
    nothing_changed: bool = True
    fixed: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contests:
    """The service objects to a decision, at most `within_days` after its day: one that ended a `case`, or one on the
    register `entry` that the service is about."""

    within_days: int
    what: str = "case"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A duty that begins with the result, e.g. a visit after an instant licence: a case of the internal `service`,
    whose workflow says who does it and until when."""

    kind: str
    service: str
    name: Text
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A question people ask, with its answer."""

    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class Definition:
    """A service as defined. Without a workflow it is for reading only (`applicable` is False). An `internal` one is
    work that the product opens by itself: never offered, listed, searched or counted."""

    slug: str
    code: str
    service_class: str
    audiences: tuple[str, ...]
    department: str
    name: Text
    summary: Text
    gets: tuple[Text, ...]
    who: tuple[Text, ...]
    steps: tuple[Text, ...]
    synonyms: tuple[str, ...]
    channels: tuple[str, ...]
    expected: Expected
    validity: Text | None
    fee_text: Text
    body: tuple[Question, ...] = ()
    icon: str = ""
    form: FormPlan = FormPlan()
    checks: tuple[Check, ...] = ()
    fees: tuple[FeeLine, ...] = ()
    workflow: str | Mapping[str, Any] | None = None
    deadline: Deadline | None = None
    notices: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    result: Result | None = None
    entry: Entry | None = None
    renewal: Renewal | None = None
    about: About | None = None
    contests: Contests | None = None
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Decision tables by name, as `diwan.rules.table_compiler` reads them."""
    follow_ups: tuple[FollowUp, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    bill_days: int = 10
    draft_days: int = 30
    instant: bool = False
    quiet: bool = False
    internal: bool = False
    rating: bool = True
    related: tuple[str, ...] = ()
    opens: str | None = None

    @property
    def applicable(self) -> bool:
        """Whether people can apply for it here."""
        return self.workflow is not None and not self.internal

    @property
    def for_staff(self) -> bool:
        """Whether employees alone apply for it, at the desk; the public never hears of it."""
        return self.audiences == ("employee",)


def listed_answers(definition: Definition, fact: Fact) -> list[str]:
    """What a fact that a decision table answers can be, where the table lists it; else nothing."""
    table = definition.tables.get(str(fact.options.get("table", ""))) if fact.kind == "table" else None
    outputs = table.get("outputs") if isinstance(table, Mapping) else None
    if not isinstance(outputs, Mapping) or not outputs:
        return []
    output = outputs.get(str(fact.options.get("output") or next(iter(outputs))))
    values = output.get("values") if isinstance(output, Mapping) else None
    return [str(value) for value in values] if isinstance(values, list | tuple) else []
