internal import Store

/// Books batches in PostgreSQL; confined to the thread that owns the connection.
struct ShippingTarget {
    let connection: Connection
    let refused: RefusedRows

    /// What a batch added to the ledger.
    struct Booked: Equatable {
        var settled = 0
        var estimated = 0
        /// Rows that PostgreSQL will not take, which are kept apart.
        var refused = 0
    }

    /// Books the batch exactly once; one that was booked before changes nothing.
    @discardableResult
    func ship(_ batch: ShipBatch) throws -> Booked {
        do {
            return try book(batch, without: [])
        } catch let error as DatabaseError where error.sqlState.isOfData {
            // Where PostgreSQL does not even take a row with nothing in it, the fault is its own, and the batch waits until it is
            // mended. Where it does, the rows are at fault, however many: held, they would hold up everybody else's for ever.
            guard try Ledger.takesBareRow(connection, at: WallClock.now, epoch: batch.segment.epoch) else { throw error }
            let rows = (batch.attempts + batch.estimates).map(\.usageRow)
            var faults: [Int: DatabaseError] = [:]
            try find(&faults, among: rows[...], of: batch.segment.epoch)
            guard !faults.isEmpty else { throw error }
            try refused.keep(faults.sorted { $0.key < $1.key }.map { (rows[$0.key], $0.value.description) })
            var booked = try book(batch, without: Set(faults.keys.map { AttemptName(rows[$0]) }))
            booked.refused = faults.count
            return booked
        }
    }

    private func book(_ batch: ShipBatch, without refused: Set<AttemptName>) throws -> Booked {
        try connection.transaction { transaction in
            let settled = batch.attempts.map(\.usageRow).filter { !refused.contains(AttemptName($0)) }
            let estimates = try lacking(batch, transaction).filter { !refused.contains(AttemptName($0)) }
            let isNew = try Ledger.ship(
                transaction, epoch: batch.segment.epoch, segment: batch.segment.shippingNumber, from: Int64(batch.from),
                to: Int64(batch.to), rows: settled + estimates)
            return isNew ? Booked(settled: settled.count, estimated: estimates.count) : Booked()
        }
    }

    /// The estimates of attempts that the ledger does not have.
    private func lacking(_ batch: ShipBatch, _ transaction: Transaction) throws -> [UsageRow] {
        guard !batch.estimates.isEmpty else { return [] }
        let rows = batch.estimates.map(\.usageRow)
        let known = try Ledger.known(transaction, epoch: batch.segment.epoch, among: rows)
        return rows.filter { !known.contains(AttemptName($0)) }
    }

    /// The rows that are refused by themselves, by halving.
    private func find(_ faults: inout [Int: DatabaseError], among rows: ArraySlice<UsageRow>, of epoch: Int64) throws {
        guard let error = try Ledger.objection(connection, to: Array(rows), epoch: epoch) else { return }
        if rows.count == 1 {
            faults[rows.startIndex] = error
            return
        }
        let middle = rows.startIndex + rows.count / 2
        try find(&faults, among: rows[..<middle], of: epoch)
        try find(&faults, among: rows[middle...], of: epoch)
    }

    /// The first byte that PostgreSQL lacks, by shipping number.
    func watermarks(epoch: Int64) throws -> [Int64: Int] {
        let shipped = try connection.transaction { try Ledger.shipped($0, epoch: epoch) }
        return Dictionary(shipped.map { ($0.segment, Int($0.offset)) }) { max($0, $1) }
    }

    /// Has PostgreSQL know an epoch that it once minted and forgot when it was set back.
    func claim(epoch: Int64, gateway: String) throws {
        try connection.transaction { try Epochs.claim($0, epoch, gateway: gateway) }
    }
}
