"""A lost code generator, replaced by two administrators; and who is signed in with one."""

from django.db import models
from django.db.models import F, Q

from diwan.kit import clock


class SecondFactorReset(models.Model):
    """One administrator asks, another confirms, and the person registers a new generator by a link that works once.

    All times are real. The link is kept as a digest; the new seed is sealed for the account until its first code came.
    """

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Until when it can be confirmed")
    confirmed_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    link_digest = models.CharField(max_length=64, blank=True, db_index=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    seed = models.TextField(blank=True, help_text="Of the new generator, encrypted, until it is registered")
    enrolled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "people_second_factor_reset"
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("account"))),
                name="second_factor_reset_two_people",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("account")), name="second_factor_reset_not_own"),
        ]
        indexes = [models.Index(fields=["account", "-asked_at"], name="second_factor_reset_latest")]

    @property
    def waits(self) -> bool:
        """Whether a second administrator can still confirm it."""
        return not (self.confirmed_at or self.withdrawn_at) and self.expires_at > clock.real_now()

    @property
    def link_is_out(self) -> bool:
        """Whether it was confirmed and the person has not registered a new generator yet."""
        return self.confirmed_at is not None and self.enrolled_at is None


class SignIn(models.Model):
    """That somebody signed in with an authenticator, and until when; the session is named by its keyed digest."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=64)
    opened_at = models.DateTimeField(help_text="Real time")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time; signed out, or ended by somebody"
    )

    class Meta:
        db_table = "people_signin"
        indexes = [
            models.Index(fields=["account", "-opened_at"], name="signin_latest"),
            models.Index(fields=["session"], name="signin_session"),
        ]
