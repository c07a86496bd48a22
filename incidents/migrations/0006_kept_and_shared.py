"""What homes keep of what they sent, what nobody has checked, and with which forces an episode is shared."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.records.times
from casework.records.grants import append_only, never_deleted

# What the rule would have done, for whoever is recorded missing already.
SHARE_WHAT_IS_MISSING = """
INSERT INTO incidents_episodeshare (id, recorded_at, episode_id, force_id, reason)
SELECT gen_random_uuid(), casework_now(), e.id, h.police_force_id, ''
FROM incidents_missingepisode e JOIN records_home h ON h.id = e.home_id
WHERE e.state IN ('open', 'located', 'follow_up') AND h.police_force_id IS NOT NULL
  AND EXISTS (SELECT FROM incidents_spell s WHERE s.episode_id = e.id AND s.category = 'missing')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0005_imported_episodes"),
        ("records", "0011_reasons_given"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportCopy",
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
                            ("report", "Report"),
                            ("news", "News"),
                            ("back", "They’re back"),
                            ("police", "Call to the police"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reference", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=200)),
                ("sent_by_name", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.home"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "report copies",
            },
        ),
        migrations.CreateModel(
            name="CopyWithdrawal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copy",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="incidents.reportcopy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnverifiedInformation",
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
                    "came",
                    models.CharField(
                        choices=[
                            ("after_move", "Was being typed when the sender’s access ended"),
                            ("former_home", "From a home where the child lived before"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField()),
                ("sent_from", models.CharField(blank=True, max_length=200)),
                ("typed_name", models.CharField(blank=True, max_length=120)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.child"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unverified",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "unverified information",
            },
        ),
        migrations.CreateModel(
            name="EpisodeShare",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.policeforce",
                    ),
                ),
                (
                    "shared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["force", "until"], name="incidents_e_force_i_7c6a3e_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by", None)),
                        fields=("episode", "force"),
                        name="share_once_a_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("recorded_at")), _connector="OR"
                        ),
                        name="share_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reportcopy",
            index=models.Index(fields=["home", "-recorded_at"], name="incidents_r_home_id_b7f94f_idx"),
        ),
        migrations.AddIndex(
            model_name="reportcopy",
            index=models.Index(fields=["episode"], name="incidents_r_episode_bdf10b_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportcopy",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="66c194dfc68f27b7c2cc8409f4a5998c8e46bfbb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_029e9",
                    table="incidents_reportcopy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="copywithdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="348970259c28feb13beace88cde52795264c8500",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7cf0d",
                    table="incidents_copywithdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="unverifiedinformation",
            index=models.Index(fields=["child", "-recorded_at"], name="incidents_u_child_i_54f5b6_idx"),
        ),
        migrations.AddIndex(
            model_name="unverifiedinformation",
            index=models.Index(fields=["episode"], name="incidents_u_episode_79d6d9_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unverifiedinformation",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c1bb1985c61ad689edd778dd50de2b1e0517c0c7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_561f9",
                    table="incidents_unverifiedinformation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            append_only(
                "incidents_reportcopy", "incidents_copywithdrawal", "incidents_unverifiedinformation"
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(never_deleted("incidents_episodeshare"), migrations.RunSQL.noop),
        migrations.RunSQL(SHARE_WHAT_IS_MISSING, migrations.RunSQL.noop),
    ]
