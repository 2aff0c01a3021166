internal import CLibPQ

/// Turns an answer that is a refusal into a Swift error.
///
/// This file alone reads libpq's errors; it does so on the calling thread, before anything else uses the connection.
func checked(_ rows: Rows, _ handle: OpaquePointer) throws(DatabaseError) -> Rows {
    switch PQresultStatus(rows.result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_EMPTY_QUERY: return rows
    default: throw resultError(rows.result, handle)
    }
}

/// Runs one libpq call that answers with a flag, where `succeeded` tells which answers are good.
func postgres(
    _ handle: OpaquePointer, succeeded: (Int32) -> Bool, _ call: (OpaquePointer) -> Int32
) throws(DatabaseError) {
    guard succeeded(call(handle)) else { throw connectionError(handle) }
}

/// What is wrong with the connection itself, as libpq words it: it may name host, database and user.
func connectionError(_ handle: OpaquePointer) -> DatabaseError {
    DatabaseError(.connectionFailure, text(PQerrorMessage(handle)) ?? "out of memory")
}

private func resultError(_ result: OpaquePointer, _ handle: OpaquePointer) -> DatabaseError {
    guard let state = field(result, "C") else { return connectionError(handle) }
    return DatabaseError(
        SQLState(rawValue: state), field(result, "M") ?? "no message", constraint: field(result, "n"))
}

/// An error field by its one-letter code (PostgreSQL manual, 55.8): the macros `PG_DIAG_…` are not visible to Swift.
private func field(_ result: OpaquePointer, _ code: Unicode.Scalar) -> String? {
    text(PQresultErrorField(result, Int32(code.value)))
}

private func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    guard let pointer else { return nil }
    return String(cString: pointer).split(whereSeparator: \.isNewline).joined(separator: " ")
}
