"""Services as data: published versions never change; lookups, calendars and availability go by date."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Period(Func):
    """`daterange(valid_from, valid_to)`: the first day is in it, the last is not, an open end is for ever."""

    function = "daterange"
    output_field = DateRangeField()


class Service(models.Model):
    """A service of the catalogue; what it is today stands in its published versions."""

    slug = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=16, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class ServiceVersion(models.Model):
    """One version: the definition as canonical JSON, what it compiles to, and when it holds."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"

    class Origin(models.TextChoices):
        PACKAGED = "packaged", "packaged with the product"
        LOCAL = "local", "made or changed here"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    patch = models.PositiveIntegerField(default=0, help_text="Wording fixes of the same version")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    definition = models.JSONField()
    compiled = models.JSONField(
        help_text="Flow table, form plan, public texts: all that the engine and the gate read"
    )
    hash = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(
        blank=True, help_text="kit.arabic.normalise of names, summary and synonyms"
    )
    merge = models.JSONField(
        null=True,
        blank=True,
        help_text="Of a proposed merge: the version it starts from and the places that conflict",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="service_version_number"),
            ExclusionConstraint(
                name="service_version_validity",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="published"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(valid_from__isnull=False, published_at__isnull=False),
                name="service_version_published",
            ),
        ]


class Availability(models.Model):
    """Where and since when a service is offered (staged go-live, domain decision 7)."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="availability")
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="availability_validity",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("municipality", RangeOperators.EQUAL),
                    (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class LookupRow(models.Model):
    """A row of a lookup (activities, reasons, rates) with its dates; `data` holds the further columns."""

    lookup = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name_ar = models.CharField(max_length=240)
    name_en = models.CharField(max_length=240)
    sort_key = models.CharField(max_length=300)
    search_key = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    origin = models.CharField(
        max_length=8, choices=ServiceVersion.Origin.choices, default=ServiceVersion.Origin.PACKAGED
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="lookup_row_validity",
                expressions=[
                    ("lookup", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["lookup", "code"], name="lookup_row_code")]


class WorkingCalendar(models.Model):
    """A working calendar as data (kit.calendars): of the amanah, a municipality or a unit."""

    code = models.CharField(max_length=24, unique=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    rules = models.JSONField(help_text="As `kit.calendar_data.calendar_from` reads it, without holidays")
    origin = models.CharField(
        max_length=8, choices=ServiceVersion.Origin.choices, default=ServiceVersion.Origin.PACKAGED
    )
    municipalities = ArrayField(models.CharField(max_length=3), default=list, help_text="Codes; empty = all")


class Holiday(models.Model):
    """A holiday of a calendar: announced each year, editable, the library only a seed."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="holidays")
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    date_from = models.DateField()
    date_to = models.DateField()
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(date_to__gte=F("date_from")), name="holiday_dates"),
            models.UniqueConstraint(fields=["calendar", "date_from", "name_en"], name="holiday_once"),
        ]
