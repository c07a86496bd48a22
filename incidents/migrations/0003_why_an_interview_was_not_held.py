import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0002_links_and_grants"),
        ("records", "0002_audit_and_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="returninterview",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="returninterview",
            name="update_update",
        ),
        migrations.AddField(
            model_name="returninterview",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="unable_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="why_not_held",
            field=models.CharField(
                blank=True,
                choices=[
                    ("missing_again", "Missing again"),
                    ("no_contact", "Unable to contact"),
                    ("other", "Other"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="unable_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="why_not_held",
            field=models.CharField(
                blank=True,
                choices=[
                    ("missing_again", "Missing again"),
                    ("no_contact", "Unable to contact"),
                    ("other", "Other"),
                ],
                max_length=16,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returninterview",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_returninterviewevent" ("allocated_to_id", "carer_view", "child_id", "declined_at", "due_at", "held_at", "held_by_id", "held_by_name", "id", "interpretation", "is_interviewer_caring", "is_interviewer_line_managed", "is_interviewer_trained", "offer_words", "offered_at", "offered_by_id", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "reason", "reasons", "recorded_at", "settled_by_id", "state", "unable_at", "version", "where", "why_not_held") VALUES (NEW."allocated_to_id", NEW."carer_view", NEW."child_id", NEW."declined_at", NEW."due_at", NEW."held_at", NEW."held_by_id", NEW."held_by_name", NEW."id", NEW."interpretation", NEW."is_interviewer_caring", NEW."is_interviewer_line_managed", NEW."is_interviewer_trained", NEW."offer_words", NEW."offered_at", NEW."offered_by_id", NEW."own_words", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."present", NEW."reason", NEW."reasons", NEW."recorded_at", NEW."settled_by_id", NEW."state", NEW."unable_at", NEW."version", NEW."where", NEW."why_not_held"); RETURN NULL;',
                    hash="4c1cb683215abb8cd40cbf5c18d9df3264817fd0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e8727",
                    table="incidents_returninterview",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returninterview",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_returninterviewevent" ("allocated_to_id", "carer_view", "child_id", "declined_at", "due_at", "held_at", "held_by_id", "held_by_name", "id", "interpretation", "is_interviewer_caring", "is_interviewer_line_managed", "is_interviewer_trained", "offer_words", "offered_at", "offered_by_id", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "reason", "reasons", "recorded_at", "settled_by_id", "state", "unable_at", "version", "where", "why_not_held") VALUES (NEW."allocated_to_id", NEW."carer_view", NEW."child_id", NEW."declined_at", NEW."due_at", NEW."held_at", NEW."held_by_id", NEW."held_by_name", NEW."id", NEW."interpretation", NEW."is_interviewer_caring", NEW."is_interviewer_line_managed", NEW."is_interviewer_trained", NEW."offer_words", NEW."offered_at", NEW."offered_by_id", NEW."own_words", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."present", NEW."reason", NEW."reasons", NEW."recorded_at", NEW."settled_by_id", NEW."state", NEW."unable_at", NEW."version", NEW."where", NEW."why_not_held"); RETURN NULL;',
                    hash="db465f3645f9e03432c889d4b40f403e36ee6f98",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_971a3",
                    table="incidents_returninterview",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="returninterview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "unable"), _negated=True),
                    models.Q(("unable_at__isnull", False), models.Q(("why_not_held", ""), _negated=True)),
                    _connector="OR",
                ),
                name="interview_unable_has_time_and_why",
            ),
        ),
    ]
