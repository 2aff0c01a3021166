package import Spec

extension Transaction {
    /// When the transaction began, by the database's clock: the one clock that all who use it share.
    package func clock() throws(DatabaseError) -> Instant {
        try query("SELECT \(SQLInstant.milliseconds("now()"))")[0].instant(0)
    }
}
