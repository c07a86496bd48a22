"""Who a change was by, for the triggers that `casework.audited` puts on tables; and two words for what they saw."""

from django.db import migrations

# A request names its person and itself with each write (pghistory's setting, which costs no query); a service may
# name them again, with a reason. Otherwise it is the program that the database knows the connection by, and the
# role, unless that is the application's own.
CALLER = """
CREATE FUNCTION audit_caller(
    OUT actor_id uuid, OUT on_behalf_of varchar, OUT reason varchar, OUT session varchar, OUT address inet,
    OUT request_id varchar)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    said jsonb := coalesce(nullif(current_setting('pghistory.context_metadata', true), ''), '{}');
BEGIN
    actor_id := coalesce(nullif(current_setting('casework.actor', true), ''), said ->> 'user')::uuid;
    on_behalf_of := CASE WHEN actor_id IS NOT NULL THEN '' ELSE
        left(current_setting('application_name')
             || CASE WHEN current_user <> 'casework_app' THEN ' as ' || current_user ELSE '' END, 120) END;
    reason := left(coalesce(current_setting('casework.reason', true), ''), 500);
    session := coalesce(said ->> 'session', '');
    address := nullif(said ->> 'address', '')::inet;
    request_id := coalesce(said ->> 'request_id', '');
END $$;
COMMENT ON FUNCTION audit_caller() IS 'no table watched yet';
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0009_child_searches")]

    operations = [migrations.RunSQL(CALLER, migrations.RunSQL.noop)]
