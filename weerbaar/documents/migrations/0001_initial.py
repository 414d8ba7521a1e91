import django.db.models.deletion
import django.utils.timezone
import uuid
import weerbaar.vault.fields
from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PrintOrder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(editable=False, max_length=40, verbose_name='soort')),
                ('subject', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'wordt gemaakt'), ('done', 'klaar'), ('failed', 'niet gelukt')], default='waiting', editable=False, max_length=10, verbose_name='stand')),
                ('error', models.CharField(blank=True, editable=False, max_length=200, verbose_name='wat er misging')),
                ('tries', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='aangevraagd')),
                ('done_at', models.DateTimeField(editable=False, null=True, verbose_name='klaar')),
            ],
            options={
                'verbose_name': 'opdracht aan de drukpers',
                'verbose_name_plural': 'opdrachten aan de drukpers',
                'ordering': ['-created_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'digest'), name='printed_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='printorder_done_at_iff_done')],
            },
        ),
        migrations.CreateModel(
            name='Rendering',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.UUIDField(editable=False)),
                ('kind', models.CharField(editable=False, max_length=40, verbose_name='soort')),
                ('audience', models.CharField(editable=False, max_length=40, verbose_name='voor')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('compartment', models.CharField(choices=[('shared', 'melder en team'), ('internal', 'alleen het team'), ('address', 'adres'), ('organisation', 'melder en contactpersonen van de eigen organisatie')], editable=False, max_length=16)),
                ('state', models.CharField(choices=[('waiting', 'wordt gemaakt'), ('done', 'klaar'), ('failed', 'niet gelukt')], default='waiting', editable=False, max_length=10, verbose_name='stand')),
                ('error', models.CharField(blank=True, editable=False, max_length=200, verbose_name='wat er misging')),
                ('tries', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='aangevraagd')),
                ('done_at', models.DateTimeField(editable=False, null=True, verbose_name='klaar')),
                ('pdf', weerbaar.vault.fields.SealedBytes(compartment='compartment')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documenten',
                'ordering': ['-created_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('dossier', 'digest'), name='rendering_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('pdf__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None), ('pdf__isnull', True)), _connector='OR'), name='rendering_done_has_a_pdf')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='versie')),
                ('owner', models.CharField(blank=True, db_index=True, editable=False, max_length=64, verbose_name='eigenaar')),
                ('pdf', weerbaar.vault.fields.SealedBytes(compartment='organisation')),
                ('order', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='sheet', to='documents.printorder')),
            ],
            options={
                'verbose_name': 'gedrukt blad',
                'verbose_name_plural': 'gedrukte bladen',
            },
        ),
    ]
