"""The watchdog also asks since when an episode has waited for its steps."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("protocols", "0004_only_the_indexes_queries_need"),
        ("incidents", "0004_episodes_in_hand"),
    ]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT (recorded_at) ON incidents_missingepisode TO casework_watchdog",
            migrations.RunSQL.noop,
        ),
    ]
