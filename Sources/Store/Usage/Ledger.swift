package import Spec

/// The ledger of usage: what was shipped is there exactly once, and every cell and rollup is its sum.
package enum Ledger {
    /// Adds the records of a journal segment's bytes `from..<to`, and all that is summed from them, in the caller's transaction.
    ///
    /// Needs isolation `readCommitted`.
    /// - Returns: false when these bytes were shipped before; then nothing is done.
    /// - Throws: `ShippingGap` when bytes before `from` are missing, or when only a part was shipped before.
    package static func ship(
        _ transaction: Transaction, epoch: Int64, segment: Int64, from: Int64, to: Int64, rows: [UsageRow]
    ) throws -> Bool {
        try transaction.requireReadCommitted()
        let shipped = try watermark(transaction, epoch, segment)
        if shipped >= to { return false }
        guard shipped == from else { throw ShippingGap(epoch: epoch, segment: segment, shipped: shipped, from: from) }
        try add(transaction, rows, epoch)
        try transaction.query(
            """
            UPDATE charter.shipped SET "offset" = $3, shipped_at = now() WHERE epoch = $1 AND segment = $2
            """, [.integer(epoch), .integer(segment), .integer(to)])
        return true
    }

    /// What is wrong with some of the rows, so that they can never be added; nothing of them is kept.
    package static func objection(_ connection: Connection, to rows: [UsageRow], epoch: Int64) throws -> DatabaseError? {
        do {
            try connection.transaction { transaction in
                try add(transaction, rows, epoch)
                throw Rehearsal()
            }
        } catch let error as DatabaseError where error.sqlState.isOfData {
            return error
        } catch is Rehearsal {}
        return nil
    }

    /// Whether a row of this time would be added that has nothing in it that could be wrong; nothing of it is kept.
    package static func takesBareRow(_ connection: Connection, at: Instant, epoch: Int64) throws -> Bool {
        let none = "00000000-0000-0000-0000-000000000000"
        let terms = UsageTerms(
            org: "none", orgUID: none, key: "none", keyUID: none, endpoint: "chat.completions", requestedModel: "", model: "", revision: 0,
            priceVersion: "")
        let row = UsageRow(
            at: at, terms: terms, decision: "none", attempt: 1, status: 200, cost: .zero, estimated: false, latencyMs: 0, detail: "{}")
        return try objection(connection, to: [row], epoch: epoch) == nil
    }

    /// Takes back what was added.
    private struct Rehearsal: Error {}

    /// How far each segment of a gateway's run was shipped.
    package static func shipped(
        _ transaction: Transaction, epoch: Int64
    ) throws(DatabaseError) -> [(segment: Int64, offset: Int64)] {
        let rows = try transaction.query(
            #"SELECT segment, "offset" FROM charter.shipped WHERE epoch = $1 ORDER BY segment"#, [.integer(epoch)])
        var shipped: [(segment: Int64, offset: Int64)] = []
        for row in rows { shipped.append((try row.integer(0), try row.integer(1))) }
        return shipped
    }

    /// Which attempts of an epoch the ledger has already, among those of `rows`.
    package static func known(
        _ transaction: Transaction, epoch: Int64, among rows: [UsageRow]
    ) throws(DatabaseError) -> Set<AttemptName> {
        let times = rows.lazy.map(\.at)
        let answer = try transaction.query(
            """
            SELECT decision, attempt FROM charter.usage
            WHERE epoch = $1 AND decision = ANY ($2) AND at >= $3 AND at <= $4
            """, [.integer(epoch), .texts(rows.map(\.decision)), .instant(times.min()), .instant(times.max())])
        var known: Set<AttemptName> = []
        for row in answer { known.insert(AttemptName(decision: try row.text(0), attempt: try row.integer(1))) }
        return known
    }

    /// Locks the segment's watermark until the transaction ends.
    private static func watermark(
        _ transaction: Transaction, _ epoch: Int64, _ segment: Int64
    ) throws(DatabaseError) -> Int64 {
        let segmentValues: [SQLValue] = [.integer(epoch), .integer(segment)]
        try transaction.query(
            #"INSERT INTO charter.shipped (epoch, segment, "offset") VALUES ($1, $2, 0) ON CONFLICT DO NOTHING"#, segmentValues)
        return try transaction.query(
            #"SELECT "offset" FROM charter.shipped WHERE epoch = $1 AND segment = $2 FOR UPDATE"#, segmentValues)[0].integer(0)
    }

    /// Adds rows and all that is summed from them.
    static func add(_ transaction: Transaction, _ rows: [UsageRow], _ epoch: Int64) throws {
        guard !rows.isEmpty else { return }
        try UsagePartitions.ensure(transaction, for: rows.lazy.map(\.at))
        try Cells.lockShared(transaction)
        try transaction.copy(into: UsageColumns.copyTarget, UsageColumns.copyRows(rows, epoch: epoch))
        try Rollups.add(transaction, rows)
        try CellCharges.add(transaction, rows)
    }
}

/// An attempt by the words that name it in the ledger.
package struct AttemptName: Hashable, Sendable {
    package var decision: String
    package var attempt: Int64

    package init(_ row: UsageRow) { self.init(decision: row.decision, attempt: Int64(row.attempt)) }

    init(decision: String, attempt: Int64) {
        self.decision = decision
        self.attempt = attempt
    }
}

/// A shipment that does not begin where the last one ended.
package struct ShippingGap: Error, Hashable, Sendable, CustomStringConvertible {
    package let epoch: Int64
    package let segment: Int64
    /// First byte that the ledger lacks.
    package let shipped: Int64
    package let from: Int64

    package init(epoch: Int64, segment: Int64, shipped: Int64, from: Int64) {
        self.epoch = epoch
        self.segment = segment
        self.shipped = shipped
        self.from = from
    }

    package var description: String {
        "segment \(segment) of epoch \(epoch) is shipped up to byte \(shipped), and the shipment begins at byte \(from)"
    }
}
