package import Spec

/// A commit that changes nothing, and every reason for it.
package struct Rejection: Sendable {
    package var commit: Commit
    package var diagnostics: [Diagnostic]
    /// Whether a signature could not be checked, so that it may come out otherwise at another time.
    package var isUnchecked = false

    package var errorCount: Int { diagnostics.count(of: .error) }

    /// The errors as a JSON array, as the unit's row keeps them.
    package var json: JSONTree { .array(diagnostics.filter { $0.severity == .error }.map(\.json)) }

    /// What `plan` and `apply` print for machines in place of a plan.
    package var planJSON: JSONTree {
        .object([
            ("outcome", .string("rejected")), ("tip", commit.json), ("diagnostics", .array(diagnostics.map(\.json))),
        ])
    }
}

extension Diagnostic {
    package var json: JSONTree {
        .object([
            ("code", .string(code.rawValue)), ("severity", .string(severity.rawValue)), ("message", .string(message)),
            ("path", .optional(place?.path)), ("line", place.map { .int(Int64($0.position.line)) } ?? .null),
            ("column", place.map { .int(Int64($0.position.column)) } ?? .null), ("hint", .optional(hint)),
            (
                "related",
                .array(related.map { .object([("place", .string("\($0.place)")), ("message", .string($0.message))]) })
            ),
        ])
    }
}
