"""The tables of disclosure, its triggers, and its published lists."""

import audit.triggers
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import uuid
from typing import Any

from django.conf import settings
from django.db import migrations, models


# What a prosecutor may say of a row (DOMAIN section 2): display letters, of which two are the product's own
CODES = [
    ("D", "Disclosable: copy to be disclosed", True),
    ("I", "Disclosable by inspection", True),
    ("CND", "Clearly not disclosable", False),
    ("ND", "Not disclosable (viewed)", True),
    ("E", "Evidence", True),
    ("Q", "Query: request material or an updated description", True),
    ("R", "Row returned", True),
]
# The categories of presumption material (DOMAIN section 1). Letters and numbers follow the Code's list; the three that begin with C are
# of copies that go along without being presumed. Casting doubt on a witness is 7 already
CATEGORIES = [
    ("1", "Record of a telephone message (for example a 999 call)", ["audio"], "999 call\n999 recording\nemergency call\n101 call"),
    ("2", "Incident log", [], "incident log\nincident record\nCAD\nSTORM\ncommand and control"),
    ("3", "Crime report", [], "crime report\ncrime record\noccurrence report"),
    ("3a", "Investigation log", [], "investigation log\ninvestigation record"),
    (
        "3b",
        "Investigator's notes later used for a statement, or of contact with suspect, victim or witness",
        [],
        "notebook\npocket book\ncontact log\nnote of contact\nnotes of contact",
    ),
    ("3c", "Account of the incident noted by an investigator", [], "scene note\nscene log\nnote of an account\nincident account"),
    ("3d", "Action record (house-to-house, CCTV, forensic)", [], "house-to-house\nhouse to house\naction record\nforensic submission"),
    ("3e", "CCTV or other imagery of the incident happening", ["video"], "CCTV\ndashcam\ndoorbell camera"),
    ("4", "Custody record or voluntary attendance record", [], "custody record\nvoluntary attendance\ndetention log"),
    (
        "5",
        "Previous account of the complainant or a witness",
        ["abe", "statement"],
        "first account\ninitial account\nprevious account\nbody-worn\nbody worn\ndraft statement\nearlier statement",
    ),
    ("6", "Record of an interview of a witness or suspect", ["abe"], "interview\nrecord of taped interview\nROTI"),
    (
        "7",
        "Casts doubt on the reliability of a witness",
        [],
        "previous conviction\nconviction\nformal caution\nPNC\nbad character\nunreliable\ncredibility",
    ),
]
COPIES = [
    ("C1", "First description of a suspect", [], "first description\ndescription of the suspect\ndescription of a suspect\nE-fit"),
    ("C2", "Explanation by the accused", [], "prepared statement\naccount of the suspect\nsuspect's account\nexplanation"),
    ("C3", "Casts doubt on a confession", [], "confession\nretraction\nretracted"),
]


def add_codes(apps: Any, schema_editor: Any) -> None:
    code_model = apps.get_model("disclosure", "EndorsementCode")
    for code, meaning, needs_reason in CODES:
        code_model.objects.update_or_create(code=code, defaults={"meaning": meaning, "needs_reason": needs_reason})


def add_categories(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("disclosure", "PresumptionCategory")
    rows = [(*row, True) for row in CATEGORIES] + [(*row, False) for row in COPIES]
    for position, (code, title, kinds, words, presumed) in enumerate(rows, start=1):
        model.objects.update_or_create(
            code=code, defaults={"title": title, "kinds": kinds, "words": words, "presumed": presumed, "position": position}
        )


class Migration(migrations.Migration):

    replaces = [('disclosure', '0001_initial'), ('disclosure', '0002_endorsement_codes'), ('disclosure', '0003_explanation'), ('disclosure', '0004_accounts_for_all'), ('disclosure', '0005_managing'), ('disclosure', '0006_assignments'), ('disclosure', '0007_report_before_service'), ('disclosure', '0008_presumption'), ('disclosure', '0009_presumption_categories'), ('disclosure', '0010_sampling'), ('disclosure', '0011_certified_rows'), ('disclosure', '0012_set_goes_together'), ('disclosure', '0013_fences'), ('disclosure', '0014_endorsing'), ('disclosure', '0015_blocks')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0002_lookups'),
        ('evidence', '0001_squashed_0009_within_marking'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScheduleVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='EndorsementCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=6, unique=True)),
                ('meaning', models.CharField(max_length=120)),
                ('needs_reason', models.BooleanField(default=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='PresumptionCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=4, unique=True, validators=[django.core.validators.RegexValidator('\\A[A-Z0-9][A-Za-z0-9]*\\Z')])),
                ('title', models.CharField(max_length=160)),
                ('presumed', models.BooleanField(default=True, verbose_name='disclosed by presumption')),
                ('kinds', models.JSONField(blank=True, default=list, verbose_name='types of exhibit')),
                ('words', models.TextField(blank=True, help_text='One phrase a line, in plain letters and digits', verbose_name='words of a description')),
                ('pattern', models.TextField(blank=True, editable=False, help_text='The words as PostgreSQL matches them; a trigger writes it')),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'presumption categories',
                'ordering': ['position', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('MG6C', 'MG6C (non-sensitive unused)'), ('MG6D', 'MG6D (sensitive unused)'), ('MG6E', "MG6E (disclosure officer's report)"), ('SDC', 'SDC (streamlined disclosure certificate)')], max_length=4)),
                ('ordinal', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='cases.case')),
            ],
            options={
                'ordering': ['kind', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind', 'ordinal'), name='schedule_once')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sensitivity', models.CharField(choices=[('not_sensitive', 'Not sensitive'), ('sensitive', 'Sensitive')], help_text='Of each of its items', max_length=13)),
                ('title', models.TextField(blank=True, verbose_name='what they are')),
                ('location', models.CharField(blank=True, max_length=200)),
                ('why', models.TextField(verbose_name='why they are listed as a block')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='cases.case')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('why__regex', '\\S')), name='block_says_why'), models.CheckConstraint(condition=models.Q(('sensitivity__in', ['sensitive', 'not_sensitive'])), name='block_sensitivity')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='certificate', serialize=False, to='disclosure.scheduleversion')),
                ('statement', models.TextField()),
                ('content', models.TextField(help_text="The version's content as RFC 8785 JSON, as it was hashed")),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('unexamined', models.GeneratedField(db_persist=True, expression=models.Func(models.F('content'), output_field=models.TextField(), template="coalesce((%(expressions)s)::jsonb ->> 'unexamined', '')"), output_field=models.TextField())),
                ('signed_name', models.GeneratedField(db_persist=True, expression=models.Func(models.F('content'), output_field=models.TextField(), template="coalesce((%(expressions)s)::jsonb ->> 'certified_by', '')"), output_field=models.TextField())),
                ('signed_role', models.GeneratedField(db_persist=True, expression=models.Func(models.F('content'), output_field=models.TextField(), template="coalesce((%(expressions)s)::jsonb ->> 'certified_as', '')"), output_field=models.TextField())),
            ],
        ),
        migrations.CreateModel(
            name='CertifiedRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('said', models.JSONField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='certified_rows', to='disclosure.scheduleversion')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='certified_row_once')],
            },
        ),
        migrations.CreateModel(
            name='CourtApplication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('section_8', 'Section 8 (CPIA 1996): the accused asks for disclosure'), ('pii', 'Public interest immunity: the prosecutor asks to withhold')], max_length=9)),
                ('made_on', models.DateField(verbose_name='made')),
                ('about', models.TextField(verbose_name='what it asks for')),
                ('outcome', models.CharField(choices=[('pending', 'Not decided yet'), ('granted', 'Granted'), ('in_part', 'Granted in part'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='pending', max_length=9)),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='decided')),
                ('order', models.TextField(blank=True, verbose_name='what the court ordered')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='court_applications', to='cases.case')),
            ],
            options={
                'ordering': ['-made_on', '-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('outcome', 'pending')), models.Q(models.Q(('outcome', 'pending'), _negated=True), ('decided_on__gte', models.F('made_on'))), _connector='OR'), name='application_decided_has_a_day')],
            },
        ),
        migrations.CreateModel(
            name='DefenceStatement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('court', models.CharField(choices=[('crown', 'Crown Court (28 days)'), ('magistrates', "Magistrates' court (14 days)")], max_length=11)),
                ('complied_on', models.DateField(verbose_name='when the prosecutor complied with section 3')),
                ('due_on', models.DateField(verbose_name='due')),
                ('extended', models.BooleanField(default=False, verbose_name='the court extended the time')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='received')),
                ('issues', models.TextField(blank=True, verbose_name='issues it raises')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='defence_statements', to='cases.case')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('complied_on'))), name='statement_due_after_compliance'), models.CheckConstraint(condition=models.Q(('received_on__isnull', True), ('issues__regex', '\\S'), _connector='OR'), name='received_statement_has_issues')],
            },
        ),
        migrations.CreateModel(
            name='Fence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('privilege', 'It may be legally privileged'), ('secret', 'It may be above OFFICIAL-SENSITIVE (SECRET, TOP SECRET, an informant, an intercept)')], max_length=9)),
                ('reason', models.TextField(help_text='From what it shows, without saying what it says')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fences', to='evidence.exhibit')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FenceStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('instructed', 'Independent counsel instructed'), ('privileged', 'Privileged'), ('in_part', 'Privileged in part'), ('not_privileged', 'Not privileged'), ('moved', 'Handed to secure handling'), ('cleared', 'Not above OFFICIAL-SENSITIVE')], max_length=14)),
                ('person', models.CharField(blank=True, help_text='Counsel who is instructed or has determined; who took it over', max_length=160)),
                ('body', models.CharField(blank=True, help_text="Counsel's chambers; the unit that took it over", max_length=200)),
                ('on', models.DateField(help_text='The day on which it happened')),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='disclosure.fence')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['instructed', 'moved']), _negated=True), models.Q(('body__regex', '\\S'), ('person__regex', '\\S')), _connector='OR'), name='step_names_who'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['privileged', 'in_part', 'not_privileged', 'cleared']), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='step_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['privileged', 'in_part', 'not_privileged']), _negated=True), ('person__regex', '\\S'), _connector='OR'), name='somebody_determined')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('locator', models.JSONField(blank=True, default=None, help_text='A part (`disclosure.locators`); none: the whole', null=True)),
                ('use', models.CharField(blank=True, choices=[('', 'Not decided'), ('used', 'Used (evidence)'), ('unused', 'Unused'), ('apart', 'Kept elsewhere')], default='', max_length=6)),
                ('relevance', models.CharField(blank=True, choices=[('', 'Not decided'), ('relevant', 'Relevant'), ('clearly_not_relevant', 'Clearly not relevant'), ('unexamined', 'Not examined')], default='', max_length=20)),
                ('sensitivity', models.CharField(blank=True, choices=[('', 'Not decided'), ('not_sensitive', 'Not sensitive'), ('sensitive', 'Sensitive')], default='', max_length=13)),
                ('test', models.CharField(blank=True, choices=[('', 'Not said'), ('may_meet', 'May undermine or assist'), ('does_not', 'Does not undermine or assist')], db_default='', default='', max_length=8, verbose_name="officer's view of the disclosure test")),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('assigned_to', models.ForeignKey(blank=True, help_text='Whom the latest `Assignment` names', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='cases.case')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.exhibit')),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(fields=['case', 'created_at'], name='disclosure__case_id_d6ed24_idx'), models.Index(condition=models.Q(('assigned_to__isnull', False)), fields=['case', 'assigned_to'], name='item_assigned')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('locator__isnull', True)), fields=('exhibit',), name='whole_exhibit_is_one_item')],
            },
        ),
        migrations.AddField(
            model_name='fence',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fences', to='disclosure.item'),
        ),
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('MG6C', 'MG6C (non-sensitive unused)'), ('MG6D', 'MG6D (sensitive unused)'), ('MG6E', "MG6E (disclosure officer's report)"), ('SDC', 'SDC (streamlined disclosure certificate)')], max_length=4)),
                ('rule', models.CharField(help_text='The id of a rule of docs/lint-rules.md', max_length=40)),
                ('sha256', models.CharField(help_text='SHA-256 of the description that it is about', max_length=64)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('block', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='disclosure.block')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['item', 'kind'], name='disclosure__item_id_858208_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='explanation_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('block__isnull', True), ('item__isnull', False)), models.Q(('block__isnull', False), ('item__isnull', True)), _connector='OR'), name='explanation_of_an_item_or_a_block')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('field', models.CharField(choices=[('use', 'Used or unused'), ('relevance', 'Relevance'), ('sensitivity', 'Sensitivity'), ('test', "Disclosure test (officer's view)")], max_length=12)),
                ('value', models.CharField(max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('field', 'use'), ('value__in', ['used', 'unused', 'apart'])), models.Q(('field', 'relevance'), ('value__in', ['relevant', 'clearly_not_relevant', 'unexamined'])), models.Q(('field', 'sensitivity'), ('value__in', ['sensitive', 'not_sensitive'])), models.Q(('field', 'test'), ('value__in', ['may_meet', 'does_not'])), _connector='OR'), name='decision_value_of_its_field'), models.CheckConstraint(condition=models.Q(models.Q(('value__in', ['clearly_not_relevant', 'unexamined', 'sensitive', 'may_meet']), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='decision_needs_reason')],
            },
        ),
        migrations.CreateModel(
            name='BlockItem',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='disclosure.block')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('left_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('left_at', None)), fields=['block'], name='block_standing')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('item',), name='item_in_one_block'), models.CheckConstraint(condition=models.Q(models.Q(('left_at', None), ('left_by', None)), models.Q(('left_at__isnull', False), ('left_by__isnull', False)), _connector='OR'), name='left_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ManagementDocument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('DMD', 'Disclosure Management Document'), ('IMD', 'Investigation Management Document')], max_length=3)),
                ('number', models.PositiveIntegerField()),
                ('content', models.TextField(help_text='RFC 8785 JSON, as it was hashed')),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='management_documents', to='cases.case')),
            ],
            options={
                'ordering': ['kind', '-number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind', 'number'), name='management_version_once')],
            },
        ),
        migrations.CreateModel(
            name='ManagementEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=20)),
                ('thread', models.UUIDField(default=uuid.uuid4)),
                ('values', models.JSONField(help_text="The section's fields and their texts")),
                ('withdrawn', models.BooleanField(default=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='management_entries', to='cases.case')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['case', 'section', 'thread'], name='disclosure__case_id_cc8a54_idx')],
            },
        ),
        migrations.CreateModel(
            name='ManagementService',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('to', models.CharField(choices=[('defence', 'Served on the defendant'), ('court', 'Served on the court officer'), ('observed', 'The defence made observations')], max_length=8)),
                ('on', models.DateField()),
                ('observations', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='disclosure.managementdocument')),
            ],
            options={
                'ordering': ['on', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('to', 'observed'), _negated=True), ('observations__regex', '\\S'), _connector='OR'), name='observations_say_something')],
            },
        ),
        migrations.CreateModel(
            name='Presumption',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('holds', models.BooleanField(help_text='Confirmed; else declined, or taken back')),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presumptions', to='disclosure.item')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='disclosure.presumptioncategory')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['item', 'category', '-id'], name='presumption_latest')],
            },
        ),
        migrations.CreateModel(
            name='PresumptionProposal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('because', models.CharField(blank=True, help_text='The words that it was proposed by; empty: the type', max_length=200)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='disclosure.presumptioncategory')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presumption_proposals', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('item', 'category'), name='presumption_proposed_once')],
            },
        ),
        migrations.CreateModel(
            name='ReReview',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('no_change', 'No change'), ('may_meet', 'May undermine or assist')], max_length=9)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rereviews', to='disclosure.item')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='disclosure.defencestatement')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'item'), name='item_re_reviewed_once_per_statement'), models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='re_review_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField(help_text='The number, provisional until the version is certified; none for a row withdrawn before it had one', null=True)),
                ('description', models.TextField(blank=True, verbose_name='description and relevance')),
                ('location', models.CharField(blank=True, max_length=200)),
                ('sensitivity_reason', models.TextField(blank=True, verbose_name='reason for sensitivity (MG6D)')),
                ('withdrawn', models.BooleanField(default=False)),
                ('edited_at', models.DateTimeField(auto_now=True)),
                ('block', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='disclosure.block')),
                ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='disclosure.item')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='disclosure.scheduleversion')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('withdrawn', False), models.Q(('description', ''), ('location', ''), ('sensitivity_reason', '')), _connector='OR'), name='withdrawn_row_says_nothing'), models.UniqueConstraint(fields=('version', 'item'), name='item_once_per_version'), models.UniqueConstraint(fields=('version', 'block'), name='block_once_per_version'), models.CheckConstraint(condition=models.Q(models.Q(('block__isnull', True), ('item__isnull', False)), models.Q(('block__isnull', False), ('item__isnull', True)), _connector='OR'), name='row_of_an_item_or_a_block'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('version', 'position'), name='position_once_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField(blank=True)),
                ('item_viewed', models.BooleanField(default=False)),
                ('agrees_sensitive', models.BooleanField(null=True, verbose_name='agrees that it is sensitive')),
                ('court_application', models.BooleanField(null=True, verbose_name='application to the court (PII)')),
                ('decided_by', models.CharField(max_length=160)),
                ('source_document', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.endorsementcode')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='disclosure.row')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(fields=('row',), name='row_endorsed_once'), models.CheckConstraint(condition=models.Q(('decided_by__regex', '\\S')), name='endorsement_says_who_decided')],
            },
        ),
        migrations.CreateModel(
            name='RowEdit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='disclosure.row')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='disclosure.scheduleversion')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='scheduleversion',
            name='schedule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='disclosure.schedule'),
        ),
        migrations.CreateModel(
            name='ScheduleNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('MG6C', 'MG6C (non-sensitive unused)'), ('MG6D', 'MG6D (sensitive unused)'), ('MG6E', "MG6E (disclosure officer's report)"), ('SDC', 'SDC (streamlined disclosure certificate)')], max_length=4)),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('block', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='disclosure.block')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='disclosure.item')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind', 'number'), name='schedule_number_never_reused'), models.UniqueConstraint(fields=('kind', 'item'), name='item_has_one_number'), models.UniqueConstraint(fields=('kind', 'block'), name='block_has_one_number'), models.CheckConstraint(condition=models.Q(models.Q(('block__isnull', True), ('item__isnull', False)), models.Q(('block__isnull', False), ('item__isnull', True)), _connector='OR'), name='number_of_an_item_or_a_block')],
            },
        ),
        migrations.CreateModel(
            name='SetReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(help_text='What the set is, for example Messages of the black telephone', max_length=160)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_reviews', to='cases.case')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['case', 'at'], name='disclosure__case_id_ebb796_idx')],
            },
        ),
        migrations.CreateModel(
            name='SetExhibit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_sets', to='evidence.exhibit')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='disclosure.setreview')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('review', 'exhibit'), name='exhibit_once_in_a_set')],
            },
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('sealed', models.BinaryField(help_text='The words and a salt, encrypted with the identity keys')),
                ('digest', models.CharField(help_text="SHA-256 of salt and words: sealing again can't change them", max_length=64)),
                ('shown_as', models.CharField(blank=True, max_length=120)),
                ('why', models.TextField()),
                ('chosen_by', models.CharField(max_length=160)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='disclosure.setreview')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('review', 'number'), name='term_number_once'), models.CheckConstraint(condition=models.Q(('chosen_by__regex', '\\S'), ('why__regex', '\\S')), name='term_says_who_and_why')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('unit', models.CharField(help_text='What is counted, for example messages', max_length=60)),
                ('population', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('seed', models.CharField(max_length=32)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='disclosure.setreview')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('seed__regex', '^[0-9a-f]{32}$'), ('size__gte', 1), ('size__lte', models.F('population'))), name='sample_of_a_population')],
            },
        ),
        migrations.CreateModel(
            name='SetStatement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('unit', models.CharField(max_length=60)),
                ('population', models.PositiveIntegerField()),
                ('examined', models.PositiveIntegerField()),
                ('method', models.CharField(choices=[('all', 'All of it'), ('hits', 'What the search terms found'), ('sample', 'A dip sample'), ('both', 'What the search terms found, and a dip sample of the rest'), ('other', 'Another way')], max_length=6)),
                ('parameters', models.TextField(blank=True, help_text='Other limits: dates, applications, people')),
                ('found', models.TextField()),
                ('rest_why', models.TextField(blank=True)),
                ('terms', models.JSONField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='disclosure.setreview')),
                ('sample', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.sample')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('review', 'number'), name='statement_number_once'), models.CheckConstraint(condition=models.Q(('examined__lte', models.F('population')), ('found__regex', '\\S'), ('population__gte', 1)), name='statement_share'), models.CheckConstraint(condition=models.Q(('examined', models.F('population')), ('rest_why__regex', '\\S'), _connector='OR'), name='statement_why_not_all'), models.CheckConstraint(condition=models.Q(models.Q(('method__in', ['sample', 'both']), ('sample__isnull', False)), models.Q(('method__in', ['all', 'hits', 'other']), ('sample__isnull', True)), _connector='OR'), name='statement_names_its_sample'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'all'), _negated=True), ('examined', models.F('population')), _connector='OR'), name='statement_all_is_all')],
            },
        ),
        migrations.CreateModel(
            name='SuppliedCopy',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('taken_back', models.BooleanField(default=False)),
                ('to', models.CharField(blank=True, help_text='The prosecutor, as they are named', max_length=160)),
                ('on', models.DateField(null=True)),
                ('how', models.CharField(blank=True, help_text='By which way, for example the case management system', max_length=200)),
                ('reason', models.TextField(blank=True, help_text='Why the entry before is taken back')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplied_copies', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['item', '-id'], name='supplied_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('on__isnull', False), ('taken_back', False), ('to__regex', '\\S')), models.Q(('reason__regex', '\\S'), ('taken_back', True)), _connector='OR'), name='supplied_to_whom_and_when')],
            },
        ),
        migrations.CreateModel(
            name='TermCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('how', models.CharField(choices=[('counted', 'Counted in the stored file'), ('entered', 'Entered by hand'), ('not_read', 'Could not be read')], max_length=8)),
                ('hits', models.PositiveIntegerField(null=True)),
                ('pages', models.PositiveIntegerField(help_text='On how many pages', null=True)),
                ('of_pages', models.PositiveIntegerField(help_text='Of how many that were read', null=True)),
                ('sha256', models.CharField(blank=True, help_text='Of the bytes that were read', max_length=64)),
                ('note', models.CharField(blank=True, help_text='Why it was not read; with which program the hits were found', max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(help_text='Who entered it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.exhibit')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='disclosure.searchterm')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['term', 'exhibit', '-id'], name='term_count_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', True), ('hits__isnull', False), ('how', 'counted'), ('sha256__regex', '^[0-9a-f]{64}$')), models.Q(('by__isnull', False), ('hits__isnull', False), ('how', 'entered')), models.Q(('hits__isnull', True), ('how', 'not_read'), ('note__regex', '\\S')), _connector='OR'), name='term_count_says_how')],
            },
        ),
        migrations.CreateModel(
            name='TermWithdrawal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='disclosure.searchterm')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='term_withdrawn_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='VersionState',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_qa', 'With the supervisor'), ('checked', 'Checked by the supervisor'), ('certified', 'Certified'), ('submitted', 'Submitted'), ('under_review', 'Under prosecutor review'), ('returned', 'Returned'), ('endorsed', 'Endorsed'), ('served', 'Served'), ('superseded', 'Superseded')], max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('decided_by', models.CharField(blank=True, db_default='', help_text='The prosecutor, where an officer enters what they decided', max_length=160)),
                ('source_document', models.CharField(blank=True, db_default='', help_text="Where the prosecutor's decision stands", max_length=200)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='states', to='disclosure.scheduleversion')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='fence',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='fence_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='scheduleversion',
            constraint=models.UniqueConstraint(fields=('schedule', 'number'), name='version_once'),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptioncategory',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='be065745b8c4b89003892275562f3ca60ad30344', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_59212', table='disclosure_presumptioncategory', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptioncategory',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='799371b054cf7a14b9f7a41a80f39087c9b83397', operation='DELETE', pgid='pgtrigger_keep_delete_a8217', table='disclosure_presumptioncategory', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptioncategory',
            trigger=pgtrigger.compiler.Trigger(name='category_pattern', sql=audit.triggers.FixedTriggerSql(func="\n    NEW.pattern := CASE WHEN NEW.words !~ '\\S' THEN '' ELSE '\\m(' || regexp_replace(regexp_replace(regexp_replace(\n        regexp_replace(NEW.words, '^\\s+|\\s+$', '', 'g'), '([^[:alnum:][:space:]])', '\\\\\\1', 'g'),\n        '[ \\t]*[\\r\\n]\\s*', '|', 'g'), '[ \\t]+', '\\\\s+', 'g') || ')s?\\M' END;\n    RETURN NEW;\n", hash='4ca23954f7dac66979d3c2343bd5bce90057f721', operation='INSERT OR UPDATE', pgid='pgtrigger_category_pattern_6a0db', table='disclosure_presumptioncategory', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptioncategory',
            trigger=pgtrigger.compiler.Trigger(name='category_means_the_same', sql=audit.triggers.FixedTriggerSql(func="IF (NEW.code, NEW.presumed) IS DISTINCT FROM (OLD.code, OLD.presumed) THEN RAISE EXCEPTION 'A category keeps its code and whether it is presumed: answers point to it' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='8533a003d7c59db002ec01207bd373230699313c', operation='UPDATE', pgid='pgtrigger_category_means_the_same_1e077', table='disclosure_presumptioncategory', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='block',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='867289e697f350d793b5a1968a7acfc9a7fc333c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_d8714', table='disclosure_block', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='block',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='303c2c6312ee7b13c73f6f6bb7e8ad4c1946d3a3', operation='DELETE', pgid='pgtrigger_keep_delete_12e1f', table='disclosure_block', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='block',
            trigger=pgtrigger.compiler.Trigger(name='block_changes_in_a_draft', sql=audit.triggers.FixedTriggerSql(func="IF (NEW.id, NEW.case_id, NEW.sensitivity, NEW.by_id, NEW.at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.sensitivity, OLD.by_id, OLD.at) THEN RAISE EXCEPTION 'Only the words of a block change' USING ERRCODE = 'integrity_constraint_violation'; END IF;PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || r.version_id::text, 0)) FROM disclosure_row r WHERE r.block_id = NEW.id;IF EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id WHERE r.block_id = NEW.id AND NOT r.withdrawn AND v.number = (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = v.schedule_id) AND (SELECT state FROM disclosure_versionstate t WHERE t.version_id = v.id ORDER BY t.id DESC LIMIT 1) <> 'draft') THEN RAISE EXCEPTION 'A block changes in a draft only' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='204eddef2a82eb657349c360e730356ad3a44a14', operation='UPDATE', pgid='pgtrigger_block_changes_in_a_draft_ea61f', table='disclosure_block', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='block',
            trigger=pgtrigger.compiler.Trigger(name='block_has_items', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', func="IF (SELECT count(*) FROM (SELECT 1 FROM disclosure_blockitem WHERE block_id = NEW.id LIMIT 2) two) < 2 THEN RAISE EXCEPTION 'A block has at least two items' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NULL;", hash='bcac67bbc71ff24f34502cb63869ff57d7195113', operation='INSERT', pgid='pgtrigger_block_has_items_b2f58', table='disclosure_block', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='certifiedrow',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e6748bd9d673b652206ae5074a0b20a8613af1f3', operation='UPDATE', pgid='pgtrigger_keep_update_55bd8', table='disclosure_certifiedrow', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certifiedrow',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='32f35f1485e63edcb099a15e8cec73ee08c9355d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_53dd1', table='disclosure_certifiedrow', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certifiedrow',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='235bed8ce3fa34c353b765ad32ea378b456b7328', operation='DELETE', pgid='pgtrigger_keep_delete_b629c', table='disclosure_certifiedrow', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certifiedrow',
            trigger=pgtrigger.compiler.Trigger(name='row_of_its_certificate', sql=audit.triggers.FixedTriggerSql(func="IF pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'A certified row is taken from its certificate' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='1cf0a1d9f10406d9ef09c8dafb5eafac1556f160', operation='INSERT', pgid='pgtrigger_row_of_its_certificate_fb18d', table='disclosure_certifiedrow', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='courtapplication',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='aa4d8d686a0600678cc9658d28765aaa15ae0eac', operation='UPDATE', pgid='pgtrigger_keep_update_2509c', table='disclosure_courtapplication', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='courtapplication',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='6f29c3d8d8f7e7e168cc4820f2893eb676386a97', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_16890', table='disclosure_courtapplication', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='courtapplication',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='6409caf82c96f68e0c8c80144e705fd0d45ced88', operation='DELETE', pgid='pgtrigger_keep_delete_628e7', table='disclosure_courtapplication', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='defencestatement',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='a8da76ef638afad2f9176d241cb1f5b9ecbd8d22', operation='UPDATE', pgid='pgtrigger_keep_update_497de', table='disclosure_defencestatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='defencestatement',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='8017c424f524698c9ed0e5fa366de552b979048f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_7b275', table='disclosure_defencestatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='defencestatement',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='6f0535740fe46173d25aa610171e4440fc7b3aef', operation='DELETE', pgid='pgtrigger_keep_delete_17eb7', table='disclosure_defencestatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fencestep',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e4ec5de0f958e33511b8340809c8d8ade0fa7fa1', operation='UPDATE', pgid='pgtrigger_keep_update_6a6bb', table='disclosure_fencestep', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fencestep',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='a439009c89245e0185ba0a874603148b37680ffa', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_1e1c3', table='disclosure_fencestep', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fencestep',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c1d777cf43a2c5c21574535eade125e7e91dba38', operation='DELETE', pgid='pgtrigger_keep_delete_551d8', table='disclosure_fencestep', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fencestep',
            trigger=pgtrigger.compiler.Trigger(name='step_follows_the_route', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _exhibit uuid; _case uuid; _kind text; _by uuid; _id bigint; _from text; _person text; _on date;', func='\n            SELECT f.exhibit_id, f.kind, f.by_id, e.case_id INTO _exhibit, _kind, _by, _case FROM disclosure_fence f\n                JOIN evidence_exhibit e ON e.id = f.exhibit_id WHERE f.id = NEW.fence_id FOR UPDATE OF e;\n            SELECT id, kind, person, "on" INTO _id, _from, _person, _on FROM disclosure_fencestep\n                WHERE fence_id = NEW.fence_id ORDER BY id DESC LIMIT 1;\n        IF NEW.id <= _id THEN RAISE EXCEPTION \'A step comes after those before it\' USING ERRCODE = \'integrity_constraint_violation\'; END IF;IF NOT _kind || \':\' || coalesce(_from, \'\') || \'>\' || NEW.kind = ANY (ARRAY[\'privilege:>instructed\', \'privilege:instructed>instructed\', \'privilege:instructed>privileged\', \'privilege:instructed>in_part\', \'privilege:instructed>not_privileged\', \'privilege:privileged>instructed\', \'privilege:in_part>instructed\', \'secret:>moved\', \'secret:>cleared\']) THEN RAISE EXCEPTION \'This step does not follow in the route\' USING ERRCODE = \'integrity_constraint_violation\'; END IF;IF NEW."on" < _on THEN RAISE EXCEPTION \'A step is not dated before the one that it follows\' USING ERRCODE = \'integrity_constraint_violation\'; END IF;IF NEW.kind IN (\'privileged\', \'in_part\', \'not_privileged\') AND NEW.person <> _person THEN RAISE EXCEPTION \'Counsel who was instructed determines\' USING ERRCODE = \'integrity_constraint_violation\'; END IF;IF NEW.kind = \'instructed\' AND lower(trim(NEW.person)) IN (SELECT lower(trim(u.name)) FROM accounts_user u JOIN cases_teammember m ON m.user_id = u.id WHERE m.case_id = _case) THEN RAISE EXCEPTION \'Independent counsel is nobody of the team\' USING ERRCODE = \'integrity_constraint_violation\'; END IF;IF NEW.kind = \'cleared\' AND NEW.by_id = _by THEN RAISE EXCEPTION \'Nobody clears what they fenced\' USING ERRCODE = \'integrity_constraint_violation\'; END IF;RETURN NEW;', hash='4b246d8164ad19e977f314ad676dd0e1b99f68d0', operation='INSERT', pgid='pgtrigger_step_follows_the_route_eadb2', table='disclosure_fencestep', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fencestep',
            trigger=pgtrigger.compiler.Trigger(name='step_shows_on_exhibit', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _exhibit uuid;', func="SELECT exhibit_id INTO _exhibit FROM disclosure_fence WHERE id = NEW.fence_id; UPDATE evidence_exhibit SET fence = CASE WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'secret' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('')) THEN 'secret' WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'secret' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('moved')) THEN 'moved' WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'privilege' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('', 'instructed')) THEN 'privilege' WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'privilege' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('privileged', 'in_part')) THEN 'privileged' ELSE '' END WHERE id = _exhibit; RETURN NULL;", hash='1e8204a86ae263be06fb6ccea8150a9832244e60', operation='INSERT', pgid='pgtrigger_step_shows_on_exhibit_59b61', table='disclosure_fencestep', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='06b3905e25d7d31eae13b075ac532467debfc3a0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_47bd9', table='disclosure_item', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='a2b67f40369bc5191e45c62e5c5ce4c97ab26cc7', operation='DELETE', pgid='pgtrigger_keep_delete_b2f65', table='disclosure_item', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='part_is_a_place', sql=audit.triggers.FixedTriggerSql(condition='WHEN (NEW.locator IS NOT NULL)', func="PERFORM 1 FROM evidence_exhibit WHERE id = NEW.exhibit_id FOR UPDATE;IF NOT coalesce(jsonb_typeof(NEW.locator) = 'object' AND (NEW.locator - 'pages' = '{}' AND jsonb_typeof(NEW.locator -> 'pages') = 'array' AND jsonb_array_length(NEW.locator -> 'pages') = 2 AND NEW.locator -> 'pages' ->> 0 ~ '^[0-9]{1,9}$' AND NEW.locator -> 'pages' ->> 1 ~ '^[0-9]{1,9}$' OR NEW.locator - 'messages' = '{}' AND jsonb_typeof(NEW.locator -> 'messages') = 'array' AND jsonb_array_length(NEW.locator -> 'messages') = 2 AND NEW.locator -> 'messages' ->> 0 ~ '^[0-9]{1,9}$' AND NEW.locator -> 'messages' ->> 1 ~ '^[0-9]{1,9}$' OR NEW.locator - 'from_ms' - 'to_ms' = '{}' AND NEW.locator ->> 'from_ms' ~ '^[0-9]{1,9}$' AND NEW.locator ->> 'to_ms' ~ '^[0-9]{1,9}$'), false) THEN RAISE EXCEPTION 'A part is pages, messages or a clip' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint > coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint OR (CASE WHEN NEW.locator ? 'pages' THEN 'pages' WHEN NEW.locator ? 'messages' THEN 'messages' WHEN NEW.locator ? 'from_ms' THEN 'clip' END) <> 'clip' AND coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint < 1 OR (CASE WHEN NEW.locator ? 'pages' THEN 'pages' WHEN NEW.locator ? 'messages' THEN 'messages' WHEN NEW.locator ? 'from_ms' THEN 'clip' END) = 'clip' AND coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint = coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint THEN RAISE EXCEPTION 'A part ends where it begins, or after' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM disclosure_item o WHERE o.exhibit_id = NEW.exhibit_id AND o.locator IS NOT NULL AND (CASE WHEN o.locator ? 'pages' THEN 'pages' WHEN o.locator ? 'messages' THEN 'messages' WHEN o.locator ? 'from_ms' THEN 'clip' END) = (CASE WHEN NEW.locator ? 'pages' THEN 'pages' WHEN NEW.locator ? 'messages' THEN 'messages' WHEN NEW.locator ? 'from_ms' THEN 'clip' END) AND coalesce(o.locator -> 'pages' ->> 0, o.locator -> 'messages' ->> 0, o.locator ->> 'from_ms')::bigint <= coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint AND coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint <= coalesce(o.locator -> 'pages' ->> 1, o.locator -> 'messages' ->> 1, o.locator ->> 'to_ms')::bigint AND NOT (coalesce(o.locator -> 'pages' ->> 0, o.locator -> 'messages' ->> 0, o.locator ->> 'from_ms')::bigint <= coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint AND coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint <= coalesce(o.locator -> 'pages' ->> 1, o.locator -> 'messages' ->> 1, o.locator ->> 'to_ms')::bigint AND (coalesce(o.locator -> 'pages' ->> 0, o.locator -> 'messages' ->> 0, o.locator ->> 'from_ms')::bigint < coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint OR coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint < coalesce(o.locator -> 'pages' ->> 1, o.locator -> 'messages' ->> 1, o.locator ->> 'to_ms')::bigint)) AND NOT (coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint <= coalesce(o.locator -> 'pages' ->> 0, o.locator -> 'messages' ->> 0, o.locator ->> 'from_ms')::bigint AND coalesce(o.locator -> 'pages' ->> 1, o.locator -> 'messages' ->> 1, o.locator ->> 'to_ms')::bigint <= coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint AND (coalesce(NEW.locator -> 'pages' ->> 0, NEW.locator -> 'messages' ->> 0, NEW.locator ->> 'from_ms')::bigint < coalesce(o.locator -> 'pages' ->> 0, o.locator -> 'messages' ->> 0, o.locator ->> 'from_ms')::bigint OR coalesce(o.locator -> 'pages' ->> 1, o.locator -> 'messages' ->> 1, o.locator ->> 'to_ms')::bigint < coalesce(NEW.locator -> 'pages' ->> 1, NEW.locator -> 'messages' ->> 1, NEW.locator ->> 'to_ms')::bigint))) THEN RAISE EXCEPTION 'Parts of an exhibit lie beside or within each other, and each is there once' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF (SELECT fence FROM evidence_exhibit WHERE id = NEW.exhibit_id) <> '' THEN RAISE EXCEPTION 'Nothing is made of a fenced exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='9d9ba05fa593c0400d55a4e5b2a173816d3dd5d3', operation='INSERT', pgid='pgtrigger_part_is_a_place_bd17f', table='disclosure_item', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_begins_undecided', sql=audit.triggers.FixedTriggerSql(func="IF NEW.use || NEW.relevance || NEW.sensitivity || NEW.test <> '' THEN RAISE EXCEPTION 'An item begins undecided' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.case_id IS DISTINCT FROM (SELECT case_id FROM evidence_exhibit WHERE id = NEW.exhibit_id) THEN RAISE EXCEPTION 'An item is of the case of its exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='f2062c1164ef100cd6fcedd8e1de8a9250abe3dd', operation='INSERT', pgid='pgtrigger_item_begins_undecided_9c7de', table='disclosure_item', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_follows_decisions', sql=audit.triggers.FixedTriggerSql(func="IF pg_trigger_depth() < 2 OR (NEW.id, NEW.case_id, NEW.exhibit_id, NEW.locator, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.exhibit_id, OLD.locator, OLD.created_at) THEN RAISE EXCEPTION 'Only a decision changes an item' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='a37be766c42866af1ab9a968dec7dcf323dff4fe', operation='UPDATE', pgid='pgtrigger_item_follows_decisions_c83e4', table='disclosure_item', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_proposed', sql=audit.triggers.FixedTriggerSql(func="INSERT INTO disclosure_presumptionproposal (item_id, category_id, because, at) SELECT i.id, c.id, left(coalesce(m.found, ''), 200), clock_timestamp() FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id CROSS JOIN disclosure_presumptioncategory c CROSS JOIN LATERAL (SELECT (regexp_match(e.description, c.pattern, 'i'))[1] AS found) m WHERE i.locator IS NULL AND c.is_active AND (c.pattern <> '' AND m.found IS NOT NULL OR c.kinds ? e.kind) AND i.id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL;", hash='35c22d0114ef4f4b9dd58fed352ce3866a4ba68a', operation='INSERT', pgid='pgtrigger_item_proposed_51653', table='disclosure_item', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='fence',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='80f24724c408249af64248cb23fc279753072365', operation='UPDATE', pgid='pgtrigger_keep_update_fd1ed', table='disclosure_fence', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fence',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='eebc8f8ac583c3e741e84dc15a11ef529cf4ff32', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_39c0e', table='disclosure_fence', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fence',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e085889cc8dc66a7d8f00b6931aac71af98a25fa', operation='DELETE', pgid='pgtrigger_keep_delete_04eed', table='disclosure_fence', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fence',
            trigger=pgtrigger.compiler.Trigger(name='fence_is_needed', sql=audit.triggers.FixedTriggerSql(func="PERFORM 1 FROM evidence_exhibit WHERE id = NEW.exhibit_id FOR UPDATE;IF NEW.exhibit_id IS DISTINCT FROM (SELECT exhibit_id FROM disclosure_item WHERE id = NEW.item_id) THEN RAISE EXCEPTION 'A fence is of the exhibit of its item' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = NEW.exhibit_id AND f.kind = NEW.kind AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') NOT IN ('not_privileged', 'cleared')) THEN RAISE EXCEPTION 'It is fenced for this already' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='18f99cd8b947245d0f4b06ab935569da5096a480', operation='INSERT', pgid='pgtrigger_fence_is_needed_30a5b', table='disclosure_fence', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='fence',
            trigger=pgtrigger.compiler.Trigger(name='fence_shows_on_exhibit', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _exhibit uuid;', func="_exhibit := NEW.exhibit_id; UPDATE evidence_exhibit SET fence = CASE WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'secret' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('')) THEN 'secret' WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'secret' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('moved')) THEN 'moved' WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'privilege' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('', 'instructed')) THEN 'privilege' WHEN EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = 'privilege' AND coalesce((SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1), '') IN ('privileged', 'in_part')) THEN 'privileged' ELSE '' END WHERE id = _exhibit; RETURN NULL;", hash='db2137f80f0c5091428ee53d5963999e9d26583b', operation='INSERT', pgid='pgtrigger_fence_shows_on_exhibit_1524e', table='disclosure_fence', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='explanation',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9c441b592cda77e361bf014c1dd05644649fb983', operation='UPDATE', pgid='pgtrigger_keep_update_bc49e', table='disclosure_explanation', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='explanation',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='8306a04048bd63157db11bf2b50fe47425e71506', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_cde2a', table='disclosure_explanation', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='explanation',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4b188e94dbf79565424a316fbe4be0f7beb3ac87', operation='DELETE', pgid='pgtrigger_keep_delete_ae188', table='disclosure_explanation', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='fa78569933408cf5221b4fc2cc2798ff64a986c6', operation='UPDATE', pgid='pgtrigger_keep_update_eff6d', table='disclosure_decision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='2814a0e35eccea3f0c3dc96c1933abc503d6f0de', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_c9697', table='disclosure_decision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0a77d1a9e68e8a14e53a51f3a9b5dff7b5c26f51', operation='DELETE', pgid='pgtrigger_keep_delete_0c0f8', table='disclosure_decision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='review_stops_at_a_fence', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _fence text;', func="SELECT e.fence INTO _fence FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id WHERE i.id = NEW.item_id;IF _fence IN ('privilege', 'secret') THEN RAISE EXCEPTION 'Review of a fenced exhibit is stopped' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF (_fence = 'moved') <> (NEW.value = 'apart') THEN RAISE EXCEPTION 'What is kept elsewhere is decided so, and nothing else is' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _fence = 'privileged' AND NEW.value NOT IN ('unused', 'relevant', 'unexamined', 'sensitive', 'not_sensitive') THEN RAISE EXCEPTION 'Nobody has read what is privileged: it is scheduled, or declared as not examined' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='ef370fd8a38fc70c589e32129f69c766c13f3688', operation='INSERT', pgid='pgtrigger_review_stops_at_a_fence_0f110', table='disclosure_decision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='part_and_whole_agree', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', declare='DECLARE _exhibit uuid;', func="SELECT exhibit_id INTO _exhibit FROM disclosure_item WHERE id = NEW.item_id; IF EXISTS (SELECT 1 FROM disclosure_item WHERE exhibit_id = _exhibit AND locator IS NOT NULL) THEN PERFORM 1 FROM evidence_exhibit WHERE id = _exhibit FOR UPDATE;IF EXISTS (SELECT 1 FROM disclosure_item w JOIN disclosure_item p ON p.exhibit_id = w.exhibit_id AND p.locator IS NOT NULL AND p.id <> w.id AND (w.locator IS NULL OR (CASE WHEN w.locator ? 'pages' THEN 'pages' WHEN w.locator ? 'messages' THEN 'messages' WHEN w.locator ? 'from_ms' THEN 'clip' END) = (CASE WHEN p.locator ? 'pages' THEN 'pages' WHEN p.locator ? 'messages' THEN 'messages' WHEN p.locator ? 'from_ms' THEN 'clip' END) AND coalesce(w.locator -> 'pages' ->> 0, w.locator -> 'messages' ->> 0, w.locator ->> 'from_ms')::bigint <= coalesce(p.locator -> 'pages' ->> 0, p.locator -> 'messages' ->> 0, p.locator ->> 'from_ms')::bigint AND coalesce(p.locator -> 'pages' ->> 1, p.locator -> 'messages' ->> 1, p.locator ->> 'to_ms')::bigint <= coalesce(w.locator -> 'pages' ->> 1, w.locator -> 'messages' ->> 1, w.locator ->> 'to_ms')::bigint) WHERE w.exhibit_id = _exhibit AND ((w.use = 'used' AND p.use = 'unused') OR (w.use = 'unused' AND w.relevance = 'relevant' AND w.sensitivity = 'not_sensitive' AND p.use = 'unused' AND p.relevance = 'relevant' AND p.sensitivity = 'sensitive') OR (w.use = 'unused' AND w.relevance = 'clearly_not_relevant' AND (p.use = 'used' OR p.use = 'unused' AND p.relevance = 'relevant')) OR (w.test = 'does_not' AND p.test = 'may_meet'))) THEN RAISE EXCEPTION 'A part and what holds it are decided so that they agree' USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF; RETURN NULL;", hash='5009acc43678b989d6960ea287ce2b48a43d9cd3', operation='INSERT', pgid='pgtrigger_part_and_whole_agree_3ecdd', table='disclosure_decision', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='decision_is_the_latest', sql=audit.triggers.FixedTriggerSql(func="PERFORM 1 FROM disclosure_item WHERE id = NEW.item_id FOR UPDATE;IF NEW.id <= (SELECT max(id) FROM disclosure_decision WHERE item_id = NEW.item_id) THEN RAISE EXCEPTION 'A decision comes after those before it' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='710569ab56a75334e42b743d0f1601234c7dc87e', operation='INSERT', pgid='pgtrigger_decision_is_the_latest_1a5d8', table='disclosure_decision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='decision_shows_on_item', sql=audit.triggers.FixedTriggerSql(func="\n            UPDATE disclosure_item SET\n                use = CASE NEW.field WHEN 'use' THEN NEW.value ELSE use END,\n                relevance = CASE NEW.field WHEN 'relevance' THEN NEW.value ELSE relevance END,\n                sensitivity = CASE NEW.field WHEN 'sensitivity' THEN NEW.value ELSE sensitivity END,\n                test = CASE NEW.field WHEN 'test' THEN NEW.value ELSE test END\n            WHERE id = NEW.item_id;\n            RETURN NULL;\n        ", hash='b92b4bc4f618dd8a99b5c662cbd2970a4a521256', operation='INSERT', pgid='pgtrigger_decision_shows_on_item_c0c34', table='disclosure_decision', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='presumption_is_kept', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', func="IF EXISTS (SELECT 1 FROM disclosure_presumption p JOIN disclosure_presumptioncategory c ON c.id = p.category_id WHERE p.item_id = NEW.item_id AND p.holds AND c.presumed AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id)) THEN IF EXISTS (SELECT 1 FROM disclosure_item WHERE id = NEW.item_id AND use = 'unused' AND relevance IN ('clearly_not_relevant', 'unexamined')) THEN RAISE EXCEPTION 'Presumption material is examined and scheduled' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT EXISTS (SELECT 1 FROM (SELECT value, reason FROM disclosure_decision WHERE item_id = NEW.item_id AND field = 'test' ORDER BY id DESC LIMIT 1) v WHERE v.value = 'may_meet' OR v.reason ~ '\\S') THEN RAISE EXCEPTION 'Presumption material is disclosed by presumption, or rebutted with a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF;END IF; RETURN NULL;", hash='21c4a3b572f5a0f277b7b591aaf011215e2df4a6', operation='INSERT', pgid='pgtrigger_presumption_is_kept_4083c', table='disclosure_decision', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='blockitem',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='254d01f2800564e660e33011ecddbc9e89ba0f5a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_93ffd', table='disclosure_blockitem', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blockitem',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='2629f8541330db7d845257bc2a9e774dc2d35369', operation='DELETE', pgid='pgtrigger_keep_delete_ea2db', table='disclosure_blockitem', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blockitem',
            trigger=pgtrigger.compiler.Trigger(name='item_may_stand_in_block', sql=audit.triggers.FixedTriggerSql(func="PERFORM 1 FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id WHERE i.id = NEW.item_id FOR UPDATE OF i, e;IF NEW.left_at IS NOT NULL THEN RAISE EXCEPTION 'An item leaves a block after it came into it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM disclosure_row WHERE block_id = NEW.block_id) THEN RAISE EXCEPTION 'The items of a block are chosen as it is made' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT EXISTS (SELECT 1 FROM disclosure_item i JOIN disclosure_block b ON b.id = NEW.block_id AND b.case_id = i.case_id WHERE i.id = NEW.item_id AND (i.use = 'unused' AND i.relevance = 'relevant' AND i.sensitivity = b.sensitivity AND i.test <> 'may_meet' AND (SELECT fence FROM evidence_exhibit WHERE id = i.exhibit_id) = '' AND NOT EXISTS (SELECT 1 FROM disclosure_presumption p WHERE p.item_id = i.id AND p.holds AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id)) AND NOT EXISTS (SELECT 1 FROM disclosure_presumptionproposal p JOIN disclosure_presumptioncategory c ON c.id = p.category_id AND c.is_active WHERE p.item_id = i.id AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id)))) THEN RAISE EXCEPTION 'The item is to be listed by itself, or is not of the sensitivity or the case of the block' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM disclosure_schedulenumber WHERE item_id = NEW.item_id AND kind <> 'MG6E') THEN RAISE EXCEPTION 'The item has a number of its own' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='3ed9bd291951831abd00b68e21dbec49d2b4163b', operation='INSERT', pgid='pgtrigger_item_may_stand_in_block_96ac5', table='disclosure_blockitem', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blockitem',
            trigger=pgtrigger.compiler.Trigger(name='item_leaves_in_a_draft', sql=audit.triggers.FixedTriggerSql(func="IF OLD.left_at IS NOT NULL OR NEW.left_at IS NULL OR (NEW.id, NEW.block_id, NEW.item_id, NEW.by_id, NEW.at) IS DISTINCT FROM (OLD.id, OLD.block_id, OLD.item_id, OLD.by_id, OLD.at) THEN RAISE EXCEPTION 'An item leaves a block once, and nothing else changes' USING ERRCODE = 'integrity_constraint_violation'; END IF;PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || r.version_id::text, 0)) FROM disclosure_row r WHERE r.block_id = NEW.block_id;IF EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id WHERE r.block_id = NEW.block_id AND NOT r.withdrawn AND v.number = (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = v.schedule_id) AND (SELECT state FROM disclosure_versionstate t WHERE t.version_id = v.id ORDER BY t.id DESC LIMIT 1) <> 'draft') THEN RAISE EXCEPTION 'A block changes in a draft only' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='4e7d7d8416a6fe010a28e894ad203a08bd43d8d8', operation='UPDATE', pgid='pgtrigger_item_leaves_in_a_draft_6c36d', table='disclosure_blockitem', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blockitem',
            trigger=pgtrigger.compiler.Trigger(name='block_keeps_two', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', func="IF (SELECT count(*) FROM (SELECT 1 FROM disclosure_blockitem WHERE block_id = NEW.block_id AND left_at IS NULL LIMIT 2) two) = 1 THEN RAISE EXCEPTION 'A block has at least two items' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NULL;", hash='55a1d9cbb051cd943fb4e8e175b2369eec8b5a89', operation='UPDATE', pgid='pgtrigger_block_keeps_two_90ea2', table='disclosure_blockitem', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='bd1ac7008fbf47e66bfde81e86d72fa3ef99f004', operation='UPDATE', pgid='pgtrigger_keep_update_83ca0', table='disclosure_assignment', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e9167b583d36a8f9aff031311534532e2a938aab', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_5a645', table='disclosure_assignment', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='3317263dc238c5c7fa911541521b8e496544da19', operation='DELETE', pgid='pgtrigger_keep_delete_f4675', table='disclosure_assignment', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='assignment_shows_on_item', sql=audit.triggers.FixedTriggerSql(func='UPDATE disclosure_item SET assigned_to_id = NEW.to_id WHERE id = NEW.item_id; RETURN NULL;', hash='aab8c8430b33c09747d24b62efbe6a84762e003c', operation='INSERT', pgid='pgtrigger_assignment_shows_on_item_314c2', table='disclosure_assignment', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementdocument',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='32f7964bc9f03657d84934749d2d364ed476a6ca', operation='UPDATE', pgid='pgtrigger_keep_update_c7c81', table='disclosure_managementdocument', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementdocument',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='974a612356d8609aeefbf9b29ce593536fa9097f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_d8736', table='disclosure_managementdocument', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementdocument',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0ebc74114eddb2b5c2447cfbf8a494a1a48c1ea5', operation='DELETE', pgid='pgtrigger_keep_delete_65a45', table='disclosure_managementdocument', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementdocument',
            trigger=pgtrigger.compiler.Trigger(name='management_version_is_the_next', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.management ' || NEW.case_id::text || NEW.kind, 0));IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM disclosure_managementdocument WHERE case_id = NEW.case_id AND kind = NEW.kind) THEN RAISE EXCEPTION 'Versions are numbered without gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN RAISE EXCEPTION 'The hash of a document is that of its content' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='ccdf0b54577a977fbfb38944b3e8d28e588b32b5', operation='INSERT', pgid='pgtrigger_management_version_is_the_next_cc8a5', table='disclosure_managementdocument', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managemententry',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e6dec9969a70ae7b42fa6bca6f8b9edb1572bdc4', operation='UPDATE', pgid='pgtrigger_keep_update_f24a3', table='disclosure_managemententry', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managemententry',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='405c8c932c8ff2fd420c26df6fe65c2eb85e8ecb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_fc137', table='disclosure_managemententry', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managemententry',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4a10eada0665a98e1d9fd1a8d5679b6d86c0d3ed', operation='DELETE', pgid='pgtrigger_keep_delete_2944e', table='disclosure_managemententry', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementservice',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='a4d0c73c196bc9dd67fc32afaedb1555d1617177', operation='UPDATE', pgid='pgtrigger_keep_update_a8ac4', table='disclosure_managementservice', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementservice',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='77c0bfc4f80a9ae0746c80500b4b8dd79b3dd588', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_44ff5', table='disclosure_managementservice', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='managementservice',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='cf8c04f010982c3f8173e340c22bc7acc95b0e43', operation='DELETE', pgid='pgtrigger_keep_delete_56e2d', table='disclosure_managementservice', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumption',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='b7c964bc403c05cec5d8074cf6bf8571228aa2dd', operation='UPDATE', pgid='pgtrigger_keep_update_44a64', table='disclosure_presumption', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumption',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5e76fe82e80a8a9beba6a6725a89c3a47cea1779', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_ffffe', table='disclosure_presumption', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumption',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='7d72bc32775c33d9efa077d3395801e8e9abf8f5', operation='DELETE', pgid='pgtrigger_keep_delete_3ad57', table='disclosure_presumption', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumption',
            trigger=pgtrigger.compiler.Trigger(name='answer_is_the_latest', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _id bigint; _held boolean;', func="PERFORM 1 FROM disclosure_item WHERE id = NEW.item_id FOR UPDATE; SELECT id, holds INTO _id, _held FROM disclosure_presumption WHERE item_id = NEW.item_id AND category_id = NEW.category_id ORDER BY id DESC LIMIT 1;IF NEW.id <= _id THEN RAISE EXCEPTION 'An answer comes after those before it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _held AND NOT NEW.holds AND NEW.reason !~ '\\S' THEN RAISE EXCEPTION 'What was confirmed is taken back with a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='09ae9bc369a92922b096323eac7ae2db220f8f75', operation='INSERT', pgid='pgtrigger_answer_is_the_latest_ee250', table='disclosure_presumption', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumption',
            trigger=pgtrigger.compiler.Trigger(name='presumption_is_kept', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', func="IF EXISTS (SELECT 1 FROM disclosure_presumption p JOIN disclosure_presumptioncategory c ON c.id = p.category_id WHERE p.item_id = NEW.item_id AND p.holds AND c.presumed AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id)) THEN IF EXISTS (SELECT 1 FROM disclosure_item WHERE id = NEW.item_id AND use = 'unused' AND relevance IN ('clearly_not_relevant', 'unexamined')) THEN RAISE EXCEPTION 'Presumption material is examined and scheduled' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT EXISTS (SELECT 1 FROM (SELECT value, reason FROM disclosure_decision WHERE item_id = NEW.item_id AND field = 'test' ORDER BY id DESC LIMIT 1) v WHERE v.value = 'may_meet' OR v.reason ~ '\\S') THEN RAISE EXCEPTION 'Presumption material is disclosed by presumption, or rebutted with a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF;END IF; RETURN NULL;", hash='f9bcbca9c73016a45af79d9cda1f4338031c60c6', operation='INSERT', pgid='pgtrigger_presumption_is_kept_66748', table='disclosure_presumption', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptionproposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='2bcbfe15489e7f5fc185ea3f6a9c1b03eade8ce1', operation='UPDATE', pgid='pgtrigger_keep_update_aac1e', table='disclosure_presumptionproposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptionproposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f5d582406be1f790ec638d01f6b878eae91e5421', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_e69bf', table='disclosure_presumptionproposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='presumptionproposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='48f878abc355881c04006b344314afaeaf63e5f6', operation='DELETE', pgid='pgtrigger_keep_delete_37d31', table='disclosure_presumptionproposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rereview',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c9e1a99f9699b6216c102cc91526a3ccba7178c8', operation='UPDATE', pgid='pgtrigger_keep_update_41a9f', table='disclosure_rereview', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rereview',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c6cc42d6d9e6cb594d9bbda56ef1a8432232eea9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_af5ae', table='disclosure_rereview', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rereview',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c7fe84de95902e2da56015b16e18097cb6f077ef', operation='DELETE', pgid='pgtrigger_keep_delete_35cd0', table='disclosure_rereview', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='row',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4cb8dcaf2d2b65e4db4b505a65f83db83e3a0107', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_921b1', table='disclosure_row', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='row',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='fdfda2d51ec86ab31f6d4b65e3e2f366534bec88', operation='DELETE', pgid='pgtrigger_keep_delete_7c5b0', table='disclosure_row', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='row',
            trigger=pgtrigger.compiler.Trigger(name='row_added_to_draft', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || NEW.version_id::text, 0));IF coalesce((SELECT state FROM disclosure_versionstate WHERE version_id = NEW.version_id ORDER BY id DESC LIMIT 1), '') <> 'draft' THEN RAISE EXCEPTION 'Rows are added to a draft only' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT EXISTS (SELECT 1 FROM disclosure_item i JOIN disclosure_schedule s ON s.case_id = i.case_id JOIN disclosure_scheduleversion v ON v.schedule_id = s.id WHERE i.id = NEW.item_id AND v.id = NEW.version_id AND (NEW.withdrawn OR (i.use = 'unused' AND i.relevance = 'relevant' AND CASE s.kind WHEN 'MG6E' THEN i.test = 'may_meet' AND i.sensitivity <> '' WHEN 'MG6D' THEN i.sensitivity = 'sensitive' ELSE i.sensitivity = 'not_sensitive' END))) AND NOT EXISTS (SELECT 1 FROM disclosure_block b JOIN disclosure_schedule s ON s.case_id = b.case_id JOIN disclosure_scheduleversion v ON v.schedule_id = s.id WHERE b.id = NEW.block_id AND v.id = NEW.version_id AND s.kind <> 'MG6E' AND (s.kind = 'MG6D') = (b.sensitivity = 'sensitive')) THEN RAISE EXCEPTION 'The item does not belong on this schedule' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='62847c22347e5a1b4d46621448881abdced16293', operation='INSERT', pgid='pgtrigger_row_added_to_draft_c838a', table='disclosure_row', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='row',
            trigger=pgtrigger.compiler.Trigger(name='row_changed_in_draft', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _state text;', func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || NEW.version_id::text, 0));_state := (SELECT state FROM disclosure_versionstate WHERE version_id = NEW.version_id ORDER BY id DESC LIMIT 1);IF (NEW.id, NEW.version_id, NEW.item_id, NEW.block_id) IS DISTINCT FROM (OLD.id, OLD.version_id, OLD.item_id, OLD.block_id) THEN RAISE EXCEPTION 'A row stays with its version and item' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _state IS DISTINCT FROM 'draft' AND NOT (_state = 'checked' AND (NEW.description, NEW.location, NEW.sensitivity_reason, NEW.withdrawn) IS NOT DISTINCT FROM (OLD.description, OLD.location, OLD.sensitivity_reason, OLD.withdrawn) AND (NEW.edited_by_id, NEW.edited_at) IS NOT DISTINCT FROM (OLD.edited_by_id, OLD.edited_at) AND NEW.position IS NOT DISTINCT FROM (SELECT n.number FROM disclosure_schedulenumber n JOIN disclosure_schedule s ON s.kind = n.kind JOIN disclosure_scheduleversion v ON v.schedule_id = s.id WHERE v.id = NEW.version_id AND (n.item_id = NEW.item_id OR n.block_id = NEW.block_id))) THEN RAISE EXCEPTION 'Rows change in a draft only' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF (NEW.description, NEW.location, NEW.sensitivity_reason, NEW.withdrawn) IS DISTINCT FROM (OLD.description, OLD.location, OLD.sensitivity_reason, OLD.withdrawn) AND NEW.edited_at <= OLD.edited_at THEN RAISE EXCEPTION 'A change of a row says who made it and when' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='2cdf6576c9b2185941aaea473964f64c82f7495c', operation='UPDATE', pgid='pgtrigger_row_changed_in_draft_98c3d', table='disclosure_row', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='row',
            trigger=pgtrigger.compiler.Trigger(name='row_edit_is_kept', sql=audit.triggers.FixedTriggerSql(func="IF TG_OP = 'INSERT' THEN INSERT INTO disclosure_rowedit (row_id, version_id, by_id, at, before, after) VALUES (NEW.id, NEW.version_id, NEW.edited_by_id, clock_timestamp(), NULL, jsonb_build_object('description', NEW.description, 'location', NEW.location, 'sensitivity_reason', NEW.sensitivity_reason, 'withdrawn', NEW.withdrawn)); ELSIF (NEW.description, NEW.location, NEW.sensitivity_reason, NEW.withdrawn) IS DISTINCT FROM (OLD.description, OLD.location, OLD.sensitivity_reason, OLD.withdrawn) OR NEW.edited_by_id <> OLD.edited_by_id THEN INSERT INTO disclosure_rowedit (row_id, version_id, by_id, at, before, after) VALUES (NEW.id, NEW.version_id, NEW.edited_by_id, clock_timestamp(), jsonb_build_object('description', OLD.description, 'location', OLD.location, 'sensitivity_reason', OLD.sensitivity_reason, 'withdrawn', OLD.withdrawn), jsonb_build_object('description', NEW.description, 'location', NEW.location, 'sensitivity_reason', NEW.sensitivity_reason, 'withdrawn', NEW.withdrawn)); END IF; RETURN NULL;", hash='1696e73b34e89e5b58b38ca67c598e6da1a46c9e', operation='INSERT OR UPDATE', pgid='pgtrigger_row_edit_is_kept_78aa0', table='disclosure_row', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='99434a08e9515f7c15dd34b84b9b6bf452289ead', operation='UPDATE', pgid='pgtrigger_keep_update_002f3', table='disclosure_endorsement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f9e9f5a2db500dd1e3210d2c632bf9950365d4a6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_2f27d', table='disclosure_endorsement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f48a8b0756221545d5a4abe69c3e0ef58e413ab6', operation='DELETE', pgid='pgtrigger_keep_delete_c28e1', table='disclosure_endorsement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='endorsement',
            trigger=pgtrigger.compiler.Trigger(name='endorsement_of_a_submitted_row', sql=audit.triggers.OwnersTriggerSql(declare='DECLARE _version uuid; _withdrawn boolean; _kind text; _area uuid; _state text; _name text; _from uuid;', func="SELECT r.version_id, r.withdrawn, s.kind, c.cps_area_id INTO _version, _withdrawn, _kind, _area FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id JOIN cases_case c ON c.id = s.case_id WHERE r.id = NEW.row_id; PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || _version::text, 0)); SELECT state INTO _state FROM disclosure_versionstate WHERE version_id = _version ORDER BY id DESC LIMIT 1;IF coalesce(_state, '') NOT IN ('submitted', 'under_review') THEN RAISE EXCEPTION 'Only a row with the prosecutor is endorsed' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _withdrawn THEN RAISE EXCEPTION 'A withdrawn row is not endorsed' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.reason !~ '\\S' AND (SELECT needs_reason FROM disclosure_endorsementcode WHERE id = NEW.code_id) THEN RAISE EXCEPTION 'This code needs a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _kind <> 'MG6D' AND (NEW.agrees_sensitive IS NOT NULL OR NEW.court_application IS NOT NULL) THEN RAISE EXCEPTION 'Only on an MG6D does the prosecutor say whether it is sensitive' USING ERRCODE = 'integrity_constraint_violation'; END IF;SELECT trim(u.name), o.id INTO _name, _from FROM accounts_user u LEFT JOIN accounts_organisation o ON o.id = u.organisation_id AND o.kind = 'cps_area' WHERE u.id = NEW.entered_by_id;IF _from IS NULL AND lower(trim(NEW.decided_by)) = lower(_name) THEN RAISE EXCEPTION 'Who enters an endorsement did not decide it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _from IS NOT NULL AND (_from IS DISTINCT FROM _area OR NEW.decided_by <> _name OR NEW.source_document <> '') THEN RAISE EXCEPTION 'A prosecutor enters what they decided themselves, on a case of their area' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='ef9567c921cc4d63bd038bbe8d171186849c641a', operation='INSERT', pgid='pgtrigger_endorsement_of_a_submitted_row_bd303', table='disclosure_endorsement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rowedit',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='27877312e2b3e61386b35bac11c0328f88f033cc', operation='UPDATE', pgid='pgtrigger_keep_update_86fd7', table='disclosure_rowedit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rowedit',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='116107dcbf800c38f91bb2617ae8e990e81e3e77', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_a2745', table='disclosure_rowedit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rowedit',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='db21323048c24f8d6146bf8f1a2e97e4f8295c1e', operation='DELETE', pgid='pgtrigger_keep_delete_9d152', table='disclosure_rowedit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='rowedit',
            trigger=pgtrigger.compiler.Trigger(name='edit_written_by_row', sql=audit.triggers.FixedTriggerSql(func="IF pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'An edit is written as its row changes' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='1474ed8eb196f2c447ead47c3ba3ac5645b1ebe0', operation='INSERT', pgid='pgtrigger_edit_written_by_row_ff470', table='disclosure_rowedit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scheduleversion',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5619acdc8d49faa38b3fdcb33ebc35e2c42294b1', operation='UPDATE', pgid='pgtrigger_keep_update_757a1', table='disclosure_scheduleversion', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scheduleversion',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9237d55c5ed6ca11aab696dc178e686d3c7b02bc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_ef2bf', table='disclosure_scheduleversion', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scheduleversion',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='38927d529e04619924182634c749370be379e4d5', operation='DELETE', pgid='pgtrigger_keep_delete_e2df4', table='disclosure_scheduleversion', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scheduleversion',
            trigger=pgtrigger.compiler.Trigger(name='version_follows_a_closed_one', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _last integer; _state text;', func="\n            PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.schedule ' || NEW.schedule_id::text, 0));\n            SELECT v.number, (SELECT state FROM disclosure_versionstate WHERE version_id = v.id ORDER BY id DESC LIMIT 1)\n                INTO _last, _state\n                FROM disclosure_scheduleversion v WHERE v.schedule_id = NEW.schedule_id ORDER BY v.number DESC LIMIT 1;\n        IF NEW.number <> coalesce(_last, 0) + 1 THEN RAISE EXCEPTION 'Versions are numbered without gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF _last IS NOT NULL AND coalesce(_state, 'draft') IN ('draft', 'in_qa', 'checked') THEN RAISE EXCEPTION 'A new version needs the last one certified' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='a07ee58ea87b44c39106414e5678c71f6a44cf44', operation='INSERT', pgid='pgtrigger_version_follows_a_closed_one_35576', table='disclosure_scheduleversion', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedule',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='1d311b5857c7b9b0b47829bb8232ee5f48c77874', operation='UPDATE', pgid='pgtrigger_keep_update_eea12', table='disclosure_schedule', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedule',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4334938ffcc9fb07d46ecf3e9167cf5cefbe0755', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_a9ae9', table='disclosure_schedule', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedule',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='63dbf340aa61964c6d5021d0eee202651c63998d', operation='DELETE', pgid='pgtrigger_keep_delete_c5e11', table='disclosure_schedule', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedulenumber',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='ecd0b45023418989639a7959bfe610eaf47236b5', operation='UPDATE', pgid='pgtrigger_keep_update_73321', table='disclosure_schedulenumber', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedulenumber',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='1b3f14b0937cd82744461a0b6a655b93674403ce', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_fcf57', table='disclosure_schedulenumber', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedulenumber',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='7e4ef89d46f2ea93fefe814b6d348b64489bbc2e', operation='DELETE', pgid='pgtrigger_keep_delete_0f2d4', table='disclosure_schedulenumber', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedulenumber',
            trigger=pgtrigger.compiler.Trigger(name='number_is_the_next', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.numbers ' || NEW.case_id::text || NEW.kind, 0));IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM disclosure_schedulenumber WHERE case_id = NEW.case_id AND kind = NEW.kind) THEN RAISE EXCEPTION 'Numbers go on without gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.case_id IS DISTINCT FROM coalesce((SELECT case_id FROM disclosure_item WHERE id = NEW.item_id), (SELECT case_id FROM disclosure_block WHERE id = NEW.block_id)) THEN RAISE EXCEPTION 'A number is of the case of its item' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='40282ca1e80f887dc19bc0158aa8e2419b112857', operation='INSERT', pgid='pgtrigger_number_is_the_next_a8750', table='disclosure_schedulenumber', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='schedulenumber',
            trigger=pgtrigger.compiler.Trigger(name='number_is_certified', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', func="IF NOT EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_versionstate t ON t.version_id = r.version_id JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE (r.item_id = NEW.item_id OR r.block_id = NEW.block_id) AND r.position = NEW.number AND s.kind = NEW.kind AND t.state = 'certified') THEN RAISE EXCEPTION 'A number is given as a version is certified' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NULL;", hash='926ca38c92dd0d13f43dc209a7e65df28d25b69d', operation='INSERT', pgid='pgtrigger_number_is_certified_d7264', table='disclosure_schedulenumber', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='setreview',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5ec96af5caa4bb562728eae0b68c23ac0014686c', operation='UPDATE', pgid='pgtrigger_keep_update_791ea', table='disclosure_setreview', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setreview',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='a231f62183161757f732565e839444b1d3a9237c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_c9d95', table='disclosure_setreview', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setreview',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='1cfc224a95e6d2dc2ffcbd8fd2ae9433f672fc99', operation='DELETE', pgid='pgtrigger_keep_delete_452ed', table='disclosure_setreview', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setexhibit',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='be488bf96ff0a4b328570cbd8f219f645a7f67bc', operation='UPDATE', pgid='pgtrigger_keep_update_c2fba', table='disclosure_setexhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setexhibit',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='61460f6204e5e6f21f5a830b28000233f8a0c398', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_e35e2', table='disclosure_setexhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setexhibit',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c1c8be2b939c0d990eea648195109f5c811d26ac', operation='DELETE', pgid='pgtrigger_keep_delete_8cca7', table='disclosure_setexhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setexhibit',
            trigger=pgtrigger.compiler.Trigger(name='member_of_the_case', sql=audit.triggers.FixedTriggerSql(func="IF (SELECT case_id FROM disclosure_setreview WHERE id = NEW.review_id) IS DISTINCT FROM (SELECT case_id FROM evidence_exhibit WHERE id = NEW.exhibit_id) THEN RAISE EXCEPTION 'An exhibit of a set is of the case of its review' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='5461d690e3ffb9433c8390bbc790b6938a720d62', operation='INSERT', pgid='pgtrigger_member_of_the_case_99381', table='disclosure_setexhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='searchterm',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='ca28da58e8b6ba66a15e354c93dd9b0573e9020a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_4095a', table='disclosure_searchterm', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='searchterm',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='8ddcba4519e681e327d8ee1d5af9461293147bc7', operation='DELETE', pgid='pgtrigger_keep_delete_1bc8a', table='disclosure_searchterm', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='searchterm',
            trigger=pgtrigger.compiler.Trigger(name='term_keeps_its_words', sql=audit.triggers.FixedTriggerSql(func="IF (NEW.id, NEW.review_id, NEW.number, NEW.digest, NEW.shown_as, NEW.why, NEW.chosen_by, NEW.by_id, NEW.at) IS DISTINCT FROM (OLD.id, OLD.review_id, OLD.number, OLD.digest, OLD.shown_as, OLD.why, OLD.chosen_by, OLD.by_id, OLD.at) THEN RAISE EXCEPTION 'A term stays as it was chosen' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='671728628fccc044f35de9a8f5ac352814bb7952', operation='UPDATE', pgid='pgtrigger_term_keeps_its_words_54af3', table='disclosure_searchterm', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sample',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='dbb898a5e16506022fe754c5d7893d309f2f88a1', operation='UPDATE', pgid='pgtrigger_keep_update_a8c3b', table='disclosure_sample', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sample',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='feee6645d49339d427cadd6cf946353b7d12aa2b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_40639', table='disclosure_sample', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sample',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='d2b337873754adcc300b963abdd619e351911df5', operation='DELETE', pgid='pgtrigger_keep_delete_645c5', table='disclosure_sample', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setstatement',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='991403a8295657c1d076d84abcf4681d58cfe53b', operation='UPDATE', pgid='pgtrigger_keep_update_8c12d', table='disclosure_setstatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setstatement',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='3442f5afbbc18a7fa82d1a5c4f8882eedb119159', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_a9293', table='disclosure_setstatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setstatement',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0a4f4eb227124b5396c6fa4c9f270978b460c492', operation='DELETE', pgid='pgtrigger_keep_delete_278de', table='disclosure_setstatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='setstatement',
            trigger=pgtrigger.compiler.Trigger(name='statement_is_the_next', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.set ' || NEW.review_id::text, 0));IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM disclosure_setstatement WHERE review_id = NEW.review_id) THEN RAISE EXCEPTION 'Versions are numbered without gaps' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.sample_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM disclosure_sample s WHERE s.id = NEW.sample_id AND s.review_id = NEW.review_id AND s.population <= NEW.population) THEN RAISE EXCEPTION 'A sample is one of this review, of no more than its population' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='fd697fe1e6402e068d755bc4d589cc01dc9d0834', operation='INSERT', pgid='pgtrigger_statement_is_the_next_184ad', table='disclosure_setstatement', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='suppliedcopy',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='fad4d7e5b235c100fb3ccb8817326dc4c1114ec8', operation='UPDATE', pgid='pgtrigger_keep_update_e7e13', table='disclosure_suppliedcopy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='suppliedcopy',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='966171c62509db288afafbf971dcc0d9799f6194', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_37dc8', table='disclosure_suppliedcopy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='suppliedcopy',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='998fbb427585b803e4239a0667c6895c79acaf91', operation='DELETE', pgid='pgtrigger_keep_delete_6944e', table='disclosure_suppliedcopy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='suppliedcopy',
            trigger=pgtrigger.compiler.Trigger(name='supplied_in_order', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _id bigint; _taken_back boolean;', func="PERFORM 1 FROM disclosure_item WHERE id = NEW.item_id FOR UPDATE; SELECT id, taken_back INTO _id, _taken_back FROM disclosure_suppliedcopy WHERE item_id = NEW.item_id ORDER BY id DESC LIMIT 1;IF NEW.id <= _id THEN RAISE EXCEPTION 'An entry comes after those before it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.taken_back = coalesce(_taken_back, true) THEN RAISE EXCEPTION 'A copy is supplied once, and taken back only if it was' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='7fd416fce6163b05760f74b29d88d6f64238ca1a', operation='INSERT', pgid='pgtrigger_supplied_in_order_dc02c', table='disclosure_suppliedcopy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termcount',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5971502bd4c1ac5b2265c45dab5a2c753de486fc', operation='UPDATE', pgid='pgtrigger_keep_update_7f389', table='disclosure_termcount', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termcount',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='431ec6e61d7b38883b927c0448283e31410ddd6a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_8457c', table='disclosure_termcount', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termcount',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='d7eb9b9564733813ccb6b44e64941b89c2976b37', operation='DELETE', pgid='pgtrigger_keep_delete_29f65', table='disclosure_termcount', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termcount',
            trigger=pgtrigger.compiler.Trigger(name='count_in_the_set', sql=audit.triggers.FixedTriggerSql(func="IF NOT EXISTS (SELECT 1 FROM disclosure_setexhibit m JOIN disclosure_searchterm t ON t.review_id = m.review_id WHERE t.id = NEW.term_id AND m.exhibit_id = NEW.exhibit_id) THEN RAISE EXCEPTION 'Hits are counted in an exhibit of the set' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.id <= (SELECT max(id) FROM disclosure_termcount WHERE term_id = NEW.term_id AND exhibit_id = NEW.exhibit_id) THEN RAISE EXCEPTION 'A count comes after those before it' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='127846408f2f54e29a0d83b03b4c56f92ac83494', operation='INSERT', pgid='pgtrigger_count_in_the_set_b18b9', table='disclosure_termcount', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termwithdrawal',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5d96b62ebb69452b575fff996cb9ef1fc91a3417', operation='UPDATE', pgid='pgtrigger_keep_update_dd683', table='disclosure_termwithdrawal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termwithdrawal',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='48b56c1fb5e58df3d0a523eb89f49a74994d316e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_cf19e', table='disclosure_termwithdrawal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='termwithdrawal',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4931b9fb67aaedf2b5ae7f766a6a95269684e6df', operation='DELETE', pgid='pgtrigger_keep_delete_ca9ff', table='disclosure_termwithdrawal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='versionstate',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f14634ea1c270cffab7e5420cdf41f1fa5d6b2e4', operation='UPDATE', pgid='pgtrigger_keep_update_a1d75', table='disclosure_versionstate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='versionstate',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4c05e218c2dc78513d9382179d1086508f973c27', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_d8bda', table='disclosure_versionstate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='versionstate',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f1b5c16d1be842483e0194ab3cfe1bce89359392', operation='DELETE', pgid='pgtrigger_keep_delete_4fb57', table='disclosure_versionstate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='versionstate',
            trigger=pgtrigger.compiler.Trigger(name='state_follows_the_rules', sql=audit.triggers.FixedTriggerSql(declare='DECLARE _id bigint; _from text; _kind text; _case uuid; _ordinal integer;', func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || NEW.version_id::text, 0));\n            SELECT id, state INTO _id, _from FROM disclosure_versionstate\n                WHERE version_id = NEW.version_id ORDER BY id DESC LIMIT 1;\n            SELECT s.kind, s.case_id, s.ordinal INTO _kind, _case, _ordinal FROM disclosure_scheduleversion v\n                JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE v.id = NEW.version_id;\n        IF NEW.id <= _id THEN RAISE EXCEPTION 'A state comes after those before it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT coalesce(_from, '') || '>' || NEW.state = ANY (ARRAY['>draft', 'draft>in_qa', 'in_qa>checked', 'in_qa>draft', 'checked>certified', 'checked>draft', 'certified>submitted', 'certified>superseded', 'submitted>under_review', 'submitted>returned', 'submitted>endorsed', 'submitted>superseded', 'under_review>returned', 'under_review>endorsed', 'under_review>superseded', 'returned>superseded', 'endorsed>served', 'endorsed>superseded', 'served>superseded']) THEN RAISE EXCEPTION 'A version can not go from % to %', coalesce(_from, 'nothing'), NEW.state USING ERRCODE = 'integrity_constraint_violation'; END IF;IF ((NEW.state = 'draft' AND _from IS NOT NULL) OR NEW.state = 'returned') AND NEW.reason !~ '\\S' THEN RAISE EXCEPTION 'A return needs a reason' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'draft' AND (SELECT by_id FROM disclosure_certificate WHERE version_id = NEW.version_id) IS NOT NULL THEN RAISE EXCEPTION 'A version with a certificate does not go back to its author' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('in_qa', 'certified') AND EXISTS (SELECT 1 FROM disclosure_row WHERE version_id = NEW.version_id AND NOT withdrawn AND (description !~ '\\S' OR CASE _kind WHEN 'MG6D' THEN sensitivity_reason !~ '\\S' WHEN 'MG6E' THEN false ELSE location !~ '\\S' END)) THEN RAISE EXCEPTION 'A row lacks its description, location or reason' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('in_qa', 'certified') AND (EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_item i ON i.id = r.item_id JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND NOT (i.use = 'unused' AND i.relevance = 'relevant' AND CASE s.kind WHEN 'MG6E' THEN i.test = 'may_meet' AND i.sensitivity <> '' WHEN 'MG6D' THEN i.sensitivity = 'sensitive' ELSE i.sensitivity = 'not_sensitive' END)) OR EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND r.block_id IS NOT NULL AND ((SELECT count(*) FROM disclosure_blockitem m WHERE m.block_id = r.block_id AND m.left_at IS NULL) < 2 OR EXISTS (SELECT 1 FROM disclosure_blockitem m JOIN disclosure_item i ON i.id = m.item_id JOIN disclosure_block b ON b.id = m.block_id WHERE m.block_id = r.block_id AND m.left_at IS NULL AND NOT (i.use = 'unused' AND i.relevance = 'relevant' AND i.sensitivity = b.sensitivity AND i.test <> 'may_meet' AND (SELECT fence FROM evidence_exhibit WHERE id = i.exhibit_id) = '' AND NOT EXISTS (SELECT 1 FROM disclosure_presumption p WHERE p.item_id = i.id AND p.holds AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id)) AND NOT EXISTS (SELECT 1 FROM disclosure_presumptionproposal p JOIN disclosure_presumptioncategory c ON c.id = p.category_id AND c.is_active WHERE p.item_id = i.id AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id)))))) OR EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id JOIN disclosure_blockitem m ON m.item_id = r.item_id AND m.left_at IS NULL JOIN disclosure_block b ON b.id = m.block_id AND (b.sensitivity = 'sensitive') = (s.kind = 'MG6D') WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND s.kind <> 'MG6E')) THEN RAISE EXCEPTION 'A row does not belong on this schedule' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('in_qa', 'certified') AND EXISTS (SELECT 1 FROM disclosure_row o JOIN disclosure_scheduleversion ov ON ov.id = o.version_id JOIN disclosure_scheduleversion v ON v.schedule_id = ov.schedule_id AND v.number = ov.number + 1 WHERE v.id = NEW.version_id AND o.position IS NOT NULL AND NOT EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = v.id AND r.item_id = o.item_id) AND NOT EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = v.id AND r.block_id = o.block_id)) THEN RAISE EXCEPTION 'A row of the last version is withdrawn, not left out' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'checked' AND NEW.by_id IN (SELECT by_id FROM disclosure_rowedit WHERE version_id = NEW.version_id UNION SELECT created_by_id FROM disclosure_scheduleversion WHERE id = NEW.version_id) THEN RAISE EXCEPTION 'Nobody checks what they wrote' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND NEW.by_id = (SELECT by_id FROM disclosure_versionstate WHERE version_id = NEW.version_id AND state = 'checked' ORDER BY id DESC LIMIT 1) THEN RAISE EXCEPTION 'Nobody certifies what they checked' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('certified', 'submitted') AND (SELECT by_id FROM disclosure_certificate WHERE version_id = NEW.version_id) IS NULL THEN RAISE EXCEPTION 'A certified version has a certificate' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND NEW.by_id <> (SELECT by_id FROM disclosure_certificate WHERE version_id = NEW.version_id) THEN RAISE EXCEPTION 'Who certifies signs the certificate' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND EXISTS (SELECT 1 FROM disclosure_row r LEFT JOIN disclosure_schedulenumber n ON n.item_id = r.item_id AND n.kind = _kind LEFT JOIN disclosure_schedulenumber b ON b.block_id = r.block_id AND b.kind = _kind WHERE r.version_id = NEW.version_id AND r.position IS DISTINCT FROM coalesce(n.number, b.number)) THEN RAISE EXCEPTION 'Rows of a certified version have their final numbers' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND (SELECT jsonb_build_array(content::jsonb -> 'form', content::jsonb -> 'rows') FROM disclosure_certificate WHERE version_id = NEW.version_id) IS DISTINCT FROM (SELECT jsonb_build_array(_kind, coalesce(jsonb_agg(CASE WHEN withdrawn THEN jsonb_build_object('number', position, 'withdrawn', true) ELSE jsonb_build_object('number', position, 'withdrawn', false, 'description', description) || CASE _kind WHEN 'MG6D' THEN jsonb_build_object('sensitivity_reason', sensitivity_reason) WHEN 'MG6E' THEN coalesce((SELECT jsonb_build_object('schedule', n.kind, 'item', n.number) FROM disclosure_schedulenumber n JOIN disclosure_item i ON i.id = n.item_id WHERE n.item_id = disclosure_row.item_id AND CASE i.sensitivity WHEN 'sensitive' THEN n.kind = 'MG6D' ELSE n.kind IN ('MG6C', 'SDC') END), '{}') ELSE jsonb_build_object('location', location) END || coalesce((SELECT jsonb_build_object('block', jsonb_build_object('quantity', count(*), 'from', to_char(min(x.seized_at AT TIME ZONE 'Europe/London'), 'YYYY-MM-DD'), 'to', to_char(max(x.seized_at AT TIME ZONE 'Europe/London'), 'YYYY-MM-DD'), 'why', (SELECT why FROM disclosure_block WHERE id = disclosure_row.block_id), 'items', jsonb_agg(jsonb_build_object('reference', x.reference, 'locator', i.locator, 'kind', x.kind, 'date', to_char(x.seized_at AT TIME ZONE 'Europe/London', 'YYYY-MM-DD')) ORDER BY x.created_at, i.created_at, i.id))) FROM disclosure_blockitem m JOIN disclosure_item i ON i.id = m.item_id JOIN evidence_exhibit x ON x.id = i.exhibit_id WHERE m.block_id = disclosure_row.block_id AND m.left_at IS NULL HAVING count(*) > 0), '{}') END ORDER BY position), '[]')) FROM disclosure_row WHERE version_id = NEW.version_id AND position IS NOT NULL) THEN RAISE EXCEPTION 'A certificate says what the rows say' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND (EXISTS (SELECT 1 FROM evidence_exhibit e WHERE e.case_id = _case AND NOT EXISTS (SELECT 1 FROM disclosure_item i WHERE i.exhibit_id = e.id AND i.locator IS NULL)) OR EXISTS (SELECT 1 FROM disclosure_item i WHERE i.case_id = _case AND (i.use = '' OR i.use = 'unused' AND (i.relevance = '' OR i.relevance = 'relevant' AND (i.sensitivity = '' OR NOT EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE r.item_id = i.id AND NOT r.withdrawn AND s.kind <> 'MG6E' AND (s.kind = 'MG6D') = (i.sensitivity = 'sensitive') AND v.number = (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = s.id)) AND NOT EXISTS (SELECT 1 FROM disclosure_blockitem m JOIN disclosure_block b ON b.id = m.block_id JOIN disclosure_row r ON r.block_id = b.id AND NOT r.withdrawn JOIN disclosure_scheduleversion v ON v.id = r.version_id WHERE m.item_id = i.id AND m.left_at IS NULL AND v.number = (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = v.schedule_id) AND (i.use = 'unused' AND i.relevance = 'relevant' AND i.sensitivity = b.sensitivity AND i.test <> 'may_meet' AND (SELECT fence FROM evidence_exhibit WHERE id = i.exhibit_id) = '' AND NOT EXISTS (SELECT 1 FROM disclosure_presumption p WHERE p.item_id = i.id AND p.holds AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id)) AND NOT EXISTS (SELECT 1 FROM disclosure_presumptionproposal p JOIN disclosure_presumptioncategory c ON c.id = p.category_id AND c.is_active WHERE p.item_id = i.id AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id)))))))) OR EXISTS (SELECT 1 FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id WHERE i.case_id = _case AND (e.fence IN ('privilege', 'secret') OR e.fence = 'privileged' AND (i.use = 'used' OR i.use = 'unused' AND i.relevance = 'clearly_not_relevant') OR e.fence = 'moved' AND i.use <> 'apart'))) THEN RAISE EXCEPTION 'An item of the case is not accounted for' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND _kind = 'MG6E' AND EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_item i ON i.id = r.item_id WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND NOT EXISTS (SELECT 1 FROM disclosure_schedulenumber n WHERE n.item_id = i.id AND CASE i.sensitivity WHEN 'sensitive' THEN n.kind = 'MG6D' ELSE n.kind IN ('MG6C', 'SDC') END)) THEN RAISE EXCEPTION 'An item of the report has no number on a schedule' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'certified' AND _kind = 'MG6E' AND EXISTS (SELECT 1 FROM disclosure_defencestatement d JOIN disclosure_item i ON i.case_id = d.case_id WHERE d.case_id = _case AND d.received_on IS NOT NULL AND i.created_at <= d.at AND i.use = 'unused' AND i.relevance IN ('relevant', 'clearly_not_relevant') AND NOT EXISTS (SELECT 1 FROM disclosure_rereview w WHERE w.statement_id = d.id AND w.item_id = i.id)) THEN RAISE EXCEPTION 'An item was not read again' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'submitted' AND NOT EXISTS (SELECT 1 FROM disclosure_schedule WHERE case_id = _case AND kind = 'SDC') AND (SELECT count(DISTINCT s.kind) FROM disclosure_versionstate t JOIN disclosure_scheduleversion v ON v.id = t.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE s.case_id = _case AND t.state = 'certified') < 3 THEN RAISE EXCEPTION 'MG6C, MG6D and MG6E are certified before one of them goes' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'submitted' AND _kind <> 'MG6E' AND (_ordinal > 1 OR NOT EXISTS (SELECT 1 FROM disclosure_schedule WHERE case_id = _case AND kind = 'SDC')) AND NOT EXISTS (SELECT 1 FROM disclosure_versionstate t JOIN disclosure_scheduleversion v ON v.id = t.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE s.case_id = _case AND t.state = 'certified' AND s.kind = 'MG6E' AND t.id > (SELECT min(c.id) FROM disclosure_versionstate c JOIN disclosure_scheduleversion w ON w.id = c.version_id WHERE c.state = 'certified' AND CASE WHEN _ordinal > 1 THEN w.id = NEW.version_id ELSE w.schedule_id = (SELECT schedule_id FROM disclosure_scheduleversion WHERE id = NEW.version_id) END)) THEN RAISE EXCEPTION 'A schedule goes with its own MG6E' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'endorsed' AND EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND NOT EXISTS (SELECT 1 FROM disclosure_endorsement e WHERE e.row_id = r.id)) THEN RAISE EXCEPTION 'A row is not endorsed' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'served' AND _kind IN ('MG6D', 'MG6E') THEN RAISE EXCEPTION 'An MG6D or MG6E is never served' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='5a0adab3730dd4cb0d0d23f2e5e33c7b93ad03e4', operation='INSERT', pgid='pgtrigger_state_follows_the_rules_660c3', table='disclosure_versionstate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='125dbab9de747c40e3ae2cf5a144f45ed940be4b', operation='UPDATE', pgid='pgtrigger_keep_update_80eca', table='disclosure_certificate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='67ff830de44e34cc9e27f05ca8fb1c92cb68ccc0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_b67d2', table='disclosure_certificate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='1ebac083e7267dc2b33d762c294f53eab15fdb85', operation='DELETE', pgid='pgtrigger_keep_delete_887c8', table='disclosure_certificate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='certificate_of_a_checked_version', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || NEW.version_id::text, 0));IF (SELECT state FROM disclosure_versionstate WHERE version_id = NEW.version_id ORDER BY id DESC LIMIT 1) IS DISTINCT FROM 'checked' THEN RAISE EXCEPTION 'A certificate needs a checked version' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN RAISE EXCEPTION 'The hash of a certificate is that of its content' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='8293479431206b078c7bc5d792e3053b1b148240', operation='INSERT', pgid='pgtrigger_certificate_of_a_checked_version_5f6f7', table='disclosure_certificate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='certificate_means_certified', sql=audit.triggers.FixedTriggerSql(constraint='CONSTRAINT', func="IF NOT EXISTS (SELECT 1 FROM disclosure_versionstate WHERE version_id = NEW.version_id AND state = 'certified') THEN RAISE EXCEPTION 'A certificate certifies its version' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NULL;", hash='43ce1b82dedf244db5e905bc5c4e2b246ea17a41', operation='INSERT', pgid='pgtrigger_certificate_means_certified_00636', table='disclosure_certificate', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='certificate_gives_its_rows', sql=audit.triggers.FixedTriggerSql(func="INSERT INTO disclosure_certifiedrow (version_id, number, said) SELECT NEW.version_id, (r ->> 'number')::integer, r FROM jsonb_array_elements(NEW.content::jsonb -> 'rows') r; RETURN NULL;", hash='c628469d2e94e67f6e45ce43758c28c2c2839f98', operation='INSERT', pgid='pgtrigger_certificate_gives_its_rows_35d1b', table='disclosure_certificate', when='AFTER')),
        ),
        migrations.RunPython(add_codes, migrations.RunPython.noop),
        migrations.RunPython(add_categories, migrations.RunPython.noop),
    ]
