"""Since when somebody has a case: the moment at which they said “I’ve got this”."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_episodes_by_authority"),
        ("records", "0012_restricted_children"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="missingepisode",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="missingepisode",
            name="update_update",
        ),
        migrations.AddField(
            model_name="missingepisode",
            name="holder_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="missingepisodeevent",
            name="holder_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="missingepisode",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_missingepisodeevent" ("authority_id", "carrying", "checks_made", "child_id", "circumstances", "expected_at", "holder_at", "holder_id", "home_id", "id", "imported_at", "last_seen_at", "last_seen_by", "last_seen_estimated", "last_seen_recorded_at", "last_seen_where", "left_at", "left_estimated", "left_recorded_at", "located_at", "located_estimated", "located_recorded_at", "noticed_at", "noticed_estimated", "noticed_recorded_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "police_reference", "recorded_at", "reference", "reported_by_id", "reported_by_name", "returned_at", "returned_estimated", "returned_recorded_at", "state", "together_id", "told_authority_at", "told_authority_estimated", "told_authority_recorded_at", "told_police_at", "told_police_estimated", "told_police_recorded_at", "version", "wearing") VALUES (NEW."authority_id", NEW."carrying", NEW."checks_made", NEW."child_id", NEW."circumstances", NEW."expected_at", NEW."holder_at", NEW."holder_id", NEW."home_id", NEW."id", NEW."imported_at", NEW."last_seen_at", NEW."last_seen_by", NEW."last_seen_estimated", NEW."last_seen_recorded_at", NEW."last_seen_where", NEW."left_at", NEW."left_estimated", NEW."left_recorded_at", NEW."located_at", NEW."located_estimated", NEW."located_recorded_at", NEW."noticed_at", NEW."noticed_estimated", NEW."noticed_recorded_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placement_id", NEW."police_reference", NEW."recorded_at", NEW."reference", NEW."reported_by_id", NEW."reported_by_name", NEW."returned_at", NEW."returned_estimated", NEW."returned_recorded_at", NEW."state", NEW."together_id", NEW."told_authority_at", NEW."told_authority_estimated", NEW."told_authority_recorded_at", NEW."told_police_at", NEW."told_police_estimated", NEW."told_police_recorded_at", NEW."version", NEW."wearing"); RETURN NULL;',
                    hash="a18e2adb52e2c407bb0d9958803a441e2c76fd93",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fdadf",
                    table="incidents_missingepisode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="missingepisode",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_missingepisodeevent" ("authority_id", "carrying", "checks_made", "child_id", "circumstances", "expected_at", "holder_at", "holder_id", "home_id", "id", "imported_at", "last_seen_at", "last_seen_by", "last_seen_estimated", "last_seen_recorded_at", "last_seen_where", "left_at", "left_estimated", "left_recorded_at", "located_at", "located_estimated", "located_recorded_at", "noticed_at", "noticed_estimated", "noticed_recorded_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "police_reference", "recorded_at", "reference", "reported_by_id", "reported_by_name", "returned_at", "returned_estimated", "returned_recorded_at", "state", "together_id", "told_authority_at", "told_authority_estimated", "told_authority_recorded_at", "told_police_at", "told_police_estimated", "told_police_recorded_at", "version", "wearing") VALUES (NEW."authority_id", NEW."carrying", NEW."checks_made", NEW."child_id", NEW."circumstances", NEW."expected_at", NEW."holder_at", NEW."holder_id", NEW."home_id", NEW."id", NEW."imported_at", NEW."last_seen_at", NEW."last_seen_by", NEW."last_seen_estimated", NEW."last_seen_recorded_at", NEW."last_seen_where", NEW."left_at", NEW."left_estimated", NEW."left_recorded_at", NEW."located_at", NEW."located_estimated", NEW."located_recorded_at", NEW."noticed_at", NEW."noticed_estimated", NEW."noticed_recorded_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placement_id", NEW."police_reference", NEW."recorded_at", NEW."reference", NEW."reported_by_id", NEW."reported_by_name", NEW."returned_at", NEW."returned_estimated", NEW."returned_recorded_at", NEW."state", NEW."together_id", NEW."told_authority_at", NEW."told_authority_estimated", NEW."told_authority_recorded_at", NEW."told_police_at", NEW."told_police_estimated", NEW."told_police_recorded_at", NEW."version", NEW."wearing"); RETURN NULL;',
                    hash="254756d2cda9fbe98b6fa7ca3de9c4ff837d9a70",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5ff85",
                    table="incidents_missingepisode",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="missingepisode",
            constraint=models.CheckConstraint(
                condition=models.Q(("holder__isnull", True), ("holder_at__isnull", False), _connector="OR"),
                name="episode_holder_has_time",
            ),
        ),
    ]
