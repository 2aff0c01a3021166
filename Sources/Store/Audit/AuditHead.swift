internal import Synchronization

/// The end that the chain of administrative acts has, or had at some moment.
package struct AuditHead: Hashable, Sendable, CustomStringConvertible {
    package var sequence: Int64
    /// 64 hexadecimal digits.
    package var hash: String

    /// Of a chain without an act.
    package static let empty = AuditHead(sequence: 0, hash: String(repeating: "0", count: 64))

    package init(sequence: Int64, hash: String) { (self.sequence, self.hash) = (sequence, hash) }

    /// Reads `SEQUENCE:HASH`; nil for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0 else { return nil }
        let hash = parts[1].lowercased()
        guard hash.utf8.count == 64, hash.allSatisfy(\.isHexDigit) else { return nil }
        self.init(sequence: sequence, hash: hash)
    }

    package var description: String { "\(sequence):\(hash)" }

    /// One line for a log outside the database, where whoever cuts the chain off cannot reach it.
    package var line: String { "audit head sequence=\(sequence) hash=\(hash)" }
}

extension AuditHead {
    private static let newest = Mutex<AuditHead?>(nil)

    /// What the last act of this process made of the chain, once it was committed; nil before the first. From any thread.
    package static var committed: AuditHead? { newest.withLock { $0 } }

    static func note(committed head: AuditHead) { newest.withLock { $0 = head } }
}
