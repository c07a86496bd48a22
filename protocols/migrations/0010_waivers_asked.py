"""A step can be asked to be waived, and the answer can be no."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("protocols", "0009_changes_of_cover_and_ages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stepevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fired", "Came due"),
                    ("done", "Done"),
                    ("acknowledged", "Acknowledged"),
                    ("handed_over", "Handed over"),
                    ("waived", "Waived"),
                    ("not_needed", "Not needed"),
                    ("superseded", "Worked out again"),
                    ("nobody", "Nobody could be told"),
                    ("failed", "Failed"),
                    ("reopened", "Ticked by mistake"),
                    ("waiver_asked", "Asked to waive"),
                    ("waiver_kept", "Still to be done"),
                ],
                max_length=12,
            ),
        ),
    ]
