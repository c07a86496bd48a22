"""A list of an authority's episodes, newest first, is read from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0006_kept_and_shared"),
        ("records", "0011_reasons_given"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="missingepisode",
            index=models.Index(fields=["authority", "-noticed_at"], name="episode_of_authority"),
        ),
    ]
