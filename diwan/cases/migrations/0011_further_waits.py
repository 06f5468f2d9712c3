from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_drafts_of_clients'),
    ]

    operations = [
        migrations.AlterField(
            model_name='opentask',
            name='kind',
            field=models.CharField(choices=[('task', 'task of a post'), ('visit', 'visit'), ('applicant', 'asked of the applicant'), ('choice', 'choice of the applicant'), ('outside', 'outside entity'), ('automatic', 'automatic act'), ('payment', 'payment'), ('document', 'document to be sealed'), ('party', 'asked of another party'), ('vote', 'vote of a committee'), ('chain', 'signature of a chain'), ('child', 'case of its own'), ('wait', 'message or date')], max_length=10),
        ),
    ]
