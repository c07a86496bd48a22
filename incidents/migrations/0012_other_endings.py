"""How an absence ends otherwise; a report can be joined to another."""

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
        ("incidents", "0011_referrals_and_signs"),
        ("records", "0011_reasons_given"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="missingepisode",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Not back"),
                    ("located", "Located, not back"),
                    ("follow_up", "Back, follow-up"),
                    ("closed", "Closed"),
                    ("late_back", "Late back"),
                    ("false_report", "False report"),
                    ("transferred", "Transferred"),
                    ("aged_out", "Turned 18"),
                    ("died", "Died"),
                    ("merged", "Joined to another report"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="missingepisodeevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Not back"),
                    ("located", "Located, not back"),
                    ("follow_up", "Back, follow-up"),
                    ("closed", "Closed"),
                    ("late_back", "Late back"),
                    ("false_report", "False report"),
                    ("transferred", "Transferred"),
                    ("aged_out", "Turned 18"),
                    ("died", "Died"),
                    ("merged", "Joined to another report"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Ending",
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
                            ("transferred", "Taken over by another authority"),
                            ("aged_out", "Turned 18 while missing"),
                            ("died", "Died"),
                            ("merged", "Joined to another report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("evidence", models.TextField(blank=True)),
                ("to_name", models.CharField(blank=True, max_length=200)),
                (
                    "episode",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ending",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "joined_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined_here",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_authority",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.localauthority",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("joined_to__isnull", False), ("kind", "merged")),
                            models.Q(
                                models.Q(("kind", "merged"), _negated=True), ("joined_to__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="ending_joined_names_the_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "transferred"), _negated=True),
                            ("to_authority__isnull", False),
                            _connector="OR",
                        ),
                        name="ending_transferred_names_whom",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ending",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b5a07e3a6fd78025f8c7398165284892b39cc255",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_75f34",
                    table="incidents_ending",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(append_only("incidents_ending"), migrations.RunSQL.noop),
    ]
