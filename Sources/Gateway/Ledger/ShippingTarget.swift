internal import Store

/// Books batches in PostgreSQL; confined to the thread that owns the connection.
struct ShippingTarget {
    let connection: Connection

    /// Books the batch exactly once; one that was booked before changes nothing.
    func ship(_ batch: ShipBatch) throws {
        let rows = batch.attempts.map(\.usageRow)
        _ = try connection.transaction { transaction in
            try Ledger.ship(
                transaction, epoch: batch.segment.epoch, segment: batch.segment.shippingNumber, from: Int64(batch.from),
                to: Int64(batch.to), rows: rows)
        }
    }

    /// The first byte that PostgreSQL lacks, by shipping number.
    func watermarks(epoch: Int64) throws -> [Int64: Int] {
        let shipped = try connection.transaction { try Ledger.shipped($0, epoch: epoch) }
        return Dictionary(shipped.map { ($0.segment, Int($0.offset)) }) { max($0, $1) }
    }
}
