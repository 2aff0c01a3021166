/// A role of PostgreSQL for one kind of process, with no right that such a process does without.
package enum DatabaseRole: String, CaseIterable, Sendable {
    /// `charter watch`, `apply` and `rollback`: alone in writing declared state, and unable to write what runs under it.
    case reconciler
    /// `charter-gateway`.
    case gateway
    /// What people and programs ask beside inference: the admin API, `approve`, `suspend`, `resume`, `set`, `add`, `remove`, `changes`,
    /// `override`, `drift revert`, `tolerate` and `adopt`, `keys`, `budget`, `events redeliver` and `usage reprice`.
    case services

    /// As PostgreSQL knows it.
    package func name(prefix: String) -> String { "\(prefix)_\(rawValue)" }

    package static let standardPrefix = "charter"

    /// Lower-case letters, digits and underscores, not too long for a name in PostgreSQL: nothing that would need quoting.
    package static func isPrefix(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 40 else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }
}
