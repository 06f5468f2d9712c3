"""Where the open cases of a service stand: counts by step, which say nothing of anybody."""

from collections.abc import Mapping

from django.db.models import Count

from diwan.cases.models import Case, Draft, OpenTask


def open_by_step(version_ids: list[int]) -> Mapping[int, Mapping[str, int]]:
    """Version -> step -> how many of its open cases stand there. A case in several branches counts in each."""
    rows = (
        OpenTask.objects.filter(case__version__in=version_ids)
        .values("case__version", "step")
        .annotate(count=Count("case", distinct=True))
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["case__version"], {})[row["step"]] = row["count"]
    return found


def open_cases(version_ids: list[int]) -> Mapping[int, int]:
    """Version -> how many open cases run on it."""
    rows = Case.objects.filter(version__in=version_ids, closed_at__isnull=True).values("version")
    return {row["version"]: row["count"] for row in rows.annotate(count=Count("id")).order_by()}


def open_drafts(version_ids: list[int]) -> Mapping[int, int]:
    """Version -> how many applications are being filled in on it."""
    rows = Draft.objects.filter(version__in=version_ids, case_id__isnull=True).values("version")
    return {row["version"]: row["count"] for row in rows.annotate(count=Count("id")).order_by()}
