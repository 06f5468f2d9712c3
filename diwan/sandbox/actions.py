"""What people do with runs. Whoever writes or publishes services begins one; it is played by whoever began it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.catalogue.models import ServiceVersion, WrittenDraft
from diwan.forms.entry import prefill
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.registry import EDIT_CATALOGUE, PUBLISH_CATALOGUE
from diwan.sandbox.errors import ChangedMeanwhile, NothingToRun, NotWhole, NotYours, RunUnknown
from diwan.sandbox.models import Run
from diwan.sandbox.moves import Move
from diwan.sandbox.people import applicant
from diwan.sandbox.playing import Play, play
from diwan.sandbox.setting import setting_of

KEEP: Final = timedelta(days=90)
"""Runs that nobody touched for so long are removed."""
_AT_ONCE: Final = 500


@transaction.atomic
def begin_run(*, version_id: int, person: str, by: Actor, like: int | None = None) -> Run:
    """Begin a run of a version, published or a draft, with a test applicant; with the answers of the run `like`.

    Raises NotAllowed, NoSuchService, NothingToRun, NotWhole (the draft's text has faults), NoSuchPerson, RunUnknown.
    """
    _may(by)
    version = ServiceVersion.objects.filter(pk=version_id).first()
    if version is None or by.account_id is None:
        raise NoSuchService
    if load_definition(version).table is None:
        raise NothingToRun
    if WrittenDraft.objects.filter(version=version, ended_at=None, is_whole=False).exists():
        raise NotWhole
    before = Run.objects.filter(pk=like, version=version).first() if like is not None else None
    if like is not None and before is None:
        raise RunUnknown
    now = clock.now()
    run = Run(
        version=version, person=applicant(before.person if before else person).code, begun_by_id=by.account_id,
        begun_at=now, changed_at=now,
    )  # fmt: skip
    if before is not None:
        run.entry, run.values, run.typed, run.papers = (
            before.entry,
            before.values,
            before.typed,
            before.papers,
        )
    else:
        setting = setting_of(run)
        run.values = prefill(setting.service.form, setting.context())
    run.save()
    _written(run, "begun", by)
    return run


@transaction.atomic
def keep_answers(
    *, run_id: int, revision: int, values: Mapping[str, Any], typed: Mapping[str, Any], papers: Sequence[str],
    by: Actor,
) -> Run:  # fmt: skip
    """Keep the form as it stands. Raises RunUnknown, NotYours, ChangedMeanwhile."""
    run = _own(run_id, revision, by)
    run.values, run.typed, run.papers = dict(values), dict(typed), sorted(set(papers))
    return _kept(run, "answered", by)


@transaction.atomic
def keep_entry(*, run_id: int, revision: int, entry: Mapping[str, Any], by: Actor) -> Run:
    """Keep what a register is taken to hold; the answers that come from it are taken anew.

    Raises RunUnknown, NotYours, ChangedMeanwhile.
    """
    run = _own(run_id, revision, by)
    run.entry = dict(entry)
    setting = setting_of(run)
    run.values = {**run.values, **prefill(setting.service.form, setting.context())}
    return _kept(run, "entry_kept", by)


@transaction.atomic
def make_move(*, run_id: int, revision: int, move: Move, by: Actor) -> Play:
    """Make one move, and give how the run stands then. Raises RunUnknown, NotYours, ChangedMeanwhile, and what the
    move is refused for (`sandbox.errors`, FlowError, RuleError)."""
    run = _own(run_id, revision, by)
    played = play(setting_of(run), run.moves)
    if played.misfit is not None:
        raise ChangedMeanwhile
    played.make(move)
    run.moves = [*run.moves, move.to_json()]
    _kept(run, "moved", by)
    return played


@transaction.atomic
def take_back(*, run_id: int, revision: int, keep: int, by: Actor) -> Run:
    """Keep only the first moves. Raises RunUnknown, NotYours, ChangedMeanwhile."""
    run = _own(run_id, revision, by)
    run.moves = run.moves[: max(0, keep)]
    return _kept(run, "taken_back", by)


def prune_runs() -> int:
    """Remove runs that nobody touched for long; the number removed."""
    old = Run.objects.filter(changed_at__lt=clock.now() - KEEP).values_list("pk", flat=True)[:_AT_ONCE]
    return Run.objects.filter(pk__in=list(old)).delete()[0]


def _may(by: Actor) -> None:
    if not (by.can(EDIT_CATALOGUE) or by.can(PUBLISH_CATALOGUE)):
        raise NotAllowed


def _own(run_id: int, revision: int, by: Actor) -> Run:
    """The actor's run, locked, as it was read. Raises NotAllowed, RunUnknown, NotYours, ChangedMeanwhile."""
    _may(by)
    run = Run.objects.select_for_update(of=("self",)).select_related("version").filter(pk=run_id).first()
    if run is None:
        raise RunUnknown
    if run.begun_by_id != by.account_id:
        raise NotYours
    if run.revision != revision:
        raise ChangedMeanwhile
    return run


def _kept(run: Run, what: str, by: Actor) -> Run:
    run.revision += 1
    run.changed_at = clock.now()
    run.save()
    _written(run, what, by)
    return run


def _written(run: Run, what: str, by: Actor) -> None:
    audit_row(
        by=by, action=f"sandbox.run.{what}", object_type="sandbox_run", object_id=run.pk, municipality_id=None,
        values={"version": run.version_id, "revision": run.revision, "moves": len(run.moves)},
    )  # fmt: skip
