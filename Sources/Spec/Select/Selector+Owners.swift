/// What rights that are given are held against: those of whoever owns the path where they are given.
extension Selector {
    /// All Members of the owners' organizations, and of those of what is given: any of them may be a group around somebody. Their
    /// roles are found by name.
    var ownersAround: [Mention] {
        guard parsed.count < corpus.files.count, let ownership else { return [] }
        let scopes = permittingScopes
        var orgs: Set<String> = []
        for index in concerned {
            guard let (givers, rule) = givers(in: index, ownership, by: scopes) else { continue }
            orgs.formUnion(ownership.rules[rule].by.compactMap { ownership.member($0, in: rule)?.org } + givers.compactMap { $0.key?.org })
        }
        return orgs.map { .every(.member, in: [$0]) }
    }

    /// Concerns all that gives rights where owners bound it, and the rules, once an owner or a group has changed: what they bound, and
    /// the keys of those whom a group holds, do not name them.
    mutating func concernGivers(_ touched: Set<Int>, since before: [ParsedFile]) {
        guard let ownership, hasChangedOwners(touched, since: before, ownership) else { return }
        readAll()
        let scopes = permittingScopes
        concernAlone(
            corpus.files.indices.filter { index in
                corpus.files[index].path == SourceFile.rulesPath || givers(in: index, ownership, by: scopes) != nil
            })
    }

    /// Concerns the rules once the Member is touched in whose name they have drift declared, whom they name in a text.
    mutating func concernAdopter() {
        guard let index = corpus.index(of: SourceFile.rulesPath), let name = rules?.adoptAs, let adopter = ResourceKey(member: name) else { return }
        guard names.contains(adopter) else { return }
        readAll()
        concernAlone([index])
    }

    private func hasChangedOwners(_ touched: Set<Int>, since before: [ParsedFile], _ ownership: Ownership) -> Bool {
        let (old, new) = (Holding.all(in: before), Holding.all(in: touched.compactMap { parsed[$0] }))
        let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
        guard !changed.isEmpty else { return false }
        let owners = ownership.rules.indices.flatMap { rule in ownership.rules[rule].by.compactMap { ownership.member($0, in: rule) } }
        if owners.contains(where: names.contains) { return true }
        if changed.contains(where: { old[$0]?.isGroup ?? false || new[$0]?.isGroup ?? false }) { return true }
        // A role is what every group with it has.
        return changed.contains { $0.kind == .role } && Holding.all(in: parsed.values).contains { $0.value.isGroup && names.contains($0.key) }
    }

    /// The documents of a file that may give rights, and the rule whose owners bound them; nil where nothing is bounded.
    private func givers(in file: Int, _ ownership: Ownership, by scopes: Set<String>) -> (documents: [ParsedDocument], rule: Int)? {
        let documents = (parsed[file]?.documents ?? []).filter { $0.mayGiveRights(by: scopes) }
        guard !documents.isEmpty, let rule = ownership.rule(for: corpus.files[file].path), !ownership.rules[rule].by.isEmpty else { return nil }
        return (documents, rule)
    }

    /// Nil where no rule has owners.
    private var ownership: Ownership? {
        guard let rules, rules.owners.contains(where: { !$0.by.isEmpty }) else { return nil }
        return Ownership(rules.owners)
    }

    private var rules: Repository? {
        guard let index = corpus.index(of: SourceFile.rulesPath), let file = parsed[index] else { return nil }
        for document in file.documents {
            if case .repository(let repository)? = (document.resource ?? document.draft)?.body { return repository }
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

/// What rights follow from in a Member or a Role.
private struct Holding: Hashable {
    /// Who owns it decides what it brings those who do.
    var path: String
    var isGroup = false
    /// Of roles: a Member's own, or those that a Role has too.
    var roles: Set<String>
    var projects: [Member.ProjectRoles] = []
    var members: Set<String> = []
    var permissions: Set<Permission> = []

    /// By name; of what could not be read nothing is known.
    static func all(in files: some Sequence<ParsedFile>) -> [ResourceKey: Holding] {
        var found: [ResourceKey: Holding] = [:]
        for file in files {
            for document in file.documents {
                guard let resource = document.resource ?? document.draft else { continue }
                switch resource.body {
                case .member(let member):
                    found[resource.key] = Holding(
                        path: file.path, isGroup: member.sort == .group, roles: Set(member.roles), projects: member.projects,
                        members: Set(member.members))
                case .role(let role):
                    found[resource.key] = Holding(path: file.path, roles: Set(role.inherits), permissions: Set(role.permissions))
                default: break
                }
            }
        }
        return found
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
