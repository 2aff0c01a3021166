extension Kind {
    /// The kind of that name, in whatever case; nil when there is none.
    package init?(word: String) {
        guard let kind = Kind.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() }) else { return nil }
        self = kind
    }

    /// What it is, in a few words.
    package var about: String {
        switch self {
        case .repository: "the rules of the repository itself"
        case .organization: "a tenant"
        case .project: "a part that keys belong to"
        case .member: "a person, with roles"
        case .role: "a set of permissions"
        case .scope: "a right that keys carry"
        case .apiKey: "the policy of one key"
        case .plan: "a tier that organizations are on"
        case .budget: "a bound on spending"
        case .provider: "an upstream that serves models"
        case .modelCatalog: "the models of a provider, with prices"
        case .routingPolicy: "a model name of one's own, and who answers for it"
        case .workflow: "a graph of steps over models"
        case .keyPool: "keys that are minted at runtime"
        case .guardrail: "bounds on what requests and answers hold"
        case .agent: "a model with instructions and tools"
        case .webhook: "an address that is told of events"
        }
    }

    /// Where it may stand, in words.
    package var whereabouts: String {
        if self == .repository { return "`\(SourceFile.rulesPath)`" }
        return [mayBelongToPlatform ? "platform" : nil, mayBelongToOrganization ? "organization" : nil]
            .compactMap { $0 }.joined(separator: " or ")
    }
}
