"""Accounts of persons and the establishments they act for."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac


class Account(AbstractBaseUser):
    """A person who can sign in: a resident, an employee, or a user of an outside entity.

    Residents sign in by national id or e-mail and a one-time code and have no password; employees by user name,
    password and TOTP. One person is one account and switches capacity without signing out.
    """

    class Kind(models.TextChoices):
        RESIDENT = "resident", "resident"
        STAFF = "staff", "staff"
        ENTITY = "entity", "outside entity"

    username = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    national_id = models.CharField(max_length=10, unique=True, null=True, blank=True)
    email = models.EmailField(unique=True, null=True, blank=True)
    mobile = models.CharField(max_length=16, blank=True, help_text="E.164, +9665XXXXXXXX")
    birth_date = models.DateField(null=True, blank=True)
    name_ar = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=260)
    language = models.CharField(max_length=2, default="ar")
    shortcuts = models.BooleanField(default=True, help_text="Single-key shortcuts (WCAG 2.1.4)")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    sessions_ended = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="Raised to end every session: it is a part of what a session proves",
    )

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[BaseUserManager["Account"]] = BaseUserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["ar", "en"]), name="account_language"),
        ]

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """What a session must still prove at each request: the password, and how often all sessions were ended."""
        found = super().get_session_auth_hash()
        if not self.sessions_ended:
            return found
        return salted_hmac(
            "diwan.people.session", f"{found}|{self.sessions_ended}", algorithm="sha256"
        ).hexdigest()


class Establishment(models.Model):
    """A shop, company or branch under one unified number (700...)."""

    unified_number = models.CharField(max_length=10, unique=True)
    cr_number = models.CharField(max_length=10, unique=True)
    name_ar = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=260)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.unified_number


class EstablishmentMember(models.Model):
    """The capacity in which a person acts for an establishment."""

    class Capacity(models.TextChoices):
        OWNER = "owner", "owner (مالك)"
        MANAGER = "manager", "manager (مدير)"
        AUTHORISED = "authorised", "authorised (مفوض)"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="members")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "establishment", "capacity"],
                condition=Q(valid_to__isnull=True),
                name="establishment_member_once",
            )
        ]
