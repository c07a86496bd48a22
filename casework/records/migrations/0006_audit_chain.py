"""Committed rows of the audit become a chain, authority by authority; lists name their children in a column."""

from django.db import migrations

# What the table was made with and never used: the chain has a table of its own, so that whoever writes an entry
# waits for nobody. Children of a list were named among the fields; there no index finds them.
COLUMNS = """
DROP INDEX records_audit_authority_seq;
ALTER TABLE records_auditentry DROP COLUMN seq, DROP COLUMN prev_hash, DROP COLUMN hash,
    ADD COLUMN child_ids uuid[];
ALTER TABLE records_auditentry DISABLE TRIGGER append_only;
WITH told AS (
    SELECT id, at, array_agg(field) FILTER (WHERE field !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') AS names,
           array_agg(field::uuid) FILTER (WHERE field ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') AS ids
    FROM (SELECT id, at, unnest(fields) AS field FROM records_auditentry
          WHERE action = 'read' AND child_id IS NULL AND fields <> '{}') AS listed
    GROUP BY id, at)
UPDATE records_auditentry e SET fields = coalesce(told.names, '{}'), child_ids = told.ids
FROM told WHERE told.id = e.id AND told.at = e.at AND told.ids IS NOT NULL;
ALTER TABLE records_auditentry ENABLE TRIGGER append_only;
CREATE INDEX records_audit_child_ids ON records_auditentry USING gin (child_ids) WHERE child_ids IS NOT NULL;
"""

CHAIN = """
CREATE TABLE records_auditseal (
    chain uuid NOT NULL,
    seq bigint NOT NULL,
    form smallint NOT NULL,
    entry_id uuid NOT NULL,
    entry_at timestamptz NOT NULL,
    sealed_at timestamptz NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (chain, seq)
);
COMMENT ON COLUMN records_auditseal.chain IS 'The authority; only zeros for what belongs to none, such as a sign-in';
COMMENT ON COLUMN records_auditseal.form IS 'Which columns, written how, the hash is of';

CREATE TABLE records_auditqueue (
    turn bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id uuid NOT NULL,
    entry_at timestamptz NOT NULL,
    chain uuid NOT NULL,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE records_auditqueue IS 'Entries that no seal is on yet. It is seen when its entry is: at the commit';

CREATE FUNCTION audit_queue_for_sealing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO records_auditqueue (entry_id, entry_at, chain)
    SELECT id, at, coalesce(authority_id, '00000000-0000-0000-0000-000000000000') FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER waits_for_its_seal AFTER INSERT ON records_auditentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_queue_for_sealing();

-- A value with its length in bytes before it, so that no two rows read alike: "3:abc"; "-" where there is none.
CREATE FUNCTION audit_spelt(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(octet_length(value)::text || ':' || value, '-')
$$;
CREATE FUNCTION audit_moment(moment timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
$$;

-- Takes what is committed and unsealed, in the order of writing, and puts it at the end of its chain. One at a
-- time: whoever comes second gets NULL and leaves it to the first. What commits late is in a later round, never left out.
CREATE FUNCTION audit_seal(at_most integer DEFAULT 5000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry record;
    chain_of_last uuid;
    number bigint;
    head bytea;
    seal bytea;
    moment timestamptz := clock_timestamp();
    done integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('casework audit seal', 0)) THEN
        RETURN NULL;
    END IF;
    FOR entry IN
        WITH taken AS (
            DELETE FROM records_auditqueue
            WHERE turn IN (SELECT turn FROM records_auditqueue ORDER BY turn LIMIT at_most)
            RETURNING turn, entry_id, entry_at, chain)
        SELECT t.chain, t.entry_id, t.entry_at, e.*
        FROM taken t LEFT JOIN records_auditentry e ON e.id = t.entry_id AND e.at = t.entry_at
        ORDER BY t.chain, t.turn
    LOOP
        IF chain_of_last IS DISTINCT FROM entry.chain THEN
            chain_of_last := entry.chain;
            SELECT seq, hash INTO number, head FROM records_auditseal
            WHERE chain = entry.chain ORDER BY seq DESC LIMIT 1;
            number := coalesce(number, 0);
            head := coalesce(head, decode(repeat('00', 32), 'hex'));
        END IF;
        number := number + 1;
        seal := sha256(head || convert_to(
            audit_spelt('1') || audit_spelt(entry.chain::text) || audit_spelt(number::text)
            || audit_spelt(audit_moment(moment)) || audit_spelt(entry.entry_id::text)
            || audit_spelt(audit_moment(entry.entry_at)) || audit_spelt(entry.authority_id::text)
            || audit_spelt(entry.actor_id::text) || audit_spelt(entry.on_behalf_of) || audit_spelt(entry.action)
            || audit_spelt(entry.about_kind) || audit_spelt(entry.about_id::text)
            || audit_spelt(entry.child_id::text) || audit_spelt(entry.child_ids::text)
            || audit_spelt(entry.fields::text) || audit_spelt(entry.reason) || audit_spelt(entry.session)
            || audit_spelt(host(entry.address)) || audit_spelt(entry.request_id), 'UTF8'));
        INSERT INTO records_auditseal (chain, seq, form, entry_id, entry_at, sealed_at, prev_hash, hash)
        VALUES (entry.chain, number, 1, entry.entry_id, entry.entry_at, moment, head, seal);
        head := seal;
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION audit_queue_for_sealing(), audit_seal(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal(integer) TO casework_app;

REVOKE ALL ON records_auditseal, records_auditqueue FROM casework_app;
GRANT SELECT ON records_auditseal, records_auditqueue TO casework_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON records_auditseal
    FOR EACH ROW EXECUTE FUNCTION audit_refuses_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON records_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_change();

INSERT INTO records_auditqueue (entry_id, entry_at, chain)
SELECT id, at, coalesce(authority_id, '00000000-0000-0000-0000-000000000000')
FROM records_auditentry ORDER BY at, id;
"""

# A statement's trigger is not handed down to partitions: each month gets its own.
MONTHS = """
CREATE OR REPLACE FUNCTION audit_keep_partitions(ahead integer DEFAULT 3) RETURNS integer
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
        EXECUTE format(
            'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I
             FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_change()', name);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
DO $$
DECLARE part regclass;
BEGIN
    FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'records_auditentry'::regclass LOOP
        EXECUTE format(
            'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s
             FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_change()', part);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0005_looking_up")]

    operations = [
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
        migrations.RunSQL(MONTHS, migrations.RunSQL.noop),
    ]
