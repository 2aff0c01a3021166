/// Whose a file is, as its path says.
package enum Folder: Hashable, Sendable {
    case platform
    case organization(String)

    /// Of a path relative to the repository's root: `orgs/<org>/…` is the organization's, all else the platform's.
    package init(of path: String) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
        self =
            parts.count > 2 && parts[0].elementsEqual("orgs".utf8)
            ? .organization(String(Substring(parts[1]))) : .platform
    }

    package var organization: String? {
        if case .organization(let name) = self { name } else { nil }
    }
}

extension Kind {
    /// Whether it may be declared for the platform, outside `orgs/`.
    package var mayBelongToPlatform: Bool {
        switch self {
        case .repository, .provider, .modelCatalog, .plan, .routingPolicy, .scope, .role, .guardrail, .webhook: true
        case .organization, .project, .member, .apiKey, .budget, .workflow, .keyPool, .agent: false
        }
    }

    /// Whether it may be declared under `orgs/<org>/`.
    package var mayBelongToOrganization: Bool {
        switch self {
        case .repository, .provider, .modelCatalog, .plan: false
        default: true
        }
    }
}
