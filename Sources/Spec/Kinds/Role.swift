/// A set of permissions from Charter's one vocabulary.
package struct Role: Hashable, Sendable {
    package var description: String?
    package var permissions: [Permission]

    /// Roles that exist without being declared; a declared Role of the same name takes their place.
    package static let builtIn: [String: [Permission]] = [
        "admin": Permission.allCases,
        "developer": [.inferenceInvoke, .usageRead, .configPropose],
        "billing": [.usageRead, .billingRead],
        "viewer": [.usageRead, .driftRead],
    ]
}

package enum Permission: String, CaseIterable, Sendable {
    case inferenceInvoke = "inference.invoke"
    case usageRead = "usage.read"
    case driftRead = "drift.read"
    case configPropose = "config.propose"
    case configWrite = "config.write"
    case planApprove = "plan.approve"
    case overrideWrite = "override.write"
    case keysMint = "keys.mint"
    case auditRead = "audit.read"
    case billingRead = "billing.read"
}
