"""What police forces say themselves: acknowledged, their reference, what they found; and the feed for them."""

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
        ("incidents", "0013_handed_over_by_name"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("records", "0017_police_system_role"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EpisodeShareEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("reference", models.CharField(blank=True, db_default="", max_length=40)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FindingAnswer",
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
                    "answer",
                    models.CharField(
                        choices=[("confirmed", "It is them"), ("refused", "It is not them")], max_length=9
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("typed_name", models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="SharedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("episode.shared", "An episode is shared with the force"),
                            ("episode.changed", "What is known of the episode changed"),
                            ("episode.located", "The child was located, or that was answered"),
                            ("episode.returned", "The child is back"),
                            ("episode.closed", "The episode ended"),
                            ("child.changed", "What is known of the child changed"),
                            ("grade.changed", "Police or authority graded the risk"),
                            ("news.added", "Something was heard or seen"),
                            ("reference.changed", "A police reference was given"),
                            ("acknowledged", "The force said that it has the episode"),
                            ("share.ended", "The force may not read the episode any more: forget it"),
                        ],
                        max_length=20,
                    ),
                ),
                ("entry_id", models.UUIDField(blank=True, null=True)),
                ("happened_at", models.DateTimeField()),
                ("numbered_at", models.DateTimeField(db_default=casework.records.times.CaseworkNow())),
            ],
        ),
        migrations.AddField(
            model_name="episodeshare",
            name="acknowledged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="episodeshare",
            name="acknowledged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="episodeshare",
            name="reference",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="episodeshare",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="located",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.policeforce",
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="latitude",
            field=models.DecimalField(blank=True, decimal_places=5, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name="news",
            name="longitude",
            field=models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="episodeshare",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_episodeshareevent" ("acknowledged_at", "acknowledged_by_id", "ended_by_id", "episode_id", "force_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "reference", "shared_by_id", "until", "version") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."ended_by_id", NEW."episode_id", NEW."force_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."reference", NEW."shared_by_id", NEW."until", NEW."version"); RETURN NULL;',
                    hash="7bfd8e5da941072b904ed4f27573cd2111927523",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_82162",
                    table="incidents_episodeshare",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="episodeshare",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_episodeshareevent" ("acknowledged_at", "acknowledged_by_id", "ended_by_id", "episode_id", "force_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "reference", "shared_by_id", "until", "version") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."ended_by_id", NEW."episode_id", NEW."force_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."reference", NEW."shared_by_id", NEW."until", NEW."version"); RETURN NULL;',
                    hash="e898bb209d319c1d5369cdbc604fbe6800bcc088",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b152f",
                    table="incidents_episodeshare",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="news_place_is_on_earth",
            ),
        ),
        migrations.AddField(
            model_name="episodeshareevent",
            name="acknowledged_by",
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
            model_name="episodeshareevent",
            name="ended_by",
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
            model_name="episodeshareevent",
            name="episode",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="incidents.missingepisode",
            ),
        ),
        migrations.AddField(
            model_name="episodeshareevent",
            name="force",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="records.policeforce",
            ),
        ),
        migrations.AddField(
            model_name="episodeshareevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="episodeshareevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="incidents.episodeshare",
            ),
        ),
        migrations.AddField(
            model_name="episodeshareevent",
            name="shared_by",
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
            model_name="findinganswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="findinganswer",
            name="located",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="incidents.located"
            ),
        ),
        migrations.AddField(
            model_name="sharedevent",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.missingepisode"
            ),
        ),
        migrations.AddField(
            model_name="sharedevent",
            name="force",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.policeforce"
            ),
        ),
        migrations.AddField(
            model_name="sharedevent",
            name="share",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.episodeshare"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="episodeshareevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3fb7708db9e9f04dec015b6876113dd17b0fdb79",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_303a5",
                    table="incidents_episodeshareevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="findinganswer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5c7096ff8b2b6f3a8f3070b437c07fead264b823",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_dceef",
                    table="incidents_findinganswer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="sharedevent",
            index=models.Index(
                condition=models.Q(("entry_id__isnull", True)),
                fields=["force", "share", "-number"],
                name="shared_event_of_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedevent",
            constraint=models.UniqueConstraint(fields=("force", "number"), name="shared_event_number_once"),
        ),
        migrations.AddConstraint(
            model_name="sharedevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("entry_id__isnull", False)),
                fields=("share", "entry_id"),
                name="shared_event_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharedevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3f47677a9c4eb935297ed8f7f095ed6c01aa5765",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cf4ec",
                    table="incidents_sharedevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            append_only("incidents_episodeshareevent", "incidents_findinganswer", "incidents_sharedevent"),
            migrations.RunSQL.noop,
        ),
    ]
