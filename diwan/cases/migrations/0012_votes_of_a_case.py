"""A case may come to several votes one after another on the same token: voices count once a vote, not once a token."""

from django.db import migrations, models

ONCE = (
    ("ballot_once_a_post", ["case_id", "token", "step", "position_id"], False),
    ("ballot_once_a_person", ["case_id", "token", "step", "account_id"], False),
    ("ballot_casting_once", ["case_id", "token", "step"], True),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_further_waits"),
    ]

    operations = [
        operation
        for name, fields, casting in ONCE
        for operation in (
            migrations.RemoveConstraint(model_name="ballot", name=name),
            migrations.AddConstraint(
                model_name="ballot",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("casting", casting)), fields=fields, name=name
                ),
            ),
        )
    ]
