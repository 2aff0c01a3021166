package import Crypto
package import Spec

/// The digest of a whole state: the sum of its rows' digests, each of four 64-bit lanes wrapping by itself.
///
/// Rows add and subtract in any order, so a change costs its own rows only. `charter.state_digest()` computes the same in SQL.
package struct StateDigest: Hashable, Sendable {
    package private(set) var sum = SHA256Digest(lanes: (0, 0, 0, 0))

    package init() {}

    package init(_ resources: some Sequence<StoredResource>) {
        for resource in resources { add(Self.row(resource.key, resource.canonical)) }
    }

    /// 64 hexadecimal digits.
    package var hex: String { sum.hex }

    /// What one resource adds: SHA-256 of `org/kind/name`, a line feed and the canonical text; org is empty for the platform.
    package static func row(_ key: ResourceKey, _ canonical: String) -> SHA256Digest {
        SHA256.digest("\(key.org ?? "")/\(key.kind.rawValue)/\(key.name)\n\(canonical)")
    }

    package mutating func add(_ row: SHA256Digest) {
        let (a, b) = (sum.lanes, row.lanes)
        sum = SHA256Digest(lanes: (a.0 &+ b.0, a.1 &+ b.1, a.2 &+ b.2, a.3 &+ b.3))
    }

    package mutating func remove(_ row: SHA256Digest) {
        let (a, b) = (sum.lanes, row.lanes)
        sum = SHA256Digest(lanes: (a.0 &- b.0, a.1 &- b.1, a.2 &- b.2, a.3 &- b.3))
    }

    /// The digest of what the table holds at this moment, edits by hand included; PostgreSQL reads the rows, and only their digests
    /// come here, where a sum costs less than `charter.state_digest()` takes for it.
    package static func inDatabase(_ transaction: Transaction) throws(DatabaseError) -> String {
        var digest = StateDigest()
        for row in try transaction.query("SELECT charter.row_digest(org, kind, name, canonical) FROM charter.resource") {
            digest.add(try row.digest(0))
        }
        return digest.hex
    }
}
