/// What stands in `spec`: the kind's own fields, and `suspend`, which every kind but Repository has.
struct SpecFields {
    var body: Body
    var suspension: Suspension?
}

extension Shape where Value: FieldSet {
    /// The fields of a kind with what all kinds share.
    static func spec(of kind: Kind, _ wrap: @escaping (Value) -> Body) -> Shape<SpecFields> {
        Shape<SpecFields>(.fields(Fields.declared { fields in _ = readSpec(of: kind, &fields) })) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.expected("a mapping", node)
                return nil
            }
            var fields = Fields(entries, reading)
            let (value, suspension) = readSpec(of: kind, &fields)
            fields.finish()
            return value.map { Decoded(SpecFields(body: wrap($0), suspension: suspension), .object(fields.canonical)) }
        }
    }

    private static func readSpec(of kind: Kind, _ fields: inout Fields) -> (Value?, Suspension?) {
        let value = Value(from: &fields)
        guard kind != .repository else { return (value, nil) }
        let suspension: Suspension? = fields.optional(
            "suspend", .fields, "that it does not count for a time, and why", kind.effectOfSuspension)
        return (value, suspension)
    }
}

extension Kind {
    /// What keeps a suspension of the kind. A bound that was lifted by one would be a hole, so those still hold.
    fileprivate var effectOfSuspension: Effect {
        switch self {
        case .organization, .project, .member, .apiKey: .enforced(by: "Snapshot.expiry")
        case .provider, .modelCatalog, .routingPolicy: .enforced(by: "Snapshot.claim")
        case .keyPool: .enforced(by: "Compiler.addPools")
        case .webhook: .enforced(by: "EventRecipient.isSuspended")
        default: .notYet
        }
    }
}
