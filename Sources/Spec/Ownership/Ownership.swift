/// The rules of `charter.yaml` about who owns which path.
package struct Ownership {
    package let rules: [Repository.OwnerRule]
    let spans: Spans

    package init(_ rules: [Repository.OwnerRule]) {
        self.rules = rules
        spans = Spans(path: SourceFile.rulesPath)
    }

    /// Nil without a `charter.yaml` that could be read.
    init?(_ resources: [ResourceKey: Resource]) {
        for resource in resources.values {
            guard case .repository(let repository) = resource.body else { continue }
            rules = repository.owners
            spans = resource.spans
            return
        }
        return nil
    }

    /// The rule that holds for a path: the last one that matches.
    package func rule(for path: String) -> Int? {
        rules.lastIndex { $0.paths.contains { $0.matches(path) } }
    }

    func place(_ rule: Int, _ field: String) -> Place? {
        spans["/spec/owners/\(rule)/\(field)"] ?? spans["/spec/owners/\(rule)"]
    }

    /// The Member whom a name in `by` means; nil when it does not say of which organization.
    package func member(_ name: String, in rule: Int) -> ResourceKey? {
        let parts = name.split(separator: "/").map(String.init)
        if parts.count == 2 { return ResourceKey(org: parts[0], kind: .member, name: parts[1]) }
        let organizations = Set(rules[rule].paths.map(\.organization))
        guard organizations.count == 1, let only = organizations.first, let org = only else { return nil }
        return ResourceKey(org: org, kind: .member, name: name)
    }
}

extension Graph {
    /// What stands where the rules of `charter.yaml` do not let it, and owners who do not exist.
    func ownership() -> [Diagnostic] {
        guard let ownership = Ownership(readable), !ownership.rules.isEmpty else { return [] }
        return misplacedKinds(ownership) + unknownOwners(ownership)
    }

    func misplacedKinds(_ ownership: Ownership) -> [Diagnostic] {
        files.flatMap { file -> [Diagnostic] in
            guard let index = ownership.rule(for: file.path) else { return [] }
            let kinds = ownership.rules[index].kinds
            guard !kinds.isEmpty else { return [] }
            return file.documents.compactMap { document in
                guard let kind = document.key?.kind, !kinds.contains(kind) else { return nil }
                return Diagnostic(
                    .kindNotOwned, at: Place(path: file.path, position: document.nameExtent.position),
                    length: document.nameExtent.length, "\(kind.rawValue) may not stand in this file",
                    hint: "here may stand: " + kinds.map { "`\($0.rawValue)`" }.joined(separator: ", "),
                    related: ownership.place(index, "kinds").map { [($0, "the rule for this path")] } ?? [])
            }
        }
    }

    private func unknownOwners(_ ownership: Ownership) -> [Diagnostic] {
        ownership.rules.indices.flatMap { rule in
            ownership.rules[rule].by.enumerated().compactMap { index, name in
                unknownOwner(name, at: ownership.place(rule, "by/\(index)"), in: rule, ownership)
            }
        }
    }

    private func unknownOwner(_ name: String, at place: Place?, in rule: Int, _ ownership: Ownership) -> Diagnostic? {
        let length = name.unicodeScalars.count
        guard let key = ownership.member(name, in: rule) else {
            return Diagnostic(
                .ruleOwnerUnknown, at: place, length: length,
                "it is not said of which organization `\(name)` is, as the paths are not all of one",
                hint: "write it as `organization/\(name)`")
        }
        let org = key.org ?? ""
        guard declared[key] == nil, !incomplete.contains(.organization(org)) else { return nil }
        let names = declared.keys.filter { $0.org == org && $0.kind == .member }.map(\.name).sorted()
        return Diagnostic(
            .ruleOwnerUnknown, at: place, length: length, "there is no Member `\(key.name)` in \(org)",
            hint: Suggestion.hint(for: key.name, among: names))
    }
}
