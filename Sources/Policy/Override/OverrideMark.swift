package import Spec

/// Which override decided in place of what is declared, for whoever asks why.
package struct OverrideMark: Hashable, Sendable {
    package var uid: String
    /// Whose it is; empty where the disclosure policy withholds it.
    package var owner: String
    /// Empty where the disclosure policy withholds it.
    package var reason: String
    /// By the database's clock.
    package var until: Instant

    package init(uid: String, owner: String, reason: String, until: Instant) {
        self.uid = uid
        self.owner = owner
        self.reason = reason
        self.until = until
    }

    /// What stands where a rule's file would.
    package var path: String { Self.path(of: uid) }

    package static func path(of uid: String) -> String { "override/\(uid)" }
}

extension RuleOrigin {
    /// A rule that stands in no file.
    init(_ mark: OverrideMark) {
        self.init(path: mark.path, line: 0, column: 0)
        override = mark
    }
}
