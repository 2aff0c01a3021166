/// Members of one organization who would be taken for each other: by the subject of their tokens, their address, or their name at the
/// Git host.
///
/// A person may be in several organizations, so what is compared is of one. Services may share an address with each other, and groups a
/// name, such as that of a team; a person shares neither. Each who has the value is told: whoever declares the other may be another unit.
struct SharedIdentities {
    private(set) var diagnostics: [Diagnostic] = []

    /// A field by which somebody is known.
    private enum Field: String, CaseIterable {
        case externalID = "externalId"
        case email, handle

        var noun: String {
            switch self {
            case .externalID: "the subject"
            case .email: "the address"
            case .handle: "the name at the Git host"
            }
        }

        /// As it is compared; nil where nobody is known by it.
        func value(of member: Member) -> String? {
            switch self {
            case .externalID: member.sort == .group ? nil : member.externalID
            case .email: member.email?.lowercased()
            case .handle: member.handle?.lowercased()
            }
        }
    }

    private struct Identity: Hashable {
        var org: String?
        var field: Field
        var value: String
    }

    private struct Holder {
        let resource: Resource
        let isPerson: Bool
    }

    init(_ graph: Graph) {
        var holders: [Identity: [Holder]] = [:]
        var order: [Identity] = []
        for (key, declared) in graph.inOrder where key.kind == .member {
            guard let resource = declared.document.resource, case .member(let member) = resource.body else { continue }
            for field in Field.allCases {
                guard let value = field.value(of: member) else { continue }
                let identity = Identity(org: key.org, field: field, value: value)
                if holders[identity] == nil { order.append(identity) }
                holders[identity, default: []].append(Holder(resource: resource, isPerson: member.sort == .person))
            }
        }
        for identity in order {
            guard let all = holders[identity], all.count > 1 else { continue }
            report(identity, all)
        }
    }

    private mutating func report(_ identity: Identity, _ holders: [Holder]) {
        // Whoever is not the first one that counts is compared with that one, and that one with the next.
        let isShareable = identity.field != .externalID
        guard let first = holders.firstIndex(where: { $0.isPerson || !isShareable }) else { return }
        let second = first == 0 ? 1 : 0
        for index in holders.indices {
            diagnostics.append(Self.diagnostic(identity, holders[index].resource, holders[index == first ? second : first].resource))
        }
    }

    private static func diagnostic(_ identity: Identity, _ resource: Resource, _ other: Resource) -> Diagnostic {
        let pointer = "/spec/\(identity.field.rawValue)"
        let place = other.spans[pointer] ?? other.place
        return Diagnostic(
            .identityShared, ofValueAt: resource.spans[pointer] ?? resource.place,
            "\(identity.field.noun) `\(identity.value)` is that of the Member `\(other.key.name)` too".printable,
            hint: "let one of them have it: each would be taken for the other",
            related: place.map { [(place: $0, message: "`\(other.key.name)` has it here")] } ?? [])
    }
}
