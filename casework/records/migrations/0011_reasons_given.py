"""Why somebody who has no part in a child's case opened the record."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.records.times
from casework.records.grants import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_audit_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReasonGiven",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cover", "I am covering for the child’s worker"),
                            ("contact", "Somebody called or wrote about the child"),
                            ("matching", "To plan a placement, here or for another child"),
                            ("supervision", "Supervision, audit or a complaint"),
                            ("put_right", "To put the record right"),
                            ("other", "Something else"),
                            ("registered", "I have just registered the child"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                ("session", models.CharField(blank=True, max_length=64)),
                ("until", models.DateTimeField()),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.child"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reasons given",
                "indexes": [
                    models.Index(fields=["user", "child", "until"], name="records_rea_user_id_c637f3_idx"),
                    models.Index(fields=["child", "recorded_at"], name="records_rea_child_i_30d960_idx"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reasongiven",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5d78227aa55e2b658c0b629d864a32b3e72a6f1d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7f5af",
                    table="records_reasongiven",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(append_only("records_reasongiven"), migrations.RunSQL.noop),
    ]
