"""Two functions that every tracked row calls, without the subtransaction that their libraries give each row.

Both catch an error where a setting is not set, which is nearly always. Each such error undoes a
subtransaction, and that goes over all that the statement has put off until its end: a statement of 100,000
rows took a quarter of an hour. `migrate` puts these in place of the libraries' own, which each new trigger
brings again.
"""

from __future__ import annotations

from typing import Final

from django.db import connections

# Of django-pghistory: which context a former value belongs to, and the context itself when it is new.
FIND_CONTEXT: Final = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    found uuid := nullif(current_setting('pghistory.context_id', true), '');
    about jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF found IS NULL OR about IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO pghistory_context AS kept (id, metadata, created_at, updated_at)
    VALUES (found, about, now(), now())
    ON CONFLICT (id) DO UPDATE SET metadata = excluded.metadata, updated_at = excluded.updated_at
    WHERE kept.metadata <> excluded.metadata;
    RETURN found;
END $$;"""

# Of django-pgtrigger: whether this trigger is to be passed over in this transaction.
IS_IGNORED: Final = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false)
$$;"""

_SLOW: Final = """
SELECT proname FROM pg_proc
WHERE proname IN ('_pgh_attach_context', '_pgtrigger_should_ignore') AND prosrc ILIKE '%%EXCEPTION%%'"""
_QUICK: Final = {"_pgh_attach_context": FIND_CONTEXT, "_pgtrigger_should_ignore": IS_IGNORED}


def make_quick(using: str = "default", **_: object) -> None:
    """Replace those of the two that are the libraries' own. Needs the owner's role, unless none is."""
    with connections[using].cursor() as cursor:
        cursor.execute(_SLOW)
        for (name,) in cursor.fetchall():
            cursor.execute(_QUICK[name])
