/// Walks over JSON text without building a tree; ranges point into the bytes it was given.
///
/// Checks only as much of the grammar as it needs: what it reads was written by this program or by PostgreSQL.
struct JSONScanner {
    let bytes: [UInt8]
    private(set) var index: Int

    struct Malformed: Error {}

    struct Member {
        /// Between the quotation marks, escapes as written.
        var name: Range<Int>
        var value: Range<Int>
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
        index = 0
    }

    init(_ bytes: [UInt8], from index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    var isAtObject: Bool { index < bytes.count && bytes[index] == UInt8(ascii: "{") }

    /// The members of the object that begins here.
    mutating func members() throws(Malformed) -> [Member] {
        var members: [Member] = []
        try expect(UInt8(ascii: "{"))
        guard !take(UInt8(ascii: "}")) else { return members }
        repeat {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            members.append(Member(name: name, value: try value()))
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return members
    }

    /// Where the elements of the array that begins here stand.
    mutating func elements() throws(Malformed) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        try expect(UInt8(ascii: "["))
        guard !take(UInt8(ascii: "]")) else { return elements }
        repeat { elements.append(try value()) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return elements
    }

    /// The integers of the array that begins here.
    mutating func integers() throws(Malformed) -> [Int] {
        var integers: [Int] = []
        for element in try elements() {
            guard let integer = Int(text(element)) else { throw Malformed() }
            integers.append(integer)
        }
        return integers
    }

    /// The strings of the array that begins here.
    mutating func strings() throws(Malformed) -> [String] {
        try elements().map { unescaped($0.dropFirst().dropLast()) }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// A name or string with its escapes resolved (RFC 8259 §7).
    func unescaped(_ range: Range<Int>) -> String {
        guard bytes[range].contains(UInt8(ascii: "\\")) else { return text(range) }
        var units: [UInt16] = []
        var rest = text(range).utf16[...]
        while let unit = rest.popFirst() {
            units.append(unit == UInt16(UInt8(ascii: "\\")) ? Self.escape(&rest) : unit)
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func escape(_ rest: inout Substring.UTF16View) -> UInt16 {
        guard let unit = rest.popFirst(), let scalar = Unicode.Scalar(unit) else { return 0xFFFD }
        switch scalar {
        case "n": return 10
        case "t": return 9
        case "r": return 13
        case "b": return 8
        case "f": return 12
        case "u":
            let digits = String(rest.prefix(4)) ?? ""
            rest = rest.dropFirst(4)
            return UInt16(digits, radix: 16) ?? 0xFFFD
        default: return unit
        }
    }

    /// Skips one value of any kind and tells where it stood.
    private mutating func value() throws(Malformed) -> Range<Int> {
        skipSpace()
        let start = index
        guard index < bytes.count else { throw Malformed() }
        switch bytes[index] {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipContainer()
        default: skipLiteral()
        }
        guard index > start else { throw Malformed() }
        return start..<index
    }

    private mutating func string() throws(Malformed) -> Range<Int> {
        try expect(UInt8(ascii: "\""))
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { throw Malformed() }
        defer { index += 1 }
        return start..<index
    }

    /// Counts brackets, so that depth costs no stack.
    private mutating func skipContainer() throws(Malformed) {
        var depth = 0
        repeat {
            guard index < bytes.count else { throw Malformed() }
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                _ = try string()
                continue
            default: break
            }
            index += 1
        } while depth > 0
    }

    private mutating func skipLiteral() {
        while index < bytes.count, !Self.endsLiteral.contains(bytes[index]) { index += 1 }
    }

    private mutating func peek() -> UInt8? {
        skipSpace()
        return index < bytes.count ? bytes[index] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Malformed) {
        guard take(byte) else { throw Malformed() }
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index] <= UInt8(ascii: " ") { index += 1 }
    }

    private static let endsLiteral = Set(",]} \n\t\r".utf8)
}
