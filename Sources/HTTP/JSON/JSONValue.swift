/// One value of a checked text: its kind and where it stands; what is inside is read when asked for.
///
/// It points into the scanned bytes and must not outlive them.
package struct JSONValue {
    package enum Kind: UInt8, Sendable {
        case object, array, string, number, bool, null
    }

    let base: UnsafePointer<UInt8>
    /// The value's place in the scanned bytes, quotes and brackets included.
    package let range: Range<Int>
    package let kind: Kind

    /// The value's text as it stands.
    package var text: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    package var isNull: Bool { kind == .null }

    /// The string's value unescaped, or nil for another kind.
    package func string() -> String? {
        guard let contents else { return nil }
        if contents.isPlain { return String(decoding: contents.bytes, as: UTF8.self) }
        return String(decoding: contents.unescaped(), as: UTF8.self)
    }

    /// Whether this is a string whose value is exactly these UTF-8 bytes.
    package func equals(_ text: String) -> Bool { contents?.equals(text) ?? false }

    /// The bytes between the quotes as they stand, escapes not resolved; nil for another kind.
    package var rawString: UnsafeRawBufferPointer? { contents.map { UnsafeRawBufferPointer($0.bytes) } }

    /// Whether this is a string whose text differs from its value.
    package var hasEscapes: Bool { contents?.isPlain == false }

    /// The exact value of a number written without fraction and exponent; nil for any other number, kind or size.
    package func int() -> Int64? {
        guard kind == .number else { return nil }
        var index = range.lowerBound
        let isNegative = base[index] == JSONByte.minus
        if isNegative { index += 1 }
        var result: Int64 = 0
        while index < range.upperBound {
            guard JSONByte.isDigit(base[index]) else { return nil }
            let digit = Int64(base[index] &- JSONByte.zero)
            let (product, isTooLarge) = result.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if isTooLarge || isOver { return nil }
            result = sum
            index += 1
        }
        return result
    }

    package func bool() -> Bool? {
        guard kind == .bool else { return nil }
        return base[range.lowerBound] == UInt8(ascii: "t")
    }

    package func object() -> JSONObject? { kind == .object ? JSONObject(self) : nil }

    package func array() -> JSONArray? { kind == .array ? JSONArray(self) : nil }

    private var contents: JSONStringContents? {
        kind == .string ? JSONStringContents(base: base, quoted: range) : nil
    }
}

extension JSONValue.Kind {
    /// The kind of a value that begins with this byte, if the text is valid.
    @inline(__always)
    init(firstByte: UInt8) {
        switch firstByte {
        case JSONByte.openObject: self = .object
        case JSONByte.openArray: self = .array
        case JSONByte.quote: self = .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool
        case UInt8(ascii: "n"): self = .null
        default: self = .number
        }
    }
}
