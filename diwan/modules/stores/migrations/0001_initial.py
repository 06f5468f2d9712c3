"""The store's book; what was written down about its stock is never changed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORWARD = "REVOKE UPDATE, DELETE, TRUNCATE ON stores_stockmovement FROM diwan_app"
BACKWARD = "GRANT UPDATE, DELETE ON stores_stockmovement TO diwan_app"


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StockItem",
            fields=[
                ("id", key()),
                ("code", models.CharField(max_length=40, unique=True)),
                ("on_hand", models.IntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_not_below_zero")
                ]
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                ("id", key()),
                ("at", models.DateTimeField()),
                ("quantity", models.IntegerField(help_text="Above zero in, below zero out")),
                ("left", models.IntegerField(help_text="In the store after it")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("received", "received into the store"),
                            ("issued", "issued to an employee"),
                            ("returned", "put back: it was not received"),
                        ],
                        max_length=10,
                    ),
                ),
                ("case_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "token",
                    models.IntegerField(
                        blank=True, help_text="Token of the step at which it was issued", null=True
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("by", models.CharField(help_text="Who wrote it, as in audit rows", max_length=60)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="stores.stockitem",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["case_id", "id"], name="stock_movement_of_case")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
