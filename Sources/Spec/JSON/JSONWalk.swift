/// Why a text is not JSON, and where.
package struct JSONProblem: Error, Sendable {
    package var message: String
    /// Bytes before the place.
    package var offset: Int
}

/// Steps over a text of JSON, strict as RFC 8259, without building anything; ranges point into its bytes.
package struct JSONWalk: Sendable {
    package let bytes: [UInt8]
    package private(set) var index = 0
    /// Whether no space has been skipped yet: the canonical form has none between its tokens.
    package private(set) var isTight = true
    /// Of the lists and objects entered and not left.
    private var depth = 0

    package init(_ text: String) {
        bytes = Array(text.utf8)
        skipSpace()
    }

    /// At a value that another walk has stepped over.
    package init(_ bytes: [UInt8], at value: Range<Int>) {
        self.bytes = bytes
        index = value.lowerBound
    }

    package var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    // MARK: Steps

    /// Enters the list or object that begins here; false when it is empty, and thereby left again.
    package mutating func enter(_ open: Unicode.Scalar, _ close: Unicode.Scalar) throws(JSONProblem) -> Bool {
        guard depth < ReadingLimits.standard.depthMax else { throw problem("values are nested too deep") }
        try expect(open)
        skipSpace()
        if take(close) { return false }
        depth += 1
        return true
    }

    /// After an element: whether another follows, or else the list or object is left.
    package mutating func continues(to close: Unicode.Scalar) throws(JSONProblem) -> Bool {
        skipSpace()
        if take(close) {
            depth -= 1
            return false
        }
        try expect(",")
        skipSpace()
        return true
    }

    /// A member's name between its quotation marks, escapes as written; the walk goes on to the value.
    package mutating func name() throws(JSONProblem) -> Range<Int> {
        let name = try string()
        skipSpace()
        try expect(":")
        skipSpace()
        return name
    }

    /// Steps over one value of any sort and tells where it stood.
    package mutating func value() throws(JSONProblem) -> Range<Int> {
        let start = index
        switch peek {
        case UInt8(ascii: "{"):
            guard try enter("{", "}") else { break }
            repeat {
                _ = try name()
                _ = try value()
            } while try continues(to: "}")
        case UInt8(ascii: "["):
            guard try enter("[", "]") else { break }
            repeat { _ = try value() } while try continues(to: "]")
        case UInt8(ascii: "\""): _ = try string()
        default: _ = try literal()
        }
        return start..<index
    }

    /// Nothing but space may follow the value.
    package mutating func finish() throws(JSONProblem) {
        skipSpace()
        if index < bytes.count { throw problem("something follows the value") }
    }

    // MARK: Scalars

    /// A number, `true`, `false` or `null`.
    mutating func literal() throws(JSONProblem) -> Range<Int> {
        guard peek != nil else { throw problem("the text ends where a value is expected") }
        let start = index
        var isDigits = true
        while let byte = peek, Names.isLowerOrDigit(byte) || "+-.E".utf8.contains(byte) {
            isDigits = isDigits && byte <= UInt8(ascii: "9") && byte >= UInt8(ascii: "0")
            index += 1
        }
        // Most are, and need no closer look.
        if isDigits, index > start, index == start + 1 || bytes[start] != UInt8(ascii: "0") { return start..<index }
        let word = bytes[start..<index]
        guard Self.isNumber(word) || Self.words.contains(where: { word.elementsEqual($0.utf8) }) else {
            index = start
            throw problem("a value is expected")
        }
        return start..<index
    }

    private static let words = ["true", "false", "null"]

    private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
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

    /// Between the quotation marks, escapes as written.
    mutating func string() throws(JSONProblem) -> Range<Int> {
        try expect("\"")
        let start = index
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return start..<(index - 1)
            case UInt8(ascii: "\\"): _ = try escape()
            case 0..<0x20: throw problem("a control character must be escaped")
            default: continue
            }
        }
        throw problem("the text ends inside a string")
    }

    /// What follows a backslash.
    private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
        guard let byte = peek else { throw problem("the text ends inside a string") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
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

    // MARK: Texts

    package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// A name, or what stands between a string's quotation marks, with its escapes resolved.
    package func unescaped(_ range: Range<Int>) -> String {
        guard bytes[range].contains(UInt8(ascii: "\\")) else { return text(range) }
        var walk = self
        walk.index = range.lowerBound
        var text: [UInt8] = []
        while walk.index < range.upperBound {
            let byte = bytes[walk.index]
            walk.index += 1
            if byte == UInt8(ascii: "\\"), let scalar = try? walk.escape() {
                text.append(contentsOf: String(scalar).utf8)
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Bytes

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            index += 1
            isTight = false
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(JSONProblem) {
        guard take(character) else { throw problem("`\(character)` is expected") }
    }

    func problem(_ message: String) -> JSONProblem { JSONProblem(message: message, offset: index) }
}
