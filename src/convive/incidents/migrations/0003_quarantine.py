import django.db.models.deletion
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_import_draft_reading")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="derived_from",
            field=models.ManyToManyField(
                related_name="derivatives", to="incidents.batch"
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="headings",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="batch",
            name="mapping",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="crosswalk",
            name="by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="quarantinedrow",
            name="corrected",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="quarantinedrow",
            name="reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="quarantinedrow",
            name="again_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="rows_again",
                to="incidents.batch",
            ),
        ),
        migrations.CreateModel(
            name="RowProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("column", models.CharField(max_length=400)),
                ("value", models.CharField(max_length=400)),
                ("sentence", models.CharField(max_length=300)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found",
                        to="incidents.quarantinedrow",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["sentence", "column"],
                        name="incidents_r_sentenc_e567a0_idx",
                    )
                ],
            },
        ),
    ]
