package import Spec

/// Statements on the identities of resources.
package enum Lineages {
    /// Every lineage that is found by its name, those of deleted resources included.
    package static func all(_ transaction: Transaction) throws(DatabaseError) -> [Lineage] {
        try list(
            transaction.query(
                "SELECT uid, closed_revision, org, kind, name FROM charter.lineage WHERE superseded_revision IS NULL"))
    }

    /// Those that are found by one of these names.
    package static func named(_ transaction: Transaction, _ keys: [ResourceKey]) throws(DatabaseError) -> [Lineage] {
        try list(
            transaction.query(
                """
                SELECT l.uid, l.closed_revision, l.org, l.kind, l.name
                FROM unnest($1::text[], $2::text[], $3::text[]) AS n (org, kind, name)
                JOIN charter.lineage l ON (l.org, l.kind, l.name) = (n.org, n.kind, n.name)
                WHERE l.superseded_revision IS NULL
                """, keys.columns))
    }

    private static func list(_ rows: Rows) throws(DatabaseError) -> [Lineage] {
        var lineages: [Lineage] = []
        for row in rows {
            lineages.append(
                Lineage(uid: try row.text(0), key: try ResourceKey(row, from: 2), closedRevision: row.integerOrNil(1)))
        }
        return lineages
    }

    /// The uid that goes with a name, also after the resource was deleted.
    package static func uid(_ transaction: Transaction, _ key: ResourceKey) throws(DatabaseError) -> String? {
        try transaction.query(
            """
            SELECT uid FROM charter.lineage
            WHERE org = $1 AND kind = $2 AND name = $3 AND superseded_revision IS NULL
            """, [.text(key.orgColumn), .text(key.kind.rawValue), .text(key.name)]
        ).first?.text(0)
    }

    /// Writes what `LineageBook.choose` decided.
    package static func record(
        _ transaction: Transaction, _ choices: [ResourceKey: LineageChoice], revision: Int64
    ) throws(DatabaseError) {
        var minted: [(String, ResourceKey)] = []
        var renamed: [(String, ResourceKey)] = []
        var reopened: [String] = []
        for (key, choice) in choices {
            switch choice {
            case .kept: break
            case .minted(let uid): minted.append((uid, key))
            case .renamed(let uid, _): renamed.append((uid, key))
            case .reopened(let uid): reopened.append(uid)
            }
        }
        try rename(transaction, renamed, revision: revision)
        try reopen(transaction, reopened)
        try mint(transaction, minted, revision: revision)
    }

    package static func mint(
        _ transaction: Transaction, _ lineages: [(uid: String, key: ResourceKey)], revision: Int64
    ) throws(DatabaseError) {
        guard !lineages.isEmpty else { return }
        try transaction.query(
            """
            INSERT INTO charter.lineage (uid, org, kind, name, opened_revision)
            SELECT uid, org, kind, name, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) AS n (org, kind, name, uid)
            """, lineages.map(\.key).columns + [.texts(lineages.map(\.uid)), .integer(revision)])
    }

    /// Gives lineages another name each, also when they swap names; a deleted lineage that held one is found no more.
    package static func rename(
        _ transaction: Transaction, _ lineages: [(uid: String, to: ResourceKey)], revision: Int64
    ) throws(DatabaseError) {
        guard !lineages.isEmpty else { return }
        let uids = SQLValue.texts(lineages.map(\.uid))
        let keys = lineages.map(\.to).columns
        // First out of the index of names, so that no order of the rows can collide.
        try transaction.query(
            "UPDATE charter.lineage SET superseded_revision = $2 WHERE uid = ANY ($1::uuid[])", [uids, .integer(revision)])
        try transaction.query(
            """
            UPDATE charter.lineage l SET superseded_revision = $4
            FROM unnest($1::text[], $2::text[], $3::text[]) AS n (org, kind, name)
            WHERE (l.org, l.kind, l.name) = (n.org, n.kind, n.name) AND l.superseded_revision IS NULL
                AND l.closed_revision IS NOT NULL
            """, keys + [.integer(revision)])
        try transaction.query(
            """
            UPDATE charter.lineage l
            SET org = n.org, kind = n.kind, name = n.name, superseded_revision = NULL, closed_revision = NULL
            FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) AS n (org, kind, name, uid) WHERE l.uid = n.uid
            """, keys + [uids])
    }

    package static func reopen(_ transaction: Transaction, _ uids: [String]) throws(DatabaseError) {
        guard !uids.isEmpty else { return }
        try transaction.query(
            "UPDATE charter.lineage SET closed_revision = NULL WHERE uid = ANY ($1::uuid[])", [.texts(uids)])
    }

    /// Marks lineages as deleted; a resource of the same name takes them up again.
    package static func close(_ transaction: Transaction, _ uids: [String], revision: Int64) throws(DatabaseError) {
        guard !uids.isEmpty else { return }
        try transaction.query(
            "UPDATE charter.lineage SET closed_revision = $2 WHERE uid = ANY ($1::uuid[])",
            [.texts(uids), .integer(revision)])
    }
}
