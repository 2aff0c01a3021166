/// Reads the documents of one file: libyaml's events become trees, and what the language forbids is reported.
struct YAMLReader {
    /// The documents that could be read whole.
    private(set) var documents: [Node] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether something of the file could not be read, so that what it declares is not fully known.
    private(set) var isIncomplete = false

    private let path: String
    private var frames: [Frame] = []
    private var root: Node?
    private var nodeCount = 0

    init(path: String, bytes: [UInt8]) {
        self.path = path
        guard bytes.count <= YAMLLimits.fileBytesMax else {
            fail(
                .fileTooLarge, .start, "the file has \(bytes.count) bytes, \(YAMLLimits.fileBytesMax) are allowed",
                hint: "split it; several files may declare resources of one organization")
            return
        }
        let text = SourceText.withoutMark(bytes)
        if let problem = SourceText.firstProblem(in: text) {
            fail(problem.code, Extent(position: problem.position, length: 1), problem.message, hint: problem.hint)
            return
        }
        if let problem = LibYAML.events(in: text, { take($0) }) { fail(problem, in: text) }
    }

    // MARK: Events

    /// False when reading must stop.
    private mutating func take(_ event: YAMLEvent) -> Bool {
        refuseDecorations(of: event)
        switch event.content {
        case .documentStart: root = nil
        case .documentEnd: endDocument()
        case .scalar(let scalar):
            if expectsKey {
                takeKey(scalar, event.extent)
            } else {
                add(Node(content: .scalar(scalar), extent: event.extent))
            }
        case .alias(let name):
            report(
                .aliasRefused, event.extent, "the alias *\(name) is not supported",
                hint: "repeat the value; what is used once is written in place")
            if expectsKey {
                frames[frames.count - 1].key = .broken
            } else {
                add(Node(content: .broken, extent: event.extent))
            }
        case .sequenceStart, .mappingStart: return open(event)
        case .sequenceEnd, .mappingEnd: close(event)
        }
        return checkCount(event.extent)
    }

    private mutating func endDocument() {
        guard let root else { return }
        // An empty document, as `---` at the end of a file leaves one.
        if case .scalar(let scalar) = root.content, scalar.isPlain, scalar.text.isEmpty { return }
        documents.append(root)
    }

    private mutating func refuseDecorations(of event: YAMLEvent) {
        if let anchor = event.anchor {
            report(
                .aliasRefused, event.extent, "the anchor &\(anchor) is not supported",
                hint: "repeat the value; what is used once is written in place")
        }
        if let tag = event.tag {
            report(
                .tagRefused, event.extent, "the tag \(tag) is not supported",
                hint: "leave the tag out; put text that looks like a number in quotes")
        }
    }

    private mutating func open(_ event: YAMLEvent) -> Bool {
        guard frames.count < YAMLLimits.depthMax else {
            fail(
                .tooDeep, event.extent, "lists and mappings are nested more than \(YAMLLimits.depthMax) deep", hint: nil
            )
            return false
        }
        if expectsKey {
            report(.keyNotText, event.extent, "a key must be text, not a list or a mapping", hint: nil)
        }
        if case .mappingStart = event.content {
            frames.append(Frame(isMapping: true, event.extent))
        } else {
            frames.append(Frame(isMapping: false, event.extent))
        }
        return checkCount(event.extent)
    }

    private mutating func close(_ event: YAMLEvent) {
        guard let frame = frames.popLast() else { return }
        var extent = frame.extent
        if extent.position.line == event.end.line {
            extent = Extent(position: extent.position, length: max(1, event.end.column - extent.position.column))
        }
        // A collection in the place of a key was reported when it began.
        if expectsKey {
            frames[frames.count - 1].key = .broken
        } else {
            add(Node(content: frame.content, extent: extent))
        }
    }

    private mutating func checkCount(_ extent: Extent) -> Bool {
        nodeCount += 1
        guard nodeCount > YAMLLimits.nodesMax else { return true }
        fail(.tooManyValues, extent, "the file has more than \(YAMLLimits.nodesMax) values", hint: "split it")
        return false
    }

    // MARK: Trees

    private var expectsKey: Bool {
        guard let frame = frames.last else { return false }
        return frame.isMapping && frame.key == nil
    }

    private mutating func add(_ node: Node) {
        guard let last = frames.indices.last else {
            root = node
            return
        }
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        if case .named(let name, let extent)? = frames[last].key {
            frames[last].entries.append(Node.Entry(key: name, keyExtent: extent, value: node))
        }
        frames[last].key = nil
    }

    private mutating func takeKey(_ scalar: Scalar, _ extent: Extent) {
        let last = frames.count - 1
        if scalar.isPlain && scalar.text == "<<" {
            report(
                .mergeKeyRefused, extent, "the merge key << is not supported",
                hint: "repeat the values; what is used once is written in place")
            frames[last].key = .broken
        } else if let first = frames[last].remember(scalar.text, at: extent) {
            var diagnostic = Diagnostic(
                .duplicateKey, at: Place(path: path, position: extent.position), length: extent.length,
                "`\(scalar.text)` is given twice in this mapping", hint: "keep one of them")
            diagnostic.related = [(Place(path: path, position: first.position), "first given here")]
            diagnostics.append(diagnostic)
            frames[last].key = .broken
        } else {
            frames[last].key = .named(scalar.text, extent)
        }
    }

    // MARK: Reports

    private mutating func report(_ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String?) {
        diagnostics.append(
            Diagnostic(
                code, at: Place(path: path, position: extent.position), length: extent.length, message, hint: hint))
    }

    private mutating func fail(_ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String?) {
        report(code, extent, message, hint: hint)
        isIncomplete = true
    }

    private mutating func fail(_ problem: YAMLSyntaxProblem, in text: [UInt8]) {
        let position = SourceText.lastPosition(of: text).map { min($0, problem.position) } ?? Extent.start.position
        var diagnostic = Diagnostic(
            .yamlSyntax, at: Place(path: path, position: position), length: 1, problem.message,
            hint: YAMLReader.hint(for: problem))
        if let context = problem.context, context.position != position {
            diagnostic.related = [(Place(path: path, position: context.position), context.message)]
        }
        diagnostics.append(diagnostic)
        isIncomplete = true
    }

    private static func hint(for problem: YAMLSyntaxProblem) -> String? {
        switch problem.message {
        case "found character that cannot start any token":
            "indent with spaces, not tabs; put text that begins with @, ` or % in quotes"
        case "mapping values are not allowed in this context": "put text that contains \": \" in quotes"
        case "could not find expected ':'": "every line of a mapping is `name: value`"
        case "did not find expected key": "check the indentation of this line"
        default: nil
        }
    }
}

extension YAMLReader {
    /// A list or mapping that has begun and not yet ended.
    private struct Frame {
        enum Key {
            case named(String, Extent)
            case broken
        }

        let isMapping: Bool
        let extent: Extent
        var items: [Node] = []
        var entries: [Node.Entry] = []
        /// The key whose value comes next.
        var key: Key?
        private var seen: [String: Extent] = [:]

        init(isMapping: Bool, _ extent: Extent) {
            self.isMapping = isMapping
            self.extent = extent
        }

        var content: Node.Content { isMapping ? .mapping(entries) : .sequence(items) }

        /// Where the key was given before, if it was.
        mutating func remember(_ key: String, at extent: Extent) -> Extent? {
            if let first = seen[key] { return first }
            seen[key] = extent
            return nil
        }
    }
}
