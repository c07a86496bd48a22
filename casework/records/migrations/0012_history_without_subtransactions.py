"""History finds its context without a subtransaction for each row.

The library's function catches an error where there is no context. That is a subtransaction a row, and each one
that fails goes over all that the statement has put off: a statement of 100,000 rows took a quarter of an hour.
"""

from django.db import migrations

FIND_CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE LANGUAGE plpgsql AS $$
DECLARE
    found UUID := nullif(current_setting('pghistory.context_id', true), '');
    about JSONB := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF found IS NULL OR about IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO pghistory_context AS kept (id, metadata, created_at, updated_at)
    VALUES (found, about, now(), now())
    ON CONFLICT (id) DO UPDATE SET metadata = excluded.metadata, updated_at = excluded.updated_at
    WHERE kept.metadata <> excluded.metadata;
    RETURN found;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0011_reasons_given"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(FIND_CONTEXT, migrations.RunSQL.noop)]
