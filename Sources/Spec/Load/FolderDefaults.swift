/// The `_defaults.yaml` files of a repository: what folders give to the resources below them.
package struct FolderDefaults: Sendable {
    private var files: [String: DefaultsFile] = [:]
    /// Paths by `Extent.source` less one.
    private(set) var paths: [String] = []
    private var repeated: [Diagnostic] = []
    /// By path.
    private(set) var misnamed: [String: MisnamedDefaults] = [:]
    /// Folders of those, and of files of defaults that could not be read.
    private var misread: Set<String> = []
    private var limits = ReadingLimits.standard

    package init() {}

    /// Reads those among the files, the ones of outer folders first.
    ///
    /// `unread` are paths that could not be read; what those among them would give is not known.
    package init(_ all: [SourceFile], unread: [String] = [], limits: ReadingLimits = .standard) {
        self.limits = limits
        for path in unread where SourceFile.holdsFolderDefaults(path) { misread.insert(Self.folder(of: path)) }
        let own = all.filter(\.isFolderDefaults).sorted { $0.path < $1.path }
        let depth: (SourceFile) -> Int = { $0.path.utf8.count { $0 == UInt8(ascii: "/") } }
        for file in own.sorted(by: { (depth($0), $0.path) < (depth($1), $1.path) }) { add(file) }
        for file in all {
            guard let found = MisnamedDefaults(file, limits: limits) else { continue }
            misnamed[file.path] = found
            misread.insert(Self.folder(of: file.path))
        }
    }

    private mutating func add(_ file: SourceFile) {
        let folder = Self.folder(of: file.path)
        if let first = files[folder] {
            let place = Place(path: file.path, position: Extent.start.position)
            repeated.append(
                Diagnostic(
                    .defaultsRepeated, at: place, "the folder has defaults already", hint: "keep one file",
                    related: [(Place(path: first.path, position: Extent.start.position), "the other one")]))
            return
        }
        paths.append(file.path)
        files[folder] = DefaultsFile(file, source: Int32(paths.count), under: chain(for: file.path), limits: limits)
    }

    /// What holds for a file, the farthest folder first; a file of defaults is not under itself.
    func chain(for path: String) -> DefaultsChain {
        guard !files.isEmpty || !misread.isEmpty else { return DefaultsChain() }
        var chain = DefaultsChain(paths: paths)
        var folder = Self.folder(of: path)
        while true {
            if let file = files[folder], file.path != path { chain.files.insert(file, at: 0) }
            if misread.contains(folder) { chain.isMisread = true }
            if folder.isEmpty { return chain }
            folder = Self.folder(of: folder)
        }
    }

    /// What is wrong with a file of defaults by itself.
    func diagnostics(of path: String) -> [Diagnostic] {
        let own = files[Self.folder(of: path)]
        return (own?.path == path ? own?.diagnostics ?? [] : []) + repeated.filter { $0.place?.path == path }
    }

    /// What a file of defaults gives.
    func given(by path: String) -> [GivenDefaults] {
        let own = files[Self.folder(of: path)]
        return own?.path == path ? own?.given ?? [] : []
    }

    /// Whether a file of defaults has no document.
    func isEmpty(at path: String) -> Bool {
        let own = files[Self.folder(of: path)]
        return own?.path == path && own?.isEmpty == true
    }

    /// The remarks in a file of defaults.
    func ignores(of path: String) -> [IgnoreDirective] {
        let own = files[Self.folder(of: path)]
        return own?.path == path ? own?.ignores ?? [] : []
    }

    private static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }
}

/// The defaults that hold for one file, the farthest folder first.
struct DefaultsChain: Sendable {
    var files: [DefaultsFile] = []
    /// Of all files of defaults, by `Extent.source` less one.
    var paths: [String] = []

    /// Whether a folder has a file that may be meant for its defaults.
    var isMisread = false

    /// Whether one of them could not be read, so that what is missing may be in it.
    var isBroken: Bool { isMisread || files.contains(where: \.isBroken) }

    /// A document's entries with `metadata` and `spec` laid over the defaults of its kind.
    func complete(_ entries: [Node.Entry]) -> [Node.Entry] {
        guard !files.isEmpty, let kind = Kind(in: entries) ?? Kind(meantIn: entries) else { return entries }
        var complete = entries
        for name in ["metadata", "spec"] {
            guard let base = defaults(of: kind, name) else { continue }
            if let index = complete.firstIndex(where: { $0.key == name }) {
                complete[index].value = complete[index].value.laid(over: base.value).withoutCleared
            } else {
                complete.append(
                    Node.Entry(key: base.key, keyExtent: base.keyExtent, value: base.value.withoutCleared))
            }
        }
        return complete
    }

    private func defaults(of kind: Kind, _ name: String) -> Node.Entry? {
        files.reduce(nil) { base, file in
            guard var own = file.entries[kind]?.first(where: { $0.key == name }) else { return base }
            if let base { own.value = own.value.laid(over: base.value) }
            return own
        }
    }
}

extension Kind {
    /// The kind that a document gives, if it gives one.
    init?(in entries: [Node.Entry]) {
        guard case .scalar(let scalar)? = entries.first(where: { $0.key == "kind" })?.value.content else { return nil }
        self.init(rawValue: scalar.text)
    }

    /// The one that a misspelt kind stands for, under which the rest of the document can be judged.
    init?(meantIn entries: [Node.Entry]) {
        guard let text = entries.first(where: { $0.key == "kind" })?.value.text,
            let name = Suggestion.nearest(to: Lookalikes.ascii(of: text) ?? text, among: Kind.allCases.map(\.rawValue))
        else { return nil }
        self.init(rawValue: name)
    }
}

extension Node {
    /// This value where a farther folder gives `base`: mappings are joined field by field, `null` clears what is given,
    /// and everything else takes its place.
    func laid(over base: Node) -> Node {
        guard case .mapping(let own) = content, case .mapping(let outer) = base.content else { return self }
        var joined = outer
        let places = Dictionary(outer.enumerated().map { ($1.key, $0) }) { first, _ in first }
        for entry in own {
            guard let index = places[entry.key] else {
                joined.append(entry)
                continue
            }
            let given = joined[index]
            joined[index].value = entry.value.laid(over: given.value)
            joined[index].keyExtent = entry.keyExtent
            joined[index].isCleared = entry.value.isNull
        }
        return Node(content: .mapping(joined), extent: extent)
    }

    /// The same without the fields that are cleared, at any depth.
    var withoutCleared: Node {
        guard holdsCleared, case .mapping(let entries) = content else { return self }
        var rest = self
        rest.content = .mapping(
            entries.filter { !$0.isCleared }.map {
                Entry(key: $0.key, keyExtent: $0.keyExtent, value: $0.value.withoutCleared)
            })
        return rest
    }

    private var holdsCleared: Bool {
        guard case .mapping(let entries) = content else { return false }
        return entries.contains { $0.isCleared || $0.value.holdsCleared }
    }

    private var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.type == .null && !scalar.text.isEmpty } else { false }
    }

    /// The same node as one of another file.
    func from(_ source: Int32) -> Node {
        var moved = self
        moved.extent.source = source
        moved.alias = alias?.from(source)
        switch content {
        case .scalar, .broken: break
        case .sequence(let items): moved.content = .sequence(items.map { $0.from(source) })
        case .mapping(let entries):
            moved.content = .mapping(
                entries.map { entry in
                    var key = entry.keyExtent
                    key.source = source
                    return Entry(key: entry.key, keyExtent: key, value: entry.value.from(source))
                })
        }
        return moved
    }
}
