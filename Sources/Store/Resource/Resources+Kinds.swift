package import Spec

extension Resources {
    /// Every row of these kinds, in the order of org, kind and name.
    package static func list(_ transaction: Transaction, kinds: [Kind]) throws(DatabaseError) -> [StoredResource] {
        let rows = try transaction.query(
            """
            SELECT org, kind, name, uid, canonical, digest, revision, unit FROM charter.resource
            WHERE kind = ANY ($1::text[]) ORDER BY org COLLATE "C", kind COLLATE "C", name COLLATE "C"
            """, [.texts(kinds.map(\.rawValue))])
        var resources: [StoredResource] = []
        for row in rows { resources.append(try StoredResource(row)) }
        return resources
    }
}
