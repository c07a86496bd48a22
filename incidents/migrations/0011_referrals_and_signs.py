"""What is told and asked of others for a child who may be trafficked; and the signs ticked under a concern."""

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
        ("incidents", "0010_heard_and_back"),
        ("records", "0011_reasons_given"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
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
                            ("home_office_missing", "Home Office told: missing"),
                            ("home_office_found", "Home Office told: found"),
                            ("nrm", "National Referral Mechanism"),
                            ("guardian", "Independent child trafficking guardian"),
                            ("home_office_not_told", "Decided not to tell the Home Office"),
                            ("nrm_not_made", "Decided not to refer"),
                            ("guardian_not_asked", "Decided not to ask for a guardian"),
                        ],
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("is_earlier", models.BooleanField(default=False)),
                ("made_by_name", models.CharField(blank=True, max_length=200)),
                ("made_to", models.CharField(blank=True, max_length=200)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReferralOutcome",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("received", "Received, with a reference"),
                            ("reasonable_positive", "Reasonable grounds: yes"),
                            ("reasonable_negative", "Reasonable grounds: no"),
                            ("conclusive_positive", "Conclusive grounds: yes"),
                            ("conclusive_negative", "Conclusive grounds: no"),
                            ("appointed", "Guardian appointed"),
                            ("not_covered", "No guardian service in the area"),
                            ("not_appointed", "No guardian appointed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_on", models.DateField()),
                ("who", models.CharField(blank=True, max_length=200)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(blank=True)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="indicator",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="indicator",
            name="update_update",
        ),
        migrations.AddField(
            model_name="indicator",
            name="signs",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="indicatorevent",
            name="signs",
            field=models.JSONField(blank=True, default=list),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicator",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_indicatorevent" ("child_id", "code", "episode_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "seen_at", "seen_by", "signs", "version", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason", "words") VALUES (NEW."child_id", NEW."code", NEW."episode_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."seen_at", NEW."seen_by", NEW."signs", NEW."version", NEW."withdrawn_at", NEW."withdrawn_by_id", NEW."withdrawn_reason", NEW."words"); RETURN NULL;',
                    hash="d4629997523db431027c98f8b10e0de9f6b37c50",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a8d82",
                    table="incidents_indicator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicator",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_indicatorevent" ("child_id", "code", "episode_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "seen_at", "seen_by", "signs", "version", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason", "words") VALUES (NEW."child_id", NEW."code", NEW."episode_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."seen_at", NEW."seen_by", NEW."signs", NEW."version", NEW."withdrawn_at", NEW."withdrawn_by_id", NEW."withdrawn_reason", NEW."words"); RETURN NULL;',
                    hash="24f4e671e4be3cad00eba25708cfa3f93a862077",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b0985",
                    table="incidents_indicator",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="child",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="records.child"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="disclosure",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="records.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="episode",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="incidents.missingepisode",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referraloutcome",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referraloutcome",
            name="referral",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="incidents.referral"
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["child", "kind", "made_at"], name="incidents_r_child_i_5229a9_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2c20d700a105de323ed65908e7e885b11bca4d0e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f1fff",
                    table="incidents_referral",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="referraloutcome",
            index=models.Index(fields=["referral", "recorded_at"], name="incidents_r_referra_b60049_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referraloutcome",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e25ac9fcf04fef8477c55aa759cc5d80061fcce8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6979e",
                    table="incidents_referraloutcome",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            append_only("incidents_referral", "incidents_referraloutcome"), migrations.RunSQL.noop
        ),
    ]
