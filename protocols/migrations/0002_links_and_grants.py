"""Messages point at their step; the application keeps its hands off what has happened; the watchdog may look."""

from django.db import migrations

from casework.records.grants import append_only, never_deleted

GROUND_POINTS_UP = "\n".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_step_run FOREIGN KEY (step_run_id)"
    " REFERENCES protocols_steprun (id) DEFERRABLE INITIALLY DEFERRED;"
    for table in ("records_disclosure", "records_notification")
)

WATCHDOG = """
GRANT SELECT (id, run_id, episode_id, rung, due_at, state, attempts, next_try_at, lease_until, fired_at,
              done_at, superseded_at) ON protocols_steprun TO casework_watchdog;
GRANT SELECT ON protocols_protocolrun, protocols_engineversion, records_heartbeat TO casework_watchdog;
GRANT SELECT (id, state, next_try_at, lease_until, recorded_at, sent_at) ON records_notification
    TO casework_watchdog;
GRANT SELECT (id, state) ON incidents_missingepisode TO casework_watchdog;
GRANT INSERT, UPDATE ON records_heartbeat TO casework_watchdog;
"""

ENGINE = "INSERT INTO protocols_engineversion (one, number) VALUES (true, 1) ON CONFLICT DO NOTHING"

# A hot table: many rows change state each minute, so it is swept clean early.
VACUUM = "\n".join(
    f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);"
    for table in ("protocols_steprun", "records_notification")
)


class Migration(migrations.Migration):
    dependencies = [("protocols", "0001_initial"), ("incidents", "0002_links_and_grants")]

    operations = [
        migrations.RunSQL(GROUND_POINTS_UP, migrations.RunSQL.noop),
        migrations.RunSQL(
            append_only("protocols_stepevent", "protocols_protocolevent"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            never_deleted(
                "protocols_protocol",
                "protocols_protocolversion",
                "protocols_protocolrun",
                "protocols_steprun",
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(WATCHDOG, migrations.RunSQL.noop),
        migrations.RunSQL(ENGINE, migrations.RunSQL.noop),
        migrations.RunSQL(VACUUM, migrations.RunSQL.noop),
    ]
