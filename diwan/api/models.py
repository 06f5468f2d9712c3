"""Clients of the API and their tokens."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value


class ApiClient(models.Model):
    """A partner's system. What it opened stays its own when its token is replaced by another."""

    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A token of a partner's system: kept as a keyed digest, found by its prefix, scoped and expiring."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, null=True, related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    services = ArrayField(
        models.CharField(max_length=80), default=list, help_text="Slugs it may use; empty = none"
    )
    municipalities = ArrayField(models.CharField(max_length=3), default=list, help_text="Codes; empty = all")
    scopes = ArrayField(
        models.CharField(max_length=40),
        default=list,
        db_default=Value("{}"),
        help_text="What it may do; empty = nothing",
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To about ten minutes")

    def __str__(self) -> str:
        return self.name
