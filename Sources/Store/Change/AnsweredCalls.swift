/// Statements on answers to calls with an Idempotency-Key that leave no row of their own to find them by.
package enum AnsweredCalls {
    /// What a caller asked with which key.
    package struct Question: Sendable {
        package var org: String
        package var caller: String
        package var idempotencyKey: String
        /// All that tells the call from another one.
        package var call: String

        package init(org: String, caller: String, idempotencyKey: String, call: String) {
            (self.org, self.caller, self.idempotencyKey, self.call) = (org, caller, idempotencyKey, call)
        }
    }

    /// The answer of the last day, JSON; nil where there was none. Take a lock first that two of the same calls cannot have at once.
    ///
    /// Throws `IdempotencyConflict` where the key was another call's.
    package static func find(_ transaction: Transaction, _ question: Question) throws -> String? {
        let rows = try transaction.query(
            """
            SELECT call, answer FROM charter.answered_call
            WHERE (org, caller, idempotency_key) = ($1, $2, $3) AND at > clock_timestamp() - $4::bigint * interval '1 millisecond'
            """,
            [
                .text(question.org), .text(question.caller), .text(question.idempotencyKey),
                .integer(ChangeRequests.keyRetention.wholeMilliseconds),
            ])
        guard let row = rows.first else { return nil }
        guard try row.text(0) == question.call else { throw IdempotencyConflict(uid: nil) }
        return try row.text(1)
    }

    /// Keeps an answer for a day, and removes what is older.
    package static func add(_ transaction: Transaction, _ question: Question, answer: String) throws(DatabaseError) {
        try transaction.query(
            "DELETE FROM charter.answered_call WHERE at <= clock_timestamp() - $1::bigint * interval '1 millisecond'",
            [.integer(ChangeRequests.keyRetention.wholeMilliseconds)])
        try transaction.query(
            "INSERT INTO charter.answered_call (org, caller, idempotency_key, call, answer) VALUES ($1, $2, $3, $4, $5)",
            [.text(question.org), .text(question.caller), .text(question.idempotencyKey), .text(question.call), .text(answer)])
    }
}
