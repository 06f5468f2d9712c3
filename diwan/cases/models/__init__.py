"""The case, where it stands, what happened to it, and what is typed but not yet said."""

from diwan.cases.models.case import Case, IdempotencyKey
from diwan.cases.models.drafts import Draft, NoteDraft, Presence, UndoSlot
from diwan.cases.models.findings import CheckResult, FieldRemark
from diwan.cases.models.history import DoneTask, History
from diwan.cases.models.position import JoinCounter, OpenTask
from diwan.cases.models.sides import Ballot, CaseParty
from diwan.cases.models.versions import MovedCase, VersionMove
from diwan.cases.models.words import CaseWords

__all__ = [
    "Ballot",
    "Case",
    "CaseParty",
    "CaseWords",
    "CheckResult",
    "DoneTask",
    "Draft",
    "FieldRemark",
    "History",
    "IdempotencyKey",
    "JoinCounter",
    "MovedCase",
    "NoteDraft",
    "OpenTask",
    "Presence",
    "UndoSlot",
    "VersionMove",
]
