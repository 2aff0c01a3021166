internal import Spec

/// How closely a person should look at a change before it is applied.
package enum Risk: Int, CaseIterable, Comparable, Sendable {
    /// It adds something, or says something to people only.
    case low
    /// It changes what somebody may use or spend.
    case medium
    /// It takes something away, changes who has which rights, or overrides another hand.
    case high

    package static func < (a: Risk, b: Risk) -> Bool { a.rawValue < b.rawValue }

    package var name: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        }
    }
}

extension Change {
    package var risk: Risk {
        switch action {
        case .delete: .high
        case .create: lookalike != nil || key.kind.givesRights ? .medium : .low
        case .rename(_, let fields): max(.medium, risk(of: fields))
        case .update(let fields): risk(of: fields)
        }
    }

    private func risk(of fields: [FieldChange]) -> Risk {
        fields.map { field in
            if field.isConflict { return .high }
            if field.isForPeopleOnly { return .low }
            return key.kind.givesRights || field.isRight ? .high : .medium
        }.max() ?? .low
    }
}

extension Kind {
    /// Whether all of it is about who may do what, or about how the repository is guarded.
    fileprivate var givesRights: Bool {
        switch self {
        case .repository, .role, .scope, .guardrail: true
        default: false
        }
    }
}

extension FieldChange {
    /// Names, labels and descriptions.
    fileprivate var isForPeopleOnly: Bool {
        ["/labels", "/annotations", "/spec/displayName", "/spec/description", "/spec/email"].contains { prefix in
            pointer == prefix || pointer.hasPrefix(prefix + "/")
        }
    }

    /// Of a member or key: what it may do, and who can use it.
    fileprivate var isRight: Bool {
        ["/spec/roles", "/spec/scopes", "/spec/secrets", "/spec/owner", "/spec/groups", "/spec/networks", "/spec/baseURL"]
            .contains { pointer == $0 || pointer.hasPrefix($0 + "/") }
    }
}
