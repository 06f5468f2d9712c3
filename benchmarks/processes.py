"""Services of the benchmark's own: internal ones, so that nothing but their workflow counts."""

from collections.abc import Mapping
from typing import Any

from diwan.cases.actions.open_cases import open_cases
from diwan.cases.opening import Opening
from diwan.catalogue.actions import draft_version, publish_version
from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.kit import clock
from diwan.people.actor import system
from diwan.people.models import Municipality

BY = system("benchmark")


def served(workflow: Mapping[str, Any], *, code: str) -> CompiledService:
    """The service of this workflow, published when there is none yet."""
    slug = f"bench-{workflow['key']}".replace("_", "-")
    version = ServiceVersion.objects.filter(service__slug=slug, state=ServiceVersion.State.PUBLISHED).first()
    if version is None:
        draft = draft_version(definition=_definition(slug, code, workflow), by=BY)
        version = publish_version(version_id=draft.pk, valid_from=clock.today(), by=BY)
    return load_definition(ServiceVersion.objects.select_related("service").get(pk=version.pk))


def _definition(slug: str, code: str, workflow: Mapping[str, Any]) -> dict[str, Any]:
    text = {"ar": "قياس", "en": "Measure"}
    return {
        "slug": slug, "code": code, "class": "procedural", "internal": True, "department": "LIC", "icon": "stopwatch",
        "name": text, "summary": text, "expected": {"amount": 5, "unit": "working_days", "text": text},
        "workflow": dict(workflow), "notices": {}, "reasons": {},
    }  # fmt: skip


def opened(service: CompiledService, count: int) -> list[int]:
    """The ids of so many new cases of it, at most 500."""
    place = Municipality.objects.get(code="101").pk
    one = Opening(
        service=service, municipality_id=place, district_id=None, applicant={}, data={}, facts={}, by=BY
    )
    return [case.case_id for case in open_cases([one] * count)]
