internal import Spec

extension PlanFile {
    /// The same plan of the same state gives the same bytes.
    package var text: String {
        let head = JSONTree.object(
            Self.document.head + [
                ("unit", .string(unit)), ("repository", .string(repository)), ("folder", .string(folder)),
                ("commit", .string(commit)),
                ("base", base.map { .object([("revision", .int($0.revision)), ("commit", .string($0.commit))]) } ?? .null),
                ("digest", .string(digest)), ("drift_digest", .optional(drift)), ("rules_digest", .string(rules)),
                ("changes", .int(Int64(changes.count))), ("drifted", .int(Int64(drifted.count))),
            ])
        let lines = changes.map { $0.line("change") } + drifted.map { $0.line("drift") }
        return SealedText.seal([head.text] + lines.map(\.text))
    }

    /// Reads a saved plan; refuses one that is truncated, altered, of something else, or of another format.
    package init(text: String) throws(DocumentProblem) {
        let (head, _, rest) = try Self.document.open(text)
        unit = try head.string("unit")
        repository = try head.string("repository")
        folder = try head.string("folder")
        commit = try head.string("commit")
        base = try head.optionalObject("base").map { base throws(DocumentProblem) in
            Plan.AppliedCommit(revision: try base.integer("revision"), commit: try base.string("commit"))
        }
        digest = try head.string("digest")
        drift = try head.optionalString("drift_digest")
        rules = try head.string("rules_digest")
        engine = try head.string("engine")
        for (index, line) in rest.enumerated() {
            let object = try DocumentObject(line, line: index + 2)
            if let name = try object.optionalString("change") {
                changes.append(Entry(name: name, digest: try object.string("sha256")))
            } else {
                drifted.append(Entry(name: try object.string("drift"), digest: try object.string("sha256")))
            }
        }
        guard changes.count == Int(try head.integer("changes")), drifted.count == Int(try head.integer("drifted")) else {
            throw DocumentProblem("its changes are not those that its first line speaks of")
        }
    }
}

extension PlanFile.Entry {
    fileprivate func line(_ member: String) -> JSONTree {
        .object([(member, .string(name)), ("sha256", .string(digest))])
    }
}
