"""The views that the portal's database role reads: nothing that isn't shared, submitted or released is in them.

They run with the owner's rights on the tables below them (security_barrier: no condition of a reader's is tried on a row
before the view's own). A later migration that changes a column used here drops the views first and makes them again.
"""

from django.db import migrations


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
               encode(sha256(convert_to(k.content, 'UTF8')), 'hex') = k.sha256 AS intact
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
    # The words are those of the certified text, not of the rows that it was made from. Of a withdrawn row only its number is there:
    # that it moved to another schedule must not show.
    "portal_row": """
        SELECT r.id, r.version_id, r.position, (c.row ->> 'withdrawn')::boolean AS withdrawn,
               coalesce(c.row ->> 'description', '') AS description,
               coalesce(c.row ->> 'location', '') AS location,
               coalesce(c.row ->> 'sensitivity_reason', '') AS sensitivity_reason,
               x.id AS exhibit_id, coalesce(x.reference, '') AS reference
          FROM portal_schedule s
         CROSS JOIN LATERAL jsonb_array_elements(s.content::jsonb -> 'rows') c (row)
          JOIN disclosure_row r ON r.version_id = s.id AND r.position = (c.row ->> 'number')::integer
          LEFT JOIN disclosure_item i ON i.id = r.item_id AND NOT (c.row ->> 'withdrawn')::boolean
          LEFT JOIN evidence_exhibit x ON x.id = i.exhibit_id
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
         WHERE c.cps_area_id IS NOT NULL AND r.audience = 'cps'
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
}


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_initial"),
        ("audit", "0001_initial"),
        ("accounts", "0001_initial"),
        ("cases", "0001_initial"),
        ("evidence", "0001_initial"),
        ("disclosure", "0001_initial"),
        ("redaction", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [f"CREATE VIEW {name} WITH (security_barrier) AS {sql}" for name, sql in VIEWS.items()],
            [f"DROP VIEW {name}" for name in reversed(VIEWS)],
        ),
    ]
