/// Grows a selection from what was touched, backwards to what depends on it, then forwards to what all that depends on.
struct Selector {
    let corpus: Corpus
    /// By index in the corpus.
    private(set) var parsed: [Int: ParsedFile] = [:]
    private(set) var concerned: Set<Int> = []
    /// Names that were added, removed or edited, and those of what depends on them.
    private(set) var names: Set<ResourceKey> = []
    private var claims: Set<String> = []
    private var asked: Set<Mention> = []
    private let smallFolder: Int

    /// Files of an organization that are all read as soon as one is: cheaper than to search them.
    static let smallFolder = 40
    /// Names that are searched for in one round; with more of them the whole is read.
    private static let searchesMax = 2000

    init(_ corpus: Corpus, smallFolder: Int) {
        self.corpus = corpus
        self.smallFolder = smallFolder
    }

    mutating func readAll() { read(Array(corpus.files.indices)) }

    mutating func select(_ change: FileChanges) {
        let before = Specification.parse(change.before, limits: corpus.limits)
        let touched = touch(change, before)
        findDependents()
        findDependencies()
        concernGivers(touched, since: before)
        concernAdopter()
        concernOrganizations()
        readWhatIsCompared()
        readNeighbours()
        findDependencies()
    }

    /// Paths of the defaults that hold for what is concerned.
    var inherited: [String] {
        corpus.defaultsFolders.filter { _, folder in
            concerned.contains { corpus.files[$0].path.utf8.starts(with: folder.utf8) }
        }.map { corpus.files[$0.file].path }
    }

    /// Parses those that were not yet.
    private mutating func read(_ indexes: [Int]) {
        let missing = Set(indexes).filter { parsed[$0] == nil }.sorted()
        guard !missing.isEmpty else { return }
        let files = Specification.parse(missing.map { corpus.files[$0] }, under: corpus.defaults, limits: corpus.limits)
        for (index, file) in zip(missing, files) { parsed[index] = file }
    }

    /// Concerns files without looking for what depends on them.
    mutating func concernAlone(_ indexes: some Sequence<Int>) { concerned.formUnion(indexes) }

    /// Reads what may hold the texts, each asked for once; everything, where they are very many.
    mutating func read(_ mentions: some Sequence<Mention>) {
        guard parsed.count < corpus.files.count else { return }
        let fresh = Set(mentions).subtracting(asked)
        asked.formUnion(fresh)
        if fresh.count > Self.searchesMax { return readAll() }
        read(fresh.flatMap(corpus.mentioning))
    }
}

// MARK: Backwards

extension Selector {
    /// Answers the files that are there.
    private mutating func touch(_ change: FileChanges, _ before: [ParsedFile]) -> Set<Int> {
        var touched = Set(change.paths.compactMap(corpus.index))
        for path in change.paths where SourceFile(path: path, bytes: []).isFolderDefaults {
            touched.formUnion(corpus.below(SourceFile(path: path, bytes: []).folder))
        }
        read(Array(touched))
        concern(touched)
        for file in before { note(file) }
        return touched
    }

    private mutating func concern(_ indexes: Set<Int>) {
        let added = indexes.subtracting(concerned)
        concerned.formUnion(added)
        for index in added { if let file = parsed[index] { note(file) } }
        // Whether anybody inherits them is said of defaults.
        for index in added where parsed[index]?.given.isEmpty == false { read(corpus.below(corpus.files[index].folder)) }
    }

    /// Remembers what a file declares, so that what depends on it is found.
    private mutating func note(_ file: ParsedFile) {
        for document in file.documents {
            claims.formUnion(document.claims.map(\.value))
            guard let key = document.key else { continue }
            names.insert(key)
            for previous in document.previousNames {
                names.insert(ResourceKey(org: key.org, kind: key.kind, name: previous.name))
            }
        }
    }

    private mutating func findDependents() {
        while true {
            if let reach = names.lazy.compactMap(\.reach).max() {
                widen(reach)
            }
            read(names.map { Mention(text: $0.name, kind: nil, organizations: $0.org.map { [$0] }) })
            read(claims.map { Mention(text: $0, kind: nil, organizations: nil) })
            let found = parsed.filter {
                !concerned.contains($0.key) && depends($0.value, of: corpus.organizations[$0.key])
            }
            guard !found.isEmpty else { return }
            concern(Set(found.keys))
        }
    }

    private mutating func widen(_ widest: Reach) {
        if widest == .everything {
            readAll()
            return concern(Set(corpus.files.indices))
        }
        for key in names where key.reach == .organization {
            let all = corpus.folders[key.org] ?? []
            read(all)
            concern(Set(all))
        }
    }

    private func depends(_ file: ParsedFile, of org: String?) -> Bool {
        if file.given.contains(where: { $0.references.contains { isOfName($0, for: org) } }) { return true }
        return file.documents.contains { document in
            if let key = document.key, names.contains(key) { return true }
            if let key = document.key,
                document.previousNames.contains(where: { previous in
                    names.contains(ResourceKey(org: key.org, kind: key.kind, name: previous.name))
                })
            {
                return true
            }
            return document.claims.contains { claims.contains($0.value) }
                || document.references.contains { reference in
                    guard case .resource(let kind) = reference.target else { return false }
                    return names.contains(ResourceKey(org: nil, kind: kind, name: reference.name))
                        || org != nil && names.contains(ResourceKey(org: org, kind: kind, name: reference.name))
                }
        }
    }
}

extension Selector {
    /// Whether a name in defaults is one of `names`; those outside of an organization may hold for all.
    private func isOfName(_ reference: Reference, for org: String?) -> Bool {
        guard case .resource(let kind) = reference.target else { return false }
        if let org {
            return names.contains(ResourceKey(org: org, kind: kind, name: reference.name))
                || names.contains(ResourceKey(org: nil, kind: kind, name: reference.name))
        }
        return names.contains { $0.kind == kind && $0.name == reference.name }
    }
}

/// How far a change of a resource is felt beyond those that name it.
private enum Reach: Comparable {
    case organization, everything
}

extension ResourceKey {
    fileprivate var reach: Reach? {
        switch kind {
        // Patterns and labels choose among all models, and an empty list of rules means all of them.
        case .modelCatalog, .provider, .repository: .everything
        case .routingPolicy: org == nil ? .everything : .organization
        case .organization: .organization
        default: nil
        }
    }
}

// MARK: Forwards

extension Selector {
    /// What every judgement needs: the models and routes there are, the rules of the repository, and each organization's frame.
    private mutating func readEssentials() {
        let platform: [String?] = [nil]
        read(
            [Kind.modelCatalog, .provider, .routingPolicy, .repository].map {
                .every($0, in: platform)
            })
        var done: Set<String?> = [nil]
        while true {
            let orgs = Set(parsed.keys.map { corpus.organizations[$0] }).subtracting(done)
            guard !orgs.isEmpty else { return }
            done.formUnion(orgs)
            for org in orgs {
                let all = corpus.folders[org] ?? []
                // What is said of an organization as a whole is said in its first file.
                read(all.count <= smallFolder ? all : Array(all.prefix(1)))
                read(
                    [Kind.organization, .routingPolicy].map {
                        .every($0, in: [org])
                    })
            }
        }
    }

    /// Reads what anything read so far names, until nothing is missing or nothing more is found.
    mutating func findDependencies() {
        while true {
            let before = parsed.count
            readEssentials()
            // Also where the platform has the name: the organization's own would come first.
            read(
                named(in: parsed.keys, missingFrom: { $0.prefix(1) }).map { name in
                    Mention(text: name.name, kind: name.kind, organizations: name.kind.folders(for: name.org))
                })
            if parsed.count == before { return }
        }
    }

    /// Names used in these files that none of the chosen folders is known to declare; `org` is whose the file is.
    private func named<Folders: Sequence<String?>>(
        in indexes: some Sequence<Int>, missingFrom choose: ([String?]) -> Folders
    ) -> Set<ResourceKey> {
        let declared = Set(parsed.values.flatMap { $0.documents.compactMap(\.key) })
        var missing: Set<ResourceKey> = []
        for index in indexes {
            let org = corpus.organizations[index]
            for reference in parsed[index]?.references ?? [] {
                guard case .resource(let kind) = reference.target else { continue }
                let isThere = choose(kind.folders(for: org)).contains {
                    declared.contains(ResourceKey(org: $0, kind: kind, name: reference.name))
                }
                if !isThere { missing.insert(ResourceKey(org: org, kind: kind, name: reference.name)) }
            }
        }
        return missing
    }

    /// Reads the names among which a name that leads nowhere may have been meant.
    private mutating func readNeighbours() {
        read(
            named(in: concerned, missingFrom: { $0 }).map { name in
                .every(name.kind, in: nil)
            })
    }
}

extension Kind {
    /// Where a name of the kind is looked for from a file of an organization, or of the platform; the nearest first.
    fileprivate func folders(for org: String?) -> [String?] {
        (org != nil && mayBelongToOrganization ? [org] : []) + (mayBelongToPlatform ? [nil] : [])
    }
}
