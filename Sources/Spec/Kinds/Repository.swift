/// The rules of the repository itself, in the `charter.yaml` at its root.
package struct Repository: Hashable, Sendable {
    /// How often the whole state in the database is compared with what was applied.
    package var driftInterval: Duration
    /// What `watch` does with drift it finds.
    package var drift: DriftAction
    /// Whether resources that left the repository are deleted.
    package var prune: Bool
    /// How much of a rule a refused client is told.
    package var disclosure: Disclosure

    package enum DriftAction: String, CaseIterable, Sendable { case report, correct }
    package enum Disclosure: String, CaseIterable, Sendable {
        /// Path, line, commit and author.
        case full
        /// Path and line only.
        case place
        /// The code and message alone.
        case code
    }
}
