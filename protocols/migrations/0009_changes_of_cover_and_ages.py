"""A step may come at each change of cover, or when the child reaches an age."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("protocols", "0008_late_since_written")]

    operations = [
        migrations.AddField(
            model_name="steptiming",
            name="months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="steptiming", name="calendar", field=models.CharField(max_length=15)
        ),
    ]
