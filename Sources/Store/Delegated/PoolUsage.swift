package import Spec

/// What all keys of a pool have used together, those that have ended among them.
package struct PoolUsage: Hashable, Sendable {
    package var requests: Int64
    package var tokens: Int64
    package var cost: NanoUSD

    /// The sums of the ledger's rows at or after `from` and before `to`; usage belongs to the time of its admission.
    package static func sum(
        _ transaction: Transaction, orgUID: String, poolUID: String, from: Instant, to: Instant
    ) throws(DatabaseError) -> PoolUsage {
        let row = try transaction.query(
            """
            SELECT coalesce(sum(requests), 0)::bigint, coalesce(sum(tokens), 0)::bigint, coalesce(sum(cost), 0)::bigint
            FROM charter.usage
            WHERE org_uid = $1 AND at >= $3 AND at < $4
                AND key_uid IN (SELECT uid FROM charter.delegated_key WHERE parent_uid = $2)
            """, [.text(orgUID), .text(poolUID), .instant(from), .instant(to)])[0]
        return PoolUsage(requests: try row.integer(0), tokens: try row.integer(1), cost: NanoUSD(try row.integer(2)))
    }
}
