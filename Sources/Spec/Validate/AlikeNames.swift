/// Names of one kind that are easily taken for one another.
struct AlikeNames {
    private(set) var diagnostics: [Diagnostic] = []

    private struct Look: Hashable {
        var org: String?
        var kind: Kind
        var skeleton: String
    }

    /// Names of an organization stand beside the platform's, which they may take the place of.
    init(_ graph: Graph) {
        var first: [Look: (name: String, place: Place?)] = [:]
        for name in Role.builtIn.keys {
            first[Look(org: nil, kind: .role, skeleton: Self.skeleton(of: name))] = (name, nil)
        }
        let platformFirst = graph.inOrder.filter { $0.key.org == nil } + graph.inOrder.filter { $0.key.org != nil }
        for (key, declared) in platformFirst where key.kind != .repository {
            let skeleton = Self.skeleton(of: key.name)
            let own = Look(org: key.org, kind: key.kind, skeleton: skeleton)
            let other = first[own] ?? first[Look(org: nil, kind: key.kind, skeleton: skeleton)]
            if first[own] == nil { first[own] = (key.name, declared.place) }
            guard let other, other.name != key.name else { continue }
            diagnostics.append(
                Diagnostic(
                    .namesAlike, at: declared.place, length: declared.document.nameExtent.length,
                    "`\(key.name)` is easily taken for the \(key.kind.rawValue) `\(other.name)`",
                    hint: "rename one of them; `previousNames` keeps its usage and history",
                    related: other.place.map { [(place: $0, message: "`\(other.name)` is declared here")] } ?? []))
        }
    }

    /// The name as a hasty eye sees it; names that look alike have equal ones.
    static func skeleton(of name: String) -> String {
        var skeleton: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "1"), UInt8(ascii: "I"): skeleton.append(UInt8(ascii: "l"))
            case UInt8(ascii: "0"), UInt8(ascii: "O"): skeleton.append(UInt8(ascii: "o"))
            case UInt8(ascii: "_"), UInt8(ascii: "."): skeleton.append(UInt8(ascii: "-"))
            case UInt8(ascii: "n") where skeleton.last == UInt8(ascii: "r"): skeleton[skeleton.count - 1] = UInt8(ascii: "m")
            case UInt8(ascii: "v") where skeleton.last == UInt8(ascii: "v"): skeleton[skeleton.count - 1] = UInt8(ascii: "w")
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): skeleton.append(byte | 0x20)
            default: skeleton.append(byte)
            }
        }
        return String(decoding: skeleton, as: UTF8.self)
    }
}
