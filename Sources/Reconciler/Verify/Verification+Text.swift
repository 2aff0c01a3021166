internal import Spec

extension Verification {
    /// What a plan says of signatures; nothing where none is asked for and none was given.
    var planLines: [String] {
        if demand == .off, tip == .unsigned { return [] }
        return ["Commit \(commit.short) \(tip)."] + diagnostics.map { "Warning: \($0.message) [\($0.code.rawValue)]." }
    }

    var json: JSONTree {
        .object([
            ("outcome", .string(outcome.rawValue)), ("signature", .string(tip.name)),
            ("signers", .array(tip.signers.map(JSONTree.string))), ("fingerprint", .optional(tip.fingerprint)),
            ("findings", .array(diagnostics.map(\.json))),
        ])
    }
}

extension BranchMovement {
    /// Permanent, for machines.
    var name: String {
        switch self {
        case .forward: "forward"
        case .back: "back"
        case .aside: "aside"
        case .unrelated: "unrelated"
        case .lost: "lost"
        }
    }
}
