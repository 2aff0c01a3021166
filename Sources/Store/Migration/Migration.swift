internal import Crypto

/// One numbered step of the schema; its text never changes once it was released.
package struct Migration: Sendable {
    package var version: Int64
    package var name: String
    /// Statements of constant text, run together in one transaction.
    var sql: String

    /// SHA-256 of the text, in hexadecimal.
    package var checksum: String { SHA256.digest(sql).hex }
}
