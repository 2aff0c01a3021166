/// The runs of gateways.
package enum Epochs {
    /// A number for this run, never used again by any gateway, and above `floor`: a database that was set back may have forgotten
    /// numbers whose journals still lie on a disk.
    package static func mint(_ transaction: Transaction, gateway: String, above floor: Int64 = 0) throws(DatabaseError) -> Int64 {
        let minted = try next(transaction, gateway)
        guard minted <= floor else { return minted }
        try raise(transaction, to: floor)
        return try next(transaction, gateway)
    }

    /// Makes an epoch known that was minted by a database which has forgotten it since, so that it is not minted again.
    package static func claim(_ transaction: Transaction, _ epoch: Int64, gateway: String) throws(DatabaseError) {
        let added = try transaction.query(
            """
            INSERT INTO charter.epoch (id, gateway) OVERRIDING SYSTEM VALUE VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id
            """, [.integer(epoch), .text(gateway)])
        if added.count > 0 { try raise(transaction, to: epoch) }
    }

    private static func next(_ transaction: Transaction, _ gateway: String) throws(DatabaseError) -> Int64 {
        try transaction.query("INSERT INTO charter.epoch (gateway) VALUES ($1) RETURNING id", [.text(gateway)])[0]
            .integer(0)
    }

    /// The lock keeps two from lowering what the other has raised.
    private static func raise(_ transaction: Transaction, to floor: Int64) throws(DatabaseError) {
        try transaction.query("LOCK TABLE charter.epoch IN SHARE ROW EXCLUSIVE MODE")
        try transaction.query(
            """
            SELECT setval(pg_get_serial_sequence('charter.epoch', 'id'),
                greatest($1, coalesce((SELECT max(id) FROM charter.epoch), 1)))
            """, [.integer(floor)])
    }
}
