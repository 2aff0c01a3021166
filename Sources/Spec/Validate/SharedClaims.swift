/// Values that may stand once in the whole repository, and stand twice.
struct SharedClaims {
    private(set) var diagnostics: [Diagnostic] = []

    private struct Value: Hashable {
        var space: Claim.Space
        var text: String
    }

    init(_ graph: Graph) {
        var first: [Value: Place] = [:]
        for file in graph.files {
            for document in file.documents {
                for claim in document.claims {
                    let value = Value(space: claim.space, text: claim.value)
                    if let earlier = first[value] {
                        diagnostics.append(claim.diagnostic(earlier: earlier))
                    } else {
                        first[value] = claim.place
                    }
                }
            }
        }
    }
}

extension Claim {
    fileprivate func diagnostic(earlier: Place) -> Diagnostic {
        switch space {
        case .secret:
            Diagnostic(
                .secretShared, at: place, length: length, "the secret with this digest is in use already",
                hint: "`charter keys new` makes a secret of its own for each key",
                related: [(earlier, "used here")] + notes)
        case .model:
            Diagnostic(
                .modelRepeated, at: place, length: length, "the model `\(value)` is in a catalog already",
                hint: "keep one of them", related: [(earlier, "first declared here")] + notes)
        }
    }
}
