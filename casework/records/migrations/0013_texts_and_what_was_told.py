"""Text messages beside letters, and of what somebody was told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_restricted_children"),
    ]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="told_of",
            field=models.CharField(
                choices=[
                    ("missing", "That the child is missing"),
                    ("located", "That the child has been located"),
                    ("back", "That the child is back"),
                    ("interview", "What was said in the return interview"),
                ],
                default="missing",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="told_phone",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="notification",
            name="outside_id",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="notification",
            name="receipt_asks",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="audience",
            field=models.CharField(
                choices=[
                    ("police", "Police"),
                    ("parent", "Parent or person with parental responsibility"),
                    ("authority", "Authority staff"),
                    ("host_authority", "Host authority"),
                    ("provider", "Home or provider"),
                    ("home_office", "Home Office"),
                    ("school", "School or college"),
                    ("health", "Health"),
                    ("reviewing_officer", "Independent reviewing officer"),
                    ("guardian", "Child trafficking guardian"),
                    ("legal", "Legal services"),
                    ("other", "Somebody else"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("next_try_at__isnull", False), ("state", "sent")),
                fields=["next_try_at"],
                name="notification_on_its_way",
            ),
        ),
    ]
