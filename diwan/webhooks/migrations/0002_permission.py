"""Whoever manages accounts and posts manages partners' subscriptions too, also where roles exist already."""

from django.db import migrations

GIVE = """
UPDATE people_role SET permissions = array_append(permissions, 'webhooks.manage')
WHERE 'people.manage' = ANY(permissions) AND NOT 'webhooks.manage' = ANY(permissions)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('webhooks', '0001_initial'),
        ('people', '0001_initial'),
        ('cases', '0001_initial'),
        ('outbox', '0001_initial'),
    ]

    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]
