internal import CLibPQ
package import Crypto
package import Spec

/// The answer to one statement; frees libpq's memory when the last reference goes.
package final class Rows {
    let result: OpaquePointer
    package let count: Int

    init(owning result: OpaquePointer) {
        self.result = result
        self.count = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    /// The command tag, such as `INSERT 0 3`.
    var command: String { String(cString: PQcmdStatus(result)) }

    /// How many rows an INSERT, UPDATE, DELETE or COPY touched.
    package var affected: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// The bytes of a field, or nil for NULL.
    fileprivate func withField<T>(_ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> T) -> T {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else {
            return body(nil)
        }
        let length = Int(PQgetlength(result, row, column))
        return value.withMemoryRebound(to: UInt8.self, capacity: length) {
            body(UnsafeBufferPointer(start: $0, count: length))
        }
    }
}

extension Rows: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(index: Int) -> Row { Row(rows: self, index: index) }
}

/// One row; columns count from 0. A field of another type than asked is an error, never a trap.
package struct Row {
    fileprivate let rows: Rows
    fileprivate let index: Int

    package func textOrNil(_ column: Int) -> String? {
        rows.withField(index, column) { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    package func text(_ column: Int) throws(DatabaseError) -> String {
        guard let text = textOrNil(column) else { throw unexpected(column, "text") }
        return text
    }

    package func integerOrNil(_ column: Int) -> Int64? {
        textOrNil(column).flatMap { Int64($0) }
    }

    package func integer(_ column: Int) throws(DatabaseError) -> Int64 {
        guard let value = integerOrNil(column) else { throw unexpected(column, "a 64-bit integer") }
        return value
    }

    package func boolean(_ column: Int) throws(DatabaseError) -> Bool {
        switch textOrNil(column) {
        case "t": true
        case "f": false
        default: throw unexpected(column, "a boolean")
        }
    }

    /// A field of milliseconds since 1970, as `SQLInstant.milliseconds` selects it.
    package func instant(_ column: Int) throws(DatabaseError) -> Instant {
        Instant(milliseconds: try integer(column))
    }

    package func instantOrNil(_ column: Int) -> Instant? {
        integerOrNil(column).map { Instant(milliseconds: $0) }
    }

    /// A `bytea` of exactly 32 bytes.
    package func digest(_ column: Int) throws(DatabaseError) -> SHA256Digest {
        let digest = rows.withField(index, column) { field -> SHA256Digest? in
            guard let field, field.starts(with: Self.hexPrefix) else { return nil }
            return SHA256Digest(hexDigits: UnsafeBufferPointer(rebasing: field.dropFirst(Self.hexPrefix.count)))
        }
        guard let digest else { throw unexpected(column, "a SHA-256") }
        return digest
    }

    /// How PostgreSQL begins the text of a `bytea`.
    private static let hexPrefix = Array("\\x".utf8)

    private func unexpected(_ column: Int, _ wanted: String) -> DatabaseError {
        DatabaseError(.unexpectedAnswer, "column \(column) of the answer is not \(wanted)")
    }
}
