package import Spec
internal import Store

/// Which resources a question is about; each part that is nil lets all pass.
package struct ResourceQuery: Hashable, Sendable {
    /// An organization's name, or `-` for the platform.
    package var org: String?
    package var kind: Kind?
    package var name: String?

    package init(org: String? = nil, kind: Kind? = nil, name: String? = nil) {
        self.org = org
        self.kind = kind
        self.name = name
    }

    /// From `KIND`, `KIND NAME` or the whole name `org/Kind/name` that Charter prints.
    package init(_ words: some Collection<String>, org: String?) throws(UsageError) {
        self.org = org
        guard let first = words.first else { return }
        let parts = first.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        if words.count == 1, parts.count == 3, let kind = Kind(rawValue: parts[1]) {
            guard org == nil || org == parts[0] else {
                throw .wrong("\(first.printable) and --org name two organizations", hint: nil)
            }
            (self.org, self.kind, name) = (parts[0], kind, parts[2])
        } else {
            kind = try Kind.named(first)
            name = words.dropFirst().first
        }
    }

    package func matches(_ key: ResourceKey) -> Bool {
        (kind == nil || key.kind == kind) && (org == nil || (key.org ?? "-") == org) && (name == nil || key.name == name)
    }

    /// As a person would say it.
    package var text: String {
        (org.map { "\($0)/" } ?? "") + (kind?.rawValue ?? "resource") + (name.map { " `\($0)`" } ?? "")
    }

    var tenancy: Tenancy {
        switch org {
        case nil: .everything
        case "-": .platform
        case let org?: .organization(org)
        }
    }
}

extension Kind {
    /// The kind that a word of the command line means: `APIKey`, `apikey` or `apikeys`.
    package static func named(_ word: String) throws(UsageError) -> Kind {
        if let kind = Kind(word: word) ?? Kind(plural: word) { return kind }
        let near = Suggestion.nearest(to: word, among: allCases.map(\.rawValue))
        throw UsageError.wrong("`\(word)` is not a kind", hint: near.map { "did you mean \($0)?" })
    }
}
