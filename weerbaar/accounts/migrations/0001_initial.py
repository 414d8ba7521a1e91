import django.contrib.postgres.constraints
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import weerbaar.audit.transactions
from django.conf import settings
from django.db import migrations, models

from weerbaar.tables import NewTables


class Migration(NewTables):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        migrations.CreateModel(
            name='CacheRow',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'accounts_cache',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mailadres')),
                ('name', models.CharField(max_length=150, verbose_name='naam')),
                ('is_staff', models.BooleanField(default=False, editable=False, verbose_name='medewerker')),
                ('is_active', models.BooleanField(default=True, verbose_name='actief')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='aangemaakt')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('groups', models.ManyToManyField(blank=True, related_name='user_set', related_query_name='user', through='accounts.RoleGrant', to='auth.group', verbose_name='rollen')),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
                'permissions': [('invite_user', 'mag iemand uitnodigen'), ('revoke_role', 'mag een rol intrekken')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='nobody_is_superuser'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='email_in_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='BeheerSession',
            fields=[
                ('key_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('data', models.BinaryField()),
                ('begun_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sessie op beheer',
            },
        ),
        migrations.CreateModel(
            name='MijnSession',
            fields=[
                ('key_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('data', models.BinaryField()),
                ('begun_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sessie op mijn',
            },
        ),
        migrations.CreateModel(
            name='PasswordLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('uitnodiging', 'uitnodiging'), ('vergeten', 'wachtwoord vergeten')], max_length=20)),
                ('token_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mailadres')),
                ('name', models.CharField(max_length=150, verbose_name='naam')),
                ('role', models.CharField(choices=[('ambtsdrager', 'politieke ambtsdrager'), ('organisatiecontact', 'contactpersoon van de organisatie'), ('partner', 'netwerkpartner'), ('scanadviseur', 'scanadviseur'), ('toetsadviseur', 'toetsadviseur'), ('beveiligingsautoriteit', 'beveiligingsautoriteit'), ('netwerkbeheer', 'netwerkbeheer'), ('eerste_lijn', 'ondersteuningsteam, eerste lijn'), ('tweede_lijn', 'ondersteuningsteam, tweede lijn'), ('coordinator', 'coördinator van het ondersteuningsteam'), ('auditor', 'auditor'), ('technisch_beheer', 'technisch beheer')], max_length=30, verbose_name='rol')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='voorgesteld op')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='voorgesteld door')),
            ],
            options={
                'verbose_name': 'voorstel voor een uitnodiging',
                'verbose_name_plural': 'voorstellen voor een uitnodiging',
                'ordering': ['proposed_at'],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sinds')),
                ('granted_by', models.CharField(max_length=150, verbose_name='gegeven door')),
                ('confirmed_by', models.CharField(blank=True, max_length=150, verbose_name='bevestigd door')),
                ('role', models.ForeignKey(db_column='role', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group', to_field='name', verbose_name='rol')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_grants', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'rol van een account',
                'verbose_name_plural': 'rollen van accounts',
                'constraints': [models.UniqueConstraint(fields=('user', 'role'), name='a_role_is_held_once'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), (models.Case(models.When(role__in=['technisch_beheer'], then=models.Value('technical')), models.When(role__in=['auditor'], then=models.Value('auditor')), models.When(role__in=['beveiligingsautoriteit', 'coordinator', 'eerste_lijn', 'organisatiecontact', 'scanadviseur', 'toetsadviseur', 'tweede_lijn'], then=models.Value('content')), output_field=models.TextField()), '<>')], name='nobody_holds_two_duties')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolegrant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_rolegranttrackedevent" ("confirmed_by", "granted_at", "granted_by", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."confirmed_by", NEW."granted_at", NEW."granted_by", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='d9165a541cb698d699e1f44e74e7fb27216c0e85', operation='INSERT', pgid='pgtrigger_insert_insert_77ca7', table='accounts_rolegrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolegrant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_rolegranttrackedevent" ("confirmed_by", "granted_at", "granted_by", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."confirmed_by", NEW."granted_at", NEW."granted_by", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='07e738840e6f2e06496e4b472d80ea4ffdfce27d', operation='UPDATE', pgid='pgtrigger_update_update_f0e9e', table='accounts_rolegrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolegrant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_rolegranttrackedevent" ("confirmed_by", "granted_at", "granted_by", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (OLD."confirmed_by", OLD."granted_at", OLD."granted_by", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."role", OLD."user_id"); RETURN NULL;', hash='a472eb830e95ccc465764fdcc007fdf3f8801b12', operation='DELETE', pgid='pgtrigger_delete_delete_d0e1f', table='accounts_rolegrant', when='AFTER')),
        ),
        migrations.CreateModel(
            name='RoleGrantTrackedevent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_transaction', models.BigIntegerField(db_default=weerbaar.audit.transactions.CurrentTransaction(), editable=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sinds')),
                ('granted_by', models.CharField(max_length=150, verbose_name='gegeven door')),
                ('confirmed_by', models.CharField(blank=True, max_length=150, verbose_name='bevestigd door')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.rolegrant')),
                ('role', models.ForeignKey(db_column='role', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group', to_field='name', verbose_name='rol')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UsedCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('used_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'code'), name='a_code_is_used_once')],
            },
        ),
    ]
