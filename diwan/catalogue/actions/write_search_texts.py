"""Write anew the texts by which services are found, after the rules of searching have changed."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue import remembered
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.search_text import search_text_of
from diwan.people.actor import system


@transaction.atomic
def write_search_texts() -> int:
    """Bring the text of every version up to date; how many changed. The definitions stay as they are."""
    changed = 0
    for version in ServiceVersion.objects.select_related("service").order_by("pk"):
        text = search_text_of(load_definition(version).definition)
        if text != version.search_text:
            ServiceVersion.objects.filter(pk=version.pk).update(search_text=text)
            changed += 1
    audit_row(
        by=system("search index"), action="catalogue.search.indexed", object_type="catalogue", object_id="all",
        municipality_id=None, values={"changed": changed},
    )  # fmt: skip
    remembered.forget()
    return changed
