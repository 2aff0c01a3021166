/// All resources of a repository by name, to ask what one document alone cannot show.
struct Graph {
    /// A document that declares a name, whether or not the rest of it is right.
    struct Declared {
        var document: ParsedDocument
        var path: String

        var place: Place { Place(path: path, position: document.nameExtent.position) }
    }

    let files: [ParsedFile]
    /// The first declaration of each key, in order of path and position.
    private(set) var declared: [ResourceKey: Declared] = [:]
    private(set) var repeated: [(key: ResourceKey, first: Declared, second: Declared)] = []
    private(set) var resources: [ResourceKey: Resource] = [:]
    /// Folders where something could not be read, so that what is missing may be there.
    private(set) var incomplete: Set<Folder> = []

    init(_ files: [ParsedFile]) {
        self.files = files.sorted { $0.path < $1.path }
        for file in self.files {
            if file.isIncomplete { incomplete.insert(Folder(of: file.path)) }
            for document in file.documents { add(document, from: file) }
        }
    }

    private mutating func add(_ document: ParsedDocument, from file: ParsedFile) {
        guard let key = document.key else { return }
        let declaration = Declared(document: document, path: file.path)
        if let first = declared[key] {
            repeated.append((key, first, declaration))
        } else {
            declared[key] = declaration
            if let resource = document.resource { resources[key] = resource }
        }
    }

    func validate(now: Instant?) -> [Diagnostic] {
        var references = References(self)
        return repeatedResources() + secondRepositories() + organizations() + sharedClaims() + renames()
            + people() + ownership() + references.dangling() + (now.map(expiredKeys) ?? [])
    }

    private func repeatedResources() -> [Diagnostic] {
        repeated.map { key, first, second in
            Diagnostic(
                .resourceRepeated, at: second.place, length: second.document.nameExtent.length,
                "\(key.kind.rawValue) `\(key.name)` is declared already", hint: "rename one of them, or remove it",
                related: [(first.place, "first declared here")])
        }
    }

    private func secondRepositories() -> [Diagnostic] {
        let all = declared.filter { $0.key.kind == .repository && $0.value.path == SourceFile.rulesPath }.values.sorted
        { $0.place.position < $1.place.position }
        return all.dropFirst().map { second in
            Diagnostic(
                .resourceRepeated, at: second.place, length: second.document.nameExtent.length,
                "a repository has one Repository only", hint: "remove it",
                related: [(all[0].place, "first declared here")])
        }
    }

    private func sharedClaims() -> [Diagnostic] {
        var first: [String: Place] = [:]
        var found: [Diagnostic] = []
        for file in files {
            for claim in file.documents.flatMap(\.claims) {
                if let earlier = first["\(claim.space) \(claim.value)"] {
                    found.append(claim.diagnostic(earlier: earlier))
                } else {
                    first["\(claim.space) \(claim.value)"] = claim.place
                }
            }
        }
        return found
    }

    private func renames() -> [Diagnostic] {
        var heirs: [ResourceKey: Place] = [:]
        let inOrder = declared.filter { !$0.value.document.previousNames.isEmpty }.sorted { a, b in
            (a.value.place.path, a.value.place.position) < (b.value.place.path, b.value.place.position)
        }
        return inOrder.flatMap { key, declaration in
            declaration.document.previousNames.compactMap { name in
                let previous = ResourceKey(org: key.org, kind: key.kind, name: name)
                if let other = declared[previous] {
                    return refusal(
                        of: name, in: declaration, "is a \(key.kind.rawValue) of its own", "declared", other.place)
                }
                if let heir = heirs[previous], heir != declaration.place {
                    return refusal(of: name, in: declaration, "another \(key.kind.rawValue) has too", "claimed", heir)
                }
                heirs[previous] = declaration.place
                return nil
            }
        }
    }

    private func refusal(
        of name: String, in declaration: Declared, _ reason: String, _ verb: String, _ other: Place
    ) -> Diagnostic {
        Diagnostic(
            .previousNameTaken, at: declaration.place, length: declaration.document.nameExtent.length,
            "`previousNames` has `\(name)`, which \(reason)", hint: "a name is in use, or given up to one heir",
            related: [(other, "\(verb) here")])
    }

    private func expiredKeys(now: Instant) -> [Diagnostic] {
        resources.values.compactMap { resource in
            guard case .apiKey(let key) = resource.body, let place = resource.place else { return nil }
            let isExpired = key.expires.map { $0 <= now } ?? false
            let hasLive = key.secrets.contains { $0.until.map { $0 > now } ?? true }
            guard isExpired || !hasLive && !key.secrets.isEmpty else { return nil }
            let pointer = isExpired ? "/spec/expires" : "/spec/secrets"
            return Diagnostic(
                .keyExpired, at: resource.spans[pointer] ?? place,
                isExpired ? "the key has expired" : "every secret of the key has expired",
                hint: "remove the key, or give it a new secret")
        }
    }
}

extension Claim {
    fileprivate func diagnostic(earlier: Place) -> Diagnostic {
        switch space {
        case .secret:
            Diagnostic(
                .secretShared, at: place, length: length, "the secret with this digest is in use already",
                hint: "`charter keys new` makes a secret of its own for each key", related: [(earlier, "used here")] + notes)
        case .model:
            Diagnostic(
                .modelRepeated, at: place, length: length, "the model `\(value)` is in a catalog already",
                hint: "keep one of them",
                related: [(earlier, "first declared here")] + notes)
        }
    }
}
