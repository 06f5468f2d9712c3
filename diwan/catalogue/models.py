"""Services as data: published versions never change; lookups, calendars and availability go by date."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


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
    authors = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=Value("{}"),
        help_text="Accounts that wrote in it: none of them puts it into force",
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


class WrittenDraft(models.Model):
    """A service as somebody is writing it: the text as typed, whether or not it can be used yet."""

    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="written",
        help_text="Empty: new",
    )
    base = models.ForeignKey(
        ServiceVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The version that it began from",
    )  # fmt: skip
    version = models.OneToOneField(
        ServiceVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="written",
        help_text="The draft that the text last made",
    )  # fmt: skip
    name = models.CharField(max_length=200, blank=True, help_text="As typed last, for lists")
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    is_whole = models.BooleanField(default=False, help_text="The version says what the text says")
    begun_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Published, or laid aside")


class DraftRevision(models.Model):
    """What a draft said before: nothing typed and saved is ever lost."""

    draft = models.ForeignKey(WrittenDraft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_revision_number")]


class Publication(models.Model):
    """A draft that somebody asks to be put into force, and what another person said to it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits for the second person"
        APPROVED = "approved", "approved and in force from its day"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "taken back"
        LAPSED = "lapsed", "the draft was changed meanwhile"

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="publications")
    hash = models.CharField(max_length=64, help_text="Of the definition that was asked for")
    valid_from = models.DateField()
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state="waiting"), name="publication_waits_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="publication_by_two",
            ),
        ]


class ReceivedPackage(models.Model):
    """A service that another amanah sent (`catalogue.bundle`): the file as it came, and what was made of it here."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the file")
    data = models.BinaryField(help_text="The file as it came")
    slug = models.CharField(max_length=80, help_text="Of the service that it is about")
    name_ar = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    number = models.PositiveIntegerField(help_text="Of the version there")
    made_by_ar = models.CharField(max_length=200, blank=True, help_text="As the package says")
    made_by_en = models.CharField(max_length=200, blank=True)
    made_on = models.DateField(help_text="Since when the version holds there")
    sealed_by = models.CharField(max_length=300, blank=True, help_text="As the certificate of its seal says")
    received_by = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the command line",
    )  # fmt: skip
    received_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: not taken in, or by the command line",
    )  # fmt: skip
    imported_at = models.DateTimeField(null=True, blank=True)
    versions = ArrayField(
        models.BigIntegerField(), default=list, help_text="Drafts that it became, in the order of making"
    )
    rows = ArrayField(
        models.CharField(max_length=90), default=list, help_text="lookup:code of the rows that came along"
    )


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
    municipalities = ArrayField(
        models.CharField(max_length=3), default=list, help_text="Codes of those that have it"
    )
    units = ArrayField(
        models.CharField(max_length=24), default=list, db_default=models.Value("{}"),
        help_text="Codes of the units that have it, with all units below them that have none of their own",
    )  # fmt: skip


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


class CalendarChange(models.Model):
    """A change of a calendar, and how far the open deadlines have followed it (`cases.actions.follow_calendar`)."""

    class What(models.TextChoices):
        MADE = "made", "a new calendar"
        HOLIDAY = "holiday", "a holiday was announced or changed"
        HOLIDAY_REMOVED = "removed", "a holiday was taken back"
        HOURS = "hours", "other hours from a day on"
        PLACES = "places", "given to other municipalities or units"

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=8, choices=What.choices)
    about_ar = models.CharField(max_length=240)
    about_en = models.CharField(max_length=240)
    first_day = models.DateField(help_text="No deadline before this day moves")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(help_text="Real time: other processes know of it a little later")
    by_ar = models.CharField(max_length=200)
    by_en = models.CharField(max_length=200)
    counted_at = models.DateTimeField(null=True, blank=True, help_text="When the last open deadline followed")
    after_case = models.BigIntegerField(default=0, help_text="Cases up to this one have followed")
    moved = models.PositiveIntegerField(default=0, help_text="Open deadlines that moved")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(counted_at__isnull=True), name="calendar_change_waiting"),
        ]
