/// The runs of gateways.
package enum Epochs {
    /// A number for this run, never used again by any gateway.
    package static func mint(_ transaction: Transaction, gateway: String) throws(DatabaseError) -> Int64 {
        try transaction.query("INSERT INTO charter.epoch (gateway) VALUES ($1) RETURNING id", [.text(gateway)])[0]
            .integer(0)
    }
}
