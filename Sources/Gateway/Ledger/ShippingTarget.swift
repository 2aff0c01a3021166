internal import Store

/// Books batches in PostgreSQL; confined to the thread that owns the connection.
struct ShippingTarget {
    let connection: Connection

    /// What a batch added to the ledger.
    struct Booked: Equatable {
        var settled = 0
        var estimated = 0
    }

    /// Books the batch exactly once; one that was booked before changes nothing.
    @discardableResult
    func ship(_ batch: ShipBatch) throws -> Booked {
        try connection.transaction { transaction in
            let estimates = try lacking(batch, transaction)
            let isNew = try Ledger.ship(
                transaction, epoch: batch.segment.epoch, segment: batch.segment.shippingNumber, from: Int64(batch.from),
                to: Int64(batch.to), rows: (batch.attempts + estimates).map(\.usageRow))
            return isNew ? Booked(settled: batch.attempts.count, estimated: estimates.count) : Booked()
        }
    }

    /// The estimates of attempts that the ledger does not have.
    private func lacking(_ batch: ShipBatch, _ transaction: Transaction) throws -> [BookedAttempt] {
        guard !batch.estimates.isEmpty else { return [] }
        let rows = batch.estimates.map(\.usageRow)
        let known = try Ledger.known(transaction, epoch: batch.segment.epoch, among: rows)
        return zip(batch.estimates, rows).filter { !known.contains(AttemptName($0.1)) }.map(\.0)
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
