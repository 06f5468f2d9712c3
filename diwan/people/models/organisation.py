"""The organisation: municipalities, units, posts, who holds them, and outside bodies.

Inboxes belong to posts, never to persons (domain 5.2, rule 8): an account reaches work through a `Holding`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Municipality(models.Model):
    """A municipality of the amanah; number 000 is the amanah's own head office."""

    code = models.CharField(max_length=3, unique=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=160)
    city_class = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(city_class__range=(1, 5)), name="municipality_city_class"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="municipality_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class Unit(models.Model):
    """A department or section, of the amanah (municipality 000) or of one municipality."""

    code = models.CharField(max_length=24, unique=True)
    department = models.CharField(
        max_length=8, help_text="Department code of the organisation tree, e.g. LIC"
    )
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    sort_key = models.CharField(max_length=200)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class Role(models.Model):
    """A named set of permissions, given to posts. Permission codes are declared in `people.registry`."""

    code = models.CharField(max_length=40, unique=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    permissions = ArrayField(models.CharField(max_length=60), default=list)

    def __str__(self) -> str:
        return self.code


class Position(models.Model):
    """A post (كرسي الوظيفة): title, place in the tree, roles. Work waits at posts."""

    code = models.CharField(max_length=40, unique=True)
    title_ar = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    roles = models.ManyToManyField(Role, related_name="positions")
    level = models.PositiveSmallIntegerField(help_text="1 = amin ... 7 = clerk (domain 5.1)")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class Holding(models.Model):
    """Who sits at a post, from when to when, and in what way."""

    class Kind(models.TextChoices):
        HOLDER = "holder", "holder"
        ACTING = "acting", "assigned to the post (تكليف)"

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="holdings")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HOLDER)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(valid_to__isnull=True, kind="holder"),
                name="holding_one_holder",
            )
        ]


class Delegation(models.Model):
    """Powers lent from one post to another (domain 5.2, rules 1-3)."""

    class Kind(models.TextChoices):
        POWERS = "powers", "by delegation (بالتفويض)"
        ABSENCE = "absence", "on behalf of (نيابة عن)"

    delegator = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="delegations_received")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    services = ArrayField(
        models.CharField(max_length=80), default=list, help_text="Service slugs; empty = all"
    )
    decision_number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="delegation_not_to_self"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_validity"),
        ]


class OutsideEntity(models.Model):
    """A government body outside the amanah that answers cases (civil defence, supervising bodies)."""

    code = models.CharField(max_length=40, unique=True)
    name_ar = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    sort_key = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.code


class EntityMember(models.Model):
    """A named user of an outside entity."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="entity_memberships")
    entity = models.ForeignKey(OutsideEntity, on_delete=models.PROTECT, related_name="members")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
