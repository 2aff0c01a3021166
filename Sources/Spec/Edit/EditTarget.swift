/// Which document of a file is meant; the file's folder gives the organization.
package enum EditTarget: Hashable, Sendable {
    case resource(Kind, name: String)
    /// Of a `_defaults.yaml`.
    case defaults(Kind)

    package init(_ key: ResourceKey) { self = .resource(key.kind, name: key.name) }

    /// `APIKey checkout-prod`, or `the defaults of APIKey`.
    var noun: String {
        switch self {
        case .resource(let kind, let name): "\(kind.rawValue) \(name)"
        case .defaults(let kind): "the defaults of \(kind.rawValue)"
        }
    }

    /// Whether a document of the file is this one.
    func names(_ document: Node) -> Bool {
        let entries = document.entries
        switch self {
        case .defaults(let kind): return Kind(in: entries) == kind
        case .resource(let kind, let name):
            guard Kind(in: entries) == kind else { return false }
            let given = entries.first { $0.key == "metadata" }?.value.entries.first { $0.key == "name" }?.value.text
            return (given ?? (kind == .repository ? Envelope.repositoryName : nil)) == name
        }
    }
}
