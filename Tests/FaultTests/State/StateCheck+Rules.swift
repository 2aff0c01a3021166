extension StateCheck {
    /// A question that no row must answer.
    struct Rule {
        let name: String
        /// Whether hands that write into `charter.resource` break it.
        var isOfRows = false
        let sql: String
    }

    static let rules: [Rule] = revisions + identities + records + rows

    private static let revisions = [
        Rule(name: "the head is the newest revision", sql: """
            SELECT h.id FROM charter.revision_head h WHERE h.id <> (SELECT coalesce(max(id), 0) FROM charter.revision)
            """),
        Rule(name: "every revision follows the one before", sql: """
            SELECT id FROM charter.revision WHERE parent IS DISTINCT FROM nullif(id - 1, 0)
            """),
        Rule(name: "time goes on from revision to revision", sql: """
            SELECT r.id FROM charter.revision r JOIN charter.revision p ON p.id = r.parent WHERE r.applied_at < p.applied_at
            """),
        Rule(name: "a revision stands at its own commit", sql: """
            SELECT id FROM charter.revision WHERE vector ->> unit IS DISTINCT FROM commit
            """),
        Rule(name: "a revision moves no other unit", sql: """
            SELECT r.id FROM charter.revision r JOIN charter.revision p ON p.id = r.parent
            WHERE r.vector - r.unit <> p.vector - r.unit
            """),
        Rule(name: "a commit that is applied again declares the same", sql: """
            SELECT r.id FROM charter.revision r JOIN charter.revision p ON p.id = r.parent
            WHERE r.act = 'apply' AND p.act = 'apply' AND (r.unit, r.commit) = (p.unit, p.commit) AND r.state_digest <> p.state_digest
            """),
        Rule(name: "what is restored was there", sql: """
            SELECT r.id FROM charter.revision r JOIN charter.revision w ON w.id = r.restored
            WHERE w.unit = r.unit AND w.state_digest <> r.state_digest
            """),
    ]

    private static let identities = [
        Rule(name: "history belongs to a revision", sql: """
            SELECT uid FROM charter.history WHERE revision NOT IN (SELECT id FROM charter.revision)
            """),
        Rule(name: "history belongs to a lineage", sql: """
            SELECT uid FROM charter.history WHERE uid NOT IN (SELECT uid FROM charter.lineage)
            """),
        Rule(name: "a revision changes a field once", sql: """
            SELECT uid FROM charter.history GROUP BY uid, revision, field HAVING count(*) > 1
            """),
        Rule(name: "places belong to a revision", sql: """
            SELECT uid FROM charter.provenance WHERE revision_from NOT IN (SELECT id FROM charter.revision)
            """),
        Rule(name: "places belong to a lineage", sql: """
            SELECT uid FROM charter.provenance WHERE uid NOT IN (SELECT uid FROM charter.lineage)
            """),
        Rule(name: "places name a file, a blob, a line and a commit", sql: """
            SELECT uid FROM charter.provenance WHERE path = '' OR blob !~ '^[0-9a-f]{40}$' OR commit !~ '^[0-9a-f]{40}$'
                OR line < 1 OR col < 1 OR jsonb_typeof(spans) <> 'object' OR author = ''
            """),
        Rule(name: "a lineage opens and ends at revisions", sql: """
            SELECT uid FROM charter.lineage WHERE opened_revision NOT IN (SELECT id FROM charter.revision)
                OR closed_revision NOT IN (SELECT id FROM charter.revision)
                OR superseded_revision NOT IN (SELECT id FROM charter.revision)
            """),
        Rule(name: "a lineage is open as long as its history goes on", sql: """
            SELECT l.uid FROM charter.lineage l JOIN LATERAL (
                SELECT h.op FROM charter.history h WHERE h.uid = l.uid AND h.field = '' ORDER BY h.revision DESC LIMIT 1) AS last ON true
            WHERE (last.op = 'set') <> (l.closed_revision IS NULL AND l.superseded_revision IS NULL)
            """),
    ]

    private static let records = [
        Rule(name: "a plan that was let pass waits no more", sql: """
            SELECT w.unit FROM charter.waiting_plan w
            WHERE w.since < (SELECT max(r.applied_at) FROM charter.revision r WHERE r.unit = w.unit AND r.act = 'apply')
            """),
        Rule(name: "a hold begins at a rollback", sql: """
            SELECT h.unit FROM charter.hold h
            WHERE NOT EXISTS (SELECT FROM charter.revision r WHERE (r.id, r.unit, r.act) = (h.revision, h.unit, 'rollback'))
            """),
        Rule(name: "the audit has every revision once, as it is, and no other", sql: """
            SELECT coalesce(r.id, a.id) FROM (
                SELECT id, unit, commit, author, encode(state_digest, 'hex') AS digest,
                    CASE act WHEN 'apply' THEN 'revision.applied' WHEN 'correct' THEN 'revision.corrected' ELSE 'revision.rolled_back' END AS action
                FROM charter.revision) r
            FULL JOIN (
                SELECT subject AS unit, action, (detail::jsonb ->> 'revision')::bigint AS id, detail::jsonb ->> 'commit' AS commit,
                    detail::jsonb ->> 'author' AS author, detail::jsonb ->> 'state_digest' AS digest
                FROM charter.audit WHERE action LIKE 'revision.%') a USING (id, unit, commit, author, digest, action)
            GROUP BY r.id, a.id HAVING r.id IS NULL OR a.id IS NULL OR count(*) > 1
            """),
        Rule(name: "the audit has every approval, and no other", sql: """
            SELECT n.audited FROM (SELECT (SELECT count(*) FROM charter.audit WHERE action = 'plan.approved') AS audited,
                (SELECT count(*) FROM charter.approval) AS done) AS n WHERE n.audited <> n.done
            """),
        Rule(name: "the audit has every suspension", sql: """
            SELECT unit FROM charter.suspension s
            WHERE NOT EXISTS (SELECT FROM charter.audit a WHERE a.action = 'unit.suspended' AND a.subject = s.unit)
            """),
        Rule(name: "a rejected commit is not the one applied", sql: """
            SELECT u.name FROM charter.unit u WHERE u.rejected_commit =
                (SELECT r.commit FROM charter.revision r WHERE r.unit = u.name ORDER BY r.id DESC LIMIT 1)
            """),
        Rule(name: "no lease lasts", sql: """
            SELECT name FROM charter.leader WHERE expires_at > clock_timestamp() + interval '15 seconds'
            """),
        Rule(name: "no transaction is left prepared", sql: "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"),
        Rule(name: "the steps of the schema have no gap", sql: """
            SELECT version FROM charter.schema_migration WHERE version > 0
                AND version - 1 NOT IN (SELECT version FROM charter.schema_migration)
            """),
    ]

    private static let rows = [
        Rule(name: "a row has its own digest", isOfRows: true, sql: """
            SELECT name FROM charter.resource WHERE digest <> charter.row_digest(org, kind, name, canonical)
            """),
        Rule(name: "the rows add up to the newest revision", isOfRows: true, sql: """
            SELECT r.id FROM charter.revision r WHERE r.id = (SELECT max(id) FROM charter.revision)
                AND encode(r.state_digest, 'hex') <> charter.state_digest()
            """),
        Rule(name: "a row belongs to a revision and a unit of it", isOfRows: true, sql: """
            SELECT x.name FROM charter.resource x LEFT JOIN charter.revision r ON r.id = x.revision
            WHERE r.id IS NULL OR NOT r.vector ? x.unit
            """),
        Rule(name: "a row has an open lineage of its name", isOfRows: true, sql: """
            SELECT r.name FROM charter.resource r WHERE NOT EXISTS (
                SELECT FROM charter.lineage l WHERE (l.uid, l.org, l.kind, l.name) = (r.uid, r.org, r.kind, r.name)
                    AND l.closed_revision IS NULL AND l.superseded_revision IS NULL)
            """),
        Rule(name: "an open lineage has a row", isOfRows: true, sql: """
            SELECT l.name FROM charter.lineage l WHERE l.closed_revision IS NULL AND l.superseded_revision IS NULL
                AND l.uid NOT IN (SELECT uid FROM charter.resource)
            """),
    ]
}
