"""Clients of the API and their tokens."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiToken(models.Model):
    """A token of a partner's system: kept as a keyed digest, found by its prefix, scoped and expiring."""

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    services = ArrayField(
        models.CharField(max_length=80), default=list, help_text="Slugs it may use; empty = none"
    )
    municipalities = ArrayField(models.CharField(max_length=3), default=list, help_text="Codes; empty = all")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
