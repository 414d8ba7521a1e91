from django.db import migrations

FILL = """
UPDATE ondersteuning_case SET handler_id = user_id
FROM ondersteuning_assignment
WHERE case_id = ondersteuning_case.id AND ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("ondersteuning", "0003_case_handler")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
