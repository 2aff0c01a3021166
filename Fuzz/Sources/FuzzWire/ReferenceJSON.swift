@testable internal import HTTP

/// A second opinion on JSON: the grammar of RFC 8259 written down as plainly as it can be, byte by byte, without regard
/// for speed.
struct ReferenceJSON {
    indirect enum Value: Equatable {
        case object([Member])
        case array([Value])
        case string([UInt8])
        case number([UInt8])
        case bool(Bool)
        case null
    }

    struct Member: Equatable {
        let name: [UInt8]
        let value: Value

        init(_ name: [UInt8], _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    private struct Refused: Error {}

    private let bytes: [UInt8]
    private var index = 0
    /// Whether the text holds a number so long that its size is not for this reader to judge.
    private(set) var isUndecided = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil for what is not JSON, or not as strict as it must be.
    mutating func read() -> Value? {
        do {
            skipSpace()
            let value = try value(depth: 0)
            skipSpace()
            return index == bytes.count ? value : nil
        } catch {
            return nil
        }
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) throws {
        guard next == byte else { throw Refused() }
        index += 1
    }

    private mutating func takeIf(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func take(word: StaticString) throws {
        for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) { try take(byte) }
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
    }

    private mutating func value(depth: Int) throws -> Value {
        switch next {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try take(word: "true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try take(word: "false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try take(word: "null")
            return .null
        default: return .number(try number())
        }
    }

    private mutating func members(depth: Int) throws -> [Member] {
        if depth > JSONScan.depthMax { throw Refused() }
        try take(UInt8(ascii: "{"))
        skipSpace()
        if takeIf(UInt8(ascii: "}")) { return [] }
        var members: [Member] = []
        repeat {
            skipSpace()
            let name = try string()
            skipSpace()
            try take(UInt8(ascii: ":"))
            skipSpace()
            members.append(Member(name, try value(depth: depth)))
            skipSpace()
        } while takeIf(UInt8(ascii: ","))
        try take(UInt8(ascii: "}"))
        // At the top two members of one name are refused.
        if depth == 1, Set(members.map(\.name)).count < members.count { throw Refused() }
        return members
    }

    private mutating func elements(depth: Int) throws -> [Value] {
        if depth > JSONScan.depthMax { throw Refused() }
        try take(UInt8(ascii: "["))
        skipSpace()
        if takeIf(UInt8(ascii: "]")) { return [] }
        var elements: [Value] = []
        repeat {
            skipSpace()
            elements.append(try value(depth: depth))
            skipSpace()
        } while takeIf(UInt8(ascii: ","))
        try take(UInt8(ascii: "]"))
        return elements
    }

    private mutating func digits() throws {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        if index == start { throw Refused() }
    }

    private mutating func number() throws -> [UInt8] {
        let start = index
        _ = takeIf(UInt8(ascii: "-"))
        if !takeIf(UInt8(ascii: "0")) { try digits() }
        if takeIf(UInt8(ascii: ".")) { try digits() }
        if takeIf(UInt8(ascii: "e")) || takeIf(UInt8(ascii: "E")) {
            if !takeIf(UInt8(ascii: "+")) { _ = takeIf(UInt8(ascii: "-")) }
            try digits()
        }
        let text = Array(bytes[start..<index])
        if text.count > 1024 { isUndecided = true }
        guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { throw Refused() }
        return text
    }

    /// The string's value. What is not well-formed as a whole is refused at its end.
    private mutating func string() throws -> [UInt8] {
        try take(UInt8(ascii: "\""))
        var units: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            index += 1
            if byte < 0x20 { throw Refused() }
            if byte == UInt8(ascii: "\\") { units += try escape() } else { units.append(byte) }
        }
        try take(UInt8(ascii: "\""))
        guard String(validating: units, as: UTF8.self) != nil else { throw Refused() }
        return units
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = next else { throw Refused() }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var pair = [try unit()]
            if UTF16.isLeadSurrogate(pair[0]) {
                try take(UInt8(ascii: "\\"))
                try take(UInt8(ascii: "u"))
                pair.append(try unit())
            }
            guard let text = String(validating: pair, as: UTF16.self) else { throw Refused() }
            return Array(text.utf8)
        default: throw Refused()
        }
    }

    private mutating func unit() throws -> UInt16 {
        guard index + 4 <= bytes.count else { throw Refused() }
        let text = bytes[index..<(index + 4)]
        // `UInt16` alone would take a sign for a digit.
        guard text.first != UInt8(ascii: "+"), text.first != UInt8(ascii: "-"), let unit = UInt16(String(decoding: text, as: UTF8.self), radix: 16) else { throw Refused() }
        index += 4
        return unit
    }
}
