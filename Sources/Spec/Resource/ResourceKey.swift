/// The name under which a resource is found: its organization, its kind and its own name.
///
/// `org` is nil for what belongs to the platform itself, such as providers and catalogs.
package struct ResourceKey: Hashable, Sendable {
    package var org: String?
    package var kind: Kind
    package var name: String

    package init(org: String?, kind: Kind, name: String) {
        self.org = org
        self.kind = kind
        self.name = name
    }
}

extension ResourceKey: CustomStringConvertible {
    /// `acme/APIKey/checkout-prod`, or `-/Provider/openai` for the platform's own.
    package var description: String { "\(org ?? "-")/\(kind.rawValue)/\(name)" }
}

extension ResourceKey {
    /// Of `organization/member`; nil for anything else.
    package init?(member text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(org: parts[0], kind: .member, name: parts[1])
    }

    /// A member as people write it: `acme/sam`.
    package var member: String { "\(org ?? "-")/\(name)" }
}

extension ResourceKey: Comparable {
    package static func < (a: ResourceKey, b: ResourceKey) -> Bool {
        if a.org != b.org { return (a.org ?? "") < (b.org ?? "") }
        return a.kind == b.kind ? a.name < b.name : a.kind.rawValue < b.kind.rawValue
    }
}
