/// The least document of a kind that has the right shape, made of its declaration.
enum Skeleton {
    static func text(of kind: Kind) -> String {
        var lines = ["apiVersion: \(currentAPIVersion)", "kind: \(kind.rawValue)"]
        if kind != .repository { lines.append("metadata: { name: \(name) }") }
        let fields = least(of: kind.declaredFields)
        lines.append(fields.isEmpty ? "spec: {}" : "spec:")
        lines += fields.map { "  \($0.name): \(value($0.shape))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let name = "name"

    /// What must be given; of alternatives the first.
    private static func least(of fields: [FieldDeclaration]) -> [FieldDeclaration] {
        let chosen = fields.filter { $0.presence == .required || $0.isNeededByDefault || $0.alternatives.first == $0.name }
        let needed = Set(chosen.flatMap(\.needs))
        return fields.filter { field in needed.contains(field.name) || chosen.contains { $0.name == field.name } }
    }

    private static func value(_ shape: ShapeDescription) -> String {
        switch shape {
        case .text(_, let example, _, _): example ?? name
        case .integer(let bounds): String(bounds.lowerBound)
        case .boolean, .isTrue: "true"
        case .oneOf(let names): names.first ?? name
        case .list(let item), .set(let item): "[\(value(item))]"
        case .map(_, _, let item): "{ \(name): \(value(item)) }"
        case .either(let shapes): shapes.first.map(value) ?? "{}"
        case .fields(let fields):
            least(of: fields).isEmpty
                ? "{}" : "{ " + least(of: fields).map { "\($0.name): \(value($0.shape))" }.joined(separator: ", ") + " }"
        }
    }
}
