/// A SQLSTATE (PostgreSQL manual, appendix A); open, so that a code unknown here survives.
package struct SQLState: RawRepresentable, Hashable, Sendable {
    package var rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let connectionFailure = SQLState(rawValue: "08006")
    package static let transactionResolutionUnknown = SQLState(rawValue: "08007")
    package static let characterNotInRepertoire = SQLState(rawValue: "22021")
    package static let foreignKeyViolation = SQLState(rawValue: "23503")
    package static let uniqueViolation = SQLState(rawValue: "23505")
    package static let readOnlyTransaction = SQLState(rawValue: "25006")
    package static let inFailedTransaction = SQLState(rawValue: "25P02")
    package static let serializationFailure = SQLState(rawValue: "40001")
    package static let deadlockDetected = SQLState(rawValue: "40P01")
    package static let undefinedTable = SQLState(rawValue: "42P01")
    package static let duplicateSchema = SQLState(rawValue: "42P06")
    package static let duplicateTable = SQLState(rawValue: "42P07")
    /// Also of a table: its row type is made first, and of two sessions the slower may find that one.
    package static let duplicateObject = SQLState(rawValue: "42710")
    package static let invalidObjectDefinition = SQLState(rawValue: "42P17")
    package static let invalidSchemaName = SQLState(rawValue: "3F000")
    package static let queryCanceled = SQLState(rawValue: "57014")
    /// Raised by this program, not by the server: an answer had another shape than its statement promises.
    package static let unexpectedAnswer = SQLState(rawValue: "CHT01")

    /// Whether the same transaction, run again, may succeed.
    package var isTransient: Bool { self == .serializationFailure || self == .deadlockDetected }

    /// Whether the values are at fault, so that the same statement would always fail: a value out of range, or a
    /// constraint; not one on other tables, which can have been set back.
    package var isOfData: Bool { self != .foreignKeyViolation && (rawValue.hasPrefix("22") || rawValue.hasPrefix("23")) }

    /// Whether the session is gone, so that only a fresh connection can go on.
    package var isConnectionLoss: Bool {
        rawValue.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(rawValue)
    }
}
