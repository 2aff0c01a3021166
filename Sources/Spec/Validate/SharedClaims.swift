/// Values that may stand once in the whole repository, and stand twice.
struct SharedClaims {
    private(set) var diagnostics: [Diagnostic] = []

    private struct Value: Hashable {
        var space: Claim.Space
        var text: String
    }

    /// One resource that has the value; small, since every secret has one.
    private struct Use {
        let document: ParsedDocument
        let file: Int32
        let index: Int32

        var claim: Claim { document.claims[Int(index)] }
        var name: String? { document.key?.name }
    }

    private let files: [ParsedFile]

    /// Resources named in one message; a folder's defaults may give the value to any number.
    private static let namesMax = 5

    init(_ graph: Graph) {
        files = graph.files
        var first: [Value: Use] = [:]
        var more: [Value: [Use]] = [:]
        var order: [Value] = []
        for (number, file) in files.enumerated() {
            for document in file.documents {
                for (index, claim) in document.claims.enumerated() {
                    let value = Value(space: claim.space, text: claim.value)
                    let use = Use(document: document, file: Int32(number), index: Int32(index))
                    guard first[value] != nil else {
                        first[value] = use
                        continue
                    }
                    if more[value] == nil { order.append(value) }
                    more[value, default: []].append(use)
                }
            }
        }
        for value in order {
            guard let first = first[value], let others = more[value] else { continue }
            report([first] + others)
        }
    }

    /// One for each place but the first, and one for a place that gives the value to several.
    private mutating func report(_ uses: [Use]) {
        let byPlace = Dictionary(grouping: uses, by: \.claim.place)
        var told: Set<Place> = []
        for use in uses where told.insert(use.claim.place).inserted {
            guard let here = byPlace[use.claim.place] else { continue }
            if here.count > 1 {
                diagnostics.append(inherited(here))
            } else if use.claim.place != uses[0].claim.place {
                diagnostics.append(Self.repeated(use, uses[0]))
            }
        }
    }

    private static func repeated(_ use: Use, _ earlier: Use) -> Diagnostic {
        let claim = use.claim
        let isOwn = use.document === earlier.document
        switch claim.space {
        case .secret:
            let whose = isOwn ? "of the same key" : earlier.name.map { "of the key `\($0)`" } ?? "elsewhere"
            return Diagnostic(
                .secretShared, at: claim.place, length: claim.length,
                "the secret with this digest is in use already, \(whose)", hint: claim.space.hint,
                related: [(earlier.claim.place, "used here")] + claim.notes)
        case .model:
            return Diagnostic(
                .modelRepeated, at: claim.place, length: claim.length,
                "the model `\(claim.value)` is in \(isOwn ? "this" : "a") catalog already", hint: claim.space.hint,
                related: [(earlier.claim.place, "first declared here")] + claim.notes)
        case .issuer:
            return Diagnostic(
                .issuerShared, at: claim.place, length: claim.length,
                "tokens of this issuer for the same audience are those of \(earlier.name.map { "`\($0)`" } ?? "another organization") already",
                hint: claim.space.hint, related: [(earlier.claim.place, "first declared here")] + claim.notes)
        }
    }

    /// Where the resource is named.
    private func declared(_ use: Use) -> Place {
        Place(path: files[Int(use.file)].path, position: use.document.nameExtent.position)
    }

    /// About a text that several resources have, since a folder gives it to them.
    private func inherited(_ uses: [Use]) -> Diagnostic {
        let claim = uses[0].claim
        let namesMax = Self.namesMax
        let names = uses.prefix(namesMax).map { $0.name.map { "`\($0)`" } ?? "one without a name" }.joined(separator: ", ")
        let all = uses.count > namesMax ? "\(names) and \(uses.count - namesMax) more" : names
        let notes = uses.prefix(namesMax).map { use in
            (place: declared(use), message: "\(use.name.map { "`\($0)`" } ?? "one") has it from these defaults")
        }
        switch claim.space {
        case .secret:
            return Diagnostic(
                .secretShared, at: claim.place, length: claim.length,
                "the secret with this digest is given to \(uses.count) keys: \(all)",
                hint: "give each key a secret of its own, in its own file; `charter keys new` makes one",
                related: notes + claim.notes)
        case .model:
            return Diagnostic(
                .modelRepeated, at: claim.place, length: claim.length,
                "the model `\(claim.value)` is given to \(uses.count) catalogs: \(all)",
                hint: "declare it in one of them", related: notes + claim.notes)
        case .issuer:
            return Diagnostic(
                .issuerShared, at: claim.place, length: claim.length,
                "tokens of this issuer for one audience are given to \(uses.count) organizations: \(all)", hint: claim.space.hint,
                related: notes + claim.notes)
        }
    }
}

extension Claim.Space {
    fileprivate var hint: String {
        switch self {
        case .secret: "`charter keys new` makes a secret of its own for each key"
        case .model: "keep one of them"
        case .issuer: "give each organization an `audience` of its own"
        }
    }
}
