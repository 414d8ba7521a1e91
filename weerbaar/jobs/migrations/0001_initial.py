import django.db.models.functions.datetime
from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name='naam')),
                ('at', models.DateTimeField(verbose_name='laatst')),
            ],
            options={
                'verbose_name': 'hartslag',
                'verbose_name_plural': 'hartslagen',
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, verbose_name='sleutel')),
                ('name', models.CharField(max_length=100, verbose_name='soort')),
                ('queue', models.CharField(max_length=20, verbose_name='wachtrij')),
                ('kwargs', models.JSONField(default=dict, verbose_name='gegevens')),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='uit te voeren op')),
                ('state', models.CharField(choices=[('waiting', 'wacht'), ('done', 'gedaan'), ('parked', 'geparkeerd')], db_default='waiting', max_length=10, verbose_name='stand')),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, verbose_name='pogingen')),
                ('lease_until', models.DateTimeField(null=True, verbose_name='bezet tot')),
                ('token', models.UUIDField(null=True)),
                ('last_error', models.CharField(db_default='', max_length=100, verbose_name='laatste fout')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='gemaakt op')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('done_at', models.DateTimeField(null=True, verbose_name='gedaan op')),
            ],
            options={
                'verbose_name': 'opdracht',
                'verbose_name_plural': 'opdrachten',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['queue', 'due_at'], name='job_due'), models.Index(condition=models.Q(('state', 'parked')), fields=['id'], name='job_parked'), models.Index(condition=models.Q(('state', 'done')), fields=['done_at'], name='job_done')],
                'constraints': [models.UniqueConstraint(fields=('key', 'name'), name='job_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'parked'])), name='job_state'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True)), _connector='OR'), name='job_done_at_iff_done')],
            },
        ),
    ]
