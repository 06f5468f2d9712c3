"""Who else has a say in a case: another party that confirms, and the members of a committee that vote."""

from django.db import models
from django.db.models import Q


class CaseParty(models.Model):
    """Another party whose confirmation a case asks for, e.g. the buyer of a licence.

    `party` is a national id, an iqama or a unified number: whoever signs in as that person, or for that establishment,
    may answer. `applicant` is a snapshot of who answered (`cases.applicants`), empty until then.
    """

    case_id = models.BigIntegerField()
    token = models.IntegerField(help_text="Token of the step that asks")
    step = models.CharField(max_length=60)
    party = models.CharField(max_length=10)
    mobile = models.CharField(max_length=16)
    applicant = models.JSONField(default=dict)
    account_id = models.BigIntegerField(null=True)
    establishment_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=60, blank=True, help_text="Empty while the answer is awaited")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_party"
        constraints = [models.UniqueConstraint(fields=["case_id", "token"], name="case_party_once")]
        indexes = [models.Index(fields=["party", "-asked_at"], name="case_party_asked")]


class Ballot(models.Model):
    """A member's voice in a vote: a choice, or none (abstained), or excused from the matter; never changed.

    `casting` marks the chair's second voice, which only breaks a tie. Names are those of the moment.
    """

    case_id = models.BigIntegerField()
    token = models.IntegerField(help_text="Token of the vote")
    step = models.CharField(max_length=60)
    position_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    choice = models.CharField(max_length=60, blank=True, help_text="Empty: abstained, or excused")
    excused = models.BooleanField(default=False, help_text="Has an interest in the matter")
    casting = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    name_ar = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    title_ar = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "ballot"
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "token", "step", "position_id"],
                condition=Q(casting=False),
                name="ballot_once_a_post",
            ),
            models.UniqueConstraint(
                fields=["case_id", "token", "step", "account_id"],
                condition=Q(casting=False),
                name="ballot_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["case_id", "token", "step"], condition=Q(casting=True), name="ballot_casting_once"
            ),
            models.CheckConstraint(
                condition=Q(choice="") | Q(excused=False), name="ballot_excused_chooses_nothing"
            ),
        ]
