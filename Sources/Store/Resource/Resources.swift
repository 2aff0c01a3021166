package import Spec

/// Statements on declared state; only an apply, with the leader's token checked in its transaction, may write.
package enum Resources {
    /// Every resource in the order of org, kind and name; rows of an unknown kind are `strangers`.
    package static func all(_ transaction: Transaction) throws(DatabaseError) -> [StoredResource] {
        try list(transaction, .everything)
    }

    package static func list(_ transaction: Transaction, _ tenancy: Tenancy) throws(DatabaseError) -> [StoredResource] {
        try select(
            transaction,
            """
            WHERE \(Tenancy.filter(1)) AND kind = ANY ($2::text[])
            ORDER BY org COLLATE "C", kind COLLATE "C", name COLLATE "C"
            """, [tenancy.value, Kind.column])
    }

    /// Those of these kinds.
    package static func list(_ transaction: Transaction, kinds: [Kind]) throws(DatabaseError) -> [StoredResource] {
        try select(
            transaction,
            """
            WHERE kind = ANY ($1::text[])
            ORDER BY org COLLATE "C", kind COLLATE "C", name COLLATE "C"
            """, [.texts(kinds.map(\.rawValue))])
    }

    /// Those of a kind whose text has one of these in it: few of very many, which are not read.
    package static func list(
        _ transaction: Transaction, _ kind: Kind, containing texts: [String]
    ) throws(DatabaseError) -> [StoredResource] {
        try select(
            transaction,
            """
            WHERE kind = $1 AND EXISTS (SELECT FROM unnest($2::text[]) AS t (part) WHERE strpos(canonical, t.part) > 0)
            ORDER BY org COLLATE "C", name COLLATE "C"
            """, [.text(kind.rawValue), .texts(texts)])
    }

    /// Those of these lineages, and those of these names.
    package static func list(
        _ transaction: Transaction, uids: [String], keys: [ResourceKey]
    ) throws(DatabaseError) -> [StoredResource] {
        try select(
            transaction,
            """
            WHERE uid = ANY ($4::uuid[])
            UNION
            SELECT r.org, r.kind, r.name, r.uid, r.canonical, r.digest, r.revision, r.unit
            FROM unnest($1::text[], $2::text[], $3::text[]) AS n (org, kind, name)
            JOIN charter.resource r ON (r.org, r.kind, r.name) = (n.org, n.kind, n.name)
            """, keys.columns + [.texts(uids)])
    }

    /// Those of a clause that begins with WHERE.
    static func select(_ transaction: Transaction, _ clause: String, _ values: [SQLValue]) throws(DatabaseError) -> [StoredResource] {
        let rows = try transaction.query(
            "SELECT org, kind, name, uid, canonical, digest, revision, unit FROM charter.resource \(clause)", values)
        var resources: [StoredResource] = []
        resources.reserveCapacity(rows.count)
        for row in rows { resources.append(try StoredResource(row)) }
        return resources
    }

    /// Rows of a kind that this program does not know, which no apply can have written.
    package static func strangers(_ transaction: Transaction) throws(DatabaseError) -> [StrangeRow] {
        let rows = try transaction.query(
            "SELECT uid, org, kind, name FROM charter.resource WHERE kind <> ALL ($1::text[]) ORDER BY uid",
            [Kind.column])
        var found: [StrangeRow] = []
        for row in rows {
            let org = try row.text(1)
            found.append(
                StrangeRow(
                    uid: try row.text(0), name: "\(org.isEmpty ? "-" : org)/\(try row.text(2))/\(try row.text(3))"))
        }
        return found
    }

    /// Removes rows of an unknown kind.
    package static func delete(_ transaction: Transaction, strangers: [StrangeRow]) throws(DatabaseError) {
        guard !strangers.isEmpty else { return }
        try transaction.query(
            "DELETE FROM charter.resource WHERE uid = ANY ($1::uuid[]) AND kind <> ALL ($2::text[])",
            [.texts(strangers.map(\.uid)), Kind.column])
    }

    package static func one(_ transaction: Transaction, _ key: ResourceKey) throws(DatabaseError) -> StoredResource? {
        try select(
            transaction,
            """
            WHERE org = $1 AND kind = $2 AND name = $3
            """, [.text(key.orgColumn), .text(key.kind.rawValue), .text(key.name)]
        ).first
    }

    /// Writes resources whole; one that stood under another name with the same uid moves.
    package static func upsert(_ transaction: Transaction, _ resources: [StoredResource]) throws(DatabaseError) {
        guard !resources.isEmpty else { return }
        // Old rows go first and the rest is one COPY, which takes a third of the time of INSERT … ON CONFLICT.
        try transaction.query(
            "DELETE FROM charter.resource WHERE uid = ANY ($1::uuid[])", [.texts(resources.map(\.uid))])
        try delete(transaction, resources.map(\.key))
        try transaction.copy(
            into: "charter.resource (org, kind, name, uid, canonical, digest, revision, unit)", resources
        ) { $1.append($0) }
    }

    /// Removes resources; their lineages are closed by `Lineages.close`.
    package static func delete(_ transaction: Transaction, _ keys: [ResourceKey]) throws(DatabaseError) {
        guard !keys.isEmpty else { return }
        try transaction.query(
            """
            DELETE FROM charter.resource r USING unnest($1::text[], $2::text[], $3::text[]) AS n (org, kind, name)
            WHERE (r.org, r.kind, r.name) = (n.org, n.kind, n.name)
            """, keys.columns)
    }
}

/// A row that a hand wrote under a kind that this program does not know.
package struct StrangeRow: Hashable, Sendable {
    package var uid: String
    /// `org/kind/name`, as it is found.
    package var name: String
}

extension Kind {
    /// All kinds, as an array parameter.
    static var column: SQLValue { .texts(allCases.map(\.rawValue)) }
}

extension CopyRows {
    fileprivate mutating func append(_ resource: StoredResource) {
        append(resource.key.orgColumn)
        append(resource.key.kind.rawValue)
        append(resource.key.name)
        append(resource.uid)
        append(resource.canonical)
        append(resource.digest)
        append(resource.revision)
        append(resource.unit)
    }
}

extension StoredResource {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            key: try ResourceKey(row, from: 0), uid: try row.text(3), canonical: try row.text(4),
            digest: try row.digest(5), revision: try row.integer(6), unit: try row.text(7))
    }
}
