extension ModelRules: FieldSet {
    init?(from fields: inout Fields) {
        allow = fields.value(
            "allow", .set(of: .modelPattern), default: [],
            "names, patterns and labels of the models that may be used; empty allows every model", .enforced(by: "Snapshot.permitted"))
        deny = fields.value(
            "deny", .set(of: .modelPattern), default: [], "the models that may not be used, whatever `allow` says", .enforced(by: "Snapshot.permitted"))
    }
}

extension Shape where Value == ModelPattern {
    /// A pattern that should match something.
    static var modelPattern: Shape<ModelPattern> {
        Shape.amount.noting { pattern, node, reading in
            reading.refer(to: .modelPattern(pattern), pattern.text, at: node.extent)
        }
    }
}
