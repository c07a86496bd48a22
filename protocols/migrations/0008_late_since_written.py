"""The watchdog also asks when a step was written down: before that nobody could have fired it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("protocols", "0007_a_step_fires_once_again")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT (recorded_at) ON protocols_steprun TO casework_watchdog",
            migrations.RunSQL.noop,
        ),
    ]
