"""The sealed document of a case: numbered in one transaction, sealed outside, and then the case goes on."""

from django.db import transaction

from diwan.cases import registry, signing
from diwan.cases.actions.open_follow_ups import open_follow_ups
from diwan.cases.documents import against_entry, document_contents, validity
from diwan.cases.loading import lock_case
from diwan.cases.models import OpenTask
from diwan.cases.moving import Entry, move
from diwan.cases.registry import IssuedFacts
from diwan.documents.actions import issue_document
from diwan.documents.models import IssuedDocument
from diwan.flow.events import Completed
from diwan.people.actor import system


@transaction.atomic
def number_document(*, case_id: int, token: int) -> int | None:
    """Give the document its number; the document's id, or None when the case does not wait for it any more.

    Told twice, the second call finds what the first made. The number is the last statement before the commit (domain
    decision 1: gap-free series).
    """
    loaded = lock_case(case_id, token=token)
    case = loaded.case
    task = loaded.by_token(token)
    if task is None or task.kind != OpenTask.Kind.DOCUMENT:
        return None
    template = str(task.data["template"])
    contents = document_contents(case, loaded.service, template)
    if template not in case.facts.get("approved", {}):
        case.facts = {**case.facts, "approved": {**case.facts.get("approved", {}), template: contents}}
        case.save(update_fields=["facts"])
    by = system("issue")
    standing = "" if task.data.get("authority") else loaded.service.standing_authority
    mandate = signing.mandate_for(case, template, standing=standing, by=by)
    if mandate.used_by_document is not None:
        return int(mandate.used_by_document)
    dates = validity(contents)
    document = issue_document(
        case_id=case.pk,
        municipality_id=case.municipality_id,
        template=template,
        data=contents,
        mandate=mandate,
        valid_from=dates.valid_from,
        valid_to=dates.valid_to,
        by=by,
    )
    return int(document.pk)


@transaction.atomic
def complete_document(*, case_id: int, token: int, document_id: int) -> None:
    """The document is sealed: its register entry and what follows it come about, and the case goes on; once."""
    loaded = lock_case(case_id, token=token)
    task = loaded.by_token(token)
    if task is None or task.kind != OpenTask.Kind.DOCUMENT:
        return
    document = IssuedDocument.objects.get(pk=document_id, case_id=case_id)
    issued = IssuedFacts(
        number=document.number or "",
        document_id=document.pk,
        template=document.template,
        municipality_id=document.municipality_id,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
    )
    bring_about = registry.result_of(document.template)
    if bring_about is not None:
        bring_about(loaded.case, issued)
    open_follow_ups(loaded, issued)
    move(
        loaded,
        Completed(token, "issued"),
        by=system("seal"),
        entry=Entry(
            act="issued",
            step=task.step,
            outcome=document.number or "",
            changes=against_entry(loaded.case, loaded.service),
            why={
                "rule": f"{task.step}.authority",
                "inputs": {"authority": list(task.data.get("authority", [])), "template": document.template},
                "result": document.number,
            },
        ),
        task_data={"document": document.number},
    )
