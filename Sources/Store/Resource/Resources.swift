package import Spec

/// Statements on declared state; only an apply, with the leader's token checked in its transaction, may write.
package enum Resources {
    /// Every resource in the order of org, kind and name.
    package static func all(_ transaction: Transaction) throws(DatabaseError) -> [StoredResource] {
        try list(transaction, .everything)
    }

    package static func list(_ transaction: Transaction, _ tenancy: Tenancy) throws(DatabaseError) -> [StoredResource] {
        let rows = try transaction.query(
            """
            SELECT org, kind, name, uid, canonical, digest, revision, unit FROM charter.resource
            WHERE \(Tenancy.filter(1)) ORDER BY org COLLATE "C", kind COLLATE "C", name COLLATE "C"
            """, [tenancy.value])
        var resources: [StoredResource] = []
        resources.reserveCapacity(rows.count)
        for row in rows { resources.append(try StoredResource(row)) }
        return resources
    }

    package static func one(_ transaction: Transaction, _ key: ResourceKey) throws(DatabaseError) -> StoredResource? {
        let rows = try transaction.query(
            """
            SELECT org, kind, name, uid, canonical, digest, revision, unit FROM charter.resource
            WHERE org = $1 AND kind = $2 AND name = $3
            """, [.text(key.orgColumn), .text(key.kind.rawValue), .text(key.name)])
        guard let row = rows.first else { return nil }
        return try StoredResource(row)
    }

    /// Writes resources whole; one that stood under another name with the same uid moves.
    package static func upsert(_ transaction: Transaction, _ resources: [StoredResource]) throws(DatabaseError) {
        guard !resources.isEmpty else { return }
        let keys = resources.map(\.key)
        try transaction.query(
            """
            DELETE FROM charter.resource r USING unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) AS n (org, kind, name, uid)
            WHERE r.uid = n.uid AND (r.org, r.kind, r.name) <> (n.org, n.kind, n.name)
            """, keys.columns + [.texts(resources.map(\.uid))])
        try transaction.query(
            """
            INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bytea[], $7::bigint[], $8::text[])
            ON CONFLICT (org, kind, name) DO UPDATE SET uid = excluded.uid, canonical = excluded.canonical,
                digest = excluded.digest, revision = excluded.revision, unit = excluded.unit
            """,
            keys.columns + [
                .texts(resources.map(\.uid)), .texts(resources.map(\.canonical)), .digests(resources.map(\.digest)),
                .integers(resources.map(\.revision)), .texts(resources.map(\.unit)),
            ])
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

extension StoredResource {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            key: try ResourceKey(row, from: 0), uid: try row.text(3), canonical: try row.text(4),
            digest: try row.digest(5), revision: try row.integer(6), unit: try row.text(7))
    }
}
