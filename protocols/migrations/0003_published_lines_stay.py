"""The lines of an edition are written once, when it is published; the application can't change or remove them."""

from django.db import migrations

from casework.records.grants import append_only


class Migration(migrations.Migration):
    dependencies = [("protocols", "0002_links_and_grants")]

    operations = [
        migrations.RunSQL(
            append_only("protocols_step", "protocols_steptiming", "protocols_rung"), migrations.RunSQL.noop
        ),
    ]
