/// What rights that are given are held against: those of whoever owns the path where they are given.
extension Selector {
    /// All Members of the owners' organizations, and of those of what is given: any of them may be a group around somebody. Their
    /// roles are found by name.
    var ownersAround: [Mention] {
        guard parsed.count < corpus.files.count, let ownership else { return [] }
        let scopes = permittingScopes
        var orgs: Set<String> = []
        for index in concerned {
            let givers = (parsed[index]?.documents ?? []).filter { $0.mayGiveRights(by: scopes) }
            guard !givers.isEmpty, let rule = ownership.rule(for: corpus.files[index].path) else { continue }
            let owners = ownership.rules[rule].by.compactMap { ownership.member($0, in: rule)?.org }
            if !owners.isEmpty { orgs.formUnion(owners + givers.compactMap { $0.key?.org }) }
        }
        return orgs.map { .every(.member, in: [$0]) }
    }

    /// Nil where no rule has owners.
    private var ownership: Ownership? {
        guard let index = corpus.index(of: SourceFile.rulesPath), let file = parsed[index] else { return nil }
        for document in file.documents {
            guard case .repository(let repository)? = (document.resource ?? document.draft)?.body else { continue }
            return repository.owners.contains { !$0.by.isEmpty } ? Ownership(repository.owners) : nil
        }
        return nil
    }

    /// Names of scopes that carry permissions.
    private var permittingScopes: Set<String> {
        parsed.values.reduce(into: []) { names, file in
            for document in file.documents {
                guard case .scope(let scope)? = document.resource?.body, !scope.permissions.isEmpty, let key = document.key else { continue }
                names.insert(key.name)
            }
        }
    }
}

extension ParsedDocument {
    /// Whether it may give somebody rights, or let somebody be taken for one who has them.
    fileprivate func mayGiveRights(by scopes: Set<String>) -> Bool {
        switch resource?.body {
        case .role, .member: true
        case .scope(let scope): !scope.permissions.isEmpty
        case .apiKey(let key): !scopes.isDisjoint(with: key.scopes)
        case .organization(let organization): organization.signIn?.issuer != nil
        default: false
        }
    }
}
