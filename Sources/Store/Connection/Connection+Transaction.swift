extension Connection {
    /// Runs `body` in one transaction and commits it, or undoes it when `body` throws.
    ///
    /// A serialization failure or a deadlock runs `body` again after a pause, up to `retry.attempts` times in all, so `body`
    /// must be repeatable. A session lost before BEGIN is opened anew; one lost later is an error, and one lost at COMMIT
    /// is `transactionResolutionUnknown`: only a look at the database tells what became of it.
    @discardableResult
    package func transaction<T>(
        _ isolation: Isolation = .readCommitted, timeout: Duration = .seconds(30), retry: RetryPolicy = .standard,
        _ body: (Transaction) throws -> T
    ) throws -> T {
        var attempt = 1
        while true {
            do {
                return try once(isolation, timeout, body)
            } catch let error as DatabaseError where error.sqlState.isTransient && attempt < retry.attempts {
                retry.pause(after: attempt)
                attempt += 1
            }
        }
    }

    private func once<T>(_ isolation: Isolation, _ timeout: Duration, _ body: (Transaction) throws -> T) throws -> T {
        let timeout = min(timeout, timeoutMax)
        patience = timeout + Self.grace
        defer { patience = Self.standardPatience }
        try begin(isolation, timeout)
        let transaction = Transaction(self, isolation)
        do {
            let value = try body(transaction)
            transaction.end()
            try commit()
            if let head = transaction.auditHead { AuditHead.note(committed: head) }
            return value
        } catch {
            transaction.end()
            // The first error tells the cause; a rollback that fails too means that the session is gone, and so the transaction.
            _ = try? execute(script: "ROLLBACK")
            // That a server is read-only is settled when a session begins, and may last as long as it does: it was demoted.
            if (error as? DatabaseError)?.sqlState == .readOnlyTransaction { abandon() }
            throw error
        }
    }

    private func begin(_ isolation: Isolation, _ timeout: Duration) throws(DatabaseError) {
        try reconnect()
        let milliseconds = max(1, timeout.wholeMilliseconds)
        let script = """
            BEGIN ISOLATION LEVEL \(isolation.rawValue);
            SET LOCAL statement_timeout = \(milliseconds);
            SET LOCAL idle_in_transaction_session_timeout = \(Self.idleMillisecondsMax)
            """
        do {
            try execute(script: script)
        } catch where error.sqlState.isConnectionLoss || !isOpen {
            // An idle session that the server ended is only noticed now; nothing has been asked of it yet.
            try reconnect()
            try execute(script: script)
        }
    }

    private func commit() throws(DatabaseError) {
        patience = Self.commitPatience
        let answer: Rows
        do {
            answer = try execute(script: "COMMIT")
        } catch where error.sqlState.isConnectionLoss || !isOpen {
            throw DatabaseError(
                .transactionResolutionUnknown, "the session was lost at COMMIT, so it is not known whether that took effect: \(error.message)")
        }
        // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
        guard answer.command == "COMMIT" else {
            throw DatabaseError(.inFailedTransaction, "the transaction had failed and was undone")
        }
    }

    /// All the work is done by then, and only what was written has to reach the disk or a standby.
    private static let commitPatience = Duration.seconds(30)

    /// A process that hangs inside a transaction loses its locks after this time, and so keeps nobody from leading for longer.
    /// What it computes there for a million resources takes less.
    private static let idleMillisecondsMax: Int64 = 60_000
}
