"""What proves who somebody is: one-time codes, TOTP, step-up, and the windows that slow guessing."""

from django.db import models


class OneTimeCode(models.Model):
    """A code sent to a known address; stored hashed, bound to purpose and session, counted before it is compared."""

    purpose = models.CharField(max_length=40)
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    target = models.CharField(max_length=64, help_text="Keyed digest of the address the code was sent to")
    binding = models.CharField(
        max_length=64, help_text="Keyed digest of the session or object the code is for"
    )
    digest = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "target", "-created_at"], name="one_time_code_target")]


class TotpDevice(models.Model):
    """The time-based code generator of an employee; the seed is encrypted with the deployment's secret."""

    account = models.OneToOneField("people.Account", on_delete=models.PROTECT, related_name="totp")
    seed = models.TextField()
    last_step = models.BigIntegerField(
        default=0, help_text="Last accepted time step: a code is accepted once"
    )
    created_at = models.DateTimeField()


class StepUp(models.Model):
    """A fresh second factor within a session, which authorises signing for ten minutes."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=64, help_text="Keyed digest of the session key")
    at = models.DateTimeField(help_text="Real time")
    expires_at = models.DateTimeField(help_text="Real time")

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="step_up_latest")]


class RateWindow(models.Model):
    """A counter of one key in one window; changed only by an atomic upsert (`people.actions.count_attempt`)."""

    key = models.CharField(max_length=120, primary_key=True)
    window_start = models.DateTimeField()
    count = models.IntegerField()
