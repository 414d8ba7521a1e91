import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'wordt gecontroleerd'), ('scanned', 'gecontroleerd, de weergave wordt gemaakt'), ('ready', 'gecontroleerd'), ('infected', 'niet vrijgegeven: er zit een virus in')], default='waiting', editable=False, max_length=10, verbose_name='stand')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='ontvangen')),
                ('dossier', models.UUIDField(db_index=True, editable=False, null=True, verbose_name='dossier')),
                ('expires_at', models.DateTimeField(editable=False, null=True, verbose_name='vervalt op')),
                ('box', models.BinaryField(null=True)),
                ('pages', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='bladzijden in de weergave')),
                ('pages_in_all', models.PositiveIntegerField(default=0, editable=False, verbose_name='bladzijden')),
            ],
            options={
                'verbose_name': 'bestand',
                'verbose_name_plural': 'bestanden',
                'ordering': ['received_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['received_at'], name='file_waiting'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='file_expiry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'scanned', 'ready', 'infected'])), name='file_state'), models.CheckConstraint(condition=models.Q(models.Q(('dossier__isnull', True), ('expires_at__isnull', False)), models.Q(('dossier__isnull', False), ('expires_at__isnull', True)), _connector='OR'), name='file_expires_until_it_has_a_dossier'), models.CheckConstraint(condition=models.Q(models.Q(('box__isnull', False), ('state__in', ['waiting', 'scanned'])), models.Q(('box__isnull', True), ('state__in', ['ready', 'infected'])), _connector='OR'), name='file_box_until_it_is_done'), models.CheckConstraint(condition=models.Q(('pages', 0), ('state', 'ready'), _connector='OR'), name='file_only_ready_has_pages')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='file_lifecycle', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:infected,waiting:scanned,scanned:ready}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='620c37c1da4f59f4938821abfaa5c1ff72ff3611', operation='UPDATE', pgid='pgtrigger_file_lifecycle_14242', table='files_storedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='file_begins_waiting', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'waiting\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='6c3f4fc073832c7c883fbf64073ebdd5a2188013', operation='INSERT', pgid='pgtrigger_file_begins_waiting_39649', table='files_storedfile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='file_stays_in_its_dossier', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."dossier" IS NOT NULL AND (NOT (OLD."dossier" = (NEW."dossier") AND OLD."dossier" IS NOT NULL AND OLD."dossier" IS NOT NULL) OR NEW."dossier" IS NULL))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fd26ade7557d7255945c1fcdca5aa0e69573b721', operation='UPDATE', pgid='pgtrigger_file_stays_in_its_dossier_fb304', table='files_storedfile', when='BEFORE')),
        ),
    ]
