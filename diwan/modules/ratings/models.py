"""The invitation to rate an ended case, and the rating that came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from diwan.cases.models import Case
from diwan.people.models import Municipality, Unit


class Invitation(models.Model):
    """One link for one ended case. Its secret is kept as a hash only; `generation` counts the links given."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret in the link")
    generation = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(help_text="The end of the case that this link asks about")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "ratings_invitation"


class Rating(models.Model):
    """What somebody said of a service, once. `words` are for the office that looks into it and are never published."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=80)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    words = models.TextField(blank=True)
    wants_contact = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    at = models.DateTimeField()
    follow_up = models.BigIntegerField(
        null=True, blank=True, unique=True, help_text="The internal case that looks into a low score"
    )

    class Meta:
        db_table = "ratings_rating"
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="ratings_rating_score")
        ]
        indexes = [
            models.Index(fields=["at"], name="ratings_rating_at"),
        ]
