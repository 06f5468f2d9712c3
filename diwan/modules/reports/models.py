"""What a report is beside its case: where it lies, who works on it, who follows it, how it was closed and judged."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Crew(models.Model):
    """A crew (فرقة) of a contractor or of one of our units: for which types and districts, and in which hours."""

    code = models.CharField(max_length=24, unique=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    entity = models.ForeignKey(
        "people.OutsideEntity", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kinds = ArrayField(
        models.CharField(max_length=12),
        default=list,
        help_text="Types (RPT-0101) or categories (01); empty: all",
    )
    districts = ArrayField(
        models.CharField(max_length=16), default=list, help_text="Codes of districts; empty: all"
    )
    hours_from = models.TimeField(null=True, blank=True, help_text="Shift, Riyadh time; empty: day and night")
    hours_to = models.TimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(entity__isnull=True) ^ Q(unit__isnull=True), name="reports_crew_of_one"
            )
        ]


class Contract(models.Model):
    """What a contractor has to do: types or categories, where, from when to when. The most specific row counts."""

    entity = models.ForeignKey("people.OutsideEntity", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    kinds = ArrayField(
        models.CharField(max_length=12),
        default=list,
        help_text="Types (RPT-0101) or categories (01); empty: all",
    )
    municipality = models.ForeignKey(
        "people.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    districts = ArrayField(
        models.CharField(max_length=16), default=list, help_text="Codes of districts; empty: all"
    )
    hours_from = models.TimeField(null=True, blank=True, help_text="Riyadh time; empty: day and night")
    hours_to = models.TimeField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)


class Report(models.Model):
    """One report to 940: what lists, maps and routing ask of its case. `state` to `due_at` follow the case.

    `lat` and `lng` are WGS84 degrees; an index over `point(lng, lat)` of the open ones finds what is near.
    `reporter_key` is a keyed digest of the mobile number, so that a caller's last reports are found by it.
    """

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="report", db_index=False
    )
    type = models.CharField(max_length=12)
    category = models.CharField(max_length=4)
    group = models.CharField(max_length=24, blank=True)
    priority = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=8)
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(
        "places.District", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    channel = models.CharField(max_length=12)
    anonymous = models.BooleanField(default=False)
    reporter_key = models.CharField(max_length=64, blank=True)
    public = models.BooleanField(default=False, help_text="May stand on the public map and list")
    emergency = models.BooleanField(default=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contractor = models.ForeignKey(
        "people.OutsideEntity", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    sent_to = models.JSONField(
        null=True, blank=True, help_text="Where somebody sent it by hand: kind and code"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="split_off"
    )
    state = models.CharField(max_length=16)
    stage = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(
        null=True, blank=True, help_text="When the work was last said to be done"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(
        null=True, blank=True, help_text="When something last happened that the reporter is shown"
    )

    class Meta:
        indexes = [
            models.Index(fields=["-opened_at", "-case"], name="reports_by_time"),
            models.Index(fields=["-updated_at"], name="reports_by_change"),
            models.Index(
                fields=["municipality", "priority", "due_at"],
                condition=Q(closed_at__isnull=True),
                name="reports_open_of_town",
            ),
            models.Index(
                fields=["crew", "due_at"], condition=Q(closed_at__isnull=True), name="reports_open_of_crew"
            ),
            models.Index(
                fields=["reporter_key", "-case"], condition=~Q(reporter_key=""), name="reports_of_caller"
            ),
            models.Index(fields=["-case"], condition=Q(public=True), name="reports_public"),
        ]


class Follower(models.Model):
    """Somebody who hears of a report besides its reporter: "I follow it", or a reporter whose report was joined."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="followers")
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mobile = models.CharField(max_length=16, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="ar")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "mobile", "email"], name="reports_follower_once")
        ]


class Closing(models.Model):
    """Work said to be done: by whom, with which proof, and what was found when somebody looked.

    `proof`: proven (the photos are of the place and of the time of the work), unproven (they do not tell), far (another
    place, with a reason). `verdict` is open until somebody judges: the sample, a dispute, the question afterwards.
    """

    class Proof(models.TextChoices):
        PROVEN = "proven", "place and time fit"
        UNPROVEN = "unproven", "photos tell no place"
        FAR = "far", "another place, with a reason"
        NONE = "none", "no photo needed"

    class Verdict(models.TextChoices):
        OPEN = "open", "not judged"
        CONFIRMED = "confirmed", "fixed"
        FALSE = "false", "closed without being fixed"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveSmallIntegerField(help_text="1, and one more each time the work is done again")
    task_id = models.BigIntegerField(unique=True, help_text="The open task that it closed")
    at = models.DateTimeField()
    type = models.CharField(max_length=12)
    municipality_id = models.BigIntegerField()
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contractor = models.ForeignKey(
        "people.OutsideEntity", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    account_id = models.BigIntegerField(null=True)
    words = models.TextField()
    before = ArrayField(models.CharField(max_length=24), default=list, help_text="Ids of uploads")
    after = ArrayField(models.CharField(max_length=24), default=list, help_text="Ids of uploads")
    proof = models.CharField(max_length=8, choices=Proof.choices)
    distance = models.FloatField(null=True, help_text="Metres from the place of the report")
    far_why = models.TextField(blank=True)
    sampled = models.BooleanField(default=False, help_text="Drawn for verification")
    verdict = models.CharField(max_length=9, choices=Verdict.choices, default=Verdict.OPEN)
    means = models.CharField(max_length=10, blank=True, help_text="sample, dispute, reporter or later")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="reports_closing_once")]
        indexes = [models.Index(fields=["at"], name="reports_closing_at")]


class Arrival(models.Model):
    """A crew was there: once for each time that the work waited for it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="arrivals")
    task_id = models.BigIntegerField(unique=True, help_text="The open task of the work")
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    distance = models.FloatField(null=True, help_text="Metres of the device from the place of the report")
    accuracy = models.FloatField(null=True, help_text="Metres, as the device says")


class LaterQuestion(models.Model):
    """Is it still fixed? Asked of a sample of reporters four weeks after the end."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="later")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    fixed = models.BooleanField(null=True)


class PhotoCheck(models.Model):
    """Whether a photo may be shown to everybody: nothing personal in it, no face and no number plate."""

    class State(models.TextChoices):
        WAITING = "waiting", "nobody looked yet"
        SHOWN = "shown", "may be shown"
        WITHHELD = "withheld", "not to be shown"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="photo_checks")
    upload_id = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(null=True)
    position_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="reports_photo_state")]
