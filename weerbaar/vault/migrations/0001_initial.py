from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='BlindIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dossier', models.UUIDField(db_index=True)),
                ('value', models.BinaryField()),
            ],
            options={
                'verbose_name': 'zoekwaarde',
                'verbose_name_plural': 'zoekwaarden',
                'constraints': [models.UniqueConstraint(fields=('value', 'dossier'), name='one_blind_index_value')],
            },
        ),
        migrations.CreateModel(
            name='Lockbox',
            fields=[
                ('pk', models.CompositePrimaryKey('dossier', 'reader', 'compartment', blank=True, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.UUIDField()),
                ('reader', models.CharField(max_length=80)),
                ('compartment', models.CharField(choices=[('shared', 'melder en team'), ('internal', 'alleen het team'), ('address', 'adres'), ('organisation', 'melder en contactpersonen van de eigen organisatie')], max_length=16)),
                ('key', models.CharField(max_length=16)),
                ('box', models.BinaryField()),
                ('expires_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'kluisje',
                'verbose_name_plural': 'kluisjes',
                'indexes': [models.Index(fields=['reader', 'key'], name='lockbox_reader'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='lockbox_expiry')],
            },
        ),
    ]
