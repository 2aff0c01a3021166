/// What PostgreSQL or libpq refused, without any parameter of the statement.
///
/// The server's DETAIL, HINT and CONTEXT are left out, since they quote values.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    package var sqlState: SQLState
    /// The server's primary message; what it quotes of a refused value is replaced by an ellipsis.
    package var message: String
    /// The violated constraint, where the server named one.
    package var constraint: String?

    package init(_ sqlState: SQLState, _ message: String, constraint: String? = nil) {
        self.sqlState = sqlState
        self.message = Self.withoutValues(message, sqlState)
        self.constraint = constraint
    }

    package var description: String { "\(message) [\(sqlState.rawValue)]" }

    /// Class 22 (data exception) quotes the refused value between the first and the last quotation mark.
    private static func withoutValues(_ message: String, _ state: SQLState) -> String {
        guard state.rawValue.hasPrefix("22"), let first = message.firstIndex(of: "\""),
            let last = message.lastIndex(of: "\""), first < last
        else { return message }
        return message[...first] + "…" + message[last...]
    }
}
