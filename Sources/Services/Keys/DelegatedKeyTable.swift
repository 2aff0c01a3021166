internal import Crypto
internal import Policy
package import Spec
package import Store

/// `charter keys list`: the keys that were minted in pools.
package struct DelegatedKeyTable: Sendable {
    private let rows: [(key: DelegatedKeyRow, pool: String)]
    private let now: Instant

    /// Those of one organization, or of one of its pools; with `ended` also those that open nothing any more.
    package init(_ connection: Connection, org: String?, pool: String?, ended: Bool) throws {
        (rows, now) = try connection.transaction { transaction -> ([(key: DelegatedKeyRow, pool: String)], Instant) in
            let tenancy = org.map { Tenancy.organization($0) } ?? .everything
            let pools = try Resources.list(transaction, tenancy).filter { $0.key.kind == .keyPool }
            let names = Dictionary(pools.map { ($0.uid, $0.key.name) }) { first, _ in first }
            let wanted = pools.first { $0.key.org == org && $0.key.name == pool }
            if let pool, wanted == nil { throw RequestRefusal("no pool \(org ?? "")/\(pool) is applied") }
            let keys = try DelegatedKeys.list(transaction, tenancy, poolUID: wanted?.uid, ended: ended)
            return (keys.map { (key: $0, pool: names[$0.poolUID] ?? "") }, try transaction.clock())
        }
    }

    package var text: String {
        if rows.isEmpty { return "No keys." }
        let cells = [["KEY", "POOL", "ISSUER", "SECRET", "UNTIL", "STATE", "UID"]] + rows.map { key, pool in
            [
                "\(key.org)/\(key.name)", pool.isEmpty ? "(gone)" : pool, key.issuer, key.prefix + "…", key.expiresAt.iso8601,
                Self.state(of: key, now), key.uid,
            ]
        }
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ").trimmingTrailingSpaces
        }.joined(separator: "\n")
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)),
            ("keys", .array(rows.map { key, pool in .object(Self.members(of: key, pool: pool) + [("state", .string(Self.state(of: key, now)))]) })),
        ])
    }

    static func members(of key: DelegatedKeyRow, pool: String) -> [(String, JSONTree)] {
        [
            ("uid", .string(key.uid)), ("org", .string(key.org)), ("pool", .string(pool)), ("name", .string(key.name)),
            ("issuer", .string(key.issuer)), ("prefix", .string(key.prefix)), ("sha256", .string(key.digest.hex)),
            ("scopes", key.scopes.map { .array($0.map { .string($0) }) } ?? .null),
            ("models", key.models.map { .array($0.map { .string($0) }) } ?? .null),
            ("created_at", .string(key.createdAt.iso8601)), ("expires_at", .string(key.expiresAt.iso8601)),
            ("revoked_at", .optional(key.revokedAt?.iso8601)), ("revoked_by", .optional(key.revokedBy)),
        ]
    }

    private static func state(of key: DelegatedKeyRow, _ now: Instant) -> String {
        if key.revokedAt != nil { return "revoked" }
        return key.isAlive(at: now) ? "good" : "expired"
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
