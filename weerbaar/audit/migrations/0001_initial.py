import django.db.models.functions.datetime
import weerbaar.audit.transactions
from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AccessLog',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='wanneer')),
                ('transaction', models.BigIntegerField(db_default=weerbaar.audit.transactions.CurrentTransaction(), editable=False)),
                ('actor_id', models.UUIDField(null=True, verbose_name='wie')),
                ('actor_name', models.CharField(blank=True, max_length=150, verbose_name='naam')),
                ('role', models.CharField(blank=True, max_length=40, verbose_name='rol')),
                ('dossier', models.UUIDField(null=True, verbose_name='dossier')),
                ('purpose', models.CharField(choices=[('handle', 'behandelen van de melding'), ('triage', 'eerste beoordeling'), ('follow', 'zelf volgen'), ('shared', 'gedeeld met organisatie'), ('pdf', 'maken van een PDF'), ('notify', 'versturen van een bericht'), ('search', 'zoeken'), ('index', 'vindbaar maken voor wie u helpt'), ('export', 'exporteren'), ('break_glass', 'inzage bij nood'), ('check', 'controle')], max_length=20, verbose_name='doel')),
                ('result', models.CharField(choices=[('opened', 'geopend'), ('refused', 'geweigerd'), ('no_key', 'geen sleutel'), ('done', 'uitgevoerd')], max_length=10, verbose_name='uitkomst')),
                ('detail', models.CharField(blank=True, max_length=200, verbose_name='toelichting')),
            ],
            options={
                'verbose_name': 'inzage',
                'verbose_name_plural': 'inzagelogboek',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['dossier', 'at'], name='accesslog_dossier'), models.Index(fields=['actor_id', 'at'], name='accesslog_actor'), models.Index(fields=['transaction'], name='accesslog_transaction')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='verzegeld')),
                ('table', models.CharField(max_length=63, verbose_name='tabel')),
                ('number', models.PositiveIntegerField(verbose_name='volgnummer')),
                ('kind', models.CharField(choices=[('sealed', 'verzegeld'), ('removed', 'verwijderd na de termijn')], default='sealed', max_length=8, verbose_name='soort')),
                ('from_transaction', models.BigIntegerField()),
                ('to_transaction', models.BigIntegerField()),
                ('rows', models.PositiveIntegerField(verbose_name='rijen')),
                ('content', models.BinaryField()),
                ('chain', models.BinaryField()),
            ],
            options={
                'verbose_name': 'zegel',
                'verbose_name_plural': 'zegels',
                'constraints': [models.UniqueConstraint(fields=('table', 'number'), name='one_seal_per_number')],
            },
        ),
    ]
