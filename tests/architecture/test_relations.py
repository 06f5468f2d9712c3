"""Foreign keys, migration dependencies and templates keep the same order as imports, which the linter can't see."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps

from tests.architecture.tree import PRODUCT, may_use, package_of, show

Edge = tuple[str, str, str]
REFERENCE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
LOAD = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")


def _faults(edges: Iterable[Edge]) -> list[str]:
    return [f"{why}: {user} may not use {used}" for user, used, why in edges if not may_use(user, used)]


def _relations(found: Iterable[type[models.Model]]) -> Iterator[Edge]:
    """(package of the model, package of its target, where) for each foreign key and many-to-many field."""
    for model in found:
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and isinstance(field.related_model, type):
                yield package_of(model.__module__), package_of(field.related_model.__module__), str(field)


def _dependencies(found: Iterable[tuple[str, migrations.Migration]]) -> Iterator[Edge]:
    """(package of a migration, package it depends on, where)."""
    packages = {config.label: package_of(config.name) for config in apps.get_app_configs()}
    for label, migration in found:
        for other, name in migration.dependencies:
            if not other.startswith("__"):
                yield (
                    packages[label],
                    packages.get(other, ""),
                    f"{label}.{migration.name} depends on {other}.{name}",
                )


def _homes(folder: Path) -> dict[str, str]:
    """Template name to the package that holds it."""
    return {
        str(path.relative_to(place)): path.relative_to(folder).parts[0]
        for place in folder.rglob("templates")
        for path in place.rglob("*")
        if path.is_file()
    }


def _template_edges(
    package: str, name: str, text: str, homes: dict[str, str], tags: dict[str, str]
) -> Iterator[Edge]:
    for target in REFERENCE.findall(text):
        yield package, homes.get(target, ""), f"{name} refers to {target}"
    for names in LOAD.findall(text):
        for library in names.split(" from ")[-1].split():
            yield package, tags.get(library, ""), f"{name} loads {library}"


def _libraries() -> dict[str, str]:
    return {path.stem: path.relative_to(PRODUCT).parts[0] for path in PRODUCT.rglob("templatetags/*.py")}


def test_foreign_keys_point_downward() -> None:
    ours = [model for model in apps.get_models() if package_of(model.__module__)]
    assert len(ours) > 20
    faults = _faults(_relations(ours))
    assert not faults, show(faults)


@isolate_apps()
def test_a_planted_foreign_key_is_found() -> None:
    class High(models.Model):
        __module__ = "diwan.cases.models"

        class Meta:
            app_label = "cases"

    class Low(models.Model):
        __module__ = "diwan.audit.models"
        case = models.ForeignKey(High, on_delete=models.PROTECT)

        class Meta:
            app_label = "audit"

    assert _faults(_relations([Low])) == ["audit.Low.case: audit may not use cases"]
    assert not _faults(_relations([High]))


def test_migrations_depend_downward() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = [
        (key[0], each) for key, each in loader.disk_migrations.items() if package_of(type(each).__module__)
    ]
    assert ours
    faults = _faults(_dependencies(ours))
    assert not faults, show(faults)


def test_a_planted_migration_is_found() -> None:
    class Planted(migrations.Migration):
        dependencies = [("catalogue", "0001_initial")]

    planted = Planted("0002_planted", "people")
    assert _faults(_dependencies([("people", planted)])) == [
        "people.0002_planted depends on catalogue.0001_initial: people may not use catalogue"
    ]


def test_templates_refer_downward() -> None:
    homes, tags, edges = _homes(PRODUCT), _libraries(), list[Edge]()
    for place in PRODUCT.rglob("templates"):
        package = place.relative_to(PRODUCT).parts[0]
        for path in place.rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            edges += _template_edges(package, str(path.relative_to(PRODUCT)), text, homes, tags)
    assert edges
    faults = _faults(edges)
    assert not faults, show(faults)


@pytest.mark.parametrize(
    "text",
    ['{% extends "desk/queue.html" %}', "{% include 'desk/queue.html' %}", "{% load i18n desk_tags %}"],
)
def test_a_planted_template_is_found(text: str) -> None:
    homes, tags = {"desk/queue.html": "web"}, {"desk_tags": "web"}
    assert _faults(_template_edges("ui", "planted.html", text, homes, tags))
    assert not _faults(_template_edges("web", "fine.html", text, homes, tags))


def test_no_two_packages_bring_the_same_template() -> None:
    seen: dict[str, Path] = {}
    double = []
    for place in sorted(PRODUCT.rglob("templates")):
        for path in sorted(each for each in place.rglob("*") if each.is_file()):
            name = str(path.relative_to(place))
            if name in seen:
                double.append(f"{name}: {seen[name]} and {path}")
            seen[name] = path
    assert not double, show(double)
