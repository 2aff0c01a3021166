/// An open transaction: the only way to run a statement.
///
/// It must not leave the closure that received it; a statement after the end is an error, never a write outside.
package final class Transaction {
    let connection: Connection
    package let isolation: Isolation
    private(set) var isEnded = false
    /// The end of the chain of acts as this transaction leaves it; nil where it added none.
    var auditHead: AuditHead?

    init(_ connection: Connection, _ isolation: Isolation) {
        self.connection = connection
        self.isolation = isolation
    }

    /// Runs one statement; values travel as parameters `$1…`, never inside `sql`.
    @discardableResult
    package func query(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> Rows {
        try checkOpen()
        return try connection.execute(sql, values)
    }

    /// Runs several statements of constant text, as migrations hold them.
    func run(script: String) throws(DatabaseError) {
        try checkOpen()
        try connection.execute(script: script)
    }

    /// Runs `body` so that its failure undoes it alone and leaves the transaction usable.
    package func savepoint<T>(_ body: () throws -> T) throws -> T {
        try query("SAVEPOINT charter_step")
        let head = auditHead
        do {
            let value = try body()
            try query("RELEASE SAVEPOINT charter_step")
            return value
        } catch {
            try query("ROLLBACK TO SAVEPOINT charter_step")
            auditHead = head
            throw error
        }
    }

    /// Where the order of locks matters, each statement must see what was committed before its own lock was granted.
    func requireReadCommitted() throws(DatabaseError) {
        guard isolation == .readCommitted else {
            throw DatabaseError(.unexpectedAnswer, "the statement needs a transaction of isolation READ COMMITTED")
        }
    }

    func end() { isEnded = true }

    func checkOpen() throws(DatabaseError) {
        if isEnded { throw DatabaseError(.inFailedTransaction, "the transaction has ended") }
    }
}

/// How far a transaction is kept apart from others (PostgreSQL manual, 13.2).
package enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}
