"""The few restricted children of an authority are found without reading the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0011_reasons_given")]

    operations = [
        migrations.AddIndex(
            model_name="child",
            index=models.Index(
                condition=models.Q(("is_restricted", True)), fields=["authority"], name="child_restricted"
            ),
        ),
    ]
