"""What the printed summary and the machine-readable data of a file say, from the same rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from diwan.audit.models import AccessRow
from diwan.forms.entry import answered
from diwan.forms.plan import in_language
from diwan.kit import clock, numbers
from diwan.kit.dates import both_calendars, joined
from diwan.kit.money import Halalas, plain_amount
from diwan.modules.dossier.gathering import CaseFolder, names_of
from diwan.modules.dossier.sentences import reasons, sentences, shown
from diwan.payments.models import Bill

Section = dict[str, Any]


def moment(at: datetime | None, language: str) -> str:
    """Day in both calendars and the time in Riyadh."""
    if at is None:
        return ""
    here = clock.local(at)
    day = joined(both_calendars(here.date(), "en" if language == "en" else "ar"))
    return f"{day} {here:%H:%M:%S}"


def sections(folder: CaseFolder, language: str) -> list[Section]:
    """The sections of one case for the printed summary; the language in force is `language`."""
    case, service = folder.page.case, folder.page.service
    facts = [
        (_("Request"), numbers.show_case_number(case.pk)),
        (_("Service"), service.name(language)),
        (_("Applicant"), _applicant(case.applicant, language)),
        (_("Received"), moment(case.opened_at, language)),
        (_("Stage"), service.title(case.stage, language)),
        (_("Ended"), moment(case.closed_at, language)),
    ]
    answers = [
        (service.label(field.key, language), shown(field.key, value, service, folder.context, language))
        for _page, _group, field, value in answered(service.form, case.data, folder.context)
        if value is not None
    ]
    return [
        {
            "title": f"{service.name(language)} {numbers.show_case_number(case.pk)}",
            "rows": _rows(facts),
            "head": True,
        },
        {"title": _("Answers"), "rows": _rows(answers)},
        {"title": _("History in words"), "lines": history_lines(folder, language)},
        {"title": _("Automatic checks"), "rows": _rows(_checks(folder, language))},
        {"title": _("Bills and receipts"), "lines": [_bill_line(bill, language) for bill in folder.bills]},
        {"title": _("Documents"), "lines": [_document_line(each, language) for each in folder.documents]},
        {"title": _("Messages sent"), "lines": [_message_line(each, language) for each in folder.messages]},
        {"title": _("Who read it"), "lines": read_lines(folder.reads, language)},
    ]


def history_lines(folder: CaseFolder, language: str) -> list[dict[str, str]]:
    """Every act in whole sentences, the first one first."""
    lines = []
    for row in sorted(folder.page.history, key=lambda each: each.pk):
        told = sentences(row, folder.page.service, folder.context, language)
        lines.append(
            {
                "when": moment(row.at, language),
                "text": "\n".join(told),
                "note": "\n".join(reasons(row, language)),
            }
        )
    return lines


def read_lines(reads: Iterable[AccessRow], language: str) -> list[dict[str, str]]:
    """Who read what, when and what for."""
    rows = list(reads)
    names = names_of(rows, language)
    return [
        {
            "when": moment(row.at, language),
            "text": f"{names.get(row.actor, row.actor)} ({names.get(row.capacity, row.capacity)})",
            "note": f"{row.object_type} {row.object_id} · {row.purpose}",
        }
        for row in rows
    ]


def data(folder: CaseFolder) -> dict[str, Any]:
    """The same for machines: codes and values as they are kept, moments as ISO 8601."""
    case, service = folder.page.case, folder.page.service
    return {
        "number": numbers.case_number(case.pk),
        "service": {"slug": service.slug, "code": service.code, "version": service.number},
        "applicant": case.applicant, "answers": case.data, "facts": case.facts, "state": case.state,
        "stage": case.stage, "channel": case.channel, "opened_at": case.opened_at, "closed_at": case.closed_at,
        "history": [
            {
                "at": row.at, "act": row.act, "step": row.step, "outcome": row.outcome, "by": row.actor_ar,
                "title": row.title_ar, "on_behalf_of": row.on_behalf_of, "capacity": row.capacity, "note": row.note,
                "reasons": list(row.reasons), "changes": row.changes, "why": row.why, "state": row.state,
            }
            for row in sorted(folder.page.history, key=lambda each: each.pk)
        ],
        "checks": [
            {"code": each.code, "register": each.register, "state": each.state, "answer": each.answer,
             "why": each.why, "asked_at": each.asked_at}
            for each in folder.page.checks
        ],
        "bills": [_bill(bill) for bill in folder.bills],
        "documents": [
            {"number": each.number, "title": each.title_ar, "state": each.state, "issued_at": each.issued_at,
             "valid_from": each.valid_from, "valid_to": each.valid_to, "revoked_at": each.revoked_since,
             "sha256": each.file.sha256 if each.file else ""}
            for each in folder.documents
        ],
        "papers": [
            {"slot": each.slot, "filename": each.filename, "size": each.size, "sha256": each.stored.sha256,
             "sent_at": each.created_at, "discarded_at": each.discarded_at}
            for each in folder.uploads
        ],
        "messages": [
            {"at": each.sent_at or each.created_at, "channel": each.channel, "to": each.address,
             "template": each.template, "body": each.body, "state": each.state}
            for each in folder.messages
        ],
        "reads": [
            {"at": row.at, "by": row.actor, "capacity": row.capacity, "object": f"{row.object_type} {row.object_id}",
             "purpose": row.purpose}
            for row in folder.reads
        ],
    }  # fmt: skip


def _rows(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _applicant(applicant: Mapping[str, Any], language: str) -> str:
    names = [
        applicant.get(f"{name}_{language}") or applicant.get(f"{name}_ar")
        for name in ("establishment", "name")
    ]
    return " · ".join(str(name) for name in names if name)


def _checks(folder: CaseFolder, language: str) -> Iterable[tuple[str, str]]:
    words = {
        "passed": _("In order"), "failed": _("Not in order"), "silent": _("Register silent"),
        "manual": _("Checked by hand"),
    }  # fmt: skip
    for each in folder.page.checks:
        check = folder.page.service.check(each.code)
        name = in_language(check.name, language) if check is not None else each.code
        yield name, words.get(each.state, each.state)


def _bill(bill: Bill) -> dict[str, Any]:
    receipt = getattr(bill, "receipt", None)
    return {
        "number": bill.number, "biller": bill.biller, "total": bill.total, "vat": bill.vat, "state": bill.state,
        "issued_at": bill.issued_at, "paid_at": bill.paid_at, "receipt": receipt.number if receipt else "",
        "lines": [
            {"code": line.code, "text": line.text_ar, "amount": line.amount, "vat": line.vat, "why": line.why}
            for line in bill.lines.all()
        ],
    }  # fmt: skip


def _bill_line(bill: Bill, language: str) -> dict[str, str]:
    receipt = getattr(bill, "receipt", None)
    lines = [
        f"{line.text_en if language == 'en' else line.text_ar}: {plain_amount(Halalas(line.amount))}"
        for line in bill.lines.all()
    ]
    paid = [f"{_('Receipt')} {receipt.number} · {moment(bill.paid_at, language)}"] if receipt else []
    total = _("Bill %(number)s: SAR %(total)s") % {
        "number": bill.number, "total": plain_amount(Halalas(bill.total)),
    }  # fmt: skip
    return {"when": moment(bill.issued_at, language), "text": total, "note": "\n".join([*lines, *paid])}


def _document_line(each: Any, language: str) -> dict[str, str]:
    title = each.title_en if language == "en" else each.title_ar
    number = numbers.show_document_number(each.number) if each.number else ""
    revoked = f"{_('Revoked')} {moment(each.revoked_since, language)}" if each.revoked_since else ""
    return {
        "when": moment(each.issued_at or each.created_at, language),
        "text": f"{title} {number}",
        "note": revoked,
    }


def _message_line(each: Any, language: str) -> dict[str, str]:
    return {
        "when": moment(each.sent_at or each.created_at, language),
        "text": f"{each.channel} · {each.address}",
        "note": each.body or each.template,
    }
