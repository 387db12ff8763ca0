"""The tables of redaction, its triggers, and its categories with their rules."""

import audit.triggers
import django.contrib.postgres.functions
import django.db.models.deletion
import pgtrigger.compiler
import uuid
from typing import Any

from django.conf import settings
from django.db import migrations, models


# Categories of redaction, the CPS log type each maps to, and what is done with them by default for each audience. The codes are the
# product's own; the log types are those of the CPS casework app. An admin may change the defaults
# (code, name, type in the CPS redaction log, rule for CPS, for the defence, for the court, note)
R, J, K = "redact", "judge", "keep"
CATEGORIES = [
    ("ADDR", "Home address of a complainant or witness", "Address", J, R, R, ""),
    ("TEL", "Telephone number", "Phone number", J, R, R, "Stays if it is the evidence"),
    ("EML", "E-mail address", "Email address", J, R, R, "Stays if it is the evidence"),
    ("SOC", "Social media handle", "Other", J, R, R, "Stays if it is the evidence"),
    ("DOB", "Date of birth", "Date of birth", J, R, R, "Show the age"),
    ("NI", "National Insurance number", "NI Number", R, R, R, ""),
    ("NHS", "NHS number", "NHS number", R, R, R, ""),
    ("ID", "Passport, licence or device number", "Other", R, R, R, ""),
    ("FIN", "Bank or card details", "Bank details", R, R, R, ""),
    ("VRM", "Vehicle registration of somebody uninvolved", "Vehicle registration", R, R, R, "Stays if it is in issue"),
    ("TPN", "Name of an uninvolved third party", "Named individual", J, R, R, "Names of witnesses whose evidence is served stay"),
    ("FAC", "Face of an uninvolved third party", "Named individual", J, R, R, ""),
    ("VOI", "Voice of an uninvolved third party", "Named individual", J, R, R, ""),
    ("CHD", "Child or family identifier", "Relationship to others", J, R, R, ""),
    ("LOC", "Number plate, house front, school badge, location", "Location", J, R, R, ""),
    ("SCR", "Screen, whiteboard, radio, other prisoner", "Other", R, R, R, ""),
    ("MED", "Irrelevant medical, sexual or counselling detail", "Other", R, R, R, ""),
    ("WRK", "Employer or school of the complainant", "Occupation", J, R, R, ""),
    ("OPS", "Personal data or credentials of an officer", "Other", R, R, R, "Collar numbers stay"),
    ("REL", "Relationship to others", "Relationship to others", J, J, J, ""),
    ("TTL", "Title", "Title", J, J, J, ""),
    ("PCN", "Previous convictions", "Previous convictions", J, J, J, ""),
    ("OTH", "Other", "Other", J, J, J, "Say what it is in the reason"),
]
AUDIENCES = ("cps", "defence", "court")


def add(apps: Any, schema_editor: Any) -> None:
    """Put them in."""
    category, policy = apps.get_model("redaction", "Category"), apps.get_model("redaction", "Policy")
    for code, name, log_type, *rules, note in CATEGORIES:
        made = category.objects.create(code=code, name=name, log_type=log_type)
        policy.objects.bulk_create(
            policy(category=made, audience=audience, rule=rule, note=note)
            for audience, rule in zip(AUDIENCES, rules, strict=True)
        )


class Migration(migrations.Migration):

    replaces = [('redaction', '0001_initial'), ('redaction', '0002_categories'), ('redaction', '0003_covered'), ('redaction', '0004_model_proposals'), ('redaction', '0005_acts_and_words'), ('redaction', '0006_remarks'), ('redaction', '0007_queue_sample_and_test'), ('redaction', '0008_fenced'), ('redaction', '0009_withdrawn')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0002_lookups'),
        ('disclosure', '0001_squashed_0015_blocks'),
        ('evidence', '0001_squashed_0009_within_marking'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('code', models.CharField(max_length=4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('log_type', models.CharField(blank=True, help_text="The CPS casework app's redaction-log type", max_length=60)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'categories',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('reading', 'Being read'), ('ready', 'Ready to decide'), ('refused', "Can't be redacted here")], default='reading', max_length=8)),
                ('message', models.CharField(blank=True, max_length=300)),
                ('detector', models.CharField(blank=True, help_text='Name and version of what proposed', max_length=120)),
                ('covered', models.JSONField(default=list, help_text="[{page, box}]: words that somebody else's box hides and any reader still gives out; no words here")),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='cases.case')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='evidence.exhibit')),
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='redaction', to='evidence.blob')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('page', models.PositiveIntegerField(help_text='Index from 0')),
                ('boxes', models.JSONField(help_text='[[x0, y0, x1, y1], ...] in points, one a line')),
                ('start', models.PositiveIntegerField(help_text="Offset in the page's text, code points; null when drawn", null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('source', models.CharField(choices=[('pattern', 'Pattern'), ('person', 'Known person'), ('field', 'Form field'), ('model', 'Model'), ('hand', 'Drawn by hand')], max_length=8)),
                ('rule', models.CharField(blank=True, help_text='Which rule of the engine proposed it', max_length=60)),
                ('said', models.CharField(blank=True, db_default='', help_text='Keyed hash of its words (redaction.words); empty where it has none', max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(help_text='Who drew it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redaction.category')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='redaction.document')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.person')),
            ],
            options={
                'ordering': ['page', 'start', 'at'],
                'indexes': [models.Index(fields=['document', 'page'], name='redaction_p_documen_385863_idx'), models.Index(fields=['said', 'document'], name='redaction_p_said_09fed8_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('source', 'hand')), models.Q(models.Q(('source', 'hand'), _negated=True), ('by__isnull', True)), _connector='OR'), name='hand_drawn_by_a_person')],
            },
        ),
        migrations.CreateModel(
            name='ProposalDecision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('verdict', models.CharField(choices=[('accept', 'Redact'), ('reject', 'Keep'), ('moved', 'Replaced by another box'), ('open', 'To decide again')], max_length=6)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('act', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID())),
                ('undoes', models.UUIDField(null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redaction.category')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='redaction.document')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='redaction.proposal')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['act'], name='redaction_p_act_0f7709_idx'), models.Index(fields=['proposal', '-id'], name='redaction_p_proposa_809b5e_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'open'), _negated=True), ('undoes__isnull', False), _connector='OR'), name='open_again_by_undoing')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('audience', models.CharField(choices=[('cps', 'CPS'), ('defence', 'Defence'), ('court', 'Court')], max_length=8)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('decisions_sha256', models.CharField(blank=True, help_text='Of the canonical decisions that were approved', max_length=64)),
                ('burnt', models.JSONField(blank=True, default=dict, help_text="The burn-in's own report: counts and offsets, no words")),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='redaction.document')),
                ('output', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='release', to='evidence.copy')),
            ],
            options={
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='LeakCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed', models.BooleanField()),
                ('findings', models.JSONField(default=list)),
                ('checked', models.JSONField(default=dict, help_text='What was looked at, with which tools and versions')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.blob')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leak_checks', to='redaction.release')),
            ],
        ),
        migrations.CreateModel(
            name='DueDate',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('due', models.DateField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='due_dates', to='redaction.release')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['release', '-id'], name='redaction_d_release_9789e2_idx')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('task', models.CharField(choices=[('decide', 'Decide what is redacted'), ('approve', 'Approve and release')], max_length=7)),
                ('note', models.CharField(blank=True, help_text='What whoever takes it over must know', max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='redaction.release')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['release', 'task', '-id'], name='redaction_a_release_ef2bb8_idx')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseState',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('for_approval', 'With the approver'), ('sent_back', 'Sent back'), ('approved', 'Approved'), ('applied', 'Burnt in'), ('verified', 'Leak check passed'), ('leaked', 'Leak check failed'), ('failed', 'Failed'), ('released', 'Released'), ('recalled', 'Recalled'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(help_text='None: the system', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='states', to='redaction.release')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('page', models.PositiveIntegerField(help_text='Index from 0')),
                ('box', models.JSONField(help_text='[x0, y0, x1, y1] in points; null for a proposal or a whole page', null=True)),
                ('settles', models.BooleanField(default=False)),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('answers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='redaction.remark')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='redaction.document')),
                ('proposal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='redaction.proposal')),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='redaction.release')),
            ],
            options={
                'ordering': ['at'],
                'indexes': [models.Index(fields=['document', 'at'], name='redaction_r_documen_92a4d8_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('settles', False), ('answers__isnull', False), _connector='OR'), name='only_an_answer_settles'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('settles', True), _connector='OR'), name='remark_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('due', models.DateField()),
                ('when', models.CharField(choices=[('soon', 'Due soon'), ('late', 'Overdue')], max_length=4)),
                ('task', models.CharField(choices=[('decide', 'Decide what is redacted'), ('approve', 'Approve and release')], max_length=7)),
                ('told', models.PositiveIntegerField(help_text='How many people')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='redaction.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'due', 'when', 'task'), name='reminded_once'), models.CheckConstraint(condition=models.Q(('when__in', ['soon', 'late'])), name='reminded_before_or_after')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.CharField(max_length=32)),
                ('few', models.PositiveIntegerField(help_text='Pages with at most so many proposals were drawn from')),
                ('candidates', models.PositiveIntegerField(help_text='How many such pages there were')),
                ('pages', models.JSONField(default=list, help_text='Indexes from 0')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('asked', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sample', to='redaction.releasestate')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='redaction.release')),
            ],
        ),
        migrations.CreateModel(
            name='SampleRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.PositiveIntegerField(help_text='Index from 0')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='redaction.sample')),
            ],
            options={
                'ordering': ['page'],
                'constraints': [models.UniqueConstraint(fields=('sample', 'page'), name='sample_page_read_once')],
            },
        ),
        migrations.CreateModel(
            name='TestAnswer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('may', models.BooleanField(help_text='Whether it may be redacted')),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redaction.category')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.decision')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='test_answers', to='redaction.document')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.item')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['document', 'category', '-id'], name='redaction_t_documen_04eb4b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='answer_says_why')],
            },
        ),
        migrations.CreateModel(
            name='TestQuestion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='test_questions', to='redaction.document')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['document', '-id'], name='redaction_t_documen_24d67c_idx')],
            },
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField()),
                ('width', models.FloatField(help_text='Points')),
                ('height', models.FloatField(help_text='Points')),
                ('has_text', models.BooleanField(default=False)),
                ('image_key', models.CharField(max_length=100)),
                ('image_version', models.CharField(blank=True, max_length=200)),
                ('text_key', models.CharField(blank=True, max_length=100)),
                ('text_version', models.CharField(blank=True, max_length=200)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='redaction.document')),
            ],
            options={
                'ordering': ['index'],
                'constraints': [models.UniqueConstraint(fields=('document', 'index'), name='page_once')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('cps', 'CPS'), ('defence', 'Defence'), ('court', 'Court')], max_length=8)),
                ('rule', models.CharField(choices=[('redact', 'Redact'), ('judge', 'Judge: keep if needed, with a reason'), ('keep', 'Keep')], max_length=8)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='redaction.category')),
            ],
            options={
                'verbose_name_plural': 'policies',
                'constraints': [models.UniqueConstraint(fields=('category', 'audience'), name='one_rule_per_audience')],
            },
        ),
        audit.triggers.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='460cba12869cc51a2378998e4182e59b35c8c78e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_58e08', table='redaction_document', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='b809554de62912d2b6c05ed321e90a5c57c2c898', operation='DELETE', pgid='pgtrigger_keep_delete_8cfb3', table='redaction_document', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4e71a332bf1410c601e1191820c568cb28aadb5c', operation='UPDATE', pgid='pgtrigger_keep_update_28341', table='redaction_proposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0362cf429154d372f9d3e86f794ea9fcd2ca041f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_9fd5b', table='redaction_proposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='2c3250cff7b5bcaf3c1ed6bd86102b171a889055', operation='DELETE', pgid='pgtrigger_keep_delete_9e324', table='redaction_proposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='drawn_by_no_approver', sql=audit.triggers.FixedTriggerSql(condition='WHEN (NEW.by_id IS NOT NULL)', func="PERFORM pg_advisory_xact_lock(hashtextextended('redaction.document ' || (NEW.document_id)::text, 0));IF NEW.by_id IN (SELECT s.by_id FROM redaction_releasestate s JOIN redaction_release r ON r.id = s.release_id WHERE r.document_id = NEW.document_id AND s.state IN ('approved', 'released')) THEN RAISE EXCEPTION 'Whoever approved or released a copy of this document may not decide in it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM redaction_release r WHERE r.document_id = NEW.document_id AND (SELECT s.state FROM redaction_releasestate s WHERE s.release_id = r.id ORDER BY s.id DESC LIMIT 1) IN ('for_approval', 'approved', 'applied')) THEN RAISE EXCEPTION 'A release of this document is being approved: send it back before you change a decision' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM redaction_document d JOIN evidence_exhibit e ON e.id = d.exhibit_id WHERE d.id = NEW.document_id AND e.fence <> '') THEN RAISE EXCEPTION 'The exhibit of this document is fenced: nothing is redacted in it' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='e3e1eafd09ce88fcd1dd9a86601b7652361c21c6', operation='INSERT', pgid='pgtrigger_drawn_by_no_approver_fc130', table='redaction_proposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposaldecision',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='18f3f2e1710d95d6fdf43053118c2e2a55861a68', operation='UPDATE', pgid='pgtrigger_keep_update_93e0b', table='redaction_proposaldecision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposaldecision',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='25cb7d83ed06217670608e917846a088f451aff0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_688ae', table='redaction_proposaldecision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposaldecision',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='14dc5a6d957e0d651296fc1e0a93240ef4dc0b65', operation='DELETE', pgid='pgtrigger_keep_delete_8592e', table='redaction_proposaldecision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposaldecision',
            trigger=pgtrigger.compiler.Trigger(name='decided_by_no_approver', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('redaction.document ' || (NEW.document_id)::text, 0));IF NEW.document_id IS DISTINCT FROM (SELECT document_id FROM redaction_proposal WHERE id = NEW.proposal_id) THEN RAISE EXCEPTION 'A decision is of the document of its proposal' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.by_id IN (SELECT s.by_id FROM redaction_releasestate s JOIN redaction_release r ON r.id = s.release_id WHERE r.document_id = NEW.document_id AND s.state IN ('approved', 'released')) THEN RAISE EXCEPTION 'Whoever approved or released a copy of this document may not decide in it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM redaction_release r WHERE r.document_id = NEW.document_id AND (SELECT s.state FROM redaction_releasestate s WHERE s.release_id = r.id ORDER BY s.id DESC LIMIT 1) IN ('for_approval', 'approved', 'applied')) THEN RAISE EXCEPTION 'A release of this document is being approved: send it back before you change a decision' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM redaction_document d JOIN evidence_exhibit e ON e.id = d.exhibit_id WHERE d.id = NEW.document_id AND e.fence <> '') THEN RAISE EXCEPTION 'The exhibit of this document is fenced: nothing is redacted in it' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='28584ba659945dd86dacdfa978746cbee9d1426a', operation='INSERT', pgid='pgtrigger_decided_by_no_approver_20d76', table='redaction_proposaldecision', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='proposaldecision',
            trigger=pgtrigger.compiler.Trigger(name='moved_to_another_box', sql=audit.triggers.FixedTriggerSql(condition="WHEN (NEW.verdict = 'moved' AND NEW.undoes IS NULL)", func="IF NOT EXISTS (SELECT 1 FROM redaction_proposaldecision d JOIN redaction_proposal p ON p.id = d.proposal_id JOIN redaction_proposal o ON o.id = NEW.proposal_id WHERE d.act = NEW.act AND d.by_id = NEW.by_id AND d.verdict = 'accept' AND p.document_id = o.document_id AND p.page = o.page AND p.id <> o.id) THEN RAISE EXCEPTION 'A box is replaced only by another that is redacted on its page by the same act' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NULL;", hash='d556fab149736aa66d7be11758f2ed1165478d26', operation='INSERT', pgid='pgtrigger_moved_to_another_box_d97c5', table='redaction_proposaldecision', when='AFTER')),
        ),
        audit.triggers.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c1717e15b8d66a67b1d1aaad21a8472d0c1c090d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_1b733', table='redaction_release', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c5af367119ce10401e0e74c3aa6648b96e80ee5b', operation='DELETE', pgid='pgtrigger_keep_delete_58dfe', table='redaction_release', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='leakcheck',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5d05bec099b5325101c8e05aef4812d226a62a55', operation='UPDATE', pgid='pgtrigger_keep_update_5142f', table='redaction_leakcheck', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='leakcheck',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='41acbbc138f888e6e846db677d7ee576cfd50b36', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_d57ed', table='redaction_leakcheck', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='leakcheck',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='447ae48039bb1ad75f90eaa6b8c6b45adac1ca55', operation='DELETE', pgid='pgtrigger_keep_delete_dd6c5', table='redaction_leakcheck', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='duedate',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='25fb3380bd36a8914a50aa44a76bab8897fe97a4', operation='UPDATE', pgid='pgtrigger_keep_update_c575e', table='redaction_duedate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='duedate',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f67061d216f9bb29d9a5d220aa5c6e88b152aa02', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_0b770', table='redaction_duedate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='duedate',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='dffd5465f7df519e179679a259c1d803f48c5df2', operation='DELETE', pgid='pgtrigger_keep_delete_6b46d', table='redaction_duedate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='398d24a1403a7d9a52d1fdcca037fdcf3fd0a807', operation='UPDATE', pgid='pgtrigger_keep_update_afe11', table='redaction_assignment', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0c0c2c0da33c278abb302f513456168a0e78bb91', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_fb983', table='redaction_assignment', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='3c7f980c26c07b31ddc1076b1c925e88c7e950f2', operation='DELETE', pgid='pgtrigger_keep_delete_eec00', table='redaction_assignment', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='releasestate',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='543dc3cf71dfe1cdf1db42e4b077e5d5fbfa0741', operation='UPDATE', pgid='pgtrigger_keep_update_08107', table='redaction_releasestate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='releasestate',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='dc229a5cc711f758a7669c7c128012d53fe81138', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_c4c19', table='redaction_releasestate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='releasestate',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c7e1cc35b1033d25d613c283b80ba9fa4f2d400c', operation='DELETE', pgid='pgtrigger_keep_delete_e53f4', table='redaction_releasestate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='releasestate',
            trigger=pgtrigger.compiler.Trigger(name='release_follows_its_states', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('redaction.document ' || ((SELECT document_id FROM redaction_release WHERE id = NEW.release_id))::text, 0));IF coalesce((SELECT s.state FROM redaction_releasestate s WHERE s.release_id = NEW.release_id ORDER BY s.id DESC LIMIT 1), '') || '>' || NEW.state NOT IN ('>asked', 'asked>for_approval', 'asked>withdrawn', 'for_approval>approved', 'for_approval>sent_back', 'sent_back>for_approval', 'sent_back>withdrawn', 'approved>applied', 'approved>failed', 'applied>verified', 'applied>leaked', 'applied>failed', 'verified>released', 'verified>sent_back', 'leaked>for_approval', 'leaked>sent_back', 'leaked>withdrawn', 'failed>for_approval', 'failed>sent_back', 'failed>withdrawn', 'released>recalled') THEN RAISE EXCEPTION 'This state does not follow the state of the release' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('approved', 'released', 'recalled', 'withdrawn') AND NEW.by_id IS NULL THEN RAISE EXCEPTION 'A person does that, and is named' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('approved', 'released') AND NEW.by_id IN (SELECT p.by_id FROM redaction_proposal p WHERE p.document_id = (SELECT document_id FROM redaction_release WHERE id = NEW.release_id) AND p.by_id IS NOT NULL UNION SELECT d.by_id FROM redaction_proposaldecision d WHERE d.document_id = (SELECT document_id FROM redaction_release WHERE id = NEW.release_id)) THEN RAISE EXCEPTION 'Whoever drew or decided in this document may neither approve nor release it' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'for_approval' AND NOT (SELECT o.state = 'ready' FROM redaction_document o WHERE o.id = (SELECT document_id FROM redaction_release WHERE id = NEW.release_id)) THEN RAISE EXCEPTION 'The file of this document is still being read' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'for_approval' AND EXISTS (SELECT 1 FROM redaction_proposal p WHERE p.document_id = (SELECT document_id FROM redaction_release WHERE id = NEW.release_id) AND coalesce((SELECT d.verdict FROM redaction_proposaldecision d WHERE d.proposal_id = p.id ORDER BY d.id DESC LIMIT 1), 'open') = 'open') THEN RAISE EXCEPTION 'Proposals of this document are undecided' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('for_approval', 'approved', 'released') AND (SELECT r.audience = 'defence' FROM redaction_release r WHERE r.id = NEW.release_id) AND EXISTS (SELECT DISTINCT p.id, p.document_id, p.page, d.category_id FROM redaction_proposal p CROSS JOIN LATERAL (SELECT x.verdict, x.category_id FROM redaction_proposaldecision x WHERE x.proposal_id = p.id ORDER BY x.id DESC LIMIT 1) d JOIN redaction_document o ON o.id = p.document_id JOIN disclosure_item i ON i.exhibit_id = o.exhibit_id AND i.test = 'may_meet' WHERE p.document_id = (SELECT document_id FROM redaction_release WHERE id = NEW.release_id) AND d.verdict = 'accept' AND (i.locator -> 'pages' IS NULL OR p.page + 1 BETWEEN (SELECT min(n::int) FROM jsonb_array_elements_text(i.locator -> 'pages') AS n) AND (SELECT max(n::int) FROM jsonb_array_elements_text(i.locator -> 'pages') AS n)) AND NOT coalesce((SELECT a.may FROM redaction_testanswer a WHERE a.document_id = o.id AND a.item_id = i.id AND a.category_id = d.category_id AND a.decision_id = (SELECT max(c.id) FROM disclosure_decision c WHERE c.item_id = i.id AND c.field = 'test') ORDER BY a.id DESC LIMIT 1), false)) THEN RAISE EXCEPTION 'What may meet the disclosure test is not redacted for the defence unless its officer says so' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'approved' AND NOT EXISTS (SELECT 1 FROM redaction_sample m WHERE m.asked_id = (SELECT max(x.id) FROM redaction_releasestate x WHERE x.release_id = NEW.release_id AND x.state = 'for_approval') AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(m.pages) AS n WHERE NOT EXISTS (SELECT 1 FROM redaction_sampleread k WHERE k.sample_id = m.id AND k.page = n::int))) THEN RAISE EXCEPTION 'Pages drawn for the approver are not read whole yet' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('verified', 'released') AND NOT EXISTS (SELECT 1 FROM redaction_release r JOIN evidence_blob b ON b.copy_id = r.output_id WHERE r.id = NEW.release_id AND b.state = 'verified' AND coalesce((SELECT k.passed FROM redaction_leakcheck k WHERE k.release_id = r.id AND k.blob_id = b.id ORDER BY k.id DESC LIMIT 1), false)) THEN RAISE EXCEPTION 'Only a verified copy whose leak check has passed may go out' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state IN ('asked', 'for_approval', 'approved', 'applied', 'verified', 'released') AND EXISTS (SELECT 1 FROM redaction_document d JOIN evidence_exhibit e ON e.id = d.exhibit_id WHERE d.id = (SELECT document_id FROM redaction_release WHERE id = NEW.release_id) AND e.fence <> '') THEN RAISE EXCEPTION 'The exhibit of this copy is fenced: no copy of it goes on' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='08ad1c51e316cc911ca6d73728fdb14b633efbbb', operation='INSERT', pgid='pgtrigger_release_follows_its_states_f05c0', table='redaction_releasestate', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='remark',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9d9ccb9558b7c41067d8a19316f311d8c84f5da2', operation='UPDATE', pgid='pgtrigger_keep_update_b0b01', table='redaction_remark', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='remark',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='53fd479d22aa7001785ee0f6a45be85766484a1c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_13a3f', table='redaction_remark', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='remark',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0de58aa37f44320f01bfd890cb5f2e4503d18fdb', operation='DELETE', pgid='pgtrigger_keep_delete_da0cf', table='redaction_remark', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0a42a15e02ddf49a1f28957459de9dbf507c9587', operation='UPDATE', pgid='pgtrigger_keep_update_87f55', table='redaction_reminder', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='d59491c80a2ddcc838ff2fae8582fe3f03e8bd5e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_3658f', table='redaction_reminder', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='1e4a87c2cc9cb263ff09d9ae7ee691e27876b26a', operation='DELETE', pgid='pgtrigger_keep_delete_8d79c', table='redaction_reminder', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sample',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='90ac7b741c484329b71a9b763accda241a2b5cff', operation='UPDATE', pgid='pgtrigger_keep_update_33974', table='redaction_sample', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sample',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='50edf95acfb189ab65577da73903b76f0660c73f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_0ae4f', table='redaction_sample', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sample',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='870de407cd6e8f23e29f3bc694bd264ff592a17d', operation='DELETE', pgid='pgtrigger_keep_delete_1e9f6', table='redaction_sample', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sampleread',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='3ec960a694197cd9a14cd241cedff00b0deca0a8', operation='UPDATE', pgid='pgtrigger_keep_update_1b0dc', table='redaction_sampleread', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sampleread',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='7ac08e245334e34532f995dc4871ac3b20c4c0d8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_e5e99', table='redaction_sampleread', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sampleread',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='6851ce9a5d70eed48a25b74da0f826b3253f724b', operation='DELETE', pgid='pgtrigger_keep_delete_ba5cd', table='redaction_sampleread', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='sampleread',
            trigger=pgtrigger.compiler.Trigger(name='read_by_no_decider', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('redaction.document ' || ((SELECT r.document_id FROM redaction_sample m JOIN redaction_release r ON r.id = m.release_id WHERE m.id = NEW.sample_id))::text, 0));IF NEW.by_id IN (SELECT p.by_id FROM redaction_proposal p WHERE p.document_id = (SELECT r.document_id FROM redaction_sample m JOIN redaction_release r ON r.id = m.release_id WHERE m.id = NEW.sample_id) AND p.by_id IS NOT NULL UNION SELECT d.by_id FROM redaction_proposaldecision d WHERE d.document_id = (SELECT r.document_id FROM redaction_sample m JOIN redaction_release r ON r.id = m.release_id WHERE m.id = NEW.sample_id)) THEN RAISE EXCEPTION 'Whoever drew or decided in this document does not read its sample' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT (SELECT m.pages @> to_jsonb(NEW.page) FROM redaction_sample m WHERE m.id = NEW.sample_id) THEN RAISE EXCEPTION 'This page is not one of the sample' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='b20ba5dc15f6f097a984fb0206f6b43c5034e086', operation='INSERT', pgid='pgtrigger_read_by_no_decider_418e2', table='redaction_sampleread', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='testanswer',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0045e66e984fa3067bcc17ff9030e10797a119f3', operation='UPDATE', pgid='pgtrigger_keep_update_015bb', table='redaction_testanswer', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='testanswer',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f6d6d90b6a4e2d6251ed338f9fda2527c97432b2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_41b7c', table='redaction_testanswer', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='testanswer',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9fc6c0590553a6786f6fc6201296871eab82420a', operation='DELETE', pgid='pgtrigger_keep_delete_dd569', table='redaction_testanswer', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='testquestion',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='14beae7e0393e4f6aba94540e45d6b4812b8d1fd', operation='UPDATE', pgid='pgtrigger_keep_update_d8c78', table='redaction_testquestion', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='testquestion',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='62a5afb66dc2da1006d69051618323a96a7c1a62', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_d3050', table='redaction_testquestion', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='testquestion',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e6e5d399722b0f17a4c502c8ea853c0aad2c369a', operation='DELETE', pgid='pgtrigger_keep_delete_ed316', table='redaction_testquestion', when='BEFORE')),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
