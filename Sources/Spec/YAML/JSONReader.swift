/// Why a text is not JSON, and where.
package struct JSONProblem: Error, Sendable {
    package var message: String
    /// Bytes before the place.
    package var offset: Int
}

/// A strict reader of RFC 8259 that yields the same tree as YAML does; for canonical text from the database.
///
/// Positions are on line 1, columns in bytes. Names that occur twice in an object are refused.
package struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func parse(_ text: String) throws(JSONProblem) -> Node {
        var reader = JSONReader(Array(text.utf8))
        reader.skipSpace()
        let node = try reader.value()
        reader.skipSpace()
        if reader.index < reader.bytes.count { throw reader.problem("something follows the value") }
        return node
    }

    private mutating func value() throws(JSONProblem) -> Node {
        let start = index
        let content: Node.Content
        switch peek {
        case UInt8(ascii: "{"): content = try nested { (reader) throws(JSONProblem) in try reader.object() }
        case UInt8(ascii: "["): content = try nested { (reader) throws(JSONProblem) in try reader.array() }
        case UInt8(ascii: "\""): content = .scalar(Scalar(text: try string(), isPlain: false))
        case nil: throw problem("the text ends where a value is expected")
        default: content = .scalar(Scalar(text: try literal(), isPlain: true))
        }
        return Node(content: content, extent: extent(from: start))
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONProblem) -> Node.Content
    ) throws(JSONProblem) -> Node.Content {
        guard depth < YAMLLimits.depthMax else { throw problem("values are nested too deep") }
        depth += 1
        defer { depth -= 1 }
        index += 1
        skipSpace()
        return try read(&self)
    }

    private mutating func object() throws(JSONProblem) -> Node.Content {
        var entries: [Node.Entry] = []
        var names: Set<String> = []
        if take("}") { return .mapping(entries) }
        while true {
            let start = index
            let key = try string()
            let keyExtent = extent(from: start)
            guard names.insert(key).inserted else { throw problem("the name `\(key)` occurs twice") }
            skipSpace()
            try expect(":")
            skipSpace()
            entries.append(Node.Entry(key: key, keyExtent: keyExtent, value: try value()))
            skipSpace()
            if take("}") { return .mapping(entries) }
            try expect(",")
            skipSpace()
        }
    }

    private mutating func array() throws(JSONProblem) -> Node.Content {
        var items: [Node] = []
        if take("]") { return .sequence(items) }
        while true {
            items.append(try value())
            skipSpace()
            if take("]") { return .sequence(items) }
            try expect(",")
            skipSpace()
        }
    }

    // MARK: Scalars

    /// A number, `true`, `false` or `null`.
    private mutating func literal() throws(JSONProblem) -> String {
        let start = index
        while let byte = peek, Names.isLowerOrDigit(byte) || "+-.E".utf8.contains(byte) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard ["true", "false", "null"].contains(text) || JSONReader.isNumber(Array(bytes[start..<index])) else {
            index = start
            throw problem("a value is expected")
        }
        return text
    }

    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        func digits() -> Int {
            let found = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest[found.endIndex...]
            return found.count
        }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !leadsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(JSONProblem) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw problem("a control character must be escaped")
            default: text.append(byte)
            }
        }
        throw problem("the text ends inside a string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONProblem) {
        guard let byte = peek else { throw problem("the text ends inside a string") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw problem("this escape does not exist")
        }
    }

    private mutating func unicodeEscape() throws(JSONProblem) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), take("\\"), take("u") else { throw problem("half a surrogate pair") }
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw problem("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONProblem) -> UInt32 {
        let end = index + 4
        guard end <= bytes.count, bytes[index] != UInt8(ascii: "+"), bytes[index] != UInt8(ascii: "-"),
            let value = UInt32(String(decoding: bytes[index..<end], as: UTF8.self), radix: 16)
        else { throw problem("four hexadecimal digits are expected") }
        index = end
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(JSONProblem) {
        guard take(character) else { throw problem("`\(character)` is expected") }
    }

    private func extent(from start: Int) -> Extent {
        Extent(position: Position(line: 1, column: start + 1), length: max(1, index - start))
    }

    private func problem(_ message: String) -> JSONProblem { JSONProblem(message: message, offset: index) }
}
