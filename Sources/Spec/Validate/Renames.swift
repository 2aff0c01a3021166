/// Earlier names that belong to somebody else.
struct Renames {
    private(set) var diagnostics: [Diagnostic] = []

    init(_ graph: Graph) {
        var heirs: [ResourceKey: (heir: ResourceKey, place: Place)] = [:]
        for (key, declared) in graph.inOrder {
            for (name, extent) in declared.document.previousNames {
                let previous = ResourceKey(org: key.org, kind: key.kind, name: name)
                let place = Place(path: declared.path, position: extent.position)
                if let other = graph.declared[previous] {
                    refuse(name, place, extent, "is a \(key.kind.rawValue) of its own", (other.place, "declared here"))
                } else if let earlier = heirs[previous], earlier.heir != key {
                    refuse(
                        name, place, extent, "another \(key.kind.rawValue) has too", (earlier.place, "claimed here"))
                } else {
                    heirs[previous] = (key, place)
                }
            }
        }
    }

    private mutating func refuse(
        _ name: String, _ place: Place, _ extent: Extent, _ reason: String, _ other: (place: Place, message: String)
    ) {
        diagnostics.append(
            Diagnostic(
                .previousNameTaken, at: place, length: extent.length, "`previousNames` has `\(name)`, which \(reason)",
                hint: "a name is in use, or given up to one heir", related: [other]))
    }
}
