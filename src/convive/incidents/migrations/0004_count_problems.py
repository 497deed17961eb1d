from django.db import migrations

SHOWN_CHARACTERS = 400


def count_problems(apps, schema_editor):
    """Rows that wait already get their problems counted too."""
    row_problem = apps.get_model("incidents", "RowProblem")
    for row in apps.get_model("incidents", "QuarantinedRow").objects.iterator():
        row_problem.objects.bulk_create(
            row_problem(
                row=row,
                column=problem["column"][:SHOWN_CHARACTERS],
                value=problem["value"][:SHOWN_CHARACTERS],
                sentence=problem["sentence"],
            )
            for problem in row.problems
        )


class Migration(migrations.Migration):
    # Apart from 0002: PostgreSQL makes no index on a table with unchecked new rows.
    dependencies = [("incidents", "0003_quarantine")]

    operations = [
        migrations.RunPython(count_problems, migrations.RunPython.noop),
    ]
