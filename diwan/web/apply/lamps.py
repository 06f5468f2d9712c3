"""The lamp before submit: the service's own rules, and what the registers say now, in words with what to do."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from diwan.cases import checks
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.schema import Check
from diwan.forms.entry import clean
from diwan.forms.lamp import ACCEPTED, NEEDS_APPROVAL, RETURNED
from diwan.forms.plan import in_language
from diwan.kit import canonical, tracing
from diwan.web.apply.sheets import Sheet
from diwan.web.apply.words import article_text, lookup_name

FRESH_SECONDS: Final = 600.0
TIMEOUT: Final = 3.0
BLOCKED: Final = "blocked"
_ORDER: Final = (ACCEPTED, NEEDS_APPROVAL, RETURNED, BLOCKED)
_SAYS: Final = {"block": BLOCKED, "return": RETURNED, "refer": NEEDS_APPROVAL, "manual": NEEDS_APPROVAL}
_KINDS: Final = {ACCEPTED: "accept", NEEDS_APPROVAL: "approval", RETURNED: "return", BLOCKED: "block"}


@dataclass(frozen=True, slots=True)
class LampLine:
    """One reason for the colour."""

    text: str
    fix: str = ""
    article: str = ""
    article_says: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class LampView:
    """The lamp as the page shows it; `kind` is that of the tag `lamp`."""

    says: str
    kind: str
    title: str
    lines: tuple[LampLine, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether the application cannot be sent as things stand."""
        return self.says == BLOCKED


def ask_registers(sheet: Sheet) -> Mapping[str, Any]:
    """What the registers say of these answers, asked again when the answers changed or some minutes have passed."""
    values = clean(sheet.service.form, sheet.values, sheet.context)
    digest = canonical.digest({"values": values, "renews": sheet.draft.renews})
    kept: Mapping[str, Any] = sheet.draft.answers
    if kept.get("of") == digest and time.time() - float(kept.get("at", 0)) < FRESH_SECONDS:
        return kept
    found = checks.before_submitting(
        sheet.service,
        values=values,
        applicant=sheet.context.applicant,
        context=sheet.context,
        renews=sheet.draft.renews,
        request_id=tracing.request_id() or f"draft-{sheet.draft.pk}",
        timeout=TIMEOUT,
        part=sheet.draft.part,
    )
    answers = {**found, "of": digest}
    sheet.save(values=sheet.values, typed=sheet.typed, page=sheet.draft.page, answers=answers)
    return answers


def judge(sheet: Sheet, language: str) -> LampView:
    """The lamp of a draft. Registers are asked only when nothing is missing."""
    own = sheet.service.lamp(sheet.values, sheet.documents, sheet.context)
    says, lines = [own.says], _own_lines(own.lines, language)
    if own.missing:
        lines.insert(0, LampLine(_("Some answers or papers are still missing; they are listed above.")))
    elif sheet.case is None or sheet.draft.part:
        _add_registers(sheet, says, lines, language)
    return _made(says, lines)


def judge_assuming(sheet: Sheet, values: Mapping[str, Any], language: str) -> LampView:
    """The lamp of a renewal before its declarations are made: rules and registers over answers that are assumed."""
    own = sheet.service.lamp(values, sheet.documents, sheet.context)
    lines = _own_lines(own.lines, language)
    says = [line.says for line in own.lines] or [ACCEPTED]
    _add_registers(sheet, says, lines, language)
    return _made(says, lines)


def _own_lines(found: Iterable[Any], language: str) -> list[LampLine]:
    return [
        LampLine(
            in_language(line.text, language),
            in_language(line.fix, language) if line.fix is not None else "",
            *article_text(line.article, language),
            grave=line.says == RETURNED,
        )
        for line in found
    ]


def _add_registers(sheet: Sheet, says: list[str], lines: list[LampLine], language: str) -> None:
    for said, line in _register_lines(sheet.service, ask_registers(sheet), language):
        says.append(said)
        lines.append(line)


def _made(says: list[str], lines: list[LampLine]) -> LampView:
    gravest = max(says, key=_ORDER.index)
    ordered = sorted(lines, key=lambda line: not line.grave)
    return LampView(gravest, _KINDS[gravest], _title(gravest), tuple(ordered))


def _register_lines(
    service: CompiledService, answers: Mapping[str, Any], language: str
) -> list[tuple[str, LampLine]]:
    found: list[tuple[str, LampLine]] = []
    silent: list[str] = []
    for code, said in answers.get("checks", {}).items():
        check = service.check(code)
        if check is None or said["state"] == checks.PASSED:
            continue
        if said["state"] == checks.SILENT:
            silent.append(lookup_name("registers", check.register, language))
        elif check.kind != "rule" or check.on_fail in ("refer", "manual"):
            found.append((_SAYS[check.on_fail], _failed(check, language)))
    if silent:
        names = ("، " if language == "ar" else ", ").join(dict.fromkeys(silent))
        text = _("No answer from: {registers}. An officer checks by hand; nothing is needed from you.")
        found.append((NEEDS_APPROVAL, LampLine(text.format(registers=names))))
    return found


def _failed(check: Check, language: str) -> LampLine:
    return LampLine(
        in_language(check.text, language),
        in_language(check.fix, language),
        *article_text(check.article, language),
        grave=check.on_fail in ("block", "return"),
    )


def _title(says: str) -> str:
    return {
        ACCEPTED: _("Your request will be accepted as it is"),
        NEEDS_APPROVAL: _("Your request can be sent; it needs an approval"),
        RETURNED: _("As it is, your request would come back to you"),
        BLOCKED: _("Your request cannot be accepted as things stand"),
    }[says]
