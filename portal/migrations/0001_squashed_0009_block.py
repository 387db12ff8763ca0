"""The views that the portal's database role reads: nothing that isn't shared, submitted or released is in them.

They run with the owner's rights on the tables below them (security_barrier: no condition of a reader's is tried on a row
before the view's own). A later migration that changes a column used here drops the views first and makes them again.
"""

import django.db.models.deletion
from django.db import migrations, models


def named(user: str) -> str:
    """A person as a schedule names them: rank, name, number."""
    return f"concat_ws(' ', nullif({user}.title, ''), {user}.name, nullif({user}.collar_number, ''))"


VIEWS = {
    "portal_case": """
        SELECT c.id, c.organisation_id, c.cps_area_id, f.name AS force, c.crime_number, c.urn, c.operation, c.state,
               (SELECT max(e.at) FROM audit_event e
                 WHERE e.case_id = c.id AND e.object_id = c.id::text AND e.verb LIKE 'case.shared%') AS shared_at
          FROM cases_case c
          JOIN accounts_organisation f ON f.id = c.organisation_id
         WHERE c.cps_area_id IS NOT NULL
    """,
    "portal_offence": """
        SELECT o.id, o.case_id, k.cjs_code, k.title, k.statute, o.committed_from, o.committed_to
          FROM cases_caseoffence o
          JOIN cases_offencecode k ON k.id = o.code_id
          JOIN cases_case c ON c.id = o.case_id
         WHERE c.cps_area_id IS NOT NULL
    """,
    # No third party: who is not involved is not the prosecutor's to know (DPA 2018 s.37). A complainant's label is a pseudonym.
    "portal_person": """
        SELECT p.id, p.case_id, p.kind, p.label
          FROM cases_person p
          JOIN cases_case c ON c.id = p.case_id
         WHERE c.cps_area_id IS NOT NULL AND p.kind IN ('complainant', 'suspect', 'witness')
    """,
    "portal_schedule": f"""
        SELECT v.id, v.schedule_id, s.case_id, s.kind, s.ordinal, v.number, latest.state,
               submitted.at AS submitted_at, {named("submitter")} AS submitted_by,
               k.statement, k.at AS certified_at, {named("certifier")} AS certified_by, k.content, k.sha256,
               encode(sha256(convert_to(k.content, 'UTF8')), 'hex') = k.sha256 AS intact,
               k.unexamined, k.signed_name, k.signed_role
          FROM disclosure_scheduleversion v
          JOIN disclosure_schedule s ON s.id = v.schedule_id
          JOIN cases_case c ON c.id = s.case_id
          JOIN disclosure_certificate k ON k.version_id = v.id
          JOIN LATERAL (SELECT t.at, t.by_id FROM disclosure_versionstate t
                         WHERE t.version_id = v.id AND t.state = 'submitted' ORDER BY t.id LIMIT 1) submitted ON true
          JOIN LATERAL (SELECT t.state FROM disclosure_versionstate t
                         WHERE t.version_id = v.id ORDER BY t.id DESC LIMIT 1) latest ON true
          JOIN accounts_user submitter ON submitter.id = submitted.by_id
          JOIN accounts_user certifier ON certifier.id = k.by_id
         WHERE c.cps_area_id IS NOT NULL
    """,
    # As the database took them out of the certified text, so that a page of a long schedule doesn't read all of it, and in order, so
    # that it needn't sort all. What a block holds is text, so that two versions are compared as they stand. A withdrawn row is its
    # number: that it moved to another schedule must not show
    "portal_row": """
        SELECT r.id, k.version_id, k.number AS position, (k.said ->> 'withdrawn')::boolean AS withdrawn,
               coalesce(k.said ->> 'description', '') AS description,
               coalesce(k.said ->> 'location', '') AS location,
               coalesce(k.said ->> 'sensitivity_reason', '') AS sensitivity_reason,
               x.id AS exhibit_id, coalesce(x.reference, '') AS reference,
               coalesce(k.said ->> 'schedule', '') AS listed_on, (k.said ->> 'item')::integer AS listed_as,
               c.cps_area_id, coalesce((k.said -> 'block')::text, '') AS block
          FROM disclosure_certifiedrow k
          JOIN disclosure_scheduleversion v ON v.id = k.version_id
          JOIN disclosure_schedule s ON s.id = v.schedule_id
          JOIN cases_case c ON c.id = s.case_id
          JOIN disclosure_row r ON r.version_id = k.version_id AND r.position = k.number
          LEFT JOIN disclosure_item i ON i.id = r.item_id AND NOT (k.said ->> 'withdrawn')::boolean
          LEFT JOIN evidence_exhibit x ON x.id = i.exhibit_id
         WHERE c.cps_area_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM disclosure_versionstate t WHERE t.version_id = k.version_id AND t.state = 'submitted')
         ORDER BY k.number
    """,
    # Whether the text is whole, says what the rows say and has the hash that the log holds: read when asked for
    "portal_certified": """
        SELECT s.id, s.case_id, s.content, s.intact,
               s.content::jsonb -> 'rows' = coalesce((SELECT jsonb_agg(k.said ORDER BY k.number) FROM disclosure_certifiedrow k
                                                       WHERE k.version_id = s.id), '[]') AS rows_agree,
               EXISTS (SELECT 1 FROM audit_event e
                        WHERE e.case_id = s.case_id AND e.object_id = s.id::text AND e.verb = 'schedule.certified'
                          AND e.body::jsonb -> 'after' ->> 'sha256' = s.sha256) AS log_agrees
          FROM portal_schedule s
    """,
    "portal_copy": f"""
        SELECT r.id, d.case_id, x.id AS exhibit_id, x.reference, x.kind, x.description,
               o.made_with, o.made_at, source.sha256 AS source_sha256,
               CASE WHEN b.state = 'verified' THEN b.key END AS key, b.version_id, b.size, b.sha256, b.media_type, coalesce((b.facts ->> 'pages')::integer, 0) AS pages,
               b.state = 'verified' AS verified,
               (SELECT max(m.at) FROM evidence_verification m WHERE m.blob_id = b.id AND m.result = 'match') AS verified_at,
               leak.at AS leak_checked_at, leak.checked AS leak_checked_with,
               coalesce({named("approver")}, '') AS approved_by, approved.at AS approved_at,
               coalesce({named("releaser")}, '') AS released_by, latest.at AS released_at
          FROM redaction_release r
          JOIN redaction_document d ON d.id = r.document_id
          JOIN cases_case c ON c.id = d.case_id
          JOIN evidence_exhibit x ON x.id = d.exhibit_id
          JOIN evidence_blob source ON source.id = d.source_id
          JOIN evidence_copy o ON o.id = r.output_id AND o.kind = 'redacted'
          JOIN LATERAL (SELECT t.state, t.at, t.by_id FROM redaction_releasestate t
                         WHERE t.release_id = r.id ORDER BY t.id DESC LIMIT 1) latest ON latest.state = 'released'
          JOIN LATERAL (SELECT t.blob_id, t.passed, t.checked, t.at FROM redaction_leakcheck t
                         WHERE t.release_id = r.id ORDER BY t.id DESC LIMIT 1) leak ON leak.passed
          JOIN evidence_blob b ON b.id = leak.blob_id AND b.copy_id = o.id
          LEFT JOIN LATERAL (SELECT t.at, t.by_id FROM redaction_releasestate t
                              WHERE t.release_id = r.id AND t.state = 'approved' ORDER BY t.id DESC LIMIT 1) approved ON true
          LEFT JOIN accounts_user approver ON approver.id = approved.by_id
          LEFT JOIN accounts_user releaser ON releaser.id = latest.by_id
         WHERE c.cps_area_id IS NOT NULL AND r.audience = 'cps' AND x.fence = ''
    """,
    # What concerns a submitted version or a copy that was ever released to the CPS (a recall must show); of the case itself only
    # that it was shared and looked at. No refusals. Of the detail only the actor's name as it stood.
    "portal_event": """
        WITH released AS NOT MATERIALIZED (
            SELECT r.id, r.document_id, r.output_id, d.case_id, d.exhibit_id, d.source_id
              FROM redaction_release r
              JOIN redaction_document d ON d.id = r.document_id
              JOIN cases_case c ON c.id = d.case_id
             WHERE c.cps_area_id IS NOT NULL AND r.audience = 'cps'
               AND EXISTS (SELECT 1 FROM redaction_releasestate t WHERE t.release_id = r.id AND t.state = 'released')
        ), concerned AS NOT MATERIALIZED (
            SELECT case_id, id::text AS object_id FROM portal_schedule
            UNION SELECT case_id, id::text FROM released
            UNION SELECT case_id, document_id::text FROM released
            UNION SELECT case_id, exhibit_id::text FROM released
            UNION SELECT case_id, output_id::text FROM released
            UNION SELECT case_id, source_id::text FROM released
            UNION SELECT t.case_id, b.copy_id::text FROM released t JOIN evidence_blob b ON b.id = t.source_id
            UNION SELECT t.case_id, b.id::text FROM released t JOIN evidence_blob b ON b.copy_id = t.output_id
        ), events (case_id, id) AS NOT MATERIALIZED (
            SELECT k.case_id, e.id FROM concerned k JOIN audit_event e ON e.object_id = k.object_id AND e.case_id = k.case_id
            UNION ALL
            SELECT c.id, e.id FROM cases_case c JOIN audit_event e ON e.object_id = c.id::text AND e.case_id = c.id
             WHERE c.cps_area_id IS NOT NULL AND (e.verb LIKE 'case.shared%' OR e.verb IN ('case.consulted', 'log.consulted'))
        )
        SELECT e.id, events.case_id, e.at, e.seq, e.verb, d.detail::jsonb ->> 'actor' AS actor, e.object_type, e.object_id,
               l.leaf_index, encode(l.leaf_hash, 'hex') AS leaf_hash
          FROM events
          JOIN audit_event e ON e.id = events.id
          LEFT JOIN audit_eventdetail d ON d.event_id = e.id
          LEFT JOIN audit_leaf l ON l.event_id = e.id
         WHERE e.verb NOT LIKE '%.refused'
    """,
    "portal_look": """
        SELECT e.id, e.case_id, e.actor_id AS user_id, e.at
          FROM audit_event e
          JOIN cases_case c ON c.id = e.case_id
         WHERE c.cps_area_id IS NOT NULL AND e.verb = 'case.consulted'
    """,
    # Not one whose stored file is no longer what was made, nor one that holds a copy since recalled or of what is fenced
    "portal_bundle": f"""
        SELECT b.id, b.case_id, b.made_at, b.key, b.version_id, b.size, b.sha256, b.files, b.events,
               {named("u")} AS made_by
          FROM bundles_bundle b
          JOIN cases_case c ON c.id = b.case_id
          JOIN accounts_user u ON u.id = b.asked_by_id
         WHERE c.cps_area_id IS NOT NULL AND b.audience = 'cps' AND b.state = 'made'
           AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(b.files) f
                             JOIN LATERAL (SELECT t.state FROM redaction_releasestate t
                                            WHERE t.release_id = (f ->> 'release')::uuid ORDER BY t.id DESC LIMIT 1) latest
                               ON latest.state = 'recalled')
           AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(b.files) f
                             JOIN redaction_release r ON r.id = (f ->> 'release')::uuid
                             JOIN redaction_document d ON d.id = r.document_id
                             JOIN evidence_exhibit x ON x.id = d.exhibit_id AND x.fence <> '')
           AND coalesce((SELECT k.result FROM bundles_bundlecheck k
                          WHERE k.bundle_id = b.id AND k.result <> 'unchecked' ORDER BY k.at DESC LIMIT 1), 'match') = 'match'
    """,
    # Only rows of submitted versions are endorsed (a trigger refuses others)
    "portal_endorsement": """
        SELECT e.id, r.version_id, r.position, k.code, k.meaning, e.reason, e.item_viewed, e.decided_by, e.at,
               e.agrees_sensitive, e.court_application
          FROM disclosure_endorsement e
          JOIN disclosure_endorsementcode k ON k.id = e.code_id
          JOIN disclosure_row r ON r.id = e.row_id
          JOIN disclosure_scheduleversion v ON v.id = r.version_id
          JOIN disclosure_schedule s ON s.id = v.schedule_id
          JOIN cases_case c ON c.id = s.case_id
         WHERE c.cps_area_id IS NOT NULL
    """,
    "portal_document": f"""
        SELECT d.id, d.case_id, d.kind, d.number, d.content, d.sha256, d.at AS issued_at,
               {named("u")} AS issued_by,
               encode(sha256(convert_to(d.content, 'UTF8')), 'hex') = d.sha256 AS intact
          FROM disclosure_managementdocument d
          JOIN cases_case c ON c.id = d.case_id
          JOIN accounts_user u ON u.id = d.by_id
         WHERE c.cps_area_id IS NOT NULL
    """,
    "portal_endorsementcode": """
        SELECT id, code, meaning, needs_reason FROM disclosure_endorsementcode WHERE is_active
    """,
}


class Migration(migrations.Migration):

    replaces = [('portal', '0001_initial'), ('portal', '0002_views'), ('portal', '0003_bundle'), ('portal', '0004_bundle_checked'), ('portal', '0005_endorsements_and_documents'), ('portal', '0006_certified_rows'), ('portal', '0007_fenced'), ('portal', '0008_endorsing'), ('portal', '0009_block')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('bundles', '0002_checks'),
        ('cases', '0001_initial'),
        ('disclosure', '0001_squashed_0015_blocks'),
        ('evidence', '0001_squashed_0009_within_marking'),
        ('redaction', '0001_squashed_0009_withdrawn'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=100)),
                ('version_id', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('files', models.JSONField()),
                ('events', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'portal_bundle',
                'ordering': ['-made_at', 'id'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('schedule_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('MG6C', 'MG6C (non-sensitive unused)'), ('MG6D', 'MG6D (sensitive unused)'), ('MG6E', "MG6E (disclosure officer's report)"), ('SDC', 'SDC (streamlined disclosure certificate)')], max_length=4)),
                ('ordinal', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_qa', 'With the supervisor'), ('checked', 'Checked by the supervisor'), ('certified', 'Certified'), ('submitted', 'Submitted'), ('under_review', 'Under prosecutor review'), ('returned', 'Returned'), ('endorsed', 'Endorsed'), ('served', 'Served'), ('superseded', 'Superseded')], max_length=12)),
                ('submitted_at', models.DateTimeField()),
                ('submitted_by', models.CharField(max_length=200)),
                ('statement', models.TextField()),
                ('certified_at', models.DateTimeField()),
                ('certified_by', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('unexamined', models.TextField()),
                ('signed_name', models.TextField()),
                ('signed_role', models.TextField()),
            ],
            options={
                'db_table': 'portal_schedule',
                'ordering': ['kind', 'ordinal', '-number'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('DMD', 'Disclosure Management Document'), ('IMD', 'Investigation Management Document')], max_length=3)),
                ('number', models.PositiveIntegerField()),
                ('content', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.CharField(max_length=200)),
                ('intact', models.BooleanField()),
            ],
            options={
                'db_table': 'portal_document',
                'ordering': ['kind', '-number'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=6)),
                ('meaning', models.CharField(max_length=120)),
                ('reason', models.TextField()),
                ('item_viewed', models.BooleanField()),
                ('decided_by', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
                ('agrees_sensitive', models.BooleanField(null=True)),
                ('court_application', models.BooleanField(null=True)),
            ],
            options={
                'db_table': 'portal_endorsement',
                'ordering': ['position'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='EndorsementCode',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=6)),
                ('meaning', models.CharField(max_length=120)),
                ('needs_reason', models.BooleanField()),
            ],
            options={
                'db_table': 'portal_endorsementcode',
                'ordering': ['code'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='LoggedEvent',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('seq', models.IntegerField()),
                ('verb', models.TextField()),
                ('actor', models.TextField(help_text='As named then; null once lawfully removed', null=True)),
                ('object_type', models.TextField()),
                ('object_id', models.TextField()),
                ('leaf_index', models.BigIntegerField(help_text='Null for the seconds until it is in the tree', null=True)),
                ('leaf_hash', models.CharField(max_length=64, null=True)),
            ],
            options={
                'db_table': 'portal_event',
                'ordering': ['-at', '-seq', '-id'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'portal_look',
                'ordering': ['-at'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Offence',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('cjs_code', models.CharField(max_length=8)),
                ('title', models.CharField(max_length=200)),
                ('statute', models.CharField(max_length=120)),
                ('committed_from', models.DateField(null=True)),
                ('committed_to', models.DateField(null=True)),
            ],
            options={
                'db_table': 'portal_offence',
                'ordering': ['cjs_code', 'id'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('complainant', 'Complainant'), ('suspect', 'Suspect'), ('witness', 'Witness'), ('third_party', 'Third party')], max_length=12)),
                ('label', models.CharField(max_length=80)),
            ],
            options={
                'db_table': 'portal_person',
                'ordering': ['kind', 'label'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='ReleasedCopy',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('exhibit_id', models.UUIDField()),
                ('reference', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('statement', 'Witness statement (MG11)'), ('document', 'Document'), ('messages', 'Messages or chat export'), ('photograph', 'Photograph'), ('video', 'Video (CCTV, body-worn)'), ('abe', 'Recorded interview (ABE)'), ('audio', 'Audio (999 call, recording)'), ('phone', 'Phone or device'), ('medical', 'Medical or SARC record'), ('other', 'Other')], max_length=12)),
                ('description', models.TextField()),
                ('made_with', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('source_sha256', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=100, null=True)),
                ('version_id', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=100)),
                ('pages', models.IntegerField(help_text='Of a document; 0 for what has none')),
                ('verified', models.BooleanField()),
                ('verified_at', models.DateTimeField(help_text='When the stored bytes last matched the hash', null=True)),
                ('leak_checked_at', models.DateTimeField()),
                ('leak_checked_with', models.JSONField()),
                ('approved_by', models.CharField(max_length=200)),
                ('approved_at', models.DateTimeField(null=True)),
                ('released_by', models.CharField(max_length=200)),
                ('released_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'portal_copy',
                'ordering': ['-released_at', 'id'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('description', models.TextField()),
                ('location', models.CharField(max_length=200)),
                ('sensitivity_reason', models.TextField()),
                ('withdrawn', models.BooleanField()),
                ('exhibit_id', models.UUIDField(null=True)),
                ('reference', models.CharField(max_length=64)),
                ('listed_on', models.CharField(help_text='On an MG6E: the schedule on which the item stands', max_length=4)),
                ('listed_as', models.PositiveIntegerField(null=True)),
                ('cps_area_id', models.UUIDField()),
                ('block', models.TextField(help_text='Of a row that lists a block: what was certified of its items, as JSON')),
            ],
            options={
                'db_table': 'portal_row',
                'ordering': ['position'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='SharedCase',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation_id', models.UUIDField()),
                ('force', models.CharField(max_length=120)),
                ('crime_number', models.CharField(max_length=40)),
                ('urn', models.CharField(max_length=15, verbose_name='URN')),
                ('operation', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('reported', 'Reported'), ('investigating', 'Investigating'), ('early_advice', 'Early advice'), ('submitted', 'Submitted'), ('action_plan', 'Action plan'), ('charged', 'Charged'), ('nfa', 'No further action'), ('post_charge', 'Post-charge'), ('trial', 'Trial'), ('concluded', 'Concluded')], max_length=20)),
                ('shared_at', models.DateTimeField(help_text='When it was last shared, by the log', null=True)),
            ],
            options={
                'db_table': 'portal_case',
                'ordering': ['-shared_at', 'id'],
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='PortalSession',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'db_table': 'portal_session',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Certified',
            fields=[
                ('schedule', models.OneToOneField(db_column='id', on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='certified', serialize=False, to='portal.schedule')),
                ('content', models.TextField()),
                ('intact', models.BooleanField(help_text='The text has the hash of its certificate')),
                ('rows_agree', models.BooleanField(help_text='The rows that the pages show are those of the text')),
                ('log_agrees', models.BooleanField(help_text="The log's event of the certification has the hash too")),
            ],
            options={
                'db_table': 'portal_certified',
                'abstract': False,
                'managed': False,
            },
        ),
        migrations.RunSQL(
            [f"CREATE VIEW {name} WITH (security_barrier) AS {sql}" for name, sql in VIEWS.items()],
            [f"DROP VIEW {name}" for name in reversed(VIEWS)],
        ),
    ]
