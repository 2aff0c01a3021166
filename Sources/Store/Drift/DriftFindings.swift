internal import Spec

/// Statements on what scans found.
package enum DriftFindings {
    /// How many of one unit are kept; the scan counts the rest.
    package static let presentMax = 10_000

    /// Those that the database still is like, of one unit or of all, in the order of their resources.
    package static func present(_ transaction: Transaction, unit: String? = nil) throws(DatabaseError) -> [DriftFinding] {
        try select(
            transaction, "f.settled_at IS NULL AND ($1::text IS NULL OR f.unit = $1) ORDER BY f.resource, f.field, f.id",
            [.text(unit)])
    }

    /// Whether any that the database still is like is of a declared key.
    package static func hasKeys(_ transaction: Transaction) throws(DatabaseError) -> Bool {
        try !transaction.query("SELECT FROM charter.drift_finding WHERE settled_at IS NULL AND resource LIKE '%/APIKey/%' LIMIT 1").isEmpty
    }

    /// Those of some organization or of all, the settled ones of the last 90 days too; the newest first.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, limit: Int
    ) throws(DatabaseError) -> [DriftFinding] {
        try page(transaction, tenancy, states: [], before: nil, limit: limit)
    }

    /// The notes that these findings are blamed on, as the rows are now.
    package static func blames(
        _ transaction: Transaction, of findings: [DriftFinding]
    ) throws(DatabaseError) -> [DriftFinding.Subject: DriftWrite] {
        let rows = try transaction.query(
            """
            SELECT n.uid, n.field, \(DriftWrites.columns("w")) FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n (uid, field, aspect)
            JOIN charter.drift_write w ON w.id = \(blame)
            """, [.texts(findings.map(\.uid)), .texts(findings.map(\.pointer)), .texts(findings.map(\.aspect.rawValue))])
        var writes: [DriftFinding.Subject: DriftWrite] = [:]
        for row in rows { writes[.init(uid: try row.text(0), pointer: try row.text(1))] = try DriftWrite(row, from: 2) }
        return writes
    }

    /// The resources of a unit whose recorded places a hand changed, and which the next revision can write anew: what stands under a number
    /// that no revision has yet would hold whatever was written.
    package static func doubtedPlaces(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Set<String> {
        let rows = try transaction.query(
            """
            SELECT uid FROM charter.drift_finding WHERE unit = $1 AND settled_at IS NULL AND aspect = 'provenance'
                AND CASE WHEN field ~ '^/provenance/[0-9]{1,18}$' THEN split_part(field, '/', 3)::bigint END
                    <= (SELECT max(id) FROM charter.revision)
            """, [.text(unit)])
        var uids: Set<String> = []
        for row in rows { uids.insert(try row.text(0)) }
        return uids
    }

    /// Ends tolerations whose time is over, by the database's clock; answers the ids.
    static func endTolerations(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Set<Int64> {
        try ids(
            of: transaction.query(
                """
                UPDATE charter.drift_finding SET state = 'open' WHERE unit = $1 AND state = 'tolerated' AND tolerated_until <= now()
                RETURNING id
                """, [.text(unit)]))
    }

    /// Has Charter take no part in what is found to be yet another value after changes were asked for again and again; answers the ids.
    static func contest(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Set<Int64> {
        try ids(
            of: transaction.query(
                """
                UPDATE charter.drift_finding SET contested_since = now()
                WHERE unit = $1 AND settled_at IS NULL AND adoption IS NULL AND revert_asked_by IS NULL AND contested_since IS NULL
                    AND asks > 5 AND asked_since > now() - interval '10 minutes'
                RETURNING id
                """, [.text(unit)]))
    }

    static func ids(of rows: Rows) throws(DatabaseError) -> Set<Int64> {
        var ids: Set<Int64> = []
        for row in rows { ids.insert(try row.integer(0)) }
        return ids
    }

    /// Makes new ones, each blamed on the newest write that left the row as it is and that nothing settled was blamed on.
    static func insert(_ transaction: Transaction, _ findings: [DriftFinding]) throws(DatabaseError) {
        guard !findings.isEmpty else { return }
        try transaction.query(
            """
            INSERT INTO charter.drift_finding (unit, uid, field, resource, org, aspect, label, wanted, found, path, line, col,
                direction, revision, row_digest, contested_since, write)
            SELECT n.unit, n.uid, n.field, n.resource, n.org, n.aspect, n.label, n.wanted, n.found, n.path, n.line, n.col,
                n.direction, n.revision, n.row_digest, \(contested), \(blame)
            FROM \(columns)
            ON CONFLICT (unit, uid, field) WHERE settled_at IS NULL DO NOTHING
            """, findings.columns)
    }

    /// Has findings say what is found now; what was tolerated, or is to be adopted, was another value.
    static func update(_ transaction: Transaction, _ findings: [DriftFinding]) throws(DatabaseError) {
        guard !findings.isEmpty else { return }
        try transaction.query(
            """
            UPDATE charter.drift_finding f SET resource = n.resource, aspect = n.aspect, label = n.label, wanted = n.wanted,
                found = n.found, path = n.path, line = n.line, col = n.col, direction = n.direction, revision = n.revision,
                row_digest = n.row_digest, last_seen = now(),
                state = CASE WHEN \(isOther) THEN 'open' ELSE f.state END,
                write = CASE WHEN \(isOther) THEN \(blame) ELSE f.write END,
                adoption = CASE WHEN \(isOther) OR f.wanted IS DISTINCT FROM n.wanted THEN NULL ELSE f.adoption END
            FROM \(columns)
            WHERE f.unit = n.unit AND f.uid = n.uid AND f.field = n.field AND f.settled_at IS NULL
            """, findings.columns)
    }

    /// Says of findings that they are still there, at most once a minute.
    static func touch(_ transaction: Transaction, _ ids: [Int64]) throws(DatabaseError) {
        guard !ids.isEmpty else { return }
        try transaction.query(
            """
            UPDATE charter.drift_finding SET last_seen = now()
            WHERE id = ANY ($1::bigint[]) AND last_seen < now() - interval '1 minute'
            """, [.integers(ids)])
    }

    static func settle(_ transaction: Transaction, _ ids: [(Int64, DriftFinding.State)]) throws(DatabaseError) {
        guard !ids.isEmpty else { return }
        try transaction.query(
            """
            UPDATE charter.drift_finding f SET state = n.state, settled_at = now()
            FROM unnest($1::bigint[], $2::text[]) AS n (id, state) WHERE f.id = n.id AND f.settled_at IS NULL
            """, [.integers(ids.map(\.0)), .texts(ids.map(\.1.rawValue))])
    }

    /// Removes some of what was settled more than 90 days ago; call it again and again.
    static func prune(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query(
            """
            DELETE FROM charter.drift_finding WHERE id IN (SELECT id FROM charter.drift_finding
                WHERE settled_at < now() - interval '90 days' ORDER BY settled_at LIMIT 5000)
            """)
    }

    // MARK: Expressions over a new finding `n`

    /// Findings as `[DriftFinding].columns` has them.
    private static let columns = """
        unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::bigint[], $12::bigint[], $13::text[], $14::bigint[], $15::text[])
            AS n (unit, uid, field, resource, org, aspect, label, wanted, found, path, line, col, direction, revision, row_digest)
        """

    /// Whether it says something else than `f`, which is what was known of it. A row that no commit declares is what its digest says.
    private static let isOther = """
        ((f.aspect, f.found) IS DISTINCT FROM (n.aspect, n.found)
            OR coalesce(n.aspect = 'unexpected' AND f.row_digest <> n.row_digest, false))
        """

    /// The table that a finding is of.
    private static let relation = """
        CASE WHEN n.aspect IN ('provenance', 'lineage') OR (n.aspect = 'history' AND n.field NOT IN ('/revision', '/unit')) THEN n.aspect
            ELSE 'resource' END
        """

    /// The newest note of the row where it left the row as it is now, and of other tables the newest of the resource. Else the newest of the
    /// later statements over too many rows to tell apart, where one hand made all of those: of two it is not known whose the row is.
    private static let blame = """
        (SELECT coalesce(
            (SELECT o.id FROM (SELECT * FROM charter.drift_write WHERE uid = n.uid AND relation = \(relation) ORDER BY id DESC LIMIT 1) o
            WHERE o.id > k.settled AND (o.relation <> 'resource' OR o.after_digest IS NOT DISTINCT FROM
                (SELECT charter.row_digest(r.org, r.kind, r.name, r.canonical) FROM charter.resource r WHERE r.uid = n.uid))),
            (SELECT max(w.id) FROM charter.drift_write w
            WHERE w.uid IS NULL AND w.relation = \(relation) AND w.id > k.settled
                AND w.id > coalesce((SELECT max(o.id) FROM charter.drift_write o WHERE o.uid = n.uid AND o.relation = \(relation)), 0)
            HAVING count(DISTINCT (w.session_role, w.acting_role, w.application, w.address)) = 1))
        FROM (SELECT coalesce(max(s.write), 0) FROM charter.drift_finding s WHERE s.uid = n.uid AND s.settled_at IS NOT NULL) AS k (settled))
        """

    /// Now, where the field was put right, or asked to be declared, more than five times in ten minutes, or was contested within the last hour, and nobody has
    /// asked for another revert since.
    private static let contested = """
        (SELECT now() FROM charter.drift_finding s
        WHERE s.unit = n.unit AND s.uid = n.uid AND s.field = n.field AND s.settled_at > now() - interval '1 hour'
            AND s.id > coalesce((SELECT max(a.id) FROM charter.drift_finding a WHERE a.unit = n.unit AND a.uid = n.uid
                AND a.field = n.field AND a.revert_asked_by IS NOT NULL), 0)
        HAVING count(*) FILTER (WHERE (s.state IN ('reverted', 'adopted') OR s.asks > 0) AND s.settled_at > now() - interval '10 minutes') > 5
            OR count(s.contested_since) > 0)
        """

    static func select(
        _ transaction: Transaction, _ condition: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [DriftFinding] {
        let rows = try transaction.query(
            """
            SELECT f.id, f.unit, f.uid, f.resource, f.aspect, f.field, f.label, f.wanted, f.found, f.path, f.line, f.col, f.direction,
                f.revision, \(SQLInstant.milliseconds("f.first_seen")), \(SQLInstant.milliseconds("f.last_seen")), f.state,
                \(SQLInstant.milliseconds("f.settled_at")), \(SQLInstant.milliseconds("f.tolerated_until")), f.tolerated_by,
                f.tolerated_reason, f.revert_asked_by, \(SQLInstant.milliseconds("f.contested_since")), c.uid, c.state, c.branch,
                coalesce(c.reason, c.trouble), c.org, f.row_digest, \(DriftWrites.columns("w"))
            FROM charter.drift_finding f LEFT JOIN charter.drift_write w ON w.id = f.write
                LEFT JOIN charter.change_request c ON c.uid = f.adoption WHERE \(condition)
            """, values)
        var findings: [DriftFinding] = []
        for row in rows { findings.append(try DriftFinding(row)) }
        return findings
    }
}

extension [DriftFinding] {
    fileprivate var columns: [SQLValue] {
        [
            .texts(map(\.unit)), .texts(map(\.uid)), .texts(map(\.pointer)), .texts(map(\.resource)), .texts(map { $0.org ?? "" }),
            .texts(map(\.aspect.rawValue)), .texts(map(\.label)), .texts(map(\.wanted)), .texts(map(\.found)),
            .texts(map { $0.place?.path }), .integers(map { Int64($0.place?.position.line ?? 0) }),
            .integers(map { Int64($0.place?.position.column ?? 0) }), .texts(map(\.direction.rawValue)), .integers(map(\.revision)),
            .texts(map(\.row)),
        ]
    }
}

extension DriftFinding {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        guard let aspect = Aspect(rawValue: try row.text(4)), let direction = Direction(rawValue: try row.text(12)),
            let state = State(rawValue: try row.text(16))
        else { throw DatabaseError(.unexpectedAnswer, "the database holds a drift finding that this program does not know") }
        self.init(
            unit: try row.text(1), uid: try row.text(2), resource: try row.text(3), aspect: aspect, pointer: try row.text(5),
            label: try row.text(6), revision: try row.integer(13))
        // As they are kept, cut already.
        (id, wanted, found) = (try row.integer(0), row.textOrNil(7), row.textOrNil(8))
        (self.direction, self.state) = (direction, state)
        if let path = row.textOrNil(9) {
            place = Place(path: path, position: Position(line: Int(try row.integer(10)), column: Int(try row.integer(11))))
        }
        (firstSeen, lastSeen, settledAt) = (row.instantOrNil(14), row.instantOrNil(15), row.instantOrNil(17))
        if let until = row.instantOrNil(18) {
            toleration = Toleration(until: until, actor: row.textOrNil(19) ?? "", reason: row.textOrNil(20) ?? "")
        }
        (revertAskedBy, contestedSince) = (row.textOrNil(21), row.instantOrNil(22))
        if let change = row.textOrNil(23) {
            guard let state = ChangeRequest.State(rawValue: try row.text(24)) else {
                throw DatabaseError(.unexpectedAnswer, "a change request is in a state that this program does not know")
            }
            adoption = Adoption(
                change: change, state: state, branch: row.textOrNil(25), reason: row.textOrNil(26),
                org: row.textOrNil(27).flatMap { $0.isEmpty ? nil : $0 })
        }
        self.row = row.textOrNil(28)
        if row.integerOrNil(29) != nil { write = try DriftWrite(row, from: 29) }
    }
}
