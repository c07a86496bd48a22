"""Meetings with who came and what each will do; decisions with their reasons; legal tools with their stages."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.records.times
from casework.records.grants import append_only, never_deleted

APPEND_ONLY = (
    "incidents_decision",
    "incidents_legaltool",
    "incidents_legalstage",
    "incidents_meetingevent",
    "incidents_attendeeevent",
    "incidents_actionevent",
)
NEVER_DELETED = ("incidents_meeting", "incidents_attendee", "incidents_action")


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0008_who_has_the_case"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("records", "0012_restricted_children"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendee",
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
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "agency",
                    models.CharField(
                        choices=[
                            ("authority", "Children’s services"),
                            ("police", "Police"),
                            ("health", "Health"),
                            ("home", "The child’s home or carers"),
                            ("school", "School or college"),
                            ("host", "The authority where the home is"),
                            ("reviewing", "Independent reviewing officer"),
                            ("legal", "Legal"),
                            ("youth_justice", "Youth justice"),
                            ("family", "Family"),
                            ("voluntary", "Voluntary organisation"),
                            ("other", "Somebody else"),
                        ],
                        max_length=14,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=120)),
                (
                    "attendance",
                    models.CharField(
                        choices=[
                            ("present", "There"),
                            ("apologies", "Apologies"),
                            ("struck", "Listed by mistake"),
                        ],
                        default="present",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="Action",
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
                ("what", models.TextField()),
                ("owner_words", models.CharField(blank=True, max_length=200)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_home",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.home",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
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
            name="LegalTool",
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
                            ("recovery_order", "Recovery order"),
                            ("abduction_warning", "Child abduction warning notice"),
                            ("emergency_protection", "Emergency protection order"),
                            ("police_protection", "Police protection"),
                            ("secure_accommodation", "Secure accommodation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.TextField()),
                ("against", models.CharField(blank=True, max_length=200)),
                (
                    "legal_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("C1", "Interim care order"),
                            ("C2", "Full care order"),
                            ("E1", "Placement order"),
                            ("V2", "Accommodated under section 20"),
                            ("V3", "Short breaks (series)"),
                            ("V4", "Short breaks (single)"),
                            ("J1", "On remand"),
                            ("J2", "Detained under PACE"),
                            ("J3", "Sentenced, with residence requirement"),
                            ("L1", "Police protection"),
                            ("L2", "Emergency protection order"),
                            ("L3", "Child assessment order"),
                            ("D1", "Freeing order (to 2005)"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_tools",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LegalStage",
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
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("refused", "Refused"),
                            ("applied", "Applied for"),
                            ("granted", "In force"),
                            ("extended", "Extended"),
                            ("served", "Served"),
                            ("ended", "Ended"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_whom", models.CharField(blank=True, max_length=200)),
                ("words", models.TextField(blank=True)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="incidents.legaltool",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("strategy", "Strategy discussion"),
                            ("joint_plan", "Joint plan with the police"),
                            ("multi_agency", "Multi-agency meeting"),
                            ("keep_placement", "Meeting on keeping the placement"),
                            ("review", "Long-term review"),
                            ("after_return", "Meeting after the return"),
                        ],
                        max_length=14,
                    ),
                ),
                ("held_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[("in_person", "In person"), ("call", "By phone or video")], max_length=10
                    ),
                ),
                ("chaired_by", models.CharField(max_length=200)),
                ("known", models.TextField(blank=True)),
                ("not_known", models.TextField(blank=True)),
                ("decided", models.TextField()),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttendeeEvent",
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
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "agency",
                    models.CharField(
                        choices=[
                            ("authority", "Children’s services"),
                            ("police", "Police"),
                            ("health", "Health"),
                            ("home", "The child’s home or carers"),
                            ("school", "School or college"),
                            ("host", "The authority where the home is"),
                            ("reviewing", "Independent reviewing officer"),
                            ("legal", "Legal"),
                            ("youth_justice", "Youth justice"),
                            ("family", "Family"),
                            ("voluntary", "Voluntary organisation"),
                            ("other", "Somebody else"),
                        ],
                        max_length=14,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=120)),
                (
                    "attendance",
                    models.CharField(
                        choices=[
                            ("present", "There"),
                            ("apologies", "Apologies"),
                            ("struck", "Listed by mistake"),
                        ],
                        default="present",
                        max_length=10,
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
                        to="incidents.attendee",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.meeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="attendee",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attendees", to="incidents.meeting"
            ),
        ),
        migrations.CreateModel(
            name="ActionEvent",
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
                ("what", models.TextField()),
                ("owner_words", models.CharField(blank=True, max_length=200)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "owner",
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
                    "owner_home",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.home",
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
                        to="incidents.action",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
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
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.meeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="action",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="incidents.meeting",
            ),
        ),
        migrations.CreateModel(
            name="MeetingEvent",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("strategy", "Strategy discussion"),
                            ("joint_plan", "Joint plan with the police"),
                            ("multi_agency", "Multi-agency meeting"),
                            ("keep_placement", "Meeting on keeping the placement"),
                            ("review", "Long-term review"),
                            ("after_return", "Meeting after the return"),
                        ],
                        max_length=14,
                    ),
                ),
                ("held_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[("in_person", "In person"), ("call", "By phone or video")], max_length=10
                    ),
                ),
                ("chaired_by", models.CharField(max_length=200)),
                ("known", models.TextField(blank=True)),
                ("not_known", models.TextField(blank=True)),
                ("decided", models.TextField()),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="incidents.missingepisode",
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
                        to="incidents.meeting",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
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
        migrations.CreateModel(
            name="Decision",
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
                            ("away", "Away: fetch, visit or record as missing"),
                            ("still_away", "Away for 24 hours"),
                            ("going_back", "Is it safe to go back?"),
                            ("law", "Court orders and warning notices"),
                            ("publicity", "Publicity"),
                            ("placement", "Keep the placement?"),
                            ("need_to_know", "Who needs to know"),
                            ("ofsted", "Tell Ofsted?"),
                            ("early_review", "Review the care plan early?"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("fetch", "Fetch the child"),
                            ("visit", "Visit the child where they are"),
                            ("missing", "Record as missing"),
                            ("stay_away", "Stay recorded as away"),
                            ("safe", "Safe to go back to the same home"),
                            ("safe_if", "Safe only when something changes first"),
                            ("not_safe", "Not safe: they go somewhere else"),
                            ("ask_legal", "Ask legal"),
                            ("no_law", "None for now"),
                            ("ask_police", "Ask the police for publicity"),
                            ("publish", "Publicity agreed"),
                            ("no_publicity", "No publicity"),
                            ("end_publicity", "End the publicity"),
                            ("hold", "Keep the placement open"),
                            ("end_placement", "End the placement"),
                            ("director", "The director is told"),
                            ("director_and_member", "The director and the lead member are told"),
                            ("nobody_more", "Nobody more for now"),
                            ("tell_ofsted", "Tell Ofsted"),
                            ("ofsted_told", "Ofsted has been told"),
                            ("not_ofsted", "Do not tell Ofsted"),
                            ("early", "Review early"),
                            ("as_planned", "Keep the review as planned"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("what", models.TextField(blank=True)),
                ("approved_by", models.CharField(blank=True, max_length=200)),
                ("decided_by", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField()),
                ("review_on", models.DateField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="incidents.missingepisode",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["episode", "kind", "-decided_at"], name="incidents_d_episode_6ac4ab_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="decision_has_reason"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="67bfc853f23ef9d83cb79b0c92cab37d14731eda",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c53d2",
                    table="incidents_decision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="legaltool",
            index=models.Index(fields=["episode", "kind"], name="incidents_l_episode_3847da_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaltool",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="61ecac377bead628da4223aeee490b1219dc8e93",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a6073",
                    table="incidents_legaltool",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstage",
            constraint=models.UniqueConstraint(fields=("tool", "place"), name="legal_stage_place_once"),
        ),
        migrations.AddConstraint(
            model_name="legalstage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "refused"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="legal_refusal_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalstage",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("at")), _connector="OR"),
                name="legal_stage_ends_after_start",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalstage",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c5ed9d1fc4ea9df0ce76fcdc4d507fbdcba3daa5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e68a8",
                    table="incidents_legalstage",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["episode", "-held_at"], name="incidents_m_episode_da283b_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_meetingevent" ("chaired_by", "decided", "episode_id", "held_at", "how", "id", "kind", "known", "next_at", "not_known", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "version") VALUES (NEW."chaired_by", NEW."decided", NEW."episode_id", NEW."held_at", NEW."how", NEW."id", NEW."kind", NEW."known", NEW."next_at", NEW."not_known", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."version"); RETURN NULL;',
                    hash="691b363b9fefeafb372307da30ed438c7f04f1ed",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c0f55",
                    table="incidents_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_meetingevent" ("chaired_by", "decided", "episode_id", "held_at", "how", "id", "kind", "known", "next_at", "not_known", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "version") VALUES (NEW."chaired_by", NEW."decided", NEW."episode_id", NEW."held_at", NEW."how", NEW."id", NEW."kind", NEW."known", NEW."next_at", NEW."not_known", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."version"); RETURN NULL;',
                    hash="d4224d5c1428e7a90cd0bbfb532d1e6863589d4f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d5ed4",
                    table="incidents_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attendeeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="07776cb88e1d4d5cb820bf02c2e69d77580e95bc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1e73e",
                    table="incidents_attendeeevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(fields=("meeting", "place"), name="attendee_place_once"),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="attendee_has_name"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attendee",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_attendeeevent" ("agency", "attendance", "id", "meeting_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "role", "version") VALUES (NEW."agency", NEW."attendance", NEW."id", NEW."meeting_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."recorded_at", NEW."role", NEW."version"); RETURN NULL;',
                    hash="d8f0e09c470a8e59202c33608caa72013dd13a3a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_25899",
                    table="incidents_attendee",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attendee",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_attendeeevent" ("agency", "attendance", "id", "meeting_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "recorded_at", "role", "version") VALUES (NEW."agency", NEW."attendance", NEW."id", NEW."meeting_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."recorded_at", NEW."role", NEW."version"); RETURN NULL;',
                    hash="d270395fbe7a6af30e85d0180e3dd38a7bb06cae",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79e8e",
                    table="incidents_attendee",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="actionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0ce36e0beb149e1096c651dea37bea8d22c727e8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_79535",
                    table="incidents_actionevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["episode", "due_at"], name="incidents_a_episode_691b0c_idx"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["owner", "due_at"], name="action_open_of_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", False),
                    ("owner_home__isnull", False),
                    models.Q(("owner_words", ""), _negated=True),
                    _connector="OR",
                ),
                name="action_has_an_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner__isnull", True), ("owner_home__isnull", True), _connector="OR"),
                name="action_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("settled_at__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="action_settled_says_how",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_actionevent" ("due_at", "episode_id", "id", "meeting_id", "outcome", "owner_home_id", "owner_id", "owner_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "settled_at", "settled_by_id", "state", "version", "what") VALUES (NEW."due_at", NEW."episode_id", NEW."id", NEW."meeting_id", NEW."outcome", NEW."owner_home_id", NEW."owner_id", NEW."owner_words", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."version", NEW."what"); RETURN NULL;',
                    hash="2ff8000dabd7db5296fc202edad2a54de1599a85",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b174c",
                    table="incidents_action",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_actionevent" ("due_at", "episode_id", "id", "meeting_id", "outcome", "owner_home_id", "owner_id", "owner_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "settled_at", "settled_by_id", "state", "version", "what") VALUES (NEW."due_at", NEW."episode_id", NEW."id", NEW."meeting_id", NEW."outcome", NEW."owner_home_id", NEW."owner_id", NEW."owner_words", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."version", NEW."what"); RETURN NULL;',
                    hash="9fa71eaf86d1115f08339513f8efbe380b7456d4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_445d3",
                    table="incidents_action",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7daf20e2f28f5f5583740f5f06157f3a26134c1a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ec048",
                    table="incidents_meetingevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(append_only(*APPEND_ONLY), migrations.RunSQL.noop),
        migrations.RunSQL(never_deleted(*NEVER_DELETED), migrations.RunSQL.noop),
    ]
