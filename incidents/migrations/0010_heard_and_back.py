"""What is heard while a child is gone, a home's notice, the police's talk, and what of an interview is shared."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.records.times
from casework.records.grants import append_only

# News was of an episode alone; now it is of a child, whose episode it may be. The key is checked at once:
# a table with checks outstanding cannot be altered.
NEWS_OF_ITS_CHILD = """
UPDATE incidents_news n SET child_id = e.child_id FROM incidents_missingepisode e WHERE e.id = n.episode_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0009_meetings_decisions_legal_tools"),
        ("records", "0011_reasons_given"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InterviewShare",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("words", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="LocatedCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("checked_at", models.DateTimeField(db_default=casework.records.times.CaseworkNow())),
                ("with_whom", models.CharField(blank=True, max_length=300)),
                ("fetched_by", models.CharField(max_length=200)),
                ("why_not_back", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlacementNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=casework.records.times.CaseworkNow(), editable=False),
                ),
                ("given_at", models.DateTimeField(db_default=casework.records.times.CaseworkNow())),
                ("ends_on", models.DateField()),
                ("reason", models.TextField()),
                ("given_by", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="PreventionInterview",
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
                            ("held", "Held"),
                            ("not_held", "Not held, and it will not be"),
                            ("chased", "Not yet: the police were asked again"),
                        ],
                        max_length=8,
                    ),
                ),
                ("happened_at", models.DateTimeField(db_default=casework.records.times.CaseworkNow())),
                ("officer", models.CharField(blank=True, max_length=200)),
                ("words", models.TextField(blank=True)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="return",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="return",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="returninterview",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="returninterview",
            name="update_update",
        ),
        migrations.AddField(
            model_name="news",
            name="child",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="news",
                to="records.child",
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="force",
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
            name="how_known",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="news",
            name="how_sure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("certain", "Certain that it was them"),
                    ("likely", "Thought that it was them"),
                    ("unsure", "Not sure that it was them"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="number",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="news",
            name="where",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="return",
            name="fetched_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="returnevent",
            name="fetched_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="exploitation",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="harm",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="interpreter_agency",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="interpreter_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="is_interpreter_independent",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="language",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="offences",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterview",
            name="slept",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="exploitation",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="harm",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="interpreter_agency",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="interpreter_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="is_interpreter_independent",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="language",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="offences",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="returninterviewevent",
            name="slept",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="news",
            name="episode",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="news",
                to="incidents.missingepisode",
            ),
        ),
        migrations.AlterField(
            model_name="news",
            name="kind",
            field=models.CharField(
                choices=[
                    ("nothing_new", "Still missing, nothing new"),
                    ("sighting", "Somebody saw them"),
                    ("spoken", "Somebody spoke to them"),
                    ("enquirer", "Somebody asked for them"),
                    ("call", "A call"),
                    ("message", "A message"),
                    ("information", "Something else we learned"),
                ],
                max_length=12,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_returnevent" ("belongings", "condition", "episode_id", "fetched_by", "how", "id", "injuries", "is_estimated", "needs_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "returned_at", "said", "typed_name", "version") VALUES (NEW."belongings", NEW."condition", NEW."episode_id", NEW."fetched_by", NEW."how", NEW."id", NEW."injuries", NEW."is_estimated", NEW."needs_time", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."returned_at", NEW."said", NEW."typed_name", NEW."version"); RETURN NULL;',
                    hash="637c18152f2b1203701e8935b229cf270d7ba5a1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_59dbc",
                    table="incidents_return",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "incidents_returnevent" ("belongings", "condition", "episode_id", "fetched_by", "how", "id", "injuries", "is_estimated", "needs_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "returned_at", "said", "typed_name", "version") VALUES (NEW."belongings", NEW."condition", NEW."episode_id", NEW."fetched_by", NEW."how", NEW."id", NEW."injuries", NEW."is_estimated", NEW."needs_time", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."returned_at", NEW."said", NEW."typed_name", NEW."version"); RETURN NULL;',
                    hash="52aef60558a8c48c38b9760ffa48b35a82827cff",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_953b5",
                    table="incidents_return",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returninterview",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "incidents_returninterviewevent" ("allocated_to_id", "carer_view", "child_id", "declined_at", "due_at", "exploitation", "harm", "held_at", "held_by_id", "held_by_name", "id", "interpretation", "interpreter_agency", "interpreter_name", "is_interpreter_independent", "is_interviewer_caring", "is_interviewer_line_managed", "is_interviewer_trained", "language", "offences", "offer_words", "offered_at", "offered_by_id", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "reason", "reasons", "recorded_at", "settled_by_id", "slept", "state", "unable_at", "version", "where", "why_not_held") VALUES (NEW."allocated_to_id", NEW."carer_view", NEW."child_id", NEW."declined_at", NEW."due_at", NEW."exploitation", NEW."harm", NEW."held_at", NEW."held_by_id", NEW."held_by_name", NEW."id", NEW."interpretation", NEW."interpreter_agency", NEW."interpreter_name", NEW."is_interpreter_independent", NEW."is_interviewer_caring", NEW."is_interviewer_line_managed", NEW."is_interviewer_trained", NEW."language", NEW."offences", NEW."offer_words", NEW."offered_at", NEW."offered_by_id", NEW."own_words", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."present", NEW."reason", NEW."reasons", NEW."recorded_at", NEW."settled_by_id", NEW."slept", NEW."state", NEW."unable_at", NEW."version", NEW."where", NEW."why_not_held"); RETURN NULL;',
                    hash="b95faa63f64f6509e1e2219e9825569b9d988c4a",
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
                    func='INSERT INTO "incidents_returninterviewevent" ("allocated_to_id", "carer_view", "child_id", "declined_at", "due_at", "exploitation", "harm", "held_at", "held_by_id", "held_by_name", "id", "interpretation", "interpreter_agency", "interpreter_name", "is_interpreter_independent", "is_interviewer_caring", "is_interviewer_line_managed", "is_interviewer_trained", "language", "offences", "offer_words", "offered_at", "offered_by_id", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "reason", "reasons", "recorded_at", "settled_by_id", "slept", "state", "unable_at", "version", "where", "why_not_held") VALUES (NEW."allocated_to_id", NEW."carer_view", NEW."child_id", NEW."declined_at", NEW."due_at", NEW."exploitation", NEW."harm", NEW."held_at", NEW."held_by_id", NEW."held_by_name", NEW."id", NEW."interpretation", NEW."interpreter_agency", NEW."interpreter_name", NEW."is_interpreter_independent", NEW."is_interviewer_caring", NEW."is_interviewer_line_managed", NEW."is_interviewer_trained", NEW."language", NEW."offences", NEW."offer_words", NEW."offered_at", NEW."offered_by_id", NEW."own_words", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."present", NEW."reason", NEW."reasons", NEW."recorded_at", NEW."settled_by_id", NEW."slept", NEW."state", NEW."unable_at", NEW."version", NEW."where", NEW."why_not_held"); RETURN NULL;',
                    hash="c133cebe7e7c9b5f374c4b92678f15d40bf1c8db",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_971a3",
                    table="incidents_returninterview",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(NEWS_OF_ITS_CHILD, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="news",
            name="child",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="news", to="records.child"
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(("episode__isnull", False), ("kind", "enquirer"), _connector="OR"),
                name="news_is_of_an_episode",
            ),
        ),
        migrations.AddField(
            model_name="interviewshare",
            name="disclosure",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="interviewshare",
            name="home",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.home",
            ),
        ),
        migrations.AddField(
            model_name="interviewshare",
            name="interview",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shares",
                to="incidents.returninterview",
            ),
        ),
        migrations.AddField(
            model_name="interviewshare",
            name="shared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="locatedcheck",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="located_checks",
                to="incidents.missingepisode",
            ),
        ),
        migrations.AddField(
            model_name="locatedcheck",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="placementnotice",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="incidents.missingepisode",
            ),
        ),
        migrations.AddField(
            model_name="placementnotice",
            name="placement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.placement"
            ),
        ),
        migrations.AddField(
            model_name="placementnotice",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="preventioninterview",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prevention",
                to="incidents.missingepisode",
            ),
        ),
        migrations.AddField(
            model_name="preventioninterview",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interviewshare",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="74241328b1945184eccd0f7bae80571f3de1a565",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0ceac",
                    table="incidents_interviewshare",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="locatedcheck",
            index=models.Index(fields=["episode", "checked_at"], name="incidents_l_episode_cc805c_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="locatedcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="becae5cc5c8493bfdb10d769dba6954caa781e4e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f79eb",
                    table="incidents_locatedcheck",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="placementnotice",
            index=models.Index(fields=["episode", "given_at"], name="incidents_p_episode_4d82d3_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placementnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3c5806e0a32cd99dca296c73c93557ef1c36a118",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_861e9",
                    table="incidents_placementnotice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="preventioninterview",
            index=models.Index(fields=["episode", "happened_at"], name="incidents_p_episode_e83509_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="preventioninterview",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e6ebe97ccb3b6b104d3cd38a8b64e99897c982d5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d9529",
                    table="incidents_preventioninterview",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            append_only(
                "incidents_interviewshare",
                "incidents_locatedcheck",
                "incidents_placementnotice",
                "incidents_preventioninterview",
            ),
            migrations.RunSQL.noop,
        ),
    ]
