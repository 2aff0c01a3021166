internal import Spec

/// Statements on what was spent in each window.
///
/// A cell is always the ledger's sum under its subject. It is made from the ledger while `charter.ledger_lock` keeps every
/// shipment out, and every shipment, which shares that lock, adds its rows to all the cells that stand by then.
package enum Cells {
    /// What is spent in each cell; one that is missing, or whose subject has changed, is first summed from the ledger.
    ///
    /// A cell of `everyName` brings those of all names that were asked for.
    /// Needs a transaction of isolation `readCommitted`, so that statements after the lock see what was committed before it.
    package static func load(_ transaction: Transaction, _ seeds: [CellSeed]) throws(DatabaseError) -> [CellID: CellSum] {
        var sums = try read(transaction, seeds)
        let missing = seeds.filter { sums[$0.id] == nil }
        guard !missing.isEmpty else { return sums }
        try lockAlone(transaction)
        try seed(transaction, missing)
        sums.merge(try read(transaction, missing)) { _, seeded in seeded }
        return sums
    }

    /// Keeps those out until the transaction ends who add the ledger up, or look at what is to be corrected.
    static func lockShared(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query("SELECT FROM charter.ledger_lock FOR SHARE")
    }

    static func lockAlone(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.requireReadCommitted()
        try transaction.query("SELECT FROM charter.ledger_lock FOR UPDATE")
    }

    /// The cells that stand with just this subject and window.
    private static func read(_ transaction: Transaction, _ seeds: [CellSeed]) throws(DatabaseError) -> [CellID: CellSum] {
        guard !seeds.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT s.position, c.amount, c.model, c.corrected FROM \(CellColumns.unnested)
            JOIN charter.cell c ON (c.uid, c.meter, c."window", c.window_start)
                = (s.uid, s.meter, s."window", s.window_start)
                AND (c.model = s.model OR s.model = '\(CellID.everyName)' AND c.model <> '')
            WHERE (c.window_end, c.org_uid, c.project_uid, c.member_uid, c.key_uid, c.models)
                IS NOT DISTINCT FROM (s.window_end, s.org_uid, s.project_uid, s.member_uid, s.key_uid, s.models::text[])
            """, CellColumns.values(seeds))
        var sums: [CellID: CellSum] = [:]
        for row in rows {
            sums[seeds[Int(try row.integer(0)) - 1].id.named(try row.text(2))] = CellSum(
                amount: try row.integer(1), corrected: try row.integer(3))
        }
        return sums
    }

    /// Sums the ledger for each cell: whole hours from the rollup, the rest from the rows.
    private static func seed(_ transaction: Transaction, _ seeds: [CellSeed]) throws(DatabaseError) {
        // Two statements, as only the one that always compares the key's column can use that index.
        let (ofKeys, others) = (seeds.filter { $0.subject.keyUID != nil }, seeds.filter { $0.subject.keyUID == nil })
        for (group, key) in [(ofKeys, "u.key_uid = s.key_uid"), (others, "true")] where !group.isEmpty {
            try transaction.query(seeding(key: key), CellColumns.values(group))
            let perName = group.filter { $0.id.model == CellID.everyName }
            guard !perName.isEmpty else { continue }
            try transaction.query(forgettingNames, CellColumns.values(perName))
            try transaction.query(seedingNames(key: key), CellColumns.values(perName))
        }
    }

    private static func seeding(key: String) -> String {
        let hours = sum("charter.usage_hour", key, "u.hour >= s.hours_from AND u.hour < s.hours_to")
        let before = sum("charter.usage", key, "u.at >= s.window_start AND u.at < s.before_to")
        let after = sum("charter.usage", key, "u.at >= s.after_from AND u.at < s.window_end")
        let all = """
            \(hours) + CASE WHEN s.before_to > s.window_start THEN \(before) ELSE 0 END
            + CASE WHEN s.after_from < s.window_end THEN \(after) ELSE 0 END
            """
        return """
            INSERT INTO charter.cell (uid, meter, "window", window_start, window_end, model, amount,
                org_uid, project_uid, member_uid, key_uid, models)
            SELECT s.uid, s.meter, s."window", s.window_start, s.window_end, s.model, \(ClampedSum.clamped(all)),
                s.org_uid, s.project_uid, s.member_uid, s.key_uid, s.models::text[]
            FROM \(CellColumns.unnested)
            ON CONFLICT (uid, meter, "window", window_start, model) DO UPDATE SET
                window_end = excluded.window_end, amount = excluded.amount, org_uid = excluded.org_uid,
                project_uid = excluded.project_uid, member_uid = excluded.member_uid, key_uid = excluded.key_uid,
                models = excluded.models, seeded_at = now()
            """
    }

    /// Cells of names that another subject of the rule has left behind.
    private static let forgettingNames = """
        DELETE FROM charter.cell c USING \(CellColumns.unnested)
        WHERE (c.uid, c.meter, c."window", c.window_start) = (s.uid, s.meter, s."window", s.window_start)
            AND c.model NOT IN ('', '\(CellID.everyName)')
        """

    private static func seedingNames(key: String) -> String {
        """
        INSERT INTO charter.cell (uid, meter, "window", window_start, window_end, model, amount,
            org_uid, project_uid, member_uid, key_uid, models)
        SELECT s.uid, s.meter, s."window", s.window_start, s.window_end, n.name, \(ClampedSum.clamped("sum(n.amount)")),
            s.org_uid, s.project_uid, s.member_uid, s.key_uid, s.models::text[]
        FROM \(CellColumns.unnested)
        CROSS JOIN LATERAL (
            \(named("charter.usage_hour", key, "u.hour >= s.hours_from AND u.hour < s.hours_to"))
            UNION ALL \(named("charter.usage", key, "u.at >= s.window_start AND u.at < s.before_to"))
            UNION ALL \(named("charter.usage", key, "u.at >= s.after_from AND u.at < s.window_end"))) n
        GROUP BY s.uid, s.meter, s."window", s.window_start, s.window_end, n.name, s.org_uid, s.project_uid, s.member_uid,
            s.key_uid, s.models
        """
    }

    private static func sum(_ table: String, _ key: String, _ time: String) -> String {
        "coalesce((SELECT sum(\(amount)) FROM \(table) u WHERE \(isCounted(key, time))), 0)"
    }

    private static func named(_ table: String, _ key: String, _ time: String) -> String {
        """
        SELECT \(UsageTerms.countedName) AS name, sum(\(amount)) AS amount FROM \(table) u
            WHERE \(isCounted(key, time)) GROUP BY 1
        """
    }

    static let amount = "CASE s.meter WHEN 'usd' THEN u.cost WHEN 'tokens' THEN u.tokens ELSE u.requests END"

    static func isCounted(_ key: String, _ time: String) -> String {
        """
        u.org_uid = s.org_uid AND (\(key)) AND \(time)
            AND (s.project_uid IS NULL OR u.project_uid = s.project_uid)
            AND (s.member_uid IS NULL OR u.member_uid = s.member_uid)
            AND (s.patterns IS NULL OR \(UsageSubject.models("u", like: "s.patterns::text[]")))
        """
    }
}
