"""The forces' own systems: what they may do here, their secrets, and how they call."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.records.times
from casework.records.grants import append_only, never_deleted

# Of the OAuth library's tables two are used. Into the others the application cannot write: there are no codes,
# no refresh tokens and no devices to be had. A secret ends or is noted as used; its digest stays what it was.
UNUSED = ("oauth2_provider_grant", "oauth2_provider_refreshtoken", "oauth2_provider_idtoken")
KEPT_AS_THEY_ARE = """
REVOKE INSERT ON {unused} FROM casework_app;
REVOKE UPDATE ON records_clientsecret FROM casework_app;
GRANT UPDATE (ends_at, ended_by_id, last_used_at) ON records_clientsecret TO casework_app;
""".format(unused=", ".join((*UNUSED, "oauth2_provider_devicegrant")))


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("records", "0017_police_system_role"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClientSecret",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PoliceClient",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=60)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), size=None
                    ),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43), blank=True, default=list, size=None
                    ),
                ),
                ("calls_a_minute", models.PositiveSmallIntegerField(default=60)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=300)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_client",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_client",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clients",
                        to="records.policeforce",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClientUse",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("minute", models.DateTimeField(blank=True, null=True)),
                ("calls", models.PositiveIntegerField(db_default=0, default=0)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("last_address", models.GenericIPAddressField(blank=True, null=True)),
                ("read_up_to", models.PositiveBigIntegerField(db_default=0, default=0)),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="use",
                        to="records.policeclient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClientSecretEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.clientsecret",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.policeclient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="clientsecret",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="secrets", to="records.policeclient"
            ),
        ),
        migrations.CreateModel(
            name="ClientDay",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("on", models.DateField()),
                ("calls", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="records.policeclient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PoliceClientEvent",
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
                ("name", models.CharField(max_length=60)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), size=None
                    ),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43), blank=True, default=list, size=None
                    ),
                ),
                ("calls_a_minute", models.PositiveSmallIntegerField(default=60)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=300)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.policeforce",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.policeclient",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="policeclient",
            constraint=models.CheckConstraint(
                condition=models.Q(("calls_a_minute__gte", 1), ("calls_a_minute__lte", 600)),
                name="client_calls_are_limited",
            ),
        ),
        migrations.AddConstraint(
            model_name="policeclient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="client_revoked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="policeclient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("force", "name"),
                name="client_name_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policeclient",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_policeclientevent" ("account_id", "application_id", "calls_a_minute", "expires_at", "force_id", "id", "made_by_id", "name", "networks", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "revoked_at", "revoked_by_id", "revoked_reason", "scopes", "version") VALUES (NEW."account_id", NEW."application_id", NEW."calls_a_minute", NEW."expires_at", NEW."force_id", NEW."id", NEW."made_by_id", NEW."name", NEW."networks", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."revoked_at", NEW."revoked_by_id", NEW."revoked_reason", NEW."scopes", NEW."version"); RETURN NULL;',
                    hash="7b2922b76e70b0762b4c56c02351a3cfe3d4bf5b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_06181",
                    table="records_policeclient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policeclient",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_policeclientevent" ("account_id", "application_id", "calls_a_minute", "expires_at", "force_id", "id", "made_by_id", "name", "networks", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "revoked_at", "revoked_by_id", "revoked_reason", "scopes", "version") VALUES (NEW."account_id", NEW."application_id", NEW."calls_a_minute", NEW."expires_at", NEW."force_id", NEW."id", NEW."made_by_id", NEW."name", NEW."networks", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."revoked_at", NEW."revoked_by_id", NEW."revoked_reason", NEW."scopes", NEW."version"); RETURN NULL;',
                    hash="ab1efd4e2ac5da67b337f4dae66967a0959e03e1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2dd30",
                    table="records_policeclient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clientsecretevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="eb134535244dbb009f149b2135281e2be30a4944",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8a20c",
                    table="records_clientsecretevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="clientsecret",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", [1, 2])), name="secret_in_one_of_two_places"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientsecret",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_at__isnull", True)),
                fields=("client", "place"),
                name="secret_two_at_most",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clientsecret",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_clientsecretevent" ("client_id", "ended_by_id", "ends_at", "id", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at") VALUES (NEW."client_id", NEW."ended_by_id", NEW."ends_at", NEW."id", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."recorded_at"); RETURN NULL;',
                    hash="7198f20689a9f9ac5aa0f15cc998fe5652baae44",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9e7d1",
                    table="records_clientsecret",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clientsecret",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func='INSERT INTO "records_clientsecretevent" ("client_id", "ended_by_id", "ends_at", "id", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at") VALUES (NEW."client_id", NEW."ended_by_id", NEW."ends_at", NEW."id", NEW."made_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."recorded_at"); RETURN NULL;',
                    hash="c36eea1d0c25a27df7dda4575ffa4361f08c0be0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_eda86",
                    table="records_clientsecret",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="clientday",
            constraint=models.UniqueConstraint(fields=("client", "on"), name="client_day_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policeclientevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8d4afe0302ac9a9fe1d1c862e9cd142295fa5e0c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_20661",
                    table="records_policeclientevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            append_only("records_policeclientevent", "records_clientsecretevent"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            never_deleted(
                "records_policeclient",
                "records_clientsecret",
                "records_clientuse",
                "records_clientday",
                "oauth2_provider_application",
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(KEPT_AS_THEY_ARE, migrations.RunSQL.noop),
    ]
