"""The guard that a step fires once, put back: dropping the plain index of its column took it along.

Django finds what to drop by column, and a unique index with a condition looks to it like any other.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("protocols", "0006_runs_find_their_steps")]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX IF NOT EXISTS step_fires_once ON protocols_stepevent (step_run_id)"
            " WHERE kind = 'fired'",
            migrations.RunSQL.noop,
        ),
    ]
