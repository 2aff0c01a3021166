/// Reads the documents of one file: libyaml's events become trees, and what the language forbids is reported.
struct YAMLReader {
    /// The documents that could be read whole.
    private(set) var documents: [Node] = []
    var findings = Findings()
    var diagnostics: [Diagnostic] { findings.diagnostics }
    /// Remarks that silence warnings; found only when the file could be read to its end.
    private(set) var ignores: [IgnoreDirective] = []
    /// Whether something of the file could not be read, so that what it declares is not fully known.
    var isIncomplete = false

    let path: String
    let limits: ReadingLimits
    /// The file without a byte order mark.
    let text: [UInt8]
    var frames: [Frame] = []
    var anchors = Anchors()
    /// Keys and values that aliases have added.
    var aliasNodes = 0
    /// The file in lines, cut when they are first asked for.
    var lines: [ArraySlice<UInt8>]?
    var valueStart: ValueStart?
    /// Whether a line was found that is indented by what only looks like spaces.
    var hasToldOfIndent = false
    private var root: Node?
    private var nodeCount = 0
    /// Where scalars stand; gathered only when the file may hold remarks that must be told from text.
    private var scalars: [Range<Position>]?

    init(path: String, bytes: [UInt8], limits: ReadingLimits = .standard) {
        self.path = path
        self.limits = limits
        text = SourceText.withoutMark(bytes)
        if let problem = limits.problem(ofByteCount: bytes.count) {
            fail(problem.code, .start, problem.message, hint: problem.hint)
            return
        }
        if let problem = SourceText.firstProblem(in: text) {
            fail(problem.code, Extent(position: problem.position, length: 1), problem.message, hint: problem.hint)
            return
        }
        if IgnoreComments.mayBe(in: text) { scalars = [] }
        if let problem = LibYAML.events(in: text, { take($0) }) { fail(problem) }
        if let scalars, !isIncomplete {
            ignores = IgnoreComments(lines: cutLines(), scalars: scalars, path: path).directives
        }
    }

    // MARK: Events

    /// False when reading must stop.
    private mutating func take(_ event: YAMLEvent) -> Bool {
        switch event.content {
        case .documentStart(let version):
            root = nil
            anchors.reset()
            if let version { check(version: version, event.extent) }
            return true
        case .documentEnd:
            endDocument()
            return true
        case .scalar(let scalar):
            take(scalar, event)
        case .alias(let name): return take(alias: name, event.extent)
        case .sequenceStart, .mappingStart: return open(event)
        case .sequenceEnd, .mappingEnd:
            close(event)
            return true
        }
        return count(1, event.extent)
    }

    private mutating func endDocument() {
        guard let root else { return }
        // An empty document, as `---` at the end of a file leaves one.
        if case .scalar(let scalar) = root.content, scalar.isPlain, scalar.text.isEmpty { return }
        documents.append(root)
    }

    private mutating func take(_ scalar: Scalar, _ event: YAMLEvent) {
        let extent = extent(of: event)
        scalars?.append(extent.position..<max(extent.position, event.end))
        let typed = event.tag.map { self.typed(scalar, by: $0, extent, event) } ?? .some(scalar)
        let node = Node(content: typed.map(Node.Content.scalar) ?? .broken, extent: extent)
        if let anchor = event.anchor { anchors.define(anchor, node, nodes: 1, depth: 0) }
        if expectsKey { takeKey(scalar, extent) } else { add(node, depth: 0) }
    }

    private mutating func open(_ event: YAMLEvent) -> Bool {
        let extent = extent(of: event)
        guard frames.count < limits.depthMax else { return failOfDepth(extent) }
        var isMapping = false
        if case .mappingStart = event.content { isMapping = true }
        if expectsKey { reportKey(extent, isMapping: isMapping) }
        var frame = Frame(isMapping: isMapping, extent, anchor: event.anchor, nodesBefore: nodeCount)
        if let tag = event.tag { frame.isDoubtful = !isAccepted(tag: tag, ofMapping: isMapping, extent, event) }
        if let anchor = event.anchor { anchors.begin(anchor, at: extent) }
        frames.append(frame)
        return count(1, extent)
    }

    /// A list or a mapping in the place of a key, as `{{ x }}` of a template is.
    private mutating func reportKey(_ extent: Extent, isMapping: Bool) {
        let outer = frames.last?.extent.position
        let isBesideBracket =
            isMapping && outer?.line == extent.position.line && outer?.column == extent.position.column - 1
        report(
            .keyNotText, extent, "a key must be text, not a list or a mapping",
            hint: isBesideBracket ? "text that begins with `{{` needs quotes" : "put it in quotes, if it is text")
    }

    private mutating func close(_ event: YAMLEvent) {
        guard let frame = frames.popLast() else { return }
        var extent = frame.extent
        if extent.position.line == event.end.line {
            extent = Extent(position: extent.position, length: max(1, event.end.column - extent.position.column))
        }
        var node = Node(content: frame.content, extent: extent)
        node.isDoubtful = frame.isDoubtful
        if let anchor = frame.anchor {
            anchors.define(anchor, node, nodes: nodeCount - frame.nodesBefore, depth: frame.depth + 1)
        }
        // A collection in the place of a key was reported when it began.
        if expectsKey {
            frames[frames.count - 1].key = .broken
        } else {
            add(node, depth: frame.depth + 1)
        }
    }

    /// False when there are too many.
    mutating func count(_ nodes: Int, _ extent: Extent) -> Bool {
        nodeCount += nodes
        guard nodeCount > limits.nodesMax else { return true }
        fail(.tooManyValues, extent, "the file has more than \(limits.nodesMax) keys and values", hint: "split it")
        return false
    }

    // MARK: Trees

    var expectsKey: Bool {
        guard let frame = frames.last else { return false }
        return frame.isMapping && frame.key == nil
    }

    mutating func add(_ node: Node, depth: Int) {
        guard let last = frames.indices.last else {
            root = node
            return
        }
        frames[last].depth = max(frames[last].depth, depth)
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        switch frames[last].key {
        case .named(let name, let extent): frames[last].entries.append(Node.Entry(key: name, keyExtent: extent, value: node))
        case .merge(let extent):
            frames[last].entries.append(.merging(at: extent))
            frames[last].hadBrokenKey = true
        case .broken, nil: frames[last].hadBrokenKey = true
        }
        frames[last].key = nil
    }

    private mutating func takeKey(_ scalar: Scalar, _ extent: Extent) {
        let last = frames.count - 1
        if scalar.isPlain && scalar.text == "<<" {
            report(
                .mergeKeyRefused, extent, "the merge key << is not supported",
                hint: "give the fields; `_defaults.yaml` holds what all resources of a folder share")
            frames[last].key = .merge(extent)
        } else if let first = frames[last].earlier(scalar.text) {
            report(
                .duplicateKey, extent, "`\(scalar.text)` is given twice in this mapping", hint: "keep one of them",
                related: [(first, "first given here")])
            frames[last].key = .broken
        } else if scalar.isPlain, let space = Self.leadingSpace(of: scalar.text), beginsLine(extent) {
            reportIndent(space, extent)
        } else {
            frames[last].key = .named(scalar.text, extent)
        }
    }
}
