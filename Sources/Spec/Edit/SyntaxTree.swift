/// The documents of a file with the bytes of every value, from the positions that libyaml reports.
///
/// To be made only of text that `YAMLReader` has read without an error, so that depth and size are bounded.
struct SyntaxTree {
    private(set) var documents: [SyntaxDocument] = []
    private(set) var text: EditText
    private var frames: [Frame] = []
    private var valueStart: ValueStart

    /// A list or mapping that has begun and not yet ended.
    private struct Frame {
        var node: SyntaxNode
        var isMapping: Bool
        var items: [SyntaxNode] = []
        var entries: [SyntaxNode.Entry] = []
        var key: (name: String, start: Int, end: Int)?
    }

    init(_ bytes: [UInt8]) {
        text = EditText(bytes)
        valueStart = ValueStart(SourceText.lines(of: bytes))
        _ = LibYAML.events(in: bytes) { event in
            take(event)
            return true
        }
    }

    private mutating func take(_ event: YAMLEvent) {
        let start = text.offset(of: event.start)
        let end = text.offset(of: event.end)
        switch event.content {
        case .documentStart:
            documents.append(SyntaxDocument(start: start, markEnd: start == end ? nil : end))
        case .documentEnd: break
        case .alias: add(SyntaxNode(style: .alias, content: .scalar, outerStart: start, start: start, end: end, hasTag: false))
        case .scalar(let scalar):
            if let frame = frames.last, frame.isMapping, frame.key == nil {
                frames[frames.count - 1].key = (scalar.text, start, end)
            } else {
                add(node(of: scalar, event, start, end))
            }
        case .sequenceStart: begin(event, isMapping: false, start)
        case .mappingStart: begin(event, isMapping: true, start)
        case .sequenceEnd, .mappingEnd: close(end)
        }
    }

    // MARK: Scalars

    private mutating func node(of scalar: Scalar, _ event: YAMLEvent, _ start: Int, _ end: Int) -> SyntaxNode {
        let (value, propertiesEnd) = properties(of: event, start)
        var node = SyntaxNode(
            style: .plain, content: .scalar, outerStart: start, start: value, end: end, propertiesEnd: propertiesEnd,
            hasTag: event.tag != nil)
        if scalar.isPlain { return node }
        switch text[value] {
        case UInt8(ascii: "'"): node.style = .singleQuoted
        case UInt8(ascii: "|"): node.style = .literal
        case UInt8(ascii: ">"): node.style = .folded
        default: node.style = .doubleQuoted
        }
        if node.isBlockText { node.end = endOfBlockText(from: value, to: end) }
        return node
    }

    /// libyaml counts empty lines behind a block to it, which are part of the text only behind `+`.
    private func endOfBlockText(from start: Int, to end: Int) -> Int {
        let header = text.bytes[start...].prefix { !EditText.isBlank($0) && !EditText.isBreak($0) }
        guard end > text.lineEnd(of: start) else { return header.endIndex }
        let isKept = header.contains(UInt8(ascii: "+"))
        let inside = text.bytes[..<end]
        let lastByte = inside.lastIndex { !EditText.isBreak($0) && (isKept || !EditText.isBlank($0)) } ?? start
        if isKept, inside.last.map(EditText.isBreak) == true {
            let hasFeed = inside.count > 1 && inside[end - 1] == 0x0A && inside[end - 2] == 0x0D
            return end - (hasFeed ? 2 : 1)
        }
        return lastByte <= text.lineEnd(of: start) ? header.endIndex : text.lineEnd(of: lastByte)
    }

    /// Where the value begins behind an anchor and a tag, and where these end.
    private mutating func properties(of event: YAMLEvent, _ start: Int) -> (value: Int, end: Int?) {
        guard event.anchor != nil || event.tag != nil else { return (start, nil) }
        let value = text.offset(of: valueStart.find(from: event.start, to: event.end))
        var end = start
        var offset = start
        while offset < value, let first = text[offset], first == UInt8(ascii: "&") || first == UInt8(ascii: "!") {
            let isVerbatim = text.bytes[offset...].starts(with: "!<".utf8)
            offset = text.bytes[offset..<value].firstIndex { isVerbatim ? $0 == UInt8(ascii: ">") : Self.endsProperty($0) } ?? value
            if isVerbatim, offset < value { offset += 1 }
            end = offset
            offset = text.skipTrivia(from: offset)
        }
        return (value, end)
    }

    private static func endsProperty(_ byte: UInt8) -> Bool {
        EditText.isBlank(byte) || EditText.isBreak(byte) || ",[]{}".utf8.contains(byte)
    }

    // MARK: Lists and mappings

    private mutating func begin(_ event: YAMLEvent, isMapping: Bool, _ start: Int) {
        let (value, propertiesEnd) = properties(of: event, start)
        let isInBrackets = frames.last.map { $0.node.style != .block } ?? false
        let isBracket = text[value] == (isMapping ? UInt8(ascii: "{") : UInt8(ascii: "["))
        let style: SyntaxNode.Style = isBracket ? .flow : isInBrackets ? .pair : .block
        let node = SyntaxNode(
            style: style, content: .scalar, outerStart: start, start: value, end: value, propertiesEnd: propertiesEnd,
            hasTag: event.tag != nil)
        frames.append(Frame(node: node, isMapping: isMapping))
    }

    private mutating func close(_ end: Int) {
        guard let frame = frames.popLast() else { return }
        var node = frame.node
        node.content = frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items)
        node.end = node.style == .flow ? end : frame.entries.last?.value.end ?? frame.items.last?.end ?? node.start
        add(node)
    }

    private mutating func add(_ node: SyntaxNode) {
        guard let last = frames.indices.last else {
            if !documents.isEmpty { documents[documents.count - 1].root = node }
            return
        }
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        guard let key = frames[last].key else { return }
        frames[last].key = nil
        frames[last].entries.append(entry(key.name, from: key.start, to: key.end, node))
    }

    private func entry(_ name: String, from start: Int, to keyEnd: Int, _ value: SyntaxNode) -> SyntaxNode.Entry {
        let colon = text.skipTrivia(from: keyEnd)
        let isColon = text[colon] == UInt8(ascii: ":") && colon <= value.start
        let before = text.trimmed(before: start)
        var entry = SyntaxNode.Entry(
            name: name, start: start, keyEnd: keyEnd, colonEnd: isColon ? colon + 1 : nil,
            isExplicit: before > text.lineStart(of: start) && text[before - 1] == UInt8(ascii: "?")
                || isColon && text.hasBreak(in: keyEnd..<colon), value: value)
        // Of nothing, libyaml says the place of what follows it.
        if value.style == .plain, value.start == value.end, value.propertiesEnd == nil {
            entry.value.start = entry.colonEnd ?? keyEnd
            entry.value.end = entry.value.start
        }
        return entry
    }
}
