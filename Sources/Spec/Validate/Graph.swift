/// All resources of a repository by name, to ask what one document alone cannot show.
struct Graph {
    /// A document that declares a name, whether or not the rest of it is right.
    struct Declared {
        var document: ParsedDocument
        var path: String

        var place: Place { Place(path: path, position: document.nameExtent.position) }
    }

    /// Resources from which on the checks are spread over the cores: fewer are checked before another thread wakes up.
    private static let concurrentMin = 2000

    let files: [ParsedFile]
    /// The first declaration of each key, in order of path and position.
    private(set) var declared: [ResourceKey: Declared] = [:]
    private(set) var repeated: [(key: ResourceKey, first: Declared, second: Declared)] = []
    /// The same in the order of path and position.
    private(set) var inOrder: [(key: ResourceKey, declared: Declared)] = []
    private(set) var resources: [ResourceKey: Resource] = [:]
    /// Those with a mistake of their own, as far as they can be told.
    private var drafts: [ResourceKey: Resource] = [:]

    /// For checks of what stands there rather than of what is missing, so that one mistake hides no other.
    var readable: [ResourceKey: Resource] {
        drafts.isEmpty ? resources : resources.merging(drafts) { whole, _ in whole }
    }
    /// Folders where something could not be read, so that what is missing may be there.
    private(set) var incomplete: Set<Folder> = []

    init(_ files: [ParsedFile]) {
        self.files = files.sorted { $0.path < $1.path }
        let count = files.reduce(0) { $0 + $1.documents.count }
        declared.reserveCapacity(count)
        resources.reserveCapacity(count)
        inOrder.reserveCapacity(count)
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
            inOrder.append((key, declaration))
            if let resource = document.resource { resources[key] = resource }
            if let draft = document.draft { drafts[key] = draft }
        }
    }

    /// Everything that is wrong with the whole.
    func validate(now: Instant?) -> [Diagnostic] {
        let found = ask(GraphCheck.all.filter { !$0.isOfSoundWhole }, now)
        let isSound = !found.contains { $0.severity == .error } && !files.contains(where: \.hasErrors)
        return isSound ? found + ask(GraphCheck.all.filter(\.isOfSoundWhole), now) : found
    }

    private func ask(_ checks: [GraphCheck], _ now: Instant?) -> [Diagnostic] {
        let perTask = declared.count < Self.concurrentMin ? checks.count : 1
        return checks.mapConcurrently(perTask: max(1, perTask)) { $0.find(self, now) }.flatMap(\.self)
    }
}
