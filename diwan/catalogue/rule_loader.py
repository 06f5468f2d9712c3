"""Reads what follows from the answers: checks, fee lines, the result and what lasts of it."""

from __future__ import annotations

from collections.abc import Set

from diwan.catalogue import registry, schema
from diwan.catalogue.reader import REPEATED, Doc
from diwan.forms.options import check_options
from diwan.kit.errors import N_

CHECK = (
    "code", "kind", "name", "register", "asks", "when", "pass", "on_fail", "reason", "article", "text", "fix", "fields",
    "at", "of",
)  # fmt: skip
FEE = ("code", "kind", "name", "rate", "quantity", "years", "days", "when", "vat", "article", "explain")
RESULT = (
    "kind", "template", "title", "term", "series", "sections", "activities", "conditions", "card", "standing_authority",
)  # fmt: skip


def read_checks(doc: Doc, keys: Set[str]) -> tuple[schema.Check, ...]:
    """Read `checks`."""
    made = []
    for item in doc.items("checks"):
        item.keys(CHECK, ("code", "kind", "name", "pass", "on_fail", "text", "fix"))
        kind = item.one_of("kind", registry.names("check"), "rule")
        if (kind != "rule") != item.has("register"):
            item.wrong(
                N_("A check of kind register or internal names the register it asks; a rule asks nobody.")
            )
        if kind == "internal":
            item.one_of("register", schema.INTERNAL, schema.INTERNAL[0])
        made.append(
            schema.Check(
                code=item.text("code"),
                kind=kind,
                name=item.both("name"),
                passes=item.text("pass", "true"),
                on_fail=item.one_of("on_fail", schema.ON_FAIL, "manual"),
                text=item.both("text"),
                fix=item.both("fix"),
                register=item.text("register"),
                asks=item.mapping("asks"),
                when=item.maybe("when"),
                reason=item.maybe("reason"),
                article=item.maybe("article"),
                fields=item.texts("fields", keys),
                at=item.maybe("at") or "",
                of=item.maybe("of") or "",
            )
        )
    _once(doc, "checks", [check.code for check in made])
    return tuple(made)


def read_fees(doc: Doc) -> tuple[schema.FeeLine, ...]:
    """Read `fees`."""
    made = []
    for item in doc.items("fees"):
        item.keys(FEE, ("code", "kind", "name", "rate", "explain"))
        if (item.text("kind") == "daily") != item.has("days"):
            item.wrong(N_("A daily line names its days, and no other line does."), "days")
        made.append(
            schema.FeeLine(
                code=item.text("code"),
                kind=item.one_of("kind", registry.names("fee"), "fixed"),
                name=item.both("name"),
                explain=item.both("explain"),
                rate=item.text("rate"),
                quantity=item.texts("quantity"),
                years=item.maybe("years"),
                days=item.maybe("days"),
                when=item.maybe("when"),
                vat=item.one_of("vat", schema.VAT_CLASSES, "out_of_scope"),
                article=item.maybe("article"),
            )
        )
    _once(doc, "fees", [line.code for line in made])
    return tuple(made)


def read_result(doc: Doc) -> schema.Result | None:
    """Read `result`."""
    inner = doc.inner("result")
    if inner is None:
        return None
    inner.keys(RESULT, ("kind", "template", "title", "series"))
    card = inner.inner("card")
    if card is not None:
        card.keys(("name", "activity", "place"), ("name",))
    return schema.Result(
        kind=inner.text("kind"),
        template=inner.one_of("template", registry.names("template"), "licence"),
        title=inner.both("title"),
        term=_term(inner),
        series=inner.text("series"),
        sections=tuple(_section(item) for item in inner.items("sections")),
        activities=inner.maybe("activities"),
        conditions=inner.boths("conditions"),
        card=inner.mapping("card"),
        standing_authority=inner.maybe("standing_authority"),
    )


def _term(doc: Doc) -> schema.Term | None:
    inner = doc.inner("term")
    if inner is None:
        return None
    ends = inner.one_of("ends", ("years", "entry"), "years")
    limited = ends == "entry" or inner.has("until")
    inner.keys(("years", "starts", "calendar", "ends", "until"), () if limited else ("years",))
    return schema.Term(
        years=inner.maybe("years"),
        starts=inner.one_of("starts", ("issue", "expiry"), "issue"),
        calendar=inner.one_of("calendar", ("gregorian", "hijri"), "gregorian"),
        ends=ends,
        until=inner.maybe("until"),
    )


def _section(doc: Doc) -> schema.ResultSection:
    doc.keys(("title", "rows"), ("title", "rows"))
    rows = []
    for item in doc.items("rows"):
        item.keys(("label", "source", "when"), ("label", "source"))
        rows.append(schema.ResultRow(item.both("label"), item.text("source"), item.maybe("when")))
    return schema.ResultSection(doc.both("title"), tuple(rows))


def read_entry(doc: Doc, keys: Set[str]) -> schema.Entry | None:
    """Read `entry`."""
    inner = doc.inner("entry")
    if inner is None:
        return None
    known = (
        "kind",
        "keeps",
        "renewal",
        "expiring_days",
        "parent",
        "reminders",
        "holder",
        "inherits",
        "renames",
    )
    inner.keys(known, ("kind",))
    return schema.Entry(
        kind=inner.text("kind"),
        keeps=inner.texts("keeps", keys),
        renewal=inner.maybe("renewal"),
        expiring_days=inner.number("expiring_days", 90),
        parent=inner.flag("parent"),
        reminders=inner.days("reminders", (90, 30, 7)),
        holder=inner.maybe("holder") or "",
        inherits=inner.flag("inherits"),
        renames=inner.mapping("renames"),
    )


def read_about(doc: Doc, keys: Set[str]) -> schema.About | None:
    """Read `about`."""
    inner = doc.inner("about")
    if inner is None:
        return None
    inner.keys(("kinds", "standings", "fixed"), ("kinds",))
    if doc.has("renewal"):
        doc.wrong(N_("A renewal is about the entry that it renews; leave out about."), "about")
    return schema.About(
        kinds=inner.texts("kinds"),
        standings=inner.texts("standings", schema.STANDINGS) or ("active", "expiring"),
        fixed=inner.texts("fixed", keys),
    )


def read_consequences(doc: Doc) -> tuple[schema.Consequence, ...]:
    """Read `consequences`."""
    made = []
    for item in doc.items("consequences"):
        kind = item.text("kind")
        if not item.known(kind, registry.names("consequence"), "kind"):
            continue
        common = ("kind", "on")
        known = registry.kind("consequence", kind).options
        item.keys((*common, *(option.name for option in known)), common)
        options = item.rest(common)
        for fault in check_options(known, options):
            item.wrong(fault.problem.message, *fault.path, **fault.problem.params)
        made.append(schema.Consequence(kind, item.text("on"), options))
    return tuple(made)


def read_renewal(doc: Doc, keys: Set[str]) -> schema.Renewal | None:
    """Read `renewal`."""
    inner = doc.inner("renewal")
    if inner is None:
        return None
    known = ("entry", "opens_days_before", "refused_days_after", "nothing_changed", "fixed", "asks")
    inner.keys(known, known[:3])
    return schema.Renewal(
        entry=inner.text("entry"),
        opens_days_before=inner.number("opens_days_before", 90),
        refused_days_after=inner.number("refused_days_after", 365),
        nothing_changed=inner.flag("nothing_changed", default=True),
        fixed=inner.texts("fixed", keys),
        asks=inner.texts("asks", keys),
    )


def read_contests(doc: Doc) -> schema.Contests | None:
    """Read `contests`."""
    inner = doc.inner("contests")
    if inner is None:
        return None
    inner.keys(("within_days", "what"), ("within_days",))
    what = inner.one_of("what", ("case", "entry"), "case")
    if what == "entry" and not doc.has("about"):
        message = N_("An objection to a decision on an entry is about one: name its kinds under about.")
        inner.wrong(message, "what")
    return schema.Contests(inner.number("within_days", 60, least=1), what)


def read_follow_ups(doc: Doc) -> tuple[schema.FollowUp, ...]:
    """Read `follow_ups`."""
    made = []
    common = ("kind", "service", "name")
    for item in doc.items("follow_ups"):
        kind = item.text("kind")
        if not item.known(kind, registry.names("follow_up"), "kind"):
            continue
        known = registry.kind("follow_up", kind).options
        item.keys((*common, *(option.name for option in known)), common)
        options = item.rest(common)
        for fault in check_options(known, options):
            item.wrong(fault.problem.message, *fault.path, **fault.problem.params)
        made.append(schema.FollowUp(kind, item.text("service"), item.both("name"), options))
    return tuple(made)


def _once(doc: Doc, key: str, names: list[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        doc.wrong(REPEATED, key, name=name)
