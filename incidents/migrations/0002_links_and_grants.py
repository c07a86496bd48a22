"""The ground's `episode_id` columns get their foreign keys here, so that imports go down and rows hold together."""

from django.db import migrations

from casework.records.grants import append_only, never_deleted

GROUND_POINTS_UP = "\n".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_episode FOREIGN KEY (episode_id)"
    " REFERENCES incidents_missingepisode (id) DEFERRABLE INITIALLY DEFERRED;"
    for table in ("records_chronologyentry", "records_disclosure", "records_notification")
)

APPEND_ONLY = (
    "incidents_challenge",
    "incidents_interviewattempt",
    "incidents_policeanswer",
    "incidents_riskassessment",
    "incidents_indicatorevent",
    "incidents_missingepisodeevent",
    "incidents_returnevent",
    "incidents_returninterviewevent",
    "incidents_spellevent",
)

NEVER_DELETED = (
    "incidents_correction",
    "incidents_indicator",
    "incidents_interviewcover",
    "incidents_located",
    "incidents_missingepisode",
    "incidents_news",
    "incidents_return",
    "incidents_returninterview",
    "incidents_signoff",
    "incidents_spell",
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("records", "0002_audit_and_grants")]

    operations = [
        migrations.RunSQL(GROUND_POINTS_UP, migrations.RunSQL.noop),
        migrations.RunSQL(append_only(*APPEND_ONLY), migrations.RunSQL.noop),
        migrations.RunSQL(never_deleted(*NEVER_DELETED), migrations.RunSQL.noop),
    ]
