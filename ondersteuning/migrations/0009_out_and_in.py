from django.conf import settings
import django.contrib.postgres.constraints
from django.db import migrations, models
import pgtrigger.compiler
import pgtrigger.migrations


class Migration(migrations.Migration):
    """Break-glass and exports stand as they were asked; reports taken by phone or on paper."""

    dependencies = [
        ("ondersteuning", "0009_who_withdrew"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "permissions": [
                    ("see_queue", "ziet de wachtrij"),
                    ("see_all_cases", "ziet de envelop van alle zaken"),
                    ("handle_case", "behandelt zaken"),
                    ("assign_case", "wijst zaken toe"),
                    ("accept_handover", "neemt zaken over als tweede lijn"),
                    ("be_on_duty", "heeft dienst"),
                    ("plan_duty", "plant diensten"),
                    ("read_case", "leest één zaak"),
                    ("take_report", "neemt een melding aan per telefoon of op papier"),
                    ("import_report", "leest een bestand met meldingen in"),
                ],
                "verbose_name": "zaak",
                "verbose_name_plural": "zaken",
            },
        ),
        migrations.AlterField(
            model_name="case",
            name="source",
            field=models.CharField(
                choices=[
                    ("report", "Melding"),
                    ("callback", "Terugbelverzoek"),
                    ("phone", "Aangenomen per telefoon"),
                    ("paper", "Aangenomen op papier"),
                ],
                default="report",
                max_length=10,
                verbose_name="binnengekomen als",
            ),
        ),
        migrations.AlterField(
            model_name="casetrackedevent",
            name="source",
            field=models.CharField(
                choices=[
                    ("report", "Melding"),
                    ("callback", "Terugbelverzoek"),
                    ("phone", "Aangenomen per telefoon"),
                    ("paper", "Aangenomen op papier"),
                ],
                default="report",
                max_length=10,
                verbose_name="binnengekomen als",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="breakglass",
            trigger=pgtrigger.compiler.Trigger(
                name="break_glass_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="10700cd81a168b71e202e9517104bc7e7c948521",
                    operation="UPDATE",
                    pgid="pgtrigger_break_glass_stands_3639e",
                    table="ondersteuning_breakglass",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="breakglass",
            trigger=pgtrigger.compiler.Trigger(
                name="break_glass_reviewed_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."reviewed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="18f98703c9cf07d8acf0a01b9a25875ec521ae60",
                    operation="UPDATE",
                    pgid="pgtrigger_break_glass_reviewed_once_b2ca3",
                    table="ondersteuning_breakglass",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="export",
            trigger=pgtrigger.compiler.Trigger(
                name="export_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."query" IS DISTINCT FROM (NEW."query") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."rows" IS DISTINCT FROM (NEW."rows") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="419fa93124d1c18a3997e5f8b7b93ad1d59691ea",
                    operation="UPDATE",
                    pgid="pgtrigger_export_stands_cf466",
                    table="ondersteuning_export",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewed_at", None), ("reviewed_by", None), ("was_right", None)),
                    models.Q(
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                        ("was_right__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="break_glass_review_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("case", "="),
                    (models.Func("at", "ends_at", function="TSTZRANGE"), "&&"),
                ],
                name="break_glass_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at", None), ("agreed_by", None)),
                    models.Q(
                        ("agreed_at__isnull", False), ("agreed_by__isnull", False), ("refused_at", None)
                    ),
                    _connector="OR",
                ),
                name="export_is_agreed_or_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("refused_at", None), ("taken_at", None), _connector="OR"),
                name="refused_export_stays_here",
            ),
        ),
    ]
