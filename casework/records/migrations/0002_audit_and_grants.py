"""The audit table, partitioned by month, and what the application's role may not do."""

from django.db import migrations

from casework.records.grants import append_only, never_deleted

AUDIT = """
CREATE TABLE records_auditentry (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL DEFAULT casework_now(),
    authority_id uuid,
    seq bigint,
    actor_id uuid,
    on_behalf_of varchar(120) NOT NULL DEFAULT '',
    action varchar(10) NOT NULL,
    about_kind varchar(40) NOT NULL DEFAULT '',
    about_id uuid,
    child_id uuid,
    fields varchar(60)[] NOT NULL DEFAULT '{}',
    reason varchar(500) NOT NULL DEFAULT '',
    session varchar(64) NOT NULL DEFAULT '',
    address inet,
    request_id varchar(64) NOT NULL DEFAULT '',
    prev_hash bytea,
    hash bytea,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX records_audit_child_at ON records_auditentry (child_id, at);
CREATE INDEX records_audit_actor_at ON records_auditentry (actor_id, at);
CREATE INDEX records_audit_authority_seq ON records_auditentry (authority_id, seq);
CREATE TABLE records_auditentry_other PARTITION OF records_auditentry DEFAULT;

CREATE FUNCTION audit_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON records_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuses_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON records_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_change();

-- Months are made ahead by the application, which has no DDL of its own: this function is the one thing it may make.
CREATE FUNCTION audit_keep_partitions(ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', least(casework_now(), clock_timestamp()) AT TIME ZONE 'UTC')::date;
    month date;
    name text;
    made integer := 0;
BEGIN
    FOR i IN 0..least(ahead, 24) LOOP
        month := first + make_interval(months => i);
        name := format('records_auditentry_%s', to_char(month, 'YYYY_MM'));
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        CONTINUE WHEN EXISTS (
            SELECT FROM records_auditentry_other
            WHERE at >= month::timestamp AT TIME ZONE 'UTC'
              AND at < (month + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF records_auditentry FOR VALUES FROM (%L) TO (%L)', name,
            month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('REVOKE ALL ON %I FROM casework_app', name);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION audit_keep_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_keep_partitions(integer) TO casework_app;
REVOKE ALL ON records_auditentry_other FROM casework_app;
SELECT audit_keep_partitions(12);
"""

APPEND_ONLY = (
    "records_auditentry",
    "records_chronologyentry",
    "records_disclosure",
    "records_notificationevent",
    "records_childevent",
    "records_homeevent",
    "records_legalstatusevent",
    "records_localauthorityevent",
    "records_membershipevent",
    "records_neighbourevent",
    "records_placementevent",
    "records_policeforceevent",
    "records_profilefactevent",
    "records_providerevent",
    "records_teamevent",
    "records_userevent",
)

NEVER_DELETED = (
    "records_child",
    "records_childgrant",
    "records_home",
    "records_legalstatus",
    "records_localauthority",
    "records_membership",
    "records_neighbour",
    "records_notification",
    "records_placement",
    "records_policeforce",
    "records_profilefact",
    "records_provider",
    "records_team",
    "records_user",
)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        # Needed from 0018 on. Here, because each of its steps takes longer the more models there are already.
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]

    operations = [
        migrations.RunSQL(AUDIT, migrations.RunSQL.noop),
        migrations.RunSQL(append_only(*APPEND_ONLY), migrations.RunSQL.noop),
        migrations.RunSQL(never_deleted(*NEVER_DELETED), migrations.RunSQL.noop),
    ]
