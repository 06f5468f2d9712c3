"""Leave of employees; what was written down about days is never changed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

FORWARD = "REVOKE UPDATE, DELETE, TRUNCATE ON staffing_leavemovement FROM diwan_app"
BACKWARD = "GRANT UPDATE, DELETE ON staffing_leavemovement TO diwan_app"


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def to(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **more)


def only(model):
    return models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0002_resets")]

    operations = [
        migrations.CreateModel(
            name="LeaveAccount",
            fields=[
                ("id", key()),
                ("days", models.IntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                ("account", only("people.account")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(days__gte=0), name="leave_account_not_below_zero")
                ]
            },
        ),
        migrations.CreateModel(
            name="LeaveMovement",
            fields=[
                ("id", key()),
                ("at", models.DateTimeField()),
                ("days", models.IntegerField(help_text="Working days: above zero given, below zero taken")),
                ("left", models.IntegerField(help_text="Days left after it")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("granted", "granted for a year"),
                            ("taken", "taken as leave"),
                            ("returned", "given back by a cancelled leave"),
                        ],
                        max_length=10,
                    ),
                ),
                ("case_id", models.BigIntegerField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("by", models.CharField(help_text="Who wrote it, as in audit rows", max_length=60)),
                ("account", to("people.account", db_index=False)),
            ],
            options={"indexes": [models.Index(fields=["account", "-id"], name="leave_movement_story")]},
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", key()),
                ("case_id", models.BigIntegerField(unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("days", models.PositiveSmallIntegerField(help_text="Working days")),
                (
                    "counted",
                    models.BooleanField(help_text="Whether the days come from the employee's account"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("account", to("people.account", db_index=False)),
                ("position", to("people.position")),
                ("deputy", to("people.position")),
                ("delegation", only("people.delegation")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_in_order")
                ],
                "indexes": [models.Index(fields=["account", "last_day"], name="leave_of_employee")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
