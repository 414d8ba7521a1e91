from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(verbose_name='verzegelde inhoud')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='vervalt op')),
            ],
            options={
                'verbose_name': 'concept',
                'verbose_name_plural': 'concepten',
            },
        ),
    ]
