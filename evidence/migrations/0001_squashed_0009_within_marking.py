"""The tables of evidence and its triggers."""

import audit.triggers
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('evidence', '0001_initial'), ('evidence', '0002_checks'), ('evidence', '0003_custody'), ('evidence', '0004_batches'), ('evidence', '0005_scans'), ('evidence', '0006_keeping'), ('evidence', '0007_taken_over'), ('evidence', '0008_fence'), ('evidence', '0009_within_marking')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0002_lookups'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('initials', models.CharField(blank=True, max_length=4)),
                ('kind', models.CharField(blank=True, help_text="Empty: by each file's name", max_length=12, verbose_name='type')),
                ('description', models.TextField(help_text="Of them all, in plain words; no complainant's name")),
                ('seized_at', models.DateTimeField(verbose_name='seized or received')),
                ('seized_where', models.CharField(max_length=200)),
                ('seized_by', models.CharField(max_length=120)),
                ('location', models.CharField(blank=True, max_length=200, verbose_name='where it is kept')),
                ('within_marking', models.BooleanField(db_default=False, default=False, editable=False, help_text='Whoever booked it in said: not above OFFICIAL-SENSITIVE')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='cases.case')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('master', 'Master'), ('working', 'Working copy'), ('viewing', 'Viewing copy'), ('redacted', 'Redacted copy')], max_length=10)),
                ('made_with', models.CharField(blank=True, max_length=120, verbose_name='tool and version')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='evidence.copy')),
            ],
            options={
                'ordering': ['made_at'],
            },
        ),
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=100, unique=True)),
                ('version_id', models.CharField(blank=True, max_length=200)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('media_type', models.CharField(blank=True, max_length=100, verbose_name='type by content')),
                ('original_name', models.CharField(blank=True, help_text='Restricted: may identify a person', max_length=255)),
                ('state', models.CharField(choices=[('receiving', 'Being received'), ('received', 'Received, not yet verified'), ('verified', 'Verified'), ('quarantined', 'Quarantined'), ('superseded', 'Given up for a new file'), ('disposing', 'Being disposed of'), ('disposed', 'Disposed of'), ('abandoned', 'Upload abandoned')], default='receiving', max_length=12)),
                ('malware', models.CharField(blank=True, help_text='What the scanner called what it found; fences the file', max_length=200)),
                ('facts', models.JSONField(blank=True, default=dict, help_text='What the sandbox read from it (pages, size in pixels, notes)')),
                ('protected_until', models.DateTimeField(help_text='Retention as the store reported it', null=True)),
                ('legal_hold', models.BooleanField(default=False, help_text='Legal hold as the store reported it')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('verified_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(db_index=True, help_text='Last check that came to an end, whatever it found', null=True)),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blobs', to='evidence.copy')),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='blob_size_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'verified'), _negated=True), ('sha256__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='verified_has_hash')],
            },
        ),
        migrations.CreateModel(
            name='Exhibit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=64, validators=[django.core.validators.MaxLengthValidator(64), django.core.validators.RegexValidator('\\A[A-Z]{2,4}/[0-9]{1,4}([/-][A-Z0-9]+)*\\Z', 'Enter the reference as initials and number, for example AB/1')])),
                ('kind', models.CharField(choices=[('statement', 'Witness statement (MG11)'), ('document', 'Document'), ('messages', 'Messages or chat export'), ('photograph', 'Photograph'), ('video', 'Video (CCTV, body-worn)'), ('abe', 'Recorded interview (ABE)'), ('audio', 'Audio (999 call, recording)'), ('phone', 'Phone or device'), ('medical', 'Medical or SARC record'), ('other', 'Other')], max_length=12, verbose_name='type')),
                ('description', models.TextField(help_text="What it is, in plain words; no complainant's name")),
                ('seized_at', models.DateTimeField(verbose_name='seized or received')),
                ('seized_where', models.CharField(max_length=200)),
                ('seized_by', models.CharField(max_length=120)),
                ('seal_number', models.CharField(blank=True, max_length=40)),
                ('location', models.CharField(blank=True, max_length=200, verbose_name='where it is kept')),
                ('within_marking', models.BooleanField(db_default=False, default=False, editable=False, help_text='Whoever booked it in said: not above OFFICIAL-SENSITIVE')),
                ('state', models.CharField(choices=[('booked_in', 'Booked in'), ('quarantined', 'Quarantined'), ('returned', 'Returned'), ('retained', 'Retained'), ('disposed', 'Disposed of')], default='booked_in', max_length=12)),
                ('fence', models.CharField(blank=True, choices=[('', 'Open to the team'), ('privilege', 'May be legally privileged'), ('privileged', 'Legally privileged'), ('secret', 'May be above OFFICIAL-SENSITIVE'), ('moved', 'Above OFFICIAL-SENSITIVE')], db_default='', default='', editable=False, help_text='Kept by triggers', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='evidence.batch')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='cases.case')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='evidence.exhibit')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.person')),
            ],
            options={
                'ordering': ['created_at'],
                'indexes': [models.Index(fields=['case', 'created_at'], name='evidence_ex_case_id_b5f67f_idx')],
                'constraints': [models.UniqueConstraint(models.F('case'), django.db.models.functions.text.Upper('reference'), name='exhibit_reference_once_per_case'), models.CheckConstraint(condition=models.Q(('reference__regex', '^[A-Z]{2,4}/[0-9]{1,4}([/-][A-Z0-9]+)*$')), name='exhibit_reference_form')],
            },
        ),
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('state', models.CharField(choices=[('asked', 'Waiting for approval'), ('approved', 'Approved, being removed'), ('refused', 'Refused'), ('done', 'Disposed of')], default='asked', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_because', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(help_text='The class that was reached last', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.retentionrule')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disposals', to='evidence.exhibit')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'approved'])), fields=('exhibit',), name='one_disposal_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'done']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='disposal_takes_two_people')],
            },
        ),
        migrations.AddField(
            model_name='copy',
            name='exhibit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='evidence.exhibit'),
        ),
        migrations.AddField(
            model_name='batch',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.exhibit'),
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_because', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='cases.case')),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-placed_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lifted_because', ''), _negated=True)), _connector='OR'), name='hold_lifted_by_someone_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('is_active', models.BooleanField(default=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='locations', to='accounts.organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='evidence.location', verbose_name='is in')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('parent'), models.F('name'), name='location_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='location_not_in_itself')],
            },
        ),
        migrations.CreateModel(
            name='MalwareScan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('result', models.CharField(choices=[('clean', 'No malware found'), ('infected', 'Malware found'), ('not_scanned', 'Not scanned')], max_length=12)),
                ('signature', models.CharField(blank=True, max_length=200)),
                ('engine', models.CharField(max_length=120, verbose_name='scanner and its version')),
                ('note', models.CharField(blank=True, max_length=200)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='evidence.blob')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateField(help_text='The last day on which it must be kept')),
                ('reason', models.TextField(help_text='From what the day follows')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retentions', to='cases.case')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.retentionrule')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Stocktake',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('finished_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocktakes', to='evidence.location')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('location',), name='one_open_stocktake'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('finished_by', None)), models.Q(('finished_at__isnull', False), ('finished_by__isnull', False)), _connector='OR'), name='stocktake_finished_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(help_text='As it was scanned or typed', max_length=200)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exhibit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.exhibit')),
                ('stocktake', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='evidence.stocktake')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('exhibit__isnull', False)), fields=('stocktake', 'exhibit'), name='scanned_once')],
            },
        ),
        migrations.CreateModel(
            name='CustodyEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('seized', 'Seized or received'), ('sealed', 'Sealed'), ('opened', 'Seal opened'), ('resealed', 'Re-sealed'), ('offered', 'Hand-over offered'), ('accepted', 'Hand-over accepted'), ('declined', 'Hand-over declined'), ('withdrawn', 'Hand-over withdrawn'), ('moved', 'Put in a place'), ('taken', 'Taken out'), ('sent', 'Sent out'), ('returned', 'Returned: released from custody'), ('taken_over', 'Taken over by a supervisor'), ('seen', 'Seen at a stocktake'), ('missed', 'Not found at a stocktake'), ('misplaced', 'Found in another place at a stocktake'), ('uploaded', 'File received'), ('verified', 'File verified'), ('quarantined', 'Quarantined'), ('cleared', 'Quarantine ended'), ('superseded', 'File given up'), ('disposed', 'Disposed of')], max_length=12)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(help_text='The person as they were named then', max_length=160)),
                ('to', models.CharField(blank=True, help_text='Who received it, or is to, as they were named then', max_length=160)),
                ('from_place', models.CharField(blank=True, max_length=200)),
                ('to_place', models.CharField(blank=True, max_length=200)),
                ('due_back', models.DateField(null=True)),
                ('condition', models.CharField(blank=True, max_length=200)),
                ('seal_before', models.CharField(blank=True, max_length=40)),
                ('seal_after', models.CharField(blank=True, max_length=40)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('answers', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='evidence.custodyevent')),
                ('to_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custody', to='evidence.exhibit')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='custody', to='evidence.location')),
                ('stocktake', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='evidence.stocktake')),
            ],
            options={
                'ordering': ['at', 'recorded_at'],
                'indexes': [models.Index(fields=['exhibit', 'recorded_at'], name='evidence_cu_exhibit_61cf33_idx'), models.Index(condition=models.Q(('due_back__isnull', False)), fields=['due_back'], name='custody_due_back')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'offered'), _negated=True), ('to_user__isnull', False), _connector='OR'), name='offered_to_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'moved'), _negated=True), ('location__isnull', False), _connector='OR'), name='moved_to_a_location'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'sealed'), _negated=True), models.Q(('seal_after', ''), _negated=True), _connector='OR'), name='sealed_with_a_number'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'resealed'), _negated=True), models.Q(models.Q(('seal_before', ''), _negated=True), models.Q(('seal_after', ''), _negated=True), models.Q(('seal_before', models.F('seal_after')), _negated=True)), _connector='OR'), name='resealed_old_to_new'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['opened', 'declined', 'returned', 'taken_over']), _negated=True), models.Q(('purpose', ''), _negated=True), _connector='OR'), name='custody_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'taken_over'), _negated=True), models.Q(('to_user', models.F('user')), ('user__isnull', False)), _connector='OR'), name='taken_over_by_oneself'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'opened'), _negated=True), models.Q(models.Q(('seal_before', ''), _negated=True), ('seal_after', '')), _connector='OR'), name='opened_a_seal')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.BigIntegerField()),
                ('asked_by', models.CharField(help_text='The person as they were named then', max_length=300)),
                ('approved_by', models.CharField(help_text='The person as they were named then', max_length=300)),
                ('rule', models.CharField(max_length=120)),
                ('reason', models.TextField()),
                ('removed_at', models.DateTimeField(auto_now_add=True)),
                ('blob', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tombstone', to='evidence.blob')),
                ('disposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tombstones', to='evidence.disposal')),
            ],
            options={
                'ordering': ['removed_at'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('vault_upload_id', models.CharField(max_length=300)),
                ('part_size', models.BigIntegerField()),
                ('last_modified', models.BigIntegerField(default=0, help_text="Of the file on the sender's machine, ms since 1970; helps to find it again")),
                ('state', models.CharField(choices=[('open', 'Uploading'), ('complete', 'Complete'), ('aborted', 'Stopped')], default='open', max_length=10)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('touched_at', models.DateTimeField(auto_now=True)),
                ('blob', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='evidence.blob')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='UploadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('size', models.BigIntegerField()),
                ('md5', models.CharField(max_length=32)),
                ('sha256', models.CharField(max_length=64)),
                ('stored_at', models.DateTimeField(null=True)),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='evidence.upload')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('upload', 'number'), name='part_once')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('result', models.CharField(choices=[('match', 'Matches'), ('changed', 'Changed: the hash differs'), ('truncated', 'Truncated: the size differs'), ('missing', 'Missing from the store'), ('unreadable', "Can't be read: the store does not give it out"), ('unchecked', 'Could not be checked: the store did not answer')], max_length=10)),
                ('expected', models.CharField(blank=True, max_length=64)),
                ('found', models.CharField(blank=True, max_length=64)),
                ('found_size', models.BigIntegerField(null=True)),
                ('note', models.CharField(blank=True, help_text='What the store said, or why it was read twice', max_length=300)),
                ('software', models.CharField(max_length=120)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='evidence.blob')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='QuarantineEnd',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarantine_ends', to='evidence.blob')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('check_made', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.verification')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'master')), fields=('exhibit',), name='one_master_per_exhibit'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'master'), ('parent__isnull', False), _connector='OR'), name='copy_keeps_its_parent'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('initials__regex', '^[A-Z]{2,4}$'), ('parent__isnull', True)), models.Q(('initials', ''), ('parent__isnull', False)), _connector='OR'), name='batch_has_initials_or_parent'),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c5344e0eb1242b2e0adb9f5963272a4917be76d4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_45b1e', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='446bdd74053792dcbe75ef0d7f199fdbae7f3b82', operation='DELETE', pgid='pgtrigger_keep_delete_b99a0', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='fence_stays', sql=audit.triggers.FixedTriggerSql(func="IF OLD.malware <> '' AND NEW.malware = '' THEN RAISE EXCEPTION 'A file in which malware was found stays fenced' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='b4103c1c3d394315bc5eac9daa18e0950adb2eaf', operation='UPDATE', pgid='pgtrigger_fence_stays_d890e', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='bytes_are_final', sql=audit.triggers.FixedTriggerSql(func="IF (NEW.id, NEW.copy_id, NEW.key, NEW.size, NEW.original_name, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.copy_id, OLD.key, OLD.size, OLD.original_name, OLD.created_at) OR (OLD.version_id <> '' AND NEW.version_id <> OLD.version_id) OR (OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256) THEN RAISE EXCEPTION 'Where bytes lie, how many and their hash never change once given' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='0b7097a891ac7c07c2f06a6354910a8096dfac16', operation='UPDATE', pgid='pgtrigger_bytes_are_final_da1a7', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='quarantine_is_ended', sql=audit.triggers.FixedTriggerSql(func="IF OLD.state = 'quarantined' AND (NEW.state = 'verified' AND NOT EXISTS (SELECT 1 FROM evidence_quarantineend e WHERE e.blob_id = NEW.id AND e.check_made_id IS NOT NULL AND EXISTS (SELECT 1 FROM evidence_verification v WHERE v.id = e.check_made_id AND v.blob_id = NEW.id AND v.result = 'match' AND NOT EXISTS (SELECT 1 FROM evidence_verification later WHERE later.blob_id = NEW.id AND later.at > v.at AND later.result IN ('changed', 'truncated', 'missing', 'unreadable')))) OR NEW.state = 'superseded' AND NOT EXISTS (SELECT 1 FROM evidence_quarantineend e WHERE e.blob_id = NEW.id AND e.check_made_id IS NULL)) THEN RAISE EXCEPTION 'A quarantine ends only by a supervisor, for a reason, and where the bytes match again' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='078229d3f22dab1fc04a955f4a2f64610391f4e0', operation='UPDATE', pgid='pgtrigger_quarantine_is_ended_5dc58', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='disposal_is_approved', sql=audit.triggers.FixedTriggerSql(func="IF NEW.state <> OLD.state AND NEW.state = 'disposing' AND NOT EXISTS (SELECT 1 FROM evidence_disposal d JOIN evidence_copy c ON c.exhibit_id = d.exhibit_id WHERE c.id = NEW.copy_id AND d.state = 'approved') THEN RAISE EXCEPTION 'Only an approved disposal removes stored bytes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='0c0c2ecfa15e8093023e5fff3f79db5a48f561b5', operation='UPDATE', pgid='pgtrigger_disposal_is_approved_582db', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='tombstone_comes_first', sql=audit.triggers.FixedTriggerSql(func="IF NEW.state <> OLD.state AND NEW.state = 'disposed' AND NOT EXISTS (SELECT 1 FROM evidence_tombstone t WHERE t.blob_id = NEW.id) THEN RAISE EXCEPTION 'Bytes that are removed leave a tombstone' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='42292df77a386a85616185a9780ef34fd379d3ab', operation='UPDATE', pgid='pgtrigger_tombstone_comes_first_8da95', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='state_goes_forward', sql=audit.triggers.FixedTriggerSql(func="IF NEW.state <> OLD.state AND NOT OLD.state || '>' || NEW.state = ANY (ARRAY['receiving>received', 'receiving>abandoned', 'received>verified', 'received>quarantined', 'verified>quarantined', 'verified>disposing', 'quarantined>verified', 'quarantined>superseded', 'quarantined>disposing', 'superseded>disposing', 'disposing>disposed']) THEN RAISE EXCEPTION 'That is no step in the life of stored bytes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='34a4aff22de4def8149308c298c37802ceae9c77', operation='UPDATE', pgid='pgtrigger_state_goes_forward_6c9af', table='evidence_blob', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='exhibit',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='55079561088418778d6c68aefa70c5dfd9ec7803', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_a6460', table='evidence_exhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='exhibit',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='d5c9b155b52c4124503aadeeeb5ddc8bfc129840', operation='DELETE', pgid='pgtrigger_keep_delete_1db3c', table='evidence_exhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='exhibit',
            trigger=pgtrigger.compiler.Trigger(name='reference_is_final', sql=audit.triggers.FixedTriggerSql(func="IF (NEW.id, NEW.case_id, NEW.reference, NEW.parent_id, NEW.batch_id, NEW.created_by_id, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.reference, OLD.parent_id, OLD.batch_id, OLD.created_by_id, OLD.created_at) THEN RAISE EXCEPTION 'The reference of an exhibit never changes once issued' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='35020521857b91c2cffc4f2dbf32e0741978bfb1', operation='UPDATE', pgid='pgtrigger_reference_is_final_fda88', table='evidence_exhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='exhibit',
            trigger=pgtrigger.compiler.Trigger(name='exhibit_begins_open', sql=audit.triggers.FixedTriggerSql(func="IF NEW.fence <> '' THEN RAISE EXCEPTION 'An exhibit is fenced after it is booked in' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF NOT NEW.within_marking THEN RAISE EXCEPTION 'Whoever books something in says that it is not above OFFICIAL-SENSITIVE' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='8267c98906a61ba17e9478046aca8df00c03ff82', operation='INSERT', pgid='pgtrigger_exhibit_begins_open_a6c11', table='evidence_exhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='exhibit',
            trigger=pgtrigger.compiler.Trigger(name='fence_follows_its_route', sql=audit.triggers.FixedTriggerSql(func="IF NEW.fence <> OLD.fence AND pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'Only a fence, or a step of its route, closes or opens an exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='ebb8363a205dac27f4b0a0247484ec74c5a30d91', operation='UPDATE', pgid='pgtrigger_fence_follows_its_route_84c54', table='evidence_exhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='exhibit',
            trigger=pgtrigger.compiler.Trigger(name='marking_stays_as_stated', sql=audit.triggers.FixedTriggerSql(func="IF NEW.within_marking <> OLD.within_marking THEN RAISE EXCEPTION 'What was stated of the marking as it was booked in stays' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='3b1486dfafc549fc68e1cbe76d5aee191cf1999d', operation='UPDATE', pgid='pgtrigger_marking_stays_as_stated_cde32', table='evidence_exhibit', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='disposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='cb6738b9c196d1b6b27580fd6868dbe4be997a6a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_5574a', table='evidence_disposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='disposal',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='77f1dd89ca11680592985d572c9c54d4cf35dd8d', operation='DELETE', pgid='pgtrigger_keep_delete_17948', table='evidence_disposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='disposal',
            trigger=pgtrigger.compiler.Trigger(name='disposal_is_asked_for_first', sql=audit.triggers.FixedTriggerSql(func="IF NEW.state <> 'asked' THEN RAISE EXCEPTION 'A disposal is asked for before it is approved' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='75d09928cc952d3f1a860da3abae91ae86e2b75d', operation='INSERT', pgid='pgtrigger_disposal_is_asked_for_first_6869d', table='evidence_disposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='disposal',
            trigger=pgtrigger.compiler.Trigger(name='disposal_goes_its_way', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('evidence.keeping ' || ((SELECT x.case_id FROM evidence_exhibit x WHERE x.id = NEW.exhibit_id))::text, 0));IF (NEW.id, NEW.exhibit_id, NEW.rule_id, NEW.reason, NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM (OLD.id, OLD.exhibit_id, OLD.rule_id, OLD.reason, OLD.asked_by_id, OLD.asked_at) OR OLD.state || '>' || NEW.state NOT IN ('asked>approved', 'asked>refused', 'approved>done') OR (OLD.state = 'approved' AND (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at)) THEN RAISE EXCEPTION 'That is no step of a disposal' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NEW.state = 'approved' THEN IF EXISTS (SELECT 1 FROM evidence_hold h WHERE h.case_id = (SELECT x.case_id FROM evidence_exhibit x WHERE x.id = NEW.exhibit_id) AND h.lifted_at IS NULL) THEN RAISE EXCEPTION 'A hold stands on this case' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (r.rule_id) r.until FROM evidence_retention r WHERE r.case_id = (SELECT x.case_id FROM evidence_exhibit x WHERE x.id = NEW.exhibit_id) ORDER BY r.rule_id, r.at DESC) l) THEN RAISE EXCEPTION 'No rule of retention has been set for this case' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (r.rule_id) r.until FROM evidence_retention r WHERE r.case_id = (SELECT x.case_id FROM evidence_exhibit x WHERE x.id = NEW.exhibit_id) ORDER BY r.rule_id, r.at DESC) l WHERE l.until >= current_date) THEN RAISE EXCEPTION 'The retention of this case is not over' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF (SELECT state FROM cases_case WHERE id = (SELECT x.case_id FROM evidence_exhibit x WHERE x.id = NEW.exhibit_id)) NOT IN ('nfa', 'concluded') THEN RAISE EXCEPTION 'Exhibits of an open case are not disposed of' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM evidence_blob b JOIN evidence_copy c ON c.id = b.copy_id WHERE c.exhibit_id = NEW.exhibit_id AND b.state NOT IN ('disposed', 'abandoned') AND b.protected_until > clock_timestamp()) THEN RAISE EXCEPTION 'The store still locks a file of this exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF;IF NEW.state = 'done' AND EXISTS (SELECT 1 FROM evidence_blob b JOIN evidence_copy c ON c.id = b.copy_id WHERE c.exhibit_id = NEW.exhibit_id AND b.state NOT IN ('disposed', 'abandoned')) THEN RAISE EXCEPTION 'Files of this exhibit are not removed yet' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='c87fbee5562bfcdeda206f41e18501df611a1594', operation='UPDATE', pgid='pgtrigger_disposal_goes_its_way_04c6a', table='evidence_disposal', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='copy',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='b7ea35694e95ecb9a0cfe1e86213ed3589b78b39', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_fbcb2', table='evidence_copy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='copy',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='8a2839a84ad800a20d9f85acbb520149c49a7c1c', operation='DELETE', pgid='pgtrigger_keep_delete_7b426', table='evidence_copy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='copy',
            trigger=pgtrigger.compiler.Trigger(name='copy_keeps_its_line', sql=audit.triggers.FixedTriggerSql(func="IF (NEW.id, NEW.exhibit_id, NEW.kind, NEW.parent_id, NEW.made_by_id, NEW.made_at) IS DISTINCT FROM (OLD.id, OLD.exhibit_id, OLD.kind, OLD.parent_id, OLD.made_by_id, OLD.made_at) THEN RAISE EXCEPTION 'A copy stays what it was made as' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='a319f5157b6f53753f5b5bbb134525749ac8fa46', operation='UPDATE', pgid='pgtrigger_copy_keeps_its_line_d6362', table='evidence_copy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='copy',
            trigger=pgtrigger.compiler.Trigger(name='no_copy_of_what_is_fenced', sql=audit.triggers.FixedTriggerSql(func="IF NEW.kind <> 'master' AND (SELECT fence FROM evidence_exhibit WHERE id = NEW.exhibit_id) <> '' THEN RAISE EXCEPTION 'No copy is made of a fenced exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='8aa02b14c97736f7fb506adc2d0a5b2eafa27c2a', operation='INSERT', pgid='pgtrigger_no_copy_of_what_is_fenced_de809', table='evidence_copy', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e9b8c9acb68c5330f7857d2056324001afa3c045', operation='UPDATE', pgid='pgtrigger_keep_update_aba1b', table='evidence_batch', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='dc0d038eb8d1be6dadde0abcfda0fb70e01e2770', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_34baa', table='evidence_batch', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='163855f15764755e1e4ec7b04b460ab4aa149eed', operation='DELETE', pgid='pgtrigger_keep_delete_c531f', table='evidence_batch', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='batch_within_marking', sql=audit.triggers.FixedTriggerSql(func="IF NOT NEW.within_marking THEN RAISE EXCEPTION 'Whoever books something in says that it is not above OFFICIAL-SENSITIVE' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='b1645cf97bafecb695cc76ab3db1b44e746a7b8a', operation='INSERT', pgid='pgtrigger_batch_within_marking_91ed4', table='evidence_batch', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5026dd8255279115600a625bb213e6d12288b029', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_f66cd', table='evidence_hold', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4e00a108c2eece1472e505d6ba769c4d57c75894', operation='DELETE', pgid='pgtrigger_keep_delete_1e972', table='evidence_hold', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_waits_its_turn', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('evidence.keeping ' || (NEW.case_id)::text, 0));RETURN NEW;", hash='b8d62a063198554deac4d8fbe26a74af4d5dd15a', operation='INSERT', pgid='pgtrigger_hold_waits_its_turn_979bf', table='evidence_hold', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_is_lifted_once', sql=audit.triggers.FixedTriggerSql(func="IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR (NEW.id, NEW.case_id, NEW.reason, NEW.placed_by_id, NEW.placed_at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.reason, OLD.placed_by_id, OLD.placed_at) THEN RAISE EXCEPTION 'A hold can only be lifted, once' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='9fea224c9956647c42e54eceb75313155336dcfc', operation='UPDATE', pgid='pgtrigger_hold_is_lifted_once_29344', table='evidence_hold', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='malwarescan',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='be79f6759345731903ae66d0eec211a9b53aa481', operation='UPDATE', pgid='pgtrigger_keep_update_beddc', table='evidence_malwarescan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='malwarescan',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='3fe94b25320361cd2c77d83139426a6a2b3a290b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_055a8', table='evidence_malwarescan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='malwarescan',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='53ef1b8e8d067060fc6763d05c956bb48e4d1ed3', operation='DELETE', pgid='pgtrigger_keep_delete_bc929', table='evidence_malwarescan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='retention',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='72598608adc05eeb4e3f8efcbed3028be2d35cbb', operation='UPDATE', pgid='pgtrigger_keep_update_f3f92', table='evidence_retention', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='retention',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='6f3f68b329d178ce64765c7e9be41045b94468f6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_e255b', table='evidence_retention', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='retention',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='17b6742d218be4cc899241f24c40f8847462a400', operation='DELETE', pgid='pgtrigger_keep_delete_a26f1', table='evidence_retention', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='stocktake',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='103067eade2c0073c9ffcd93df1b694d038a471f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_8099b', table='evidence_stocktake', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='stocktake',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='4549301043738ec282e26e86b7ff9b2d7ff81aae', operation='DELETE', pgid='pgtrigger_keep_delete_cf449', table='evidence_stocktake', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='stocktake',
            trigger=pgtrigger.compiler.Trigger(name='finished_is_final', sql=audit.triggers.FixedTriggerSql(func="IF OLD.finished_at IS NOT NULL OR (NEW.id, NEW.location_id, NEW.started_by_id, NEW.started_at) IS DISTINCT FROM (OLD.id, OLD.location_id, OLD.started_by_id, OLD.started_at) THEN RAISE EXCEPTION 'A finished stocktake stays as it is' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='8a863c6c3ea49e606091a7e6947a83c6a34ad5ba', operation='UPDATE', pgid='pgtrigger_finished_is_final_f0de4', table='evidence_stocktake', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5d7aed90c07f14319423d2873386cd84d744d723', operation='UPDATE', pgid='pgtrigger_keep_update_b41da', table='evidence_scan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9d7ee036096617b019ba268e99f19484be1a94fb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_372db', table='evidence_scan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9a32f0ab5691fa025649f3fcac665f39de4d0881', operation='DELETE', pgid='pgtrigger_keep_delete_d82f2', table='evidence_scan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='scan_while_open', sql=audit.triggers.FixedTriggerSql(func="PERFORM 1 FROM evidence_stocktake s WHERE s.id = NEW.stocktake_id AND s.finished_at IS NULL; IF NOT FOUND THEN RAISE EXCEPTION 'The stocktake is finished' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='8b389701a46cceca4cec77ff499958449d9d49ea', operation='INSERT', pgid='pgtrigger_scan_while_open_6c950', table='evidence_scan', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='custodyevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='b6cdc4d80a2c36691c4b9b88d8d044c8fe1cca31', operation='UPDATE', pgid='pgtrigger_keep_update_33dc1', table='evidence_custodyevent', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='custodyevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='456f23452d16b24f6e4215c2fe3b18b66783291b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_9ee89', table='evidence_custodyevent', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='custodyevent',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f6467d0b6b5903761a279d035f47421137eb2f4c', operation='DELETE', pgid='pgtrigger_keep_delete_e8df8', table='evidence_custodyevent', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='custodyevent',
            trigger=pgtrigger.compiler.Trigger(name='answered_rightly', sql=audit.triggers.FixedTriggerSql(func="\nIF NEW.kind IN ('accepted', 'declined', 'withdrawn') THEN\n    PERFORM 1 FROM evidence_custodyevent offer\n        WHERE offer.id = NEW.answers_id AND offer.exhibit_id = NEW.exhibit_id AND offer.kind = 'offered'\n        AND NEW.user_id = CASE WHEN NEW.kind = 'withdrawn' THEN offer.user_id ELSE offer.to_user_id END;\n    IF NOT FOUND THEN RAISE EXCEPTION 'A hand-over is answered by the person it was offered to' USING ERRCODE = 'integrity_constraint_violation'; END IF;\nELSIF NEW.kind = 'taken_over' AND NEW.answers_id IS NOT NULL THEN\n    PERFORM 1 FROM evidence_custodyevent offer\n        WHERE offer.id = NEW.answers_id AND offer.exhibit_id = NEW.exhibit_id AND offer.kind = 'offered';\n    IF NOT FOUND THEN RAISE EXCEPTION 'What ends by this is a hand-over of the same exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF;\nELSIF NEW.answers_id IS NOT NULL THEN\n    RAISE EXCEPTION 'Only a hand-over is answered' USING ERRCODE = 'integrity_constraint_violation';\nEND IF;\nRETURN NEW;\n", hash='d926654e147234e54d48301aa2f2722d9df41a24', operation='INSERT', pgid='pgtrigger_answered_rightly_adbd8', table='evidence_custodyevent', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='tombstone',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='e994df77f7a89e07ff964175a90158e2a69800fa', operation='UPDATE', pgid='pgtrigger_keep_update_5e240', table='evidence_tombstone', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='tombstone',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9166394d245db3e38b3a3dc59e5f86a1a1f30d42', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_fa344', table='evidence_tombstone', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='tombstone',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='c18ddcee72aebe94594e1eb60ba4668377dac309', operation='DELETE', pgid='pgtrigger_keep_delete_07dc8', table='evidence_tombstone', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='tombstone',
            trigger=pgtrigger.compiler.Trigger(name='tombstone_is_of_an_approved_disposal', sql=audit.triggers.FixedTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtextextended('evidence.keeping ' || ((SELECT x.case_id FROM evidence_exhibit x JOIN evidence_disposal d ON d.exhibit_id = x.id WHERE d.id = NEW.disposal_id))::text, 0));IF NOT EXISTS (SELECT 1 FROM evidence_disposal d JOIN evidence_copy c ON c.exhibit_id = d.exhibit_id JOIN evidence_blob b ON b.copy_id = c.id WHERE d.id = NEW.disposal_id AND d.state = 'approved' AND b.id = NEW.blob_id AND b.state = 'disposing' AND b.sha256 = NEW.sha256 AND b.size = NEW.size) THEN RAISE EXCEPTION 'Only a file whose disposal was approved gets a tombstone' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM evidence_hold h WHERE h.case_id = (SELECT x.case_id FROM evidence_exhibit x JOIN evidence_disposal d ON d.exhibit_id = x.id WHERE d.id = NEW.disposal_id) AND h.lifted_at IS NULL) THEN RAISE EXCEPTION 'A hold stands on this case' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (r.rule_id) r.until FROM evidence_retention r WHERE r.case_id = (SELECT x.case_id FROM evidence_exhibit x JOIN evidence_disposal d ON d.exhibit_id = x.id WHERE d.id = NEW.disposal_id) ORDER BY r.rule_id, r.at DESC) l) THEN RAISE EXCEPTION 'No rule of retention has been set for this case' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (r.rule_id) r.until FROM evidence_retention r WHERE r.case_id = (SELECT x.case_id FROM evidence_exhibit x JOIN evidence_disposal d ON d.exhibit_id = x.id WHERE d.id = NEW.disposal_id) ORDER BY r.rule_id, r.at DESC) l WHERE l.until >= current_date) THEN RAISE EXCEPTION 'The retention of this case is not over' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF (SELECT state FROM cases_case WHERE id = (SELECT x.case_id FROM evidence_exhibit x JOIN evidence_disposal d ON d.exhibit_id = x.id WHERE d.id = NEW.disposal_id)) NOT IN ('nfa', 'concluded') THEN RAISE EXCEPTION 'Exhibits of an open case are not disposed of' USING ERRCODE = 'integrity_constraint_violation'; END IF;IF EXISTS (SELECT 1 FROM evidence_blob b JOIN evidence_copy c ON c.id = b.copy_id WHERE c.exhibit_id = (SELECT d.exhibit_id FROM evidence_disposal d WHERE d.id = NEW.disposal_id) AND b.state NOT IN ('disposed', 'abandoned') AND b.protected_until > clock_timestamp()) THEN RAISE EXCEPTION 'The store still locks a file of this exhibit' USING ERRCODE = 'integrity_constraint_violation'; END IF;RETURN NEW;", hash='a9c15e1fefa9902571f8ea8a68ef07818bc31bea', operation='INSERT', pgid='pgtrigger_tombstone_is_of_an_approved_disposal_a6d0f', table='evidence_tombstone', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='verification',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='9c342cf358451121c2570229121a34c18638ab88', operation='UPDATE', pgid='pgtrigger_keep_update_51f1c', table='evidence_verification', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='verification',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='db404fb40f8cb2afbbd8978844e1907fe951d950', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_0c8ba', table='evidence_verification', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='verification',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='cd670519cb6b9b4d71ad6e3283f80fa1534d6287', operation='DELETE', pgid='pgtrigger_keep_delete_2288e', table='evidence_verification', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='quarantineend',
            trigger=pgtrigger.compiler.Trigger(name='keep_update', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='5b881d501ad83e675c69fcaff6679e195f7a354b', operation='UPDATE', pgid='pgtrigger_keep_update_c88da', table='evidence_quarantineend', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='quarantineend',
            trigger=pgtrigger.compiler.Trigger(name='keep_truncate', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='f79fe83b399fd86375902af3d807e306ef04b49c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_keep_truncate_d7cd7', table='evidence_quarantineend', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='quarantineend',
            trigger=pgtrigger.compiler.Trigger(name='keep_delete', sql=audit.triggers.FixedTriggerSql(func="RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME;", hash='0ee8de7cd44cc67d46ae9ecac55ed9f09285d196', operation='DELETE', pgid='pgtrigger_keep_delete_78690', table='evidence_quarantineend', when='BEFORE')),
        ),
        audit.triggers.AddTrigger(
            model_name='quarantineend',
            trigger=pgtrigger.compiler.Trigger(name='ends_by_a_matching_check', sql=audit.triggers.FixedTriggerSql(func="IF (SELECT state FROM evidence_blob WHERE id = NEW.blob_id) IS DISTINCT FROM 'quarantined' OR (NEW.check_made_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM evidence_verification v WHERE v.id = NEW.check_made_id AND v.blob_id = NEW.blob_id AND v.result = 'match' AND NOT EXISTS (SELECT 1 FROM evidence_verification later WHERE later.blob_id = NEW.blob_id AND later.at > v.at AND later.result IN ('changed', 'truncated', 'missing', 'unreadable')))) THEN RAISE EXCEPTION 'A quarantine ends by a check that matches and is the latest' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;", hash='0b58cf2133bd906f79adeae8b0e598034089d746', operation='INSERT', pgid='pgtrigger_ends_by_a_matching_check_f5084', table='evidence_quarantineend', when='BEFORE')),
        ),
    ]
