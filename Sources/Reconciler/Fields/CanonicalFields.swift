/// The leaf fields of a resource's canonical JSON, each by its JSON pointer (RFC 6901).
///
/// Scalars, empty containers and lists of scalars are leaves; lists of mappings are entered by index.
package struct CanonicalFields: Equatable, Sendable {
    /// In the order of the text, which canonical form sorts by key.
    package private(set) var pointers: [String] = []
    private var values: [String: String] = [:]

    /// The JSON text of the value at `pointer`.
    package subscript(pointer: String) -> String? { values[pointer] }

    /// A text that is not JSON, as a row edited by hand may hold, is one leaf at the root.
    package init(of canonical: String) {
        var scanner = FieldScanner(canonical)
        if scanner.scanDocument() {
            for (pointer, value) in scanner.leaves { append(pointer, value) }
        } else {
            append("", canonical)
        }
    }

    private mutating func append(_ pointer: String, _ value: String) {
        if values.updateValue(value, forKey: pointer) == nil { pointers.append(pointer) }
    }
}

/// Splits JSON text into leaves in one pass, without building a tree; the values stay slices of the text.
private struct FieldScanner {
    /// Canonical text nests as deep as a declaration may; a row edited by hand must not exhaust the stack.
    private static let depthMax = 64

    private let bytes: [UInt8]
    private var index = 0
    private(set) var leaves: [(pointer: String, value: String)] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    /// False when the text is not one JSON value.
    mutating func scanDocument() -> Bool {
        guard scanValue(at: "", depth: 0) else { return false }
        skipSpace()
        return index == bytes.count
    }

    private mutating func scanValue(at pointer: String, depth: Int) -> Bool {
        guard depth < Self.depthMax else { return false }
        skipSpace()
        let start = index
        switch peek {
        case UInt8(ascii: "{"): return scanObject(at: pointer, depth: depth)
        case UInt8(ascii: "["): return scanArray(at: pointer, depth: depth)
        case UInt8(ascii: "\""): guard scanString() else { return false }
        default: guard scanWord() else { return false }
        }
        leaves.append((pointer, text(from: start)))
        return true
    }

    private mutating func scanObject(at pointer: String, depth: Int) -> Bool {
        let start = index
        index += 1
        if skipPast("}") {
            leaves.append((pointer, text(from: start)))
            return true
        }
        repeat {
            skipSpace()
            let nameStart = index
            guard peek == UInt8(ascii: "\""), scanString() else { return false }
            let name = Self.pointerToken(bytes[(nameStart + 1)..<(index - 1)])
            guard skipPast(":"), scanValue(at: "\(pointer)/\(name)", depth: depth + 1) else { return false }
        } while skipPast(",")
        return skipPast("}")
    }

    private mutating func scanArray(at pointer: String, depth: Int) -> Bool {
        let start = index
        let leavesBefore = leaves.count
        var isFlat = true
        index += 1
        if skipPast("]") {
            leaves.append((pointer, text(from: start)))
            return true
        }
        var count = 0
        repeat {
            skipSpace()
            if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "[") { isFlat = false }
            guard scanValue(at: "\(pointer)/\(count)", depth: depth + 1) else { return false }
            count += 1
        } while skipPast(",")
        guard skipPast("]") else { return false }
        if isFlat {
            leaves.removeSubrange(leavesBefore...)
            leaves.append((pointer, text(from: start)))
        }
        return true
    }

    private mutating func scanString() -> Bool {
        index += 1
        while let byte = peek {
            index += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return index <= bytes.count }
        }
        return false
    }

    /// A number or one of JSON's three words; what exactly, canonical form has settled.
    private mutating func scanWord() -> Bool {
        let start = index
        while let byte = peek, Self.isWord(byte) { index += 1 }
        return index > start
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }

    private mutating func skipPast(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard let byte = peek, byte == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<index], as: UTF8.self) }

    private static func pointerToken(_ name: ArraySlice<UInt8>) -> String {
        guard name.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return String(decoding: name, as: UTF8.self)
        }
        let escaped = name.flatMap { byte in
            switch byte {
            case UInt8(ascii: "~"): Array("~0".utf8)
            case UInt8(ascii: "/"): Array("~1".utf8)
            default: [byte]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
